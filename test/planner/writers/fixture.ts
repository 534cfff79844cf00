import type { Change, Finding, Handoff, KindName, Live, Outcome, Plan, Wait } from "../../../src/model.ts";
import type { Report } from "../../../src/planner/writers/index.ts";

/** A rich plan, built by hand: every action, every risk, every kind, and text that nobody would write on purpose. */

/** Everything that could hurt a terminal, a pull request or a page. */
export const AWKWARD =
  "`rm -rf`|<img src=x onerror=alert(1)>\u001b[31m @everyone closes #1 https://evil.example ![x](http://x) \u202egnp</details>\n```\n<!-- landline -->";

export function digest(n: number): string {
  return `sha256:${n.toString(16).padStart(64, "0")}`;
}

type Given = Pick<Change, "address" | "kind" | "action"> & Partial<Change>;

/** A change with everything that a test does not care about filled in. */
export function change(given: Given): Change {
  const connection = given.address.split("/")[0] ?? "";
  return {
    step: given.address,
    connection,
    target: "prod-use1",
    risks: [],
    notes: [],
    differences: [],
    dependsOn: [],
    relies: {},
    digest: digest(given.address.length),
    ...given,
  };
}

export function live(kind: KindName, address: string, id: string): Live {
  const connection = address.split("/")[0] ?? "";
  return { kind, address, connection, target: "prod-use1", id, attributes: {}, outputs: {}, protect: false };
}

const OUR_TAGS = {
  "landline:address": "billing/endpoint/main",
  "landline:connection": "billing",
  "landline:project": "acme-network",
};
const POLICY_BEFORE = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: ["execute-api:Invoke"], Resource: "*" }],
};
const POLICY_AFTER = {
  Statement: [
    {
      Action: ["execute-api:Invoke"],
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111111111111:role/orders" },
      Resource: "*",
    },
  ],
  Version: "2012-10-17",
};

