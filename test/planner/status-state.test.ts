import { expect, test } from "vitest";
import type { Change, Finding, Live, TargetHealthFact, Wait } from "../../src/model.ts";
import { judge, type Seen } from "../../src/planner/status/state.ts";

const arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111";
const NLB = `${arn}:loadbalancer/net/pay/0123456789abcdef`;
const GROUP = `${arn}:targetgroup/pay-443/0123456789abcdef`;

const live = (kind: Live["kind"], id: string, state: string): Live => ({
  kind,
  address: "pay",
  connection: "pay",
  target: "net",
  id,
  attributes: {},
  outputs: {},
  protect: false,
  state,
});
const service = (state = "available") => live("endpoint-service", "vpce-svc-1", state);
const endpoint = (state = "available") => live("vpc-endpoint", "vpce-1", state);
const change = (action: Change["action"], kind: Change["kind"], differences: Change["differences"] = []): Change => ({
  step: `pay/${kind}`,
  address: `pay/${kind}`,
  connection: "pay",
  kind,
  target: "net",
  action,
  risks: [],
  notes: [],
  differences,
  dependsOn: [],
  relies: {},
  digest: "",
});
const wait = (on: Wait["on"]): Wait => ({ connection: "pay", on, for: "an answer", since: null, until: null });
const targets = (...states: string[]): TargetHealthFact[] =>
  states.map((state, index) => ({
    loadBalancerArn: NLB,
    targetGroupArn: GROUP,
    target: `10.0.1.${index}:8443`,
    state,
    ...(state === "unhealthy" ? { reason: "Target.FailedHealthChecks" } : {}),
  }));
const balancer = (state = "active") => [{ arn: NLB, state, targetGroupArns: [GROUP] }];
const named = (state: string) => ({ serviceId: "vpce-svc-1", name: "api.example.com", state });
const error = (id: string): Finding => ({ id, severity: "error", connection: "pay", message: `${id} says no` });
const accepting = change("create", "acceptance", [{ attribute: "endpointId", after: "vpce-9" }]);
const request = { endpointId: "vpce-7", account: "402592597372" };

const well: Seen = {
  declared: true,
  complete: true,
  main: [service()],
  requests: [],
  changes: [],
  waits: [],
  findings: [],
  loadBalancers: balancer(),
  targets: targets("healthy", "healthy"),
  verification: undefined,
};
const bare = { main: [], loadBalancers: [], targets: [], complete: false };

