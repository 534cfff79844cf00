import { beforeEach, describe, expect, it, vi } from "vitest";
import { apply } from "../../src/commands/apply.ts";
import { type PlanOptions, plan } from "../../src/commands/plan.ts";
import { snapshot } from "../../src/commands/snapshot.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { loggedRequests } from "../sandbox/helper.ts";
import { cloud, common, exampleSeed, type Said, type Workplace, workplace } from "./workplace.ts";

/** `landline snapshot` reads, `landline plan --snapshot` plans from what was read: on another machine, without credentials, with the same result. */

let place: Workplace;
let sandbox: Sandbox;

beforeEach(async () => {
  place = workplace();
  const started = await cloud(exampleSeed());
  sandbox = started.sandbox;
  for (const [name, value] of Object.entries(started.env)) vi.stubEnv(name, value);
  return () => vi.unstubAllEnvs();
});

const planning = (more: Partial<PlanOptions> = {}): Promise<Said> =>
  place.run((io) =>
    plan({ ...common, quiet: true, format: "json", detailedExitcode: true, verbose: false, ...more }, io),
  );
const applying = (): Promise<Said> =>
  place.run((io) => apply({ ...common, quiet: true, format: "json", yes: true, parallel: 8 }, io, undefined));
const taking = (out: string, ...target: readonly string[]): Promise<Said> =>
  place.run((io) => snapshot({ ...common, target, out }, io));

it("says how much was read and how to go on", async () => {
  expect(await taking("all.json", "apps-use1", "network-use1")).toEqual({
    exit: 0,
    out: "",
    err: "0 resources of apps-use1, network-use1 written to all.json; plan from it with `landline plan --snapshot all.json`\n",
  });
});

describe("planning from snapshots", () => {
  it.each(["an empty cloud", "a cloud that is as the specs say", "a cloud that has moved"])(
    "gives the same bytes as planning from %s",
    async (state) => {
      if (state !== "an empty cloud") await applying();
      if (state === "a cloud that has moved")
        place.edit("specs/payments-api.yaml", "crossZone: true", "crossZone: false");
      await taking("net.json", "network-use1");
      await taking("apps.json", "apps-use1");
      await taking("both.json", "network-use1", "apps-use1");
      const live = await planning();
      expect(await planning({ snapshot: ["net.json", "apps.json"] })).toEqual(live);
      expect(await planning({ snapshot: ["apps.json", "net.json"] })).toEqual(live);
      expect(await planning({ snapshot: ["both.json"] })).toEqual(live);
      expect(await planning({ snapshot: ["both.json"], only: ["ledger"] })).toEqual(
        await planning({ only: ["ledger"] }),
      );
      expect(live.exit).toBe(state === "a cloud that is as the specs say" ? 0 : 2);
    },
  );

  it("asks no cloud", async () => {
    await taking("both.json", "network-use1", "apps-use1");
    const calls = (await loggedRequests(sandbox)).length;
    await planning({ snapshot: ["both.json"] });
    expect(await loggedRequests(sandbox, calls)).toEqual([]);
  });
});

describe("a target that cannot be read", () => {
  /** Nobody of the applications' account may do anything. */
  const locked = () => {
    const roles = sandbox.world.accounts["222222222222"]?.roles ?? {};
    roles["landline-plan"] = { name: "landline-plan", policy: { Version: "2012-10-17", Statement: [] } };
  };

  it("is in the file as that, and a plan from it is the plan of now", async () => {
    await applying();
    locked();
    const taken = await taking("both.json", "network-use1", "apps-use1");
    expect(taken.exit).toBe(0);
    expect(taken.err).toContain("target apps-use1 (account 222222222222, us-east-1) cannot be read: ");
    const live = await planning();
    expect(live.exit).toBe(3);
    expect(await planning({ snapshot: ["both.json"] })).toEqual(live);
  });

  it("alone gives no file", async () => {
    locked();
    const { exit, err } = await taking("apps.json", "apps-use1");
    expect({ exit, err }).toMatchObject({ exit: 1, err: expect.stringContaining("`landline iam --mode plan` prints") });
    expect(() => place.read("apps.json")).toThrow("ENOENT");
  });
});

describe("a snapshot file that will not do is refused with what to do:", () => {
  const refusedFor = async (files: { readonly [path: string]: string }): Promise<string> => {
    for (const [path, text] of Object.entries(files)) place.write(path, text);
    const { exit, out, err } = await planning({ snapshot: Object.keys(files) });
    expect({ exit, out }).toEqual({ exit: 1, out: "" });
    return err;
  };

  it("not JSON", async () => {
    expect(await refusedFor({ "a.json": "formatVersion: 1" })).toContain("a.json cannot be read as JSON");
  });

  it("not a snapshot", async () => {
    expect(await refusedFor({ "a.json": "{}" })).toBe(
      "landline: a.json is not a snapshot: / must have required property 'formatVersion'; " +
        "write it with `landline snapshot --target NAME --out a.json`\n",
    );
  });

  it("of two projects", async () => {
    await taking("a.json", "apps-use1");
    const other = place.read("a.json").replace('"project": "acme-network"', '"project": "other"');
    expect(await refusedFor({ "a.json": place.read("a.json"), "b.json": other })).toContain(
      'a.json is of project "acme-network", b.json of "other"; they cannot be planned together',
    );
  });

  it("the same target twice", async () => {
    await taking("a.json", "apps-use1");
    const text = place.read("a.json");
    expect(await refusedFor({ "a.json": text, "b.json": text })).toContain(
      "target apps-use1 is in two of the snapshot files; leave one out",
    );
  });

  it("of another project than this one", async () => {
    await taking("a.json", "apps-use1", "network-use1");
    place.edit("landline.yaml", "name: acme-network", "name: other-network");
    expect(await refusedFor({ "a.json": place.read("a.json") })).toContain(
      'of project "acme-network", this is "other-network"',
    );
  });

  it("without a target that the project has", async () => {
    await taking("a.json", "apps-use1");
    expect(await refusedFor({ "a.json": place.read("a.json") })).toContain(
      "target network-use1 is in none of the snapshot files; read it with `landline snapshot --target network-use1 --out FILE`",
    );
  });

  it("of another account than the target has now", async () => {
    await taking("a.json", "apps-use1", "network-use1");
    const moved = place.read("a.json").replace('"account": "222222222222"', '"account": "333333333333"');
    expect(await refusedFor({ "a.json": moved })).toContain(
      "the snapshot of target apps-use1 is of account 333333333333, us-east-1, and landline.yaml says 222222222222, us-east-1",
    );
  });

  it("limited to other connections than are to be planned", async () => {
    await taking("a.json", "apps-use1", "network-use1");
    const limited = place.read("a.json").replaceAll('"takenAt"', '"only": ["ledger"], "takenAt"');
    expect(await refusedFor({ "a.json": limited })).toContain("the snapshot of target apps-use1 is limited to ledger");
    expect(await planning({ snapshot: ["a.json"], only: ["ledger"] })).toMatchObject({ exit: 2 });
  });
});
