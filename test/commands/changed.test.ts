import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { apply } from "../../src/commands/apply.ts";
import { changedFrom, headAt } from "../../src/commands/changed.ts";
import { openGit } from "../../src/commands/git.ts";
import type { Io } from "../../src/commands/io.ts";
import { type PlanOptions, plan } from "../../src/commands/plan.ts";
import type { FileChange, PlanFile } from "../../src/planner/writers/index.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { loggedRequests } from "../sandbox/helper.ts";
import { type Repository, repository } from "./repository.ts";
import { cloud, common, exampleSeed, type Said, type Workplace, workplace } from "./workplace.ts";

/** `landline plan --changed-since REF`: as much of the plan as the change reaches, read from as much of the cloud. */

const REPORTS = `apiVersion: landline/v1
kind: Connection
metadata:
  name: reports
endpoints:
  - target: apps-use1
    service: { connection: ledger }
    vpc: vpc-0b1b2c3d4e5f60001
    subnets: [subnet-0b1b2c3d4e5f60001]
    securityGroup: { ingress: [{ ports: 5432, from: 10.20.0.0/16 }] }
    aliases:
      - { name: reports.apps.internal.example.com, zone: Z0PRIVATE00000000001 }
`;

let place: Workplace;
let sandbox: Sandbox;
let repo: Repository;
let applied: string;

beforeEach(async () => {
  place = workplace();
  const started = await cloud(exampleSeed());
  sandbox = started.sandbox;
  for (const [name, value] of Object.entries(started.env)) vi.stubEnv(name, value);
  place.write("specs/reports.yaml", REPORTS);
  place.write(".gitignore", ".landline/\n");
  repo = repository(place.folder);
  applied = repo.commit({});
  const said = await place.run((io) =>
    apply({ ...common, quiet: true, format: "json", yes: true, parallel: 8 }, io, undefined),
  );
  expect(said.exit, said.err).toBe(0);
  return () => vi.unstubAllEnvs();
});

const planning = (more: Partial<PlanOptions> = {}): Promise<Said> =>
  place.run((io) =>
    plan({ ...common, quiet: false, format: "json", detailedExitcode: true, verbose: false, ...more }, io),
  );
const made = async (more: Partial<PlanOptions>) => {
  const said = await planning(more);
  const file = said.out === "" ? undefined : (JSON.parse(said.out) as PlanFile);
  return { ...said, file, names: file?.connections?.map(({ name }) => name) };
};
const gist = (file: PlanFile | undefined) =>
  file?.changes.map(({ address, step = address, action }: FileChange) => `${action} ${step}`);
const remove = (path: string) => rmSync(join(place.folder, path));

/** The limited plan, the full one, and what the limited one asked of AWS. */
async function both() {
  const since = (await loggedRequests(sandbox)).length;
  const limited = await made({ changedSince: applied });
  const calls = (await loggedRequests(sandbox)).slice(since);
  const whole = await made({});
  return { limited, whole, calls };
}

test("a comment or another layout reaches nothing, and nothing is asked of AWS", async () => {
  place.edit("specs/ledger.yaml", "# A service of ours", "# Another word.\n# A service of ours");
  place.edit("specs/ledger.yaml", "port: 5432", "port:   5432 # postgres");
  const { limited, calls } = await both();
  expect([limited.exit, limited.names, gist(limited.file), calls]).toEqual([0, [], [], []]);
  expect(limited.err).toContain(`the changes since ${applied.slice(0, 12)} reach none of 4 connections`);
});

describe("shows what the full plan shows", () => {
  test.each<[string, () => void, string[], string[]]>([
    [
      "of a removed spec, with its record",
      () => remove("specs/reports.yaml"),
      ["reports"],
      [
        "delete reports/endpoint/main",
        "delete reports/endpoint/main/dns/reports.apps.internal.example.com",
        "delete reports/endpoint/main/security-group",
      ],
    ],
    [
      "of a name that moved",
      () => place.edit("specs/reports.yaml", "name: reports.apps", "name: figures.apps"),
      ["ledger", "reports"],
      [
        "create reports/endpoint/main/dns/figures.apps.internal.example.com",
        "delete reports/endpoint/main/dns/reports.apps.internal.example.com",
      ],
    ],
    [
      "of a service, with its consumers",
      () => place.edit("specs/ledger.yaml", "- name: ledger\n", "- name: ledger\n      crossZone: true\n"),
      ["ledger", "reports"],
      ["update ledger/service/nlb/ledger"],
    ],
    [
      "of a renamed connection",
      () => {
        remove("specs/reports.yaml");
        place.write(
          "specs/figures.yaml",
          REPORTS.replace("name: reports\n", "name: figures\n  renamedFrom: reports\n"),
        );
      },
      ["figures", "ledger", "reports"],
      [
        "update figures/endpoint/main",
        "update figures/endpoint/main/dns/reports.apps.internal.example.com",
        "update figures/endpoint/main/security-group",
      ],
    ],
    [
      "of a tag of the project, of everything",
      () => place.edit("landline.yaml", "tags: { cost-center: network }", "tags: { cost-center: other }"),
      ["event-stream", "ledger", "payments-api", "reports"],
      [],
    ],
  ])("%s", async (_, edit, names, steps) => {
    edit();
    const { limited, whole } = await both();
    expect(limited.names).toEqual(names);
    expect(limited.file?.changes).toEqual(whole.file?.changes);
    expect(limited.file?.planId).toBe(whole.file?.planId);
    expect(limited.exit, limited.err).toBe(2);
    if (steps.length > 0) expect(gist(limited.file)?.sort()).toEqual(steps);
    else expect(limited.file?.changes.length).toBeGreaterThan(10);
  });
});

