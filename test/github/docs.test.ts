import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { init } from "../../src/commands/init.ts";
import { WORKFLOWS } from "../../src/commands/init-github.ts";
import type { Io } from "../../src/commands/io.ts";
import { type Job, readAction, readWorkflow, type Step } from "./runner/files.ts";

/** docs/github.md sets up what the workflows use: the same names, the same pins, and trust policies that let in what runs and nothing else. */
const HOME = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, HOME), "utf8");
const guide = read("docs/github.md");
const workflows = readdirSync(new URL("templates/github/", HOME)).map((name) => read(`templates/github/${name}`));
const jobs: Job[] = workflows.flatMap((text) => Object.values(readWorkflow(text).jobs));
const action = readAction(read("action.yml"));

/** Fenced blocks by language; those in lists are indented. */
const blocks = (language: string): { info: string; text: string }[] =>
  [...guide.matchAll(new RegExp(`^( *)\`\`\`${language}([^\\n]*)\\n(.*?)^ *\`\`\`$`, "gms"))].map(
    ([, indent = "", info = "", text = ""]) => ({
      info: info.trim(),
      text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }),
  );

describe("names", () => {
  const used = [
    ...new Set(
      workflows.flatMap((text) => [...text.matchAll(/\b(?:vars|secrets)\.(\w+)/g)].map(([, name = ""]) => name)),
    ),
  ];
  const documented = [...guide.matchAll(/^\| `(LANDLINE_\w+)`/gm)].map(([, name = ""]) => name);

  it("of variables and secrets are those of the workflows", () => {
    expect(documented.sort()).toEqual(used.sort());
  });

  it("of environments are those of the workflows", () => {
    const environments = new Set(jobs.flatMap(({ environment }) => environment ?? []));
    const made = [...guide.matchAll(/environments\/([\w-]+) --input/g)].map(([, name]) => name);
    expect(made.sort()).toEqual([...environments].sort());
  });

  it("of inputs and outputs are those of the action", () => {
    const section = guide.slice(guide.indexOf("## In other workflows"), guide.indexOf("## GitHub Enterprise"));
    const inputs = [...section.matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name);
    expect(inputs).toEqual(Object.keys(action.inputs));
    for (const output of Object.keys(action.outputs)) expect(section).toContain(`\`${output}\``);
  });

  it("of files are those that init writes, in its words", async () => {
    const shown = blocks("console").find(({ text }) => text.startsWith("$ landline init --github"))?.text ?? "";
    expect(shown.split("\n").filter((line) => line.startsWith("wrote"))).toEqual(
      WORKFLOWS.map((name) => `wrote .github/workflows/landline-${name}.yml`),
    );
    const [, reference = ""] = /--action (\S+)/.exec(shown) ?? [];
    const io: Io = { out() {}, err() {}, color: false, cwd: "/dev/null", env: {}, now: () => new Date(), isTTY: false };
    // Past the checks of its options; only writing fails, in a place that is no folder.
    await expect(init({ github: true, action: reference }, io)).rejects.toThrow(/ENOTDIR|EEXIST|ENOENT/);
  });

  it("of commands are those that the workflows run", () => {
    const commands = new Set(jobs.flatMap(({ steps }) => steps.flatMap((step) => step.with?.command ?? [])));
    for (const command of commands) expect(guide).toContain(`**\`landline ci ${command}\`**`);
  });
});

interface Trust {
  readonly Statement: readonly {
    readonly Action: string;
    readonly Condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  }[];
}

const ISSUER = "token.actions.githubusercontent.com";

/** Whether a trust policy lets a job's token in, as AWS reads its conditions: every one must hold. */
function admits({ Statement: [statement] }: Trust, claims: Readonly<Record<string, string>>): boolean {
  return Object.entries(statement?.Condition ?? {}).every(([operator, conditions]) =>
    Object.entries(conditions).every(([key, expected]) => {
      const claim = claims[key.replace(`${ISSUER}:`, "")];
      return (
        claim !== undefined &&
        [expected].flat().some((value) => (operator === "StringLike" ? like(value, claim) : value === claim))
      );
    }),
  );
}

const like = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .split("*")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
    "s",
  ).test(text);