const PAYMENTS: Change[] = [
  change({
    address: "payments-api/service/nlb/payments",
    kind: "load-balancer",
    action: "create",
    risks: ["internet-facing"],
    notes: ["the load balancer's listener is reachable from the internet as well"],
    differences: [
      { attribute: "crossZone", after: true },
      { attribute: "ipAddressType", after: "ipv4" },
      { attribute: "name", after: "payments" },
      { attribute: "scheme", after: "internal" },
      { attribute: "securityGroupIds", after: [] },
      { attribute: "subnetIds", after: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"] },
      { attribute: "tags", after: { ...OUR_TAGS, "cost-center": "network" } },
    ],
  }),
  change({
    address: "payments-api/service",
    kind: "endpoint-service",
    action: "create",
    dependsOn: ["payments-api/service/nlb/payments"],
    relies: { "payments-api/service/nlb/payments.arn": null },
    differences: [
      { attribute: "acceptanceRequired", after: true },
      { attribute: "ipAddressTypes", after: ["ipv4"] },
      { attribute: "loadBalancerArns", after: [{ ref: "payments-api/service/nlb/payments", output: "arn" }] },
      { attribute: "privateDnsName", after: null },
      { attribute: "supportedRegions", after: [] },
      { attribute: "tags", after: OUR_TAGS },
    ],
  }),
  change({
    address: "payments-api/service/allowlist",
    kind: "allowlist",
    action: "create",
    dependsOn: ["payments-api/service"],
    risks: ["grants-access"],
    notes: ["2 principals may connect: SAP BTP us10 until 2027-03-31, the orders team without an end"],
    differences: [
      {
        attribute: "principals",
        after: ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:role/orders-gateway"],
      },
      { attribute: "serviceId", after: { ref: "payments-api/service", output: "serviceId" } },
    ],
  }),
  change({
    address: "payments-api/service/nlb/payments/listener/443",
    kind: "listener",
    action: "update",
    risks: ["interrupts"],
    notes: ["open TLS connections end when the certificate changes"],
    live: live("listener", "payments-api/service/nlb/payments/listener/443", "arn:aws:listener/1"),
    differences: [
      {
        attribute: "certificateArns",
        before: ["arn:aws:acm:us-east-1:111111111111:certificate/11111111-1111-4111-8111-111111111111"],
        after: ["arn:aws:acm:us-east-1:111111111111:certificate/22222222-2222-4222-8222-222222222222"],
      },
      { attribute: "sslPolicy", before: "ELBSecurityPolicy-2016-08", after: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
    ],
  }),
  change({
    address: "payments-api/service/nlb/payments/tg/443",
    kind: "target-group",
    action: "update",
    differences: [
      { attribute: "healthCheckIntervalSeconds", before: 30, after: 10 },
      {
        attribute: "targets",
        before: ["10.0.1.10:8443", "10.0.2.10:8443", "10.0.3.10:8443"],
        after: ["10.0.1.10:8443", "10.0.2.10:8443", "10.0.4.10:8443"],
      },
    ],
  }),
];

const BILLING: Change[] = [
  change({
    address: "billing/endpoint/main/sg",
    kind: "security-group",
    action: "update",
    target: "prod-euw1",
    risks: ["broadens-ingress"],
    notes: ["anything in 10.0.0.0/8 may reach ports 10000 to 31000"],
    differences: [
      {
        attribute: "ingress",
        before: ["tcp 443 from 10.0.0.0/16", "tcp 443 from sg-0a1b2c3d4e5f60004"],
        after: ["tcp 10000-31000 from 10.0.0.0/8", "tcp 443 from 10.0.0.0/16"],
      },
    ],
  }),
  change({
    address: "billing/endpoint/main",
    kind: "vpc-endpoint",
    action: "replace",
    target: "prod-euw1",
    dependsOn: ["billing/endpoint/main/sg", "payments-api/service", "payments-api/service/allowlist"],
    relies: { "payments-api/service.serviceName": null },
    risks: ["interrupts"],
    notes: ["connections open through the old endpoint end when it is deleted; new ones use the new endpoint"],
    live: live("vpc-endpoint", "billing/endpoint/main", "vpce-0aa11bb22cc33dd44"),
    differences: [
      { attribute: "policy", before: POLICY_BEFORE, after: POLICY_AFTER },
      {
        attribute: "serviceName",
        before: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
        after: { ref: "payments-api/service", output: "serviceName" },
        forcesReplacement: true,
      },
      { attribute: "tags.cost-center", before: "payments", after: "billing" },
    ],
  }),
  change({
    address: "billing/endpoint/main/accept",
    connection: "payments-api",
    kind: "acceptance",
    action: "create",
    dependsOn: ["billing/endpoint/main"],
    risks: ["accepts"],
    notes: ["vpce-0aa11bb22cc33dd44 of account 444444444444 may connect"],
    differences: [
      { attribute: "decision", after: "accepted" },
      { attribute: "endpointId", after: { ref: "billing/endpoint/main", output: "endpointId" } },
      { attribute: "serviceId", after: { ref: "payments-api/service", output: "serviceId" } },
    ],
  }),
  change({
    address: "billing/endpoint/main/dns/payments.internal.example.com",
    kind: "dns-record",
    action: "update",
    target: "prod-euw1",
    dependsOn: ["billing/endpoint/main"],
    risks: ["moves-dns"],
    notes: ["payments.internal.example.com points to the new endpoint"],
    differences: [
      {
        attribute: "targetDnsName",
        before: "vpce-0aa11bb22cc33dd44-abcdefgh.vpce-svc-0123456789abcdef0.us-east-1.vpce.amazonaws.com",
        after: { ref: "billing/endpoint/main", output: "dnsName" },
      },
      { attribute: "types", before: ["A"], after: ["A", "AAAA"] },
    ],
  }),
  change({
    step: "billing/endpoint/main#vpce-0aa11bb22cc33dd44",
    leftover: true,
    address: "billing/endpoint/main",
    kind: "vpc-endpoint",
    action: "delete",
    target: "prod-euw1",
    dependsOn: ["billing/endpoint/main/dns/payments.internal.example.com"],
    risks: ["deletes"],
    live: live("vpc-endpoint", "billing/endpoint/main", "vpce-0aa11bb22cc33dd44"),
    differences: [
      { attribute: "serviceName", before: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0" },
      { attribute: "vpcId", before: "vpc-0a1b2c3d4e5f60001" },
    ],
  }),
];

const LEGACY: Change[] = [
  change({
    address: "legacy-crm/service/allowlist",
    kind: "allowlist",
    action: "update",
    risks: ["revokes-access", "disconnects"],
    notes: ["3 live connections of 2 accounts will be cut"],
    refused: "protect",
    differences: [
      {
        attribute: "principals",
        before: ["arn:aws:iam::555555555555:root", "arn:aws:iam::666666666666:root"],
        after: ["arn:aws:iam::666666666666:root"],
      },
    ],
  }),
  change({
    address: "legacy-crm/service",
    kind: "endpoint-service",
    action: "delete",
    risks: ["disconnects", "deletes"],
    notes: ["3 live connections of 2 accounts will be cut"],
    refused: "protect",
    live: live("endpoint-service", "legacy-crm/service", "vpce-svc-0fedcba9876543210"),
    differences: [
      { attribute: "acceptanceRequired", before: true },
      {
        attribute: "loadBalancerArns",
        before: ["arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/crm/1"],
      },
      { attribute: "privateDnsName", before: "crm.example.com" },
      { attribute: "tags", before: OUR_TAGS },
    ],
  }),
];

const ODD: Change[] = [
  change({
    address: "odd/service/nlb/odd",
    kind: "load-balancer",
    action: "update",
    differences: [
      { attribute: "tags.landline:protect", after: "true" },
      { attribute: "tags.note", before: AWKWARD, after: " (known after apply)" },
      { attribute: "tags.old", before: "x" },
    ],
  }),
  change({
    address: "odd/service/private-dns",
    kind: "private-dns",
    action: "create",
    dependsOn: ["odd/service/nlb/odd"],
    notes: [AWKWARD],
    differences: [
      { attribute: "name", after: AWKWARD },
      { attribute: "recordName", after: { ref: "odd/service", output: "privateDnsRecordName" } },
      { attribute: "state", after: "verified" },
    ],
  }),
];

const FINDINGS: Finding[] = [
  {
    id: "protect",
    severity: "error",
    connection: "legacy-crm",
    message:
      "legacy-crm is protected by specs/legacy-crm.yaml; refused: the update of service/allowlist and the deletion of service. Take `protect: true` out of the spec in a pull request of its own, then delete.",
    at: { file: "specs/legacy-crm.yaml", line: 7, column: 1 },
  },
  {
    id: "principal.no-expiry",
    severity: "warning",
    connection: "payments-api",
    message: "The grant to arn:aws:iam::333333333333:role/orders-gateway has no end; add `until: YYYY-MM-DD`.",
    at: { file: "specs/payments-api.yaml", line: 31, column: 7 },
    waivable: true,
  },
  { id: "odd.text", severity: "warning", connection: "odd", address: "odd/service", message: AWKWARD },
  {
    id: "sap.az",
    severity: "warning",
    connection: "payments-api",
    message: "The service is in 2 of 3 Availability Zones of the partner.",
    at: { file: "specs/payments-api.yaml", line: 12, column: 3 },
    waivable: true,
    waived: "two zones agreed in ticket NET-12",
  },
  {
    id: "endpoint.az",
    severity: "info",
    connection: "billing",
    address: "billing/endpoint/main",
    message: "Whether the zones match is checked once the service exists.",
    deferred: "serviceName of payments-api/service",
  },
];

const WAITS: Wait[] = [
  {
    connection: "payments-api",
    on: "partner",
    for: "SAP to create its endpoint",
    since: null,
    until: "2026-03-08T09:30:00Z",
  },
  {
    connection: "billing",
    address: "billing/endpoint/main",
    on: "us",
    for: "somebody to accept vpce-0aa11bb22cc33dd44",
    since: "2026-03-01",
    until: null,
  },
  { connection: "odd", on: "aws", for: AWKWARD, since: null, until: null },
];

const HANDOFFS: Handoff[] = [
  {
    connection: "payments-api",
    id: "create",
    title: "Create the instance in SAP BTP",
    ready: false,
    body: 'Missing until the service exists: serviceName of payments-api/service\n\n  cf create-service privatelink standard payments \\\n\t-c \'{"serviceName":"(known after apply)"}\'\n',
  },
  { connection: "odd", id: "odd", title: "Read ``` this @team", ready: true, body: AWKWARD },
];

export const EMPTY_PLAN: Plan = {
  formatVersion: 1,
  planId: digest(0),
  project: "acme-network",
  summary: { create: 0, update: 0, replace: 0, delete: 0, unchanged: 12, errors: 0, warnings: 0, waits: 0 },
  changes: [],
  findings: [],
  waits: [],
  handoffs: [],
};

/** Steps of payments-api and billing interleave: the endpoint needs the service, the acceptance needs the endpoint. */
export const RICH_PLAN: Plan = {
  ...EMPTY_PLAN,
  planId: digest(0x1f2e3d4c5b6a),
  summary: { create: 5, update: 6, replace: 1, delete: 1, unchanged: 12, errors: 1, warnings: 2, waits: 3 },
  changes: [...PAYMENTS, ...BILLING, ...LEGACY, ...ODD],
  findings: FINDINGS,
  waits: WAITS,
  handoffs: HANDOFFS,
};

/** Two harmless changes and nothing else. */
export const CALM_PLAN: Plan = {
  ...EMPTY_PLAN,
  planId: digest(7),
  summary: { ...EMPTY_PLAN.summary, create: 1, update: 1 },
  changes: PAYMENTS.filter((one) => one.risks.length === 0),
};

function outcome(given: Pick<Outcome, "step" | "action" | "result" | "message"> & Partial<Outcome>): Outcome {
  const address = given.step.split("#")[0] ?? "";
  return { address, connection: address.split("/")[0] ?? "", ...given };
}

export const REPORT: Report = {
  plan: { ...RICH_PLAN, changes: [...PAYMENTS, ...BILLING, ...LEGACY] },
  outcomes: [
    outcome({
      step: "payments-api/service/nlb/payments",
      action: "create",
      result: "done",
      message: "created",
      id: "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/payments/0123456789abcdef",
    }),
    outcome({
      step: "payments-api/service",
      action: "create",
      result: "done",
      message: "created",
      id: "vpce-svc-0123456789abcdef0",
    }),
    outcome({
      step: "payments-api/service/allowlist",
      action: "create",
      result: "failed",
      message:
        "not allowed to change the principals of vpce-svc-0123456789abcdef0: the role landline-apply lacks ec2:ModifyVpcEndpointServicePermissions; `landline iam --mode apply` prints the policy",
      code: "UnauthorizedOperation",
      id: "vpce-svc-0123456789abcdef0",
    }),
    outcome({
      step: "payments-api/service/nlb/payments/listener/443",
      action: "update",
      result: "done",
      message: "updated",
    }),
    outcome({ step: "payments-api/service/nlb/payments/tg/443", action: "update", result: "done", message: "updated" }),
    outcome({ step: "billing/endpoint/main/sg", action: "update", result: "done", message: "updated" }),
    outcome({
      step: "billing/endpoint/main",
      action: "replace",
      result: "skipped",
      message: "not tried, because payments-api/service/allowlist failed",
    }),
    outcome({
      step: "legacy-crm/service/allowlist",
      action: "update",
      result: "refused",
      message: "protect: legacy-crm is protected",
    }),
    outcome({
      step: "legacy-crm/service",
      action: "delete",
      result: "refused",
      message: "protect: legacy-crm is protected",
    }),
  ],
  waits: WAITS.slice(0, 1),
  handoffs: HANDOFFS.slice(0, 1),
  journal: ".landline/journal/2026-03-01T093000Z.jsonl",
  resume: "landline apply --journal .landline/journal/2026-03-01T093000Z.jsonl",
};

export const DONE_REPORT: Report = {
  plan: CALM_PLAN,
  outcomes: CALM_PLAN.changes.map(({ step, action }) =>
    outcome({ step, action, result: "done", message: `${action}d` }),
  ),
  waits: [],
  handoffs: [],
  resume: "landline apply",
};
