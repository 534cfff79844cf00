import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { plan } from "../../src/commands/plan.ts";
import { common, saidBy, workplace } from "./workplace.ts";

/** Results go to stdout and everything else to stderr, so that `landline ... > file` and `landline ... | jq` just work. */

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

describe("--format json", () => {
  it("leaves nothing but JSON on stdout, whatever the command and however it ends", async () => {
    const { landline, edit } = workplace();
    const json = ["--sandbox", "--format", "json"];
    const before = await landline("plan", ...json);
    expect(JSON.parse(before.out)).toMatchObject({ formatVersion: 1, project: "acme-network" });
    expect(before.err).toMatch(/^read .*: 0 of our resources in /);
    const applied = await landline("apply", "--yes", ...json);
    expect(JSON.parse(applied.out)).toMatchObject({ summary: { failed: 0, notReached: 0 } });
    expect(applied.err).toContain("Plan: ");
    expect(applied.err).toMatch(/^1\/\d+ done create /m);
    for (const words of [
      ["drift"],
      ["status"],
      ["handoff", "event-stream"],
      ["validate"],
      ["explain", "endpoints.vpc"],
    ]) {
      const sandboxed = words[0] === "validate" || words[0] === "explain" ? ["--format", "json"] : json;
      const { out } = await landline(...words, ...sandboxed);
      expect(() => JSON.parse(out), words.join(" ")).not.toThrow();
    }
    const nothingToDo = await landline("apply", "--yes", ...json);
    expect(nothingToDo.exit).toBe(0);
    expect(JSON.parse(nothingToDo.out)).toMatchObject({ outcomes: [], notReached: [] });
    edit("landline.yaml", 'deny: ["*"]', 'deny: ["*", "arn:aws:iam::222222222222:root"]');
    const refused = await landline("apply", "--yes", ...json);
    expect(refused.exit).toBe(3);
    expect(JSON.parse(refused.out)).toMatchObject({ outcomes: [] });
  });

  it("gives plans and snapshots that their own schemas accept", async () => {
    const { landline, read } = workplace();
    const accepts = async (name: string, text: string) => {
      const ajv = new Ajv2020({ strict: false });
      const validate = ajv.compile(JSON.parse((await landline("schema", name)).out));
      return validate(JSON.parse(text)) || validate.errors;
    };
    await landline("apply", "--sandbox", "--yes");
    expect(await accepts("plan", (await landline("plan", "--sandbox", "--format", "json")).out)).toBe(true);
    await landline("snapshot", "--sandbox", "--target", "apps-use1", "--out", "apps.json");
    expect(await accepts("snapshot", read("apps.json"))).toBe(true);
  });
});

describe("progress on stderr", () => {
  it("is silent with --quiet", async () => {
    const { landline } = workplace();
    expect((await landline("--quiet", "plan", "--sandbox", "--out", "plan.txt")).err).toBe("");
    expect((await landline("--quiet", "apply", "--sandbox", "--yes")).err).toBe("");
  });

  it("is JSON lines with --json-logs, one for each step that ends", async () => {
    const { landline } = workplace();
    const applied = await landline("--json-logs", "apply", "--sandbox", "--yes", "--format", "json");
    const entries = lines(applied.err).map((line) => JSON.parse(line));
    for (const entry of entries)
      expect(entry).toMatchObject({ time: expect.stringMatching(/Z$/), level: "info", message: expect.any(String) });
    const { summary } = JSON.parse(applied.out);
    expect(entries.filter(({ result }) => result === "done")).toHaveLength(summary.done);
    const planned = await landline("--json-logs", "plan", "--sandbox", "--out", "plan.txt");
    expect(lines(planned.err).map((line) => JSON.parse(line).message)).toEqual([
      expect.stringMatching(/^read /),
      "plan written to plan.txt",
    ]);
  });

  it("holds no control characters when it is not a terminal", async () => {
    const { landline } = workplace();
    const { out, err } = await landline("apply", "--sandbox", "--yes");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
    expect(`${out}${err}`).not.toMatch(/[\u001b\r]/);
  });
});

describe("plan --out", () => {
  it.each(["text", "markdown", "json", "html"] as const)(
    "writes the very bytes that stdout would have got: %s",
    async (format) => {
      const { run, read } = workplace();
      const options = { ...common, sandbox: true, format, detailedExitcode: false, verbose: false };
      const shown = await run((io) => plan(options, io));
      const written = await run((io) => plan({ ...options, out: "plan.out" }, io));
      expect(written.out).toBe("");
      expect(written.err).toContain("plan written to plan.out");
      expect(read("plan.out").trimEnd()).toBe(shown.out.trimEnd());
    },
  );
});

it("a reader that stops reading (`| head -1`) gets no stack trace", async () => {
  const { start } = workplace();
  const child = start(["schema", "connection"]);
  child.stdout?.destroy();
  const { exit, err } = await saidBy(child);
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
});
