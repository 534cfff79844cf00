import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../../src/model.ts";
import { planToJson, readPlanFile } from "../../../src/planner/writers/index.ts";
import { CALM_PLAN, change, EMPTY_PLAN, live, RICH_PLAN } from "./fixture.ts";
import { expectGolden } from "./golden.ts";

function schemaOf(name: string): object {
  return JSON.parse(readFileSync(new URL(`../../../schema/${name}`, import.meta.url), "utf8"));
}

const PLAN_SCHEMA = schemaOf("plan.v1.schema.json");
const validatePlan = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(PLAN_SCHEMA);
const validateSnapshot = new Ajv2020({ strict: true }).compile(schemaOf("snapshot.v1.schema.json"));

function problemsOf(text: string): string {
  const read = readPlanFile(text, PLAN_SCHEMA);
  return "problem" in read ? read.problem : "";
}

/** A plan's JSON with one thing changed. */
function broken(edit: (plan: { [key: string]: unknown; changes: { [key: string]: unknown }[] }) => void): string {
  const plan = JSON.parse(planToJson(RICH_PLAN));
  edit(plan);
  return JSON.stringify(plan);
}

describe("planToJson", () => {
  it.each([
    ["rich.json", RICH_PLAN],
    ["empty.json", EMPTY_PLAN],
  ] as const)("writes %s, which the schema accepts", (name, plan) => {
    const text = planToJson(plan);
    expectGolden(name, text);
    validatePlan(JSON.parse(text));
    expect(validatePlan.errors).toBeNull();
  });

  it("writes a reference as it is and nothing of the planner's own", () => {
    const text = planToJson({
      ...EMPTY_PLAN,
      changes: [
        change({
          address: "a/b",
          kind: "listener",
          action: "update",
          live: live("listener", "a/b", "arn:x"),
          differences: [{ attribute: "targetGroupArn", before: { z: 1, a: 2 }, after: { ref: "a/c", output: "arn" } }],
        }),
      ],
    });
    expect(text).toContain('"after": {\n            "ref": "a/c",\n            "output": "arn"\n          }');
    expect(text).toContain('"before": {\n            "a": 2,\n            "z": 1\n          }');
    expect(text).not.toMatch(/"live"|"desired"|"step"|"notes"|"refused"/);
  });

  it("gives the same bytes whatever the order of keys", () => {
    const shuffled = RICH_PLAN.changes.map((one) => ({
      ...Object.fromEntries(Object.entries(one).toReversed()),
      ...change({ ...one }),
    }));
    const summary = Object.fromEntries(Object.entries(RICH_PLAN.summary).toReversed());
    const other = { ...RICH_PLAN, changes: shuffled, summary: { ...summary, ...RICH_PLAN.summary } };
    expect(Object.keys(other.summary)).not.toEqual(Object.keys(RICH_PLAN.summary));
    expect(planToJson(other)).toBe(planToJson(RICH_PLAN));
  });
});

describe("readPlanFile", () => {
  it("reads back what was written", () => {
    const read = readPlanFile(planToJson(RICH_PLAN), PLAN_SCHEMA);
    if ("problem" in read) throw new Error(read.problem);
    expect(read.plan.planId).toBe(RICH_PLAN.planId);
    expect(JSON.stringify(read.plan, null, 2)).toBe(planToJson(RICH_PLAN).trimEnd());
    const old = RICH_PLAN.changes.find((one) => one.step.includes("#"));
    expect(read.reviewed.get(old?.step ?? "")?.digest).toBe(old?.digest);
  });

  it("does not count a refused change as reviewed", () => {
    const read = readPlanFile(planToJson(RICH_PLAN), PLAN_SCHEMA);
    if ("problem" in read) throw new Error(read.problem);
    const refused = RICH_PLAN.changes.filter((one) => one.refused !== undefined).map((one) => one.step);
    expect(refused).toHaveLength(2);
    expect([...read.reviewed.keys()]).toEqual(
      RICH_PLAN.changes.map((one) => one.step).filter((step) => !refused.includes(step)),
    );
  });

  it.each([
    ["text that is not JSON", "plan: yes", /^This is not a plan file: .*JSON/],
    ["a list", "[]", /the whole file: must be object/],
    ["null", "null", /the whole file: must be object/],
    ["another version", broken((plan) => (plan.formatVersion = 2)), /formatVersion 2; this Landline reads version 1/],
    ["an unknown field", broken((plan) => (plan.extra = 1)), /the whole file: has an unknown field "extra"/],
    ["a missing field", broken((plan) => delete plan.planId), /must have required property 'planId'/],
    [
      "a digest that is none",
      broken((plan) => Object.assign(plan.changes[0] ?? {}, { digest: "x" })),
      /changes\.0\.digest: must match/,
    ],
    [
      "a difference without sides",
      broken((plan) => Object.assign(plan.changes[0] ?? {}, { differences: [{ attribute: "a" }] })),
      /differences\.0/,
    ],
    [
      "the same step twice",
      broken((plan) => plan.changes.push(plan.changes[0] ?? {})),
      /holds payments-api\/service\/nlb\/payments twice/,
    ],
  ])("says what is wrong with %s", (_case, text, message) => {
    expect(problemsOf(text)).toMatch(message);
  });

  it("keeps a hostile file's text short and visible", () => {
    const problem = problemsOf(broken((plan) => (plan[`\u001b[31m${"x".repeat(9_000)}`] = 1)));
    expect(problem).not.toContain("\u001b");
    expect(problem.length).toBeLessThan(600);
  });

  it("reads a plan without changes", () => {
    expect(problemsOf(planToJson(EMPTY_PLAN))).toBe("");
    expect(problemsOf(planToJson(CALM_PLAN))).toBe("");
  });
});