test("reads only the side that the change is on", async () => {
  place.edit("specs/event-stream.yaml", "applications }", "our applications }");
  const { limited, calls } = await both();
  expect(limited.names).toEqual(["event-stream"]);
  expect(new Set(calls.filter(({ service }) => service !== "sts").map(({ account }) => account))).toEqual(
    new Set(["222222222222"]),
  );
});

test("from a snapshot it asks no cloud; a snapshot that lacks a target is refused", async () => {
  place.edit("specs/reports.yaml", "name: reports.apps", "name: figures.apps");
  const { snapshot } = await import("../../src/commands/snapshot.ts");
  for (const target of ["network-use1", "apps-use1"])
    await place.run((io) => snapshot({ ...common, target: [target], out: `${target}.json` }, io));
  const since = (await loggedRequests(sandbox)).length;
  const { file } = await made({ changedSince: applied, snapshot: ["network-use1.json", "apps-use1.json"] });
  expect(gist(file)).toHaveLength(2);
  expect((await loggedRequests(sandbox)).slice(since)).toEqual([]);
  expect((await planning({ changedSince: applied, snapshot: ["network-use1.json"] })).err).toContain(
    "target apps-use1 is in none",
  );
});

describe("specs that are gone though nobody has deleted them are refused", () => {
  test("because a pattern misses them", async () => {
    place.edit("landline.yaml", 'specs: ["specs/**/*.yaml"]', 'specs: ["specs/l*.yaml"]');
    const { exit, err, out } = await planning({ changedSince: applied });
    expect([exit, out]).toEqual([3, ""]);
    for (const name of ["event-stream", "payments-api", "reports"])
      expect(err).toContain(`${name} (specs/${name}.yaml`);
    expect(err).not.toContain("ledger (");
  });

  test("because a file moved out of the folder, also when it is not tracked yet", async () => {
    remove("specs/reports.yaml");
    place.write("connections/reports.yaml", REPORTS.replace("5432, from", "5433, from"));
    const { exit, err } = await planning({ changedSince: applied });
    expect(exit).toBe(3);
    expect(err).toContain("reports (specs/reports.yaml is now connections/reports.yaml");
  });

  test("but not what was taken out of a file that is still read, or what another file has taken up", async () => {
    place.write("specs/ledger.yaml", `${place.read("specs/ledger.yaml")}---\n${REPORTS}`);
    remove("specs/reports.yaml");
    expect((await made({ changedSince: applied })).names).toEqual([]);
    const together = repo.commit({});
    place.edit("specs/ledger.yaml", `---\n${REPORTS}`, "");
    expect((await made({ changedSince: together })).names).toEqual(["reports"]);
  });
});

test("without a base that can be read everything is planned, and it is said why", async () => {
  const broken = repo.commit({ "specs/ledger.yaml": "apiVersion: landline/v1\nkind: Connection\n" });
  repo.git("checkout", "-q", applied, "--", "specs");
  const { names, err } = await made({ changedSince: broken });
  expect(names).toEqual(["event-stream", "ledger", "payments-api", "reports"]);
  expect(err).toContain(`the specs of ${broken.slice(0, 12)} have`);
});

test("what is asked for wrongly is told in one sentence", async () => {
  const both = await planning({ changedSince: applied, only: ["ledger"] });
  expect([both.exit, both.err]).toEqual([1, expect.stringContaining("--only")]);
  const unknown = await planning({ changedSince: "nowhere" });
  expect([unknown.exit, unknown.err]).toEqual([1, expect.stringContaining('"nowhere"')]);
});

test("two commits are compared without a checkout, whatever lies in the working tree", async () => {
  place.edit("specs/reports.yaml", "name: reports.apps", "name: figures.apps");
  const head = repo.commit({
    "specs/event-stream.yaml": undefined,
    "landline.yaml": place.read("landline.yaml").replace(/ {4}- \{ risks: \[any\], count: 1 \}\n/, ""),
  });
  rmSync(join(place.folder, "specs"), { recursive: true });
  const said = await place.run(async (io: Io) => {
    const git = openGit(io.cwd, io.env);
    const { scope, specs, only, before } = changedFrom(git, applied, headAt(git, head, common, io), common, io);
    io.out(
      JSON.stringify({
        reached: scope.reached,
        only,
        former: specs.former?.map(({ spec }) => spec.metadata.name),
        approvals: before?.project.spec.policy.approvals.length,
      }),
    );
    return 0;
  });
  expect(JSON.parse(said.out)).toEqual({
    reached: [
      { name: "event-stream", why: "removed" },
      { name: "ledger", why: "provides for reports" },
      { name: "reports", why: "spec changed" },
    ],
    only: ["event-stream", "ledger", "reports"],
    former: ["event-stream", "ledger", "reports"],
    approvals: 2,
  });
});