const rows: readonly (readonly [why: string, seen: Partial<Seen>, state: string, reasons: readonly string[]])[] = [
  ["all there and well", {}, "active", []],
  ["a draining target is on its way out", { targets: targets("healthy", "draining") }, "active", []],
  ["a verified name", { verification: named("verified") }, "active", []],
  ["a new target beside healthy ones", { targets: targets("healthy", "initial") }, "active", []],

  [
    "no spec any more",
    { declared: false, changes: [change("delete", "listener")] },
    "deleting",
    ["no spec wants it any more; 1 to delete"],
  ],

  ["an endpoint that AWS gave up", { main: [endpoint("failed")] }, "failed", ["vpce-1 is failed"]],
  ["an endpoint that the partner turned away", { main: [endpoint("rejected")] }, "failed", ["vpce-1 is rejected"]],
  ["a load balancer that never came", { loadBalancers: balancer("failed") }, "failed", ["pay is failed"]],
  [
    "a spec that cannot be carried out",
    { ...bare, findings: [error("subnet.unknown")] },
    "failed",
    ["subnet.unknown says no", "not all of it is there"],
  ],

  ["nothing yet", { ...bare, changes: [change("create", "endpoint-service")] }, "creating", ["1 to create"]],
  ["the endpoint is on its way", { main: [endpoint("pending")] }, "creating", ["vpce-1 is pending"]],
  ["the load balancer is on its way", { loadBalancers: balancer("provisioning") }, "creating", ["pay is provisioning"]],
  [
    "no health check has passed yet",
    { targets: targets("initial") },
    "creating",
    ["no target has passed its health checks yet"],
  ],
  [
    "the name is not verified yet",
    { verification: named("pendingverification") },
    "creating",
    ["api.example.com is not verified yet"],
  ],
  ["a consumer on its way", { waits: [wait("aws")] }, "creating", ["waits for an answer"]],

  [
    "one target of two",
    { targets: targets("healthy", "unhealthy") },
    "degraded",
    ["1 of 2 targets is not healthy (Target.FailedHealthChecks)"],
  ],
  [
    "all targets",
    { targets: targets("unhealthy", "unused") },
    "degraded",
    ["2 of 2 targets are not healthy (Target.FailedHealthChecks)"],
  ],
  ["no targets at all", { targets: [] }, "degraded", ["target group pay-443 has no targets"]],
  ["an impaired load balancer", { loadBalancers: balancer("active_impaired") }, "degraded", ["pay is active_impaired"]],
  [
    "a verification that was lost",
    { verification: named("failed") },
    "degraded",
    ["the verification of api.example.com is failed"],
  ],
  [
    "drift",
    { changes: [change("update", "listener"), change("create", "dns-record")] },
    "degraded",
    ["2 differences from its spec"],
  ],
  ["an error about what is there", { findings: [error("zone.mismatch")] }, "degraded", ["zone.mismatch says no"]],
  [
    "a target that cannot be read",
    { ...bare, findings: [error("target.unreadable")] },
    "degraded",
    ["not known: target.unreadable says no", "not all of it is there"],
  ],
  [
    "unhealthy targets are worse than a request",
    { targets: targets("unhealthy"), requests: [request] },
    "degraded",
    ["1 of 1 targets is not healthy (Target.FailedHealthChecks)", "vpce-7 of account 402592597372 asks to be accepted"],
  ],

  [
    "a request that nobody named",
    { requests: [request] },
    "waiting-us",
    ["vpce-7 of account 402592597372 asks to be accepted"],
  ],
  [
    "a request that the next apply accepts",
    { changes: [accepting] },
    "waiting-us",
    ["vpce-9 is accepted by the next apply (pay/acceptance)"],
  ],
  [
    "our own endpoint at our own service",
    { main: [service(), endpoint("pendingacceptance")], changes: [accepting] },
    "waiting-us",
    ["vpce-9 is accepted by the next apply (pay/acceptance)", "vpce-1 is pendingacceptance"],
  ],
  ["something that we have to do", { waits: [wait("us")] }, "waiting-us", ["waits for an answer"]],

  [
    "a name that the partner has not told",
    { ...bare, waits: [wait("partner")] },
    "waiting-partner",
    ["waits for an answer", "not all of it is there"],
  ],
  [
    "an endpoint at the partner's door",
    { main: [endpoint("pendingacceptance")], waits: [wait("partner")] },
    "waiting-partner",
    ["waits for an answer", "vpce-1 is pendingacceptance"],
  ],
  ["a request that has not come", { waits: [wait("partner")] }, "waiting-partner", ["waits for an answer"]],
  [
    "what a plan needs only while it is carried out is no drift",
    { changes: [{ ...change("create", "listener"), temporary: true }] },
    "active",
    [],
  ],
  ["an endpoint that lost a part", { main: [endpoint("partial")] }, "degraded", ["vpce-1 is partial"]],
];

test.each(rows)("%s", (_why, seen, state, reasons) => {
  expect(judge({ ...well, ...seen })).toEqual({ state, reasons });
});

test("every state has a row", () => {
  const states = ["active", "creating", "degraded", "deleting", "failed", "waiting-partner", "waiting-us"];
  expect([...new Set(rows.map(([, , state]) => state))].sort()).toEqual(states);
});

test("AWS looking for a proof is a wait and no drift", () => {
  const looking = change("update", "private-dns", [
    { attribute: "state", before: "pendingverification", after: "verified" },
  ]);
  const { state, reasons } = judge({ ...well, changes: [looking], verification: named("pendingverification") });
  expect({ state, reasons }).toEqual({ state: "creating", reasons: ["api.example.com is not verified yet"] });
});
