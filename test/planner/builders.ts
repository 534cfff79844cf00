import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { kindInfos } from "../../src/kinds/index.ts";
import type { Plan, Snapshot, TargetSnapshot } from "../../src/model.ts";
import type { Profiles } from "../../src/planner/partners/profile.ts";
import { makePlan } from "../../src/planner/plan.ts";
import {
  type ConnectionDocument,
  type ConnectionSpec,
  type ProjectDocument,
  parseConnections,
  parseProject,
} from "../../src/planner/specs/index.ts";

/** Builders for planner tests: real specs through the real parser, a cloud made of facts. */

const schema = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../schema/${name}.v1.schema.json`, import.meta.url), "utf8"));
const schemas = { project: schema("project"), connection: schema("connection") };

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
export const NOW = "2026-11-20T12:00:00.000Z";

/** Two accounts of ours in one Region: `net` provides, `app` consumes. */
export const baseProject = {
  apiVersion: "landline/v1",
  kind: "Project",
  metadata: { name: "acme" },
  specs: ["specs/*.yaml"],
  targets: {
    net: { account: "111111111111", region: "us-east-1" },
    app: { account: "222222222222", region: "us-east-1" },
  },
  tags: { "cost-center": "network" },
  policy: { deletions: { max: 1000, percent: 100 } },
};

export function project(changes: object = {}): ProjectDocument {
  const { project: document, problems } = parseProject(
    { path: "landline.yaml", text: JSON.stringify({ ...baseProject, ...changes }, null, 2) },
    schemas,
  );
  if (!document || problems.length > 0) throw new Error(`bad fixture: ${JSON.stringify(problems)}`);
  return document;
}

type Body = Omit<ConnectionSpec, "apiVersion" | "kind" | "metadata">;

/** Connections by name, as a person would have written them; JSON is YAML. */
export function connections(
  bodies: { readonly [name: string]: Body },
  of: ProjectDocument = project(),
  profiles: Profiles = new Map(),
): ConnectionDocument[] {
  const files = Object.entries(bodies).map(([name, body]) => ({
    path: `specs/${name}.yaml`,
    text: JSON.stringify({ apiVersion: "landline/v1", kind: "Connection", metadata: { name }, ...body }, null, 2),
  }));
  const parsed = parseConnections(files, of, { schemas, today: "1970-01-01", profiles });
  if (parsed.problems.length > 0) throw new Error(`bad fixture: ${JSON.stringify(parsed.problems, null, 1)}`);
  return parsed.connections;
}

export const SUBNETS = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
export const APP_SUBNETS = ["subnet-0b1b2c3d4e5f60001", "subnet-0b1b2c3d4e5f60002"];
export const VPC = "vpc-0a1b2c3d4e5f60001";
export const APP_VPC = "vpc-0b1b2c3d4e5f60001";
export const OTHER_VPC = "vpc-0b1b2c3d4e5f60002";
export const OTHER_SUBNET = "subnet-0b1b2c3d4e5f60003";
export const ZONE = "Z0PRIVATE00000000001";

/** A service that one listener offers to `principals`. */
export const service = (changes: object = {}): Body => ({
  service: {
    target: "net",
    loadBalancers: [
      {
        name: "main",
        subnets: SUBNETS,
        listeners: [{ port: 443, protocol: "TCP", targetGroup: { port: 8443, type: "ip", targets: ["10.0.1.10"] } }],
      },
    ],
    allowedPrincipals: [
      { principal: "arn:aws:iam::222222222222:root", reason: "our applications", until: "2027-06-30" },
    ],
    ...changes,
  },
});

/** An endpoint at `service` (a name of AWS, `pending` or another connection), with a group and an alias. */
export const endpoint = (of: string | { connection: string }, changes: object = {}): Body => ({
  endpoints: [
    {
      target: "app",
      service: of,
      vpc: APP_VPC,
      subnets: APP_SUBNETS,
      securityGroup: { ingress: [{ ports: 443, from: "10.20.0.0/16" }] },
      aliases: [{ name: "api.apps.example.com", zone: ZONE }],
      ...changes,
    },
  ],
});

const nothing = {
  resources: [],
  services: [],
  connections: [],
  loadBalancers: [],
  zones: [],
  obstacles: [],
  takenAt: NOW,
};

/** The cloud around the project before anything is ours. */
export function emptyCloud(
  changes: { readonly net?: Partial<TargetSnapshot>; readonly app?: Partial<TargetSnapshot> } = {},
): Snapshot {
  const zones = [{ id: ZONE, name: "apps.example.com", private: true }];
  return {
    formatVersion: 1,
    project: "acme",
    targets: [
      {
        ...nothing,
        target: "app",
        account: "222222222222",
        region: "us-east-1",
        caller: "arn:aws:iam::222222222222:role/plan",
        zones,
        subnets: [
          { id: APP_SUBNETS[0] ?? "", vpcId: APP_VPC, az: "us-east-1a", azId: "use1-az6" },
          { id: APP_SUBNETS[1] ?? "", vpcId: APP_VPC, az: "us-east-1b", azId: "use1-az4" },
          { id: OTHER_SUBNET, vpcId: OTHER_VPC, az: "us-east-1b", azId: "use1-az4" },
        ],
        ...changes.app,
      },
      {
        ...nothing,
        target: "net",
        account: "111111111111",
        region: "us-east-1",
        caller: "arn:aws:iam::111111111111:role/plan",
        subnets: [
          { id: SUBNETS[0] ?? "", vpcId: VPC, az: "us-east-1a", azId: "use1-az4" },
          { id: SUBNETS[1] ?? "", vpcId: VPC, az: "us-east-1b", azId: "use1-az6" },
        ],
        ...changes.net,
      },
    ],
  };
}

/** The plan for these specs in this cloud. */
export function planOf(
  specs: { readonly [name: string]: Body },
  snapshot: Snapshot = emptyCloud(),
  options: {
    readonly project?: ProjectDocument;
    readonly only?: readonly string[];
    readonly now?: string;
    readonly profiles?: Profiles;
    readonly asked?: string;
  } = {},
): Plan {
  const of = options.project ?? project();
  return makePlan({
    project: of,
    connections: connections(specs, of, options.profiles),
    ...(options.profiles ? { profiles: options.profiles } : {}),
    ...(options.asked === undefined ? {} : { asked: options.asked }),
    snapshot,
    kinds: kindInfos,
    now: options.now ?? NOW,
    sha256,
    ...(options.only ? { only: options.only } : {}),
  });
}
