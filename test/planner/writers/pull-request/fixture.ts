import type { Plan } from "../../../../src/model.ts";
import { type Delta, deltaOf } from "../../../../src/planner/changed/delta.ts";
import type { Problem } from "../../../../src/planner/specs/problem.ts";
import type { DriftItem } from "../../../../src/planner/status/drift.ts";
import { type PlanFile, planToJson } from "../../../../src/planner/writers/index.ts";
import type {
  DeploymentLine,
  ExpiringGrant,
  OpenRequest,
  TouchedConnection,
} from "../../../../src/planner/writers/pull-request/index.ts";
import type { ChecklistItem, InScope, MoreAt, Place } from "../../../../src/planner/writers/pull-request/words.ts";

/** What the writers of the pull request are told besides a plan. */

export const MARKER = "<!-- landline:plan:v1:YWNtZS1uZXR3b3Jr -->";

export const TARGETS: readonly Place[] = [
  { name: "prod-use1", account: "111111111111", region: "us-east-1" },
  { name: "prod-euw1", account: "444444444444", region: "eu-west-1" },
  { name: "idle", account: "777777777777", region: "eu-north-1" },
];

export const CHECKLIST: readonly ChecklistItem[] = [
  {
    done: false,
    blocks: true,
    text: "1 approval of @acme/network-security, because of deletes and grants access; carla's does not count: it was given before the last push",
  },
  { done: true, blocks: true, text: "1 approval of anybody with permission to write: `dora`" },
  { done: false, blocks: false, text: "the branch is 2 commits behind `main`" },
];

export const MORE_AT: MoreAt = {
  words: "the job summary",
  url: "https://github.example/acme/network/pull/7/checks",
  artifact: "landline-plan",
};

export const SCOPE: readonly InScope[] = [
  { name: "payments-api", why: "its spec changed" },
  { name: "billing", why: "it consumes payments-api" },
  { name: "ledger", why: "it consumes payments-api" },
];

export const APPROVALS: readonly string[] = [
  "met: 1 of 1 approval from @acme/network-security (deletes: delete legacy-crm/service)",
  "  approved by carla at 2026-03-01T09:12:00Z",
  "  not counted: mara approved before the last push",
];

export const DEPLOYMENTS: readonly DeploymentLine[] = [
  { target: "prod-use1", state: "failure", url: "https://github.example/acme/network/deployments/1" },
  { target: "prod-euw1", state: "inactive" },
];

/** A plan as its file keeps it. */
export const fileOf = (plan: Plan): PlanFile => JSON.parse(planToJson(plan));

/** Against the same plan as reviewed: one operation is gone, one is new, one grants more. */
export function deltaAgainst(plan: Plan): { readonly delta: Delta; readonly fresh: Plan } {
  const [gone, altered, ...rest] = plan.changes;
  const added = {
    ...rest.at(-1),
    step: "billing/endpoint/second",
    address: "billing/endpoint/second",
    digest: "sha256:new",
  };
  const changes = plan.changes.flatMap((change) => {
    if (change === gone) return [];
    if (change !== altered) return [change];
    const differences = [...change.differences, { attribute: "supportedRegions", before: [], after: ["eu-west-1"] }];
    return [{ ...change, digest: "sha256:altered", differences, refused: "protect" }];
  });
  const fresh: Plan = {
    ...plan,
    planId: "sha256:fresh",
    changes: [...changes, { ...changes[0], ...added } as Plan["changes"][number]],
  };
  return { delta: deltaOf(fileOf(plan).changes, fresh), fresh };
}

export const PROBLEMS: readonly Problem[] = [
  {
    code: "value.form",
    message: '"vpce-1" is no endpoint id',
    at: { file: "specs/ledger.yaml", line: 12, column: 9 },
    hint: "an endpoint id is vpce- and 17 hexadecimal digits",
  },
  { code: "yaml.tab", message: "a tab indents this line", at: { file: "specs/x y.yaml", line: 3, column: 1 } },
];

export const TOUCHED: readonly TouchedConnection[] = [
  { name: "ledger", change: "changed", file: "specs/ledger.yaml" },
  { name: "new-one", change: "added", file: "specs/new-one.yaml" },
  { name: "old-one", change: "removed" },
];

export const DRIFTED: readonly DriftItem[] = [
  {
    class: "changed",
    connection: "payments-api",
    address: "payments-api/service",
    kind: "endpoint-service",
    target: "prod-use1",
    object: "vpce-svc-0123456789abcdef0",
    message: "vpce-svc-0123456789abcdef0 is not as the specs say",
    differences: [
      { attribute: "acceptanceRequired", specs: true, cloud: false },
      { attribute: "supportedRegions", specs: ["us-east-1"], cloud: ["eu-west-1", "us-east-1"] },
    ],
    at: { file: "specs/payments-api.yaml", line: 9, column: 3 },
  },
  {
    class: "missing",
    connection: "payments-api",
    address: "payments-api/service/nlb/payments/listener/443",
    kind: "listener",
    target: "prod-use1",
    message: "a spec wants it, and it is not there",
    differences: [],
  },
  {
    class: "unexpected",
    connection: "payments-api",
    address: "payments-api/service/allowlist",
    kind: "allowlist",
    target: "prod-use1",
    object: "vpce-svc-0123456789abcdef0",
    message: "arn:aws:iam::999999999999:root is allowed, and nobody declared it",
    differences: [{ attribute: "principals", cloud: ["arn:aws:iam::999999999999:root"] }],
  },
];

export const EXPIRING: readonly ExpiringGrant[] = [
  {
    principal: "arn:aws:iam::222222222222:root",
    until: "2026-03-31",
    reason: "SAP BTP us10, NET-12",
    at: { file: "specs/payments-api.yaml", line: 31, column: 7 },
  },
];

export const REQUESTS: readonly OpenRequest[] = [
  {
    endpointId: "vpce-0aa11bb22cc33dd44",
    account: "444444444444",
    since: "2026-02-20T08:00:00Z",
    accept: '- {endpoint: vpce-0aa11bb22cc33dd44, reason: "..."}',
  },
];
