import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { kindInfos } from "../../../../src/kinds/index.ts";
import type { Finding, Plan, ServiceFact, Snapshot } from "../../../../src/model.ts";
import { loadProfiles } from "../../../../src/planner/partners/load.ts";
import type { CheckKind, CheckSpec, Profiles, Role } from "../../../../src/planner/partners/profile.ts";
import { makePlan } from "../../../../src/planner/plan.ts";
import { parseConnections } from "../../../../src/planner/specs/index.ts";
import { baseProject, emptyCloud, endpoint, NOW, project, service, sha256 } from "../../builders.ts";

/** Checks judged the way plans are made: an invented profile through its loader, a spec through its parser, a cloud of facts. */

const schema = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../schema/${name}.v1.schema.json`, import.meta.url), "utf8"));
export const schemas = { connection: schema("connection"), partner: schema("partner") };

export const PARTNER_SERVICE = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";

/** What our account sees of the partner's service. */
export const partnerService = (changes: Partial<ServiceFact> = {}): ServiceFact => ({
  name: PARTNER_SERVICE,
  region: "us-east-1",
  owner: "999999999999",
  acceptanceRequired: true,
  policySupported: true,
  azIds: ["use1-az4", "use1-az6"],
  ipAddressTypes: ["ipv4"],
  ...changes,
});

/** A cloud in which the partner's service can be seen. */
export const cloudWithPartner = (changes: Partial<ServiceFact> = {}): Snapshot =>
  emptyCloud({ app: { services: [partnerService(changes)] } });

/** The parameters of the invented partner: one of each sort of need. */
const params = {
  site: { type: "string", obtain: "the console" },
  region: { type: "string", needed: "later", obtain: "the ticket" },
  zones: { type: "list", obtain: "the console" },
  fewer: { type: "integer", obtain: "your choice" },
  names: { type: "list", obtain: "your choice" },
  told: { type: "list", needed: "later", obtain: "the ticket" },
  ports: { type: "list", items: "port", obtain: "your choice" },
  pairs: { type: "list", obtain: "your choice" },
  principals: { type: "list", needed: "later", obtain: "the ticket" },
};

const tables = {
  sites: {
    source: "docs",
    rows: {
      east: { region: "us-east-1", zones: ["use1-az4", "use1-az6"], names: ["alpha", "beta"] },
      west: { region: "us-west-2", zones: ["usw2-az1"], names: ["gamma"] },
    },
  },
};

export const ACCOUNT = "999999999999";
const DEMAND = "Do as Acme says";

type Checks = { readonly [R in Role]?: readonly object[] };

/** A profile with these checks, through its loader; `allow` is whom it needs among our principals. */
function load(checks: Checks, allow: object = { values: [`arn:aws:iam::${ACCOUNT}:root`] }) {
  const source = "docs";
  const profile = {
    apiVersion: "landline/v1",
    kind: "PartnerProfile",
    metadata: {
      name: "acme-cloud",
      title: "Acme Cloud",
      checkedOn: "2026-11-20",
      sources: [{ id: source, url: "https://docs.example.com" }],
    },
    params,
    tables,
    provider: {
      principals: { allow, source },
      acceptance: { by: "endpoint", source },
      dns: { mode: "none", source },
      checks: checks.provider ?? [],
    },
    consumer: {
      service: { name: PARTNER_SERVICE, source },
      principals: { tell: { each: "params.principals", values: ["{{item}}"] }, source },
      acceptance: { by: "nobody", source },
      dns: { mode: "none", source },
      checks: checks.consumer ?? [],
    },
  };
  return loadProfiles({ shipped: [], own: [{ path: "partners/acme.yaml", text: JSON.stringify(profile) }] }, schemas);
}

export function profileWith(checks: Checks, allow?: object): Profiles {
  const { profiles, problems } = load(checks, allow);
  if (problems.length > 0) throw new Error(`bad profile: ${JSON.stringify(problems, null, 1)}`);
  return profiles;
}

/** What the loader has against a profile with one check. */
export const problemsWith = (role: Role, check: object): string[] =>
  load({ [role]: [checkOf(check)] }).problems.map(({ code }) => code);

export const checkOf = (check: object): object => ({
  id: "acme.check",
  severity: "error",
  message: DEMAND,
  source: "docs",
  ...check,
});

/** A connection with the partner as a person would have written it. */
export interface Case {
  readonly spec?: object;
  readonly params?: { readonly [name: string]: unknown };
  readonly partner?: object;
  readonly cloud?: Snapshot;
  readonly project?: object;
}

export const provided = (changes: object = {}): object => service(changes);
export const consumed = (changes: object = {}): object => endpoint(PARTNER_SERVICE, { aliases: [], ...changes });

/** The plan of one connection, and the text of its spec. */
export function planWith(profiles: Profiles, of: Case): { readonly plan: Plan; readonly text: string } {
  const document = project(of.project ?? baseProject);
  const text = JSON.stringify(
    {
      apiVersion: "landline/v1",
      kind: "Connection",
      metadata: { name: "pay" },
      partner: { profile: "acme-cloud", ...(of.params ? { params: of.params } : {}), ...of.partner },
      ...of.spec,
    },
    null,
    2,
  );
  const options = { schemas, today: "1970-01-01", profiles };
  const { connections, problems } = parseConnections([{ path: "specs/pay.yaml", text }], document, options);
  if (problems.length > 0) throw new Error(`bad spec: ${JSON.stringify(problems, null, 1)}`);
  const snapshot = of.cloud ?? cloudWithPartner();
  const plan = makePlan({ project: document, connections, profiles, snapshot, kinds: kindInfos, now: NOW, sha256 });
  return { plan, text };
}

/** What one check says: nothing when it holds. */
export function findingsOf(role: Role, kind: CheckKind, args: object | undefined, of: Case): readonly Finding[] {
  const check: Partial<CheckSpec> = { kind, ...(args ? { args: args as { [k: string]: unknown } } : {}) };
  const spec = of.spec ?? (role === "provider" ? provided() : consumed());
  const { plan } = planWith(profileWith({ [role]: [checkOf(check)] }), { ...of, spec });
  return plan.findings.filter(({ id }) => id === "acme.check");
}

/** One row of a table: what is checked, why it comes out as it does, and where the spec is pointed at. */
export interface Row extends Case {
  readonly why: string;
  readonly role?: Role;
  readonly args?: object;
  /** Absent: the demand is met. Otherwise what each finding has to say. */
  readonly fails?: string | readonly string[];
  /** What it waits for. */
  readonly waits?: string | readonly string[];
  /** What stands at the finding's place in the spec. */
  readonly at?: string;
}

/** Judges a row. A failure says what was found and what the profile demands, a deferral is never more than a note. */
export function judgeRow(kind: CheckKind, row: Row): void {
  const role = row.role ?? "provider";
  const findings = findingsOf(role, kind, row.args, row);
  const failures = findings.filter(({ deferred }) => deferred === undefined);
  const deferrals = findings.filter(({ deferred }) => deferred !== undefined);
  expect(deferrals.map(({ severity }) => severity).filter((severity) => severity !== "info")).toEqual([]);
  expect(failures.map(({ severity }) => severity).filter((severity) => severity !== "error")).toEqual([]);
  const fails = [row.fails ?? []].flat();
  const waits = [row.waits ?? []].flat();
  expect(failures.map(({ message }) => message)).toEqual(fails.map((text) => expect.stringContaining(text)));
  expect(deferrals.map(({ deferred }) => deferred)).toEqual(waits.map((text) => expect.stringContaining(text)));
  for (const { message } of findings) expect(message).toContain(`${DEMAND} (acme-cloud, source: docs)`);
  if (row.at === undefined) return;
  const spec = row.spec ?? (role === "provider" ? provided() : consumed());
  const { text } = planWith(profileWith({}), { ...row, spec });
  const places = findings.map(({ at }) => text.split("\n")[(at?.line ?? 0) - 1]?.slice((at?.column ?? 1) - 1));
  expect(places).toEqual(findings.map(() => expect.stringContaining(row.at ?? "")));
}

/** The rows of one kind. */
export function table(kind: CheckKind, rows: readonly Row[]): void {
  describe(kind, () => {
    test.each(rows)("$why", (row) => judgeRow(kind, row));
  });
}