describe("schema/snapshot.v1.schema.json", () => {
  const snapshot: Snapshot = {
    formatVersion: 1,
    project: "acme-network",
    targets: [
      {
        target: "prod-use1",
        account: "111111111111",
        region: "us-east-1",
        caller: "arn:aws:sts::111111111111:assumed-role/landline-plan/x",
        takenAt: "2026-03-01T09:30:00Z",
        only: ["payments-api"],
        resources: [
          {
            ...live("vpc-endpoint", "billing/endpoint/main", "vpce-0aa11bb22cc33dd44"),
            state: "available",
            createdAt: "2026-01-01T00:00:00Z",
          },
        ],
        subnets: [{ id: "subnet-1", vpcId: "vpc-1", az: "us-east-1a", azId: "use1-az4" }],
        services: [
          {
            name: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
            region: "us-east-1",
            owner: "222222222222",
            acceptanceRequired: true,
            policySupported: false,
            azIds: [],
            ipAddressTypes: ["ipv4"],
            privateDnsName: "api.example.com",
            privateDnsState: "verified",
          },
        ],
        connections: [
          { serviceId: "vpce-svc-1", endpointId: "vpce-1", owner: "222222222222", state: "pendingacceptance" },
        ],
        loadBalancers: [
          {
            ...{ arn: "arn:aws:x", type: "network", scheme: "internal", state: "active", vpcId: "vpc-1" },
            details: {
              azIds: ["use1-az4"],
              crossZone: true,
              inboundRules: "none",
              listeners: [
                {
                  port: 443,
                  protocol: "TCP",
                  targetGroups: [{ protocol: "TCP", healthCheckPort: "traffic-port", crossZone: "false" }],
                },
              ],
            },
          },
        ],
        ingress: [{ groupId: "sg-1", rules: ["tcp 443 from 10.0.0.0/16"] }],
        health: {
          loadBalancers: [{ arn: "arn:aws:x", state: "active", targetGroupArns: ["arn:aws:y"] }],
          targets: [
            {
              loadBalancerArn: "arn:aws:x",
              targetGroupArn: "arn:aws:y",
              target: "10.0.1.10:443",
              state: "unhealthy",
              reason: "Target.FailedHealthChecks",
              description: "Health checks failed",
            },
          ],
          verifications: [{ serviceId: "vpce-svc-1", name: "api.example.com", state: "verified" }],
        },
        zones: [{ id: "Z1", name: "internal.example.com", private: true }],
        obstacles: [{ kind: "dns-record", place: "Z1/a.example.com/A", id: "Z1/a.example.com", project: "other" }],
      },
    ],
  };

  it("accepts a snapshot that uses every field", () => {
    validateSnapshot(snapshot);
    expect(validateSnapshot.errors).toBeNull();
  });

  it("refuses unknown fields and other versions", () => {
    expect(validateSnapshot({ ...snapshot, state: {} })).toBe(false);
    expect(validateSnapshot({ ...snapshot, formatVersion: 2 })).toBe(false);
    expect(validateSnapshot({ ...snapshot, targets: [{ ...snapshot.targets[0], account: 111 }] })).toBe(false);
  });
});
