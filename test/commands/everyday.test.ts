import { beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { type ApplyOptions, type Ask, apply } from "../../src/commands/apply.ts";
import { drift } from "../../src/commands/drift.ts";
import { handoff } from "../../src/commands/handoff.ts";
import { init } from "../../src/commands/init.ts";
import { plan } from "../../src/commands/plan.ts";
import { status } from "../../src/commands/status.ts";
import { addFaults, loggedRequests } from "../sandbox/helper.ts";
import { cloud, common, exampleSeed, type Said, type Workplace, workplace } from "./workplace.ts";

/** What a person does with Landline from the first day on, command by command. */

const applying = (place: Workplace, more: Partial<ApplyOptions> = {}, ask?: Ask): Promise<Said> =>
  place.run((io) => apply({ ...common, quiet: true, format: "text", yes: true, parallel: 8, ...more }, io, ask));

describe("init", () => {
  it("writes a project that plans and applies on the embedded AWS at once", async () => {
    const place = workplace({ empty: true });
    const written = await place.run((io) => init({ name: "first-try", region: "eu-central-1" }, io));
    expect(written.out).toContain("wrote landline.yaml\nwrote specs/example.yaml\nwrote sandbox.yaml\n");
    expect(parse(place.read("landline.yaml")).metadata.name).toBe("first-try");
    expect((await applying(place, { sandbox: true })).out).toContain("0 failed, 0 skipped, 0 refused.");
    expect(await place.run((io) => drift({ ...common, sandbox: true, format: "text" }, io))).toMatchObject({ exit: 0 });
  });

  it.each([
    [{ name: "A network" }, '"A network" cannot be a project\'s name'],
    [{ account: "1234" }, '"1234" is not an AWS account id'],
    [{ region: "Frankfurt" }, '"Frankfurt" is not an AWS Region'],
  ])("refuses %j and writes nothing", async (options, message) => {
    const place = workplace({ empty: true });
    const { exit, out, err } = await place.run((io) => init(options, io));
    expect({ exit, out }).toEqual({ exit: 1, out: "" });
    expect(err).toContain(message);
    expect(() => place.read("landline.yaml")).toThrow("ENOENT");
  });
});

describe("the example project in its world", () => {
  let place: Workplace;
  let url: string;

  beforeEach(async () => {
    place = workplace();
    const { sandbox, env } = await cloud(exampleSeed());
    url = sandbox.url;
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    return () => vi.unstubAllEnvs();
  });
  const showing = (more: object = {}) =>
    place.run((io) => status({ ...common, quiet: true, format: "json", ...more }, io));
  const writes = async () => (await loggedRequests({ url })).filter(({ write }) => write).map(({ action }) => action);

  describe("apply", () => {
    it.each(["no", "y", "YES", "", "yes please"])("changes nothing when the answer is %j", async (answer) => {
      const { exit, err } = await applying(place, { yes: false }, async () => answer);
      expect(exit).toBe(3);
      expect(err).toContain("Not applied; nothing was changed.");
      expect((await writes()).filter((action) => action !== "AssumeRole")).toEqual([]);
    });

    it("asks with the number of changes, after it has shown them, and takes a yes", async () => {
      const asked: string[] = [];
      const { exit } = await applying(place, { yes: false }, async (question) => {
        asked.push(question);
        return "yes\n";
      });
      expect(exit).toBe(0);
      expect(asked).toEqual([expect.stringMatching(/^Apply these \d+ changes\? Only "yes" is taken for an answer: $/)]);
    });

    it("with a plan file does only what that file holds", async () => {
      await place.run((io) =>
        plan({ ...common, format: "json", out: "plan.json", detailedExitcode: false, verbose: false }, io),
      );
      place.edit("specs/payments-api.yaml", "crossZone: true", "crossZone: false");
      const { exit, out } = await applying(place, { planFile: "plan.json" });
      expect(exit).toBe(4);
      expect(out).toMatch(/changes? (is|are) not in plan\.json and (is|are) refused/);
      expect(out).toContain("payments-api/service/nlb/payments");
      await showing();
      const states = await showing();
      expect(JSON.parse(states.out).connections).toMatchObject([
        {},
        { connection: "ledger", state: "active" },
        { state: "creating" },
      ]);
    });

    it("reports what was done when the cloud cannot be read afterwards", async () => {
      await applying(place);
      place.edit("specs/payments-api.yaml", "crossZone: true", "crossZone: false");
      await addFaults(
        { url },
        { action: "GetCallerIdentity", skip: 2, times: 99, effect: "error-before", status: 403, code: "AccessDenied" },
      );
      const { exit, out, err } = await applying(place);
      expect(exit).toBe(0);
      expect(err).toContain("The waits and hand-offs in the report are those of before this run: target network-use1");
      expect(out).toContain("Applied: 1 done, 0 failed, 0 skipped, 0 refused.");
    });
  });

  describe("status", () => {
    it("is a table for people: one line for each connection, and what is open", async () => {
      await applying(place);
      // New targets pass their health checks between two looks.
      await showing();
      const { exit, out } = await showing({ format: "text" });
      expect(exit).toBe(0);
      const [table = "", totals] = out.trimEnd().split("\n\n");
      const [head, ...rows] = table.split("\n");
      expect(head).toMatch(/^CONNECTION +STATE +OBJECTS +CONNECTED +TARGETS +WHAT IS OPEN$/);
      expect(rows.map((row) => row.split(/ {2,}/).slice(0, 2))).toEqual([
        ["event-stream", "waiting-partner"],
        ["ledger", "active"],
        ["payments-api", "active"],
      ]);
      expect(rows[1]).toMatch(/vpce-\w+ vpce-svc-\w+ +1 available +1 of 1 healthy +nothing$/);
      expect(totals).toBe("3 connections: 2 active, 1 waiting-partner.");
    });

    it("is JSON for machines, of one connection if asked", async () => {
      const { out } = await showing({ name: "ledger" });
      expect(JSON.parse(out)).toEqual({
        formatVersion: 1,
        project: "acme-network",
        connections: [
          {
            connection: "ledger",
            owner: "team-ledger",
            description: "Ledger for the applications account",
            state: "creating",
            reasons: [expect.stringMatching(/^\d+ to create$/)],
            changes: expect.any(Number),
            endpoints: [],
            waits: [],
            findings: [],
          },
        ],
      });
    });
  });

  describe("drift", () => {
    const looking = () => place.run((io) => drift({ ...common, quiet: true, format: "text" }, io));

    it("exits 0 when the cloud is as the specs say and 2 with what moved when it is not", async () => {
      await applying(place);
      expect((await looking()).exit).toBe(0);
      place.edit("specs/payments-api.yaml", "crossZone: true", "crossZone: false");
      const moved = await looking();
      expect(moved.exit).toBe(2);
      expect(moved.out).toContain("payments-api/service/nlb/payments");
    });
  });

  describe("handoff", () => {
    const handing = (more: object = {}) =>
      place.run((io) => handoff({ ...common, quiet: true, name: "event-stream", format: "text", ...more }, io));

    it("prints what to send to the partner, with our own ids filled in", async () => {
      const { exit, out } = await handing();
      expect(exit).toBe(0);
      expect(out).toMatch(/^Ask the partner for the endpoint service name\n\n/);
      expect(out).toContain("arn:aws:iam::222222222222:root");
      expect(out).toContain("use1-az4, use1-az6");
    });

    it("prints one step, or all as JSON", async () => {
      expect((await handing({ step: "service-name" })).out).toBe((await handing()).out);
      expect(JSON.parse((await handing({ format: "json" })).out)).toMatchObject([{ id: "service-name", ready: true }]);
    });

    it("says so when there is nothing to hand over", async () => {
      await applying(place);
      expect((await handing({ name: "ledger" })).out).toBe(
        "Nothing to hand over: ledger needs nothing from its partner now.\n",
      );
    });
  });
});