describe("trust policies", () => {
  const trusts = new Map(
    blocks("json").flatMap(({ info, text }) => (info.startsWith("trust=") ? [[info, JSON.parse(text) as Trust]] : [])),
  );
  const trust = (name: string): Trust => {
    const found = trusts.get(name);
    if (!found) throw new Error(`docs/github.md has no ${name}`);
    return found;
  };
  const prefixes = { classic: "repo:acme/network", immutable: "repo:acme@123456/network@456789" };
  const token = (subject: string, more: object = {}) => ({
    aud: "sts.amazonaws.com",
    repository_id: "456789",
    sub: subject,
    ...more,
  });

  it("stand for both roles in both forms, and the role chain", () => {
    expect([...trusts.keys()].sort()).toEqual([
      "trust=apply form=classic",
      "trust=apply form=immutable",
      "trust=chain",
      "trust=plan form=classic",
      "trust=plan form=immutable",
    ]);
  });

  const main = { ref: "refs/heads/main" };
  it.each(Object.entries(prefixes))("%s: the plan role is for what plans", (form, prefix) => {
    const plan = trust(`trust=plan form=${form}`);
    for (const subject of [
      "pull_request",
      "ref:refs/pull/7/merge",
      "ref:refs/heads/main",
      "ref:refs/heads/gh-readonly-queue/main/pr-7-0123456",
    ])
      expect(admits(plan, token(`${prefix}:${subject}`))).toBe(true);
    for (const subject of ["environment:landline-apply", "ref:refs/heads/topic", "ref:refs/tags/v1"])
      expect(admits(plan, token(`${prefix}:${subject}`))).toBe(false);
  });

  it.each(Object.entries(prefixes))(
    "%s: the apply role is for its environment on the default branch only",
    (form, prefix) => {
      const apply = trust(`trust=apply form=${form}`);
      const subject = `${prefix}:environment:landline-apply`;
      expect(admits(apply, token(subject, main))).toBe(true);
      expect(admits(apply, token(subject, { ref: "refs/pull/7/merge" }))).toBe(false);
      expect(admits(apply, token(subject, { ...main, repository_id: "1" }))).toBe(false);
      expect(admits(apply, token(subject, { ...main, aud: "other" }))).toBe(false);
      for (const other of [
        "pull_request",
        "ref:refs/heads/main",
        "environment:landline-approve-new-plan",
        "environment:landline-apply-x",
      ])
        expect(admits(apply, token(`${prefix}:${other}`, main))).toBe(false);
    },
  );

  it.each(["plan", "apply"])("%s: one form does not take the other's tokens, nor another repository's", (role) => {
    const subject = role === "plan" ? "pull_request" : "environment:landline-apply";
    expect(admits(trust(`trust=${role} form=classic`), token(`${prefixes.immutable}:${subject}`, main))).toBe(false);
    expect(admits(trust(`trust=${role} form=immutable`), token(`${prefixes.classic}:${subject}`, main))).toBe(false);
    expect(admits(trust(`trust=${role} form=immutable`), token(`repo:acme@123456/other@456789:${subject}`, main))).toBe(
      false,
    );
  });
});

describe("snippets", () => {
  const pins = new Map(
    [...workflows, read("action.yml")].flatMap((text) =>
      [...text.matchAll(/uses: (\S+@[0-9a-f]{40} # \S+)/g)].map(([, pin = ""]) => [pin.split("@")[0], pin]),
    ),
  );
  const examples = blocks("yaml").filter(({ info }) => info.startsWith("example="));

  it("are there", () => expect(examples.map(({ info }) => info)).toEqual(["example=app", "example=five-lines"]));

  it.each(examples)(
    "$info: steps whose actions are pinned as in the workflows, with inputs that ours has",
    ({ text }) => {
      for (const step of parse(text) as Step[]) {
        const [name = ""] = (step.uses ?? "").split("@");
        expect(step.uses).toMatch(/@[0-9a-f]{40}$/);
        if (name === "acme/landline")
          expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
        else if (pins.has(name)) expect(text).toContain(`uses: ${pins.get(name)}`);
      }
    },
  );

  it("the rights of the five lines are those of the plan job", () => {
    const [, rights = ""] = /in a job with `permissions: (\{.*?\})`/.exec(guide.replaceAll("\n", " ")) ?? [];
    expect(parse(rights)).toEqual(readWorkflow(read("templates/github/plan.yml")).jobs.plan?.permissions);
  });

  it("the required checks are one for each target of the example project", () => {
    const { targets } = parse(read("landline.yaml")) as { targets: object };
    expect([...guide.matchAll(/"context": "landline \/ ([\w-]+)"/g)].map(([, name]) => name)).toEqual(
      Object.keys(targets),
    );
  });

  it("every JSON block can be read", () => {
    const inShell = [...guide.matchAll(/<<'JSON'\n(.*?)\nJSON/gs)].map(([, text = ""]) => text);
    const all = [...blocks("json").map(({ text }) => text), ...inShell];
    expect(all).toHaveLength(9);
    for (const text of all) expect(() => JSON.parse(text)).not.toThrow();
  });

  it("headings that are linked to are there", () => {
    const anchors = [...guide.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    );
    const linked = [...guide.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => anchor);
    expect(linked.filter((anchor) => !anchors.includes(anchor ?? ""))).toEqual([]);
  });
});
