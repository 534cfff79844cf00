import { describe, expect, test } from "vitest";
import type {
  BalancerDetails,
  HealthFacts,
  LoadBalancerFact,
  Snapshot,
  TargetHealthFact,
} from "../../../../src/model.ts";
import { emptyCloud, SUBNETS, VPC } from "../../builders.ts";
import { applyToModel } from "../../model-cloud.ts";
import { checkOf, findingsOf, judgeRow, planWith, profileWith, provided, type Row, table } from "./support.ts";

const ARN = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/theirs/0123456789abcdef";
const GROUP = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/theirs/0123456789abcdef";
const existing = provided({ loadBalancers: [{ arn: ARN }] });

const DETAILS: BalancerDetails = {
  azIds: ["use1-az4", "use1-az6"],
  crossZone: false,
  inboundRules: "on",
  listeners: [
    {
      port: 443,
      protocol: "TCP",
      targetGroups: [
        { protocol: "TCP", healthCheckPort: "traffic-port", crossZone: "use_load_balancer_configuration" },
      ],
    },
  ],
};
const seen = (changes: Partial<LoadBalancerFact> = {}): Snapshot =>
  emptyCloud({
    net: {
      loadBalancers: [{ arn: ARN, type: "network", scheme: "internal", state: "active", vpcId: VPC, ...changes }],
    },
  });
const detailed = (changes: Partial<BalancerDetails> = {}): Snapshot => seen({ details: { ...DETAILS, ...changes } });
const unread = seen();

/** A load balancer of ours with one listener. */
const own = (balancer: object = {}, listener: object = {}, targetGroup: object = {}): object =>
  provided({
    loadBalancers: [
      {
        name: "main",
        subnets: SUBNETS,
        ...balancer,
        listeners: [
          {
            port: 443,
            protocol: "TCP",
            ...listener,
            targetGroup: { port: 8443, type: "ip", targets: ["10.0.1.10"], ...targetGroup },
          },
        ],
      },
    ],
  });

table("balancer.type", [
  { why: "ours are network load balancers", args: { type: "network" } },
  { why: "an existing one of that type", args: { type: "network" }, spec: existing, cloud: unread },
  {
    why: "an existing one of another type",
    args: { type: "network" },
    spec: existing,
    cloud: seen({ type: "application" }),
    fails: `${ARN} is of type application, not network. `,
    at: "{",
  },
  {
    why: "an existing one that cannot be seen is not judged",
    args: { type: "network" },
    spec: existing,
    waits: `${ARN}, which target net does not show`,
  },
]);

table("balancer.scheme", [
  { why: "ours are internal", args: { scheme: "internal" } },
  {
    why: "ours are never internet-facing",
    args: { scheme: "internet-facing" },
    fails: "pay/service/nlb/main is internal, not internet-facing. ",
    at: "{",
  },
  {
    why: "an existing one with the other scheme",
    args: { scheme: "internal" },
    spec: existing,
    cloud: seen({ scheme: "internet-facing" }),
    fails: `${ARN} is internet-facing, not internal. `,
  },
  { why: "an existing one with this scheme", args: { scheme: "internal" }, spec: existing, cloud: unread },
  { why: "one that cannot be seen", args: { scheme: "internal" }, spec: existing, waits: "does not show" },
]);

table("balancer.health-check-port", [
  {
    why: "the default is the port that gets the traffic",
    args: { override: true },
    fails: "the health checks behind the listener 443 of pay/service/nlb/main use the port that gets the traffic. ",
    at: "{",
  },
  { why: "a port of its own", args: { override: true }, spec: own({}, {}, { healthCheck: { port: 9000 } }) },
  {
    why: "a port of its own where there must be none",
    args: { override: false },
    spec: own({}, {}, { healthCheck: { port: 9000 } }),
    fails: "use port 9000. ",
  },
  { why: "the default where it must be", args: { override: false } },
  {
    why: "of an existing one",
    args: { override: true },
    spec: existing,
    cloud: detailed(),
    fails: "use the port that",
  },
  { why: "of one that was not read", args: { override: true }, spec: existing, cloud: unread, waits: "were not read" },
]);

const grouped = (rules: "on" | "off") =>
  own({
    securityGroups: ["sg-0a1b2c3d4e5f60001"],
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: rules,
  });
table("balancer.inbound-rules", [
  { why: "switched off", args: { must: "off" }, spec: grouped("off") },
  {
    why: "on where they must be off",
    args: { must: "off" },
    spec: grouped("on"),
    fails: "main hold for PrivateLink traffic",
  },
  { why: "on", args: { must: "on" }, spec: grouped("on") },
  {
    why: "off where they must be on",
    args: { must: "on" },
    spec: grouped("off"),
    fails: "main do not hold for PrivateLink traffic. ",
  },
  { why: "without groups there are no rules that could drop anything", args: { must: "off" } },
  {
    why: "without groups there are no rules that could protect",
    args: { must: "on" },
    fails: "has no security groups",
  },
  {
    why: "of an existing one",
    args: { must: "off" },
    spec: existing,
    cloud: detailed(),
    fails: "hold for PrivateLink",
  },
  {
    why: "of an existing one without groups",
    args: { must: "off" },
    spec: existing,
    cloud: detailed({ inboundRules: "none" }),
  },
  { why: "of one that was not read", args: { must: "on" }, spec: existing, cloud: unread, waits: "were not read" },
]);

table("balancer.cross-zone", [
  { why: "ours are zonal unless they say otherwise", args: { must: false } },
  {
    why: "zonal where it must not be",
    args: { must: true },
    fails: "sends to targets in its own zone only. ",
    at: "{",
  },
  { why: "across zones", args: { must: true }, spec: own({ crossZone: true }) },
  {
    why: "a target group may say otherwise than its load balancer",
    args: { must: true },
    spec: own({ crossZone: true }, {}, { crossZone: false }),
    fails: "behind the listener 443 of pay/service/nlb/main, a zone's address sends to targets in its own zone only",
  },
  { why: "and the other way round", args: { must: true }, spec: own({}, {}, { crossZone: true }) },
  {
    why: "of an existing one",
    args: { must: false },
    spec: existing,
    cloud: detailed({ crossZone: true }),
    fails: "all zones",
  },
  { why: "of one that was not read", args: { must: false }, spec: existing, cloud: unread, waits: "were not read" },
]);

const speaking = (protocol: string, targets: string): Snapshot =>
  detailed({
    listeners: [{ port: 5, protocol, targetGroups: [{ protocol: targets, healthCheckPort: "9", crossZone: "true" }] }],
  });
table("protocols.allowed", [
  { why: "TCP is TCP", args: { protocols: ["TCP"] } },
  {
    why: "UDP is not",
    args: { protocols: ["TCP", "TLS"] },
    spec: own({}, { protocol: "UDP" }, { protocol: "UDP" }),
    fails: "the listener 443 of pay/service/nlb/main speaks UDP, not TCP, TLS. ",
    at: "{",
  },
  {
    why: "what targets speak is nobody's business unless said",
    args: { protocols: ["TLS"] },
    spec: existing,
    cloud: speaking("TLS", "TCP"),
  },
  {
    why: "what targets speak counts when it is said",
    args: { protocols: ["TLS"], targets: ["TLS"] },
    spec: existing,
    cloud: speaking("TLS", "TCP"),
    fails:
      "the targets of the listener 5 of arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/theirs/0123456789abcdef speak TCP, not TLS. ",
  },
  {
    why: "of one that was not read",
    args: { protocols: ["TCP"] },
    spec: existing,
    cloud: unread,
    waits: "were not read",
  },
]);

table("service.ip-address-types", [
  { why: "a service offers IPv4 unless it says otherwise", args: { allowed: ["ipv4"] } },
  {
    why: "a service that offers IPv6 too",
    args: { allowed: ["ipv4"] },
    spec: provided({ ipAddressTypes: ["ipv4", "ipv6"] }),
    fails: "the service offers ipv6, not only ipv4. ",
    at: "[",
  },
  { why: "the default is not IPv6", args: { allowed: ["ipv6"] }, fails: "the service offers ipv4, not only ipv6. " },
  { why: "both, where both may be", args: { allowed: ["ipv4", "ipv6"] }, spec: provided({ ipAddressTypes: ["ipv6"] }) },
]);

const named = provided({ privateDns: { name: "api.example.com" } });
table("service.private-dns", [
  { why: "none where there must be none", args: { must: false } },
  {
    why: "one where there must be none",
    args: { must: false },
    spec: named,
    fails: "private DNS name api.example.com. ",
    at: "{",
  },
  { why: "none where there must be one", args: { must: true }, fails: "the service has no private DNS name. " },
  { why: "one where there must be one", args: { must: true }, spec: named },
]);

describe("balancer.healthy", () => {
  const target = (state: string, changes: Partial<TargetHealthFact> = {}): TargetHealthFact => ({
    loadBalancerArn: ARN,
    targetGroupArn: GROUP,
    target: "10.0.1.10:8443",
    state,
    ...changes,
  });
  const health = (targets: readonly TargetHealthFact[], state = "active", targetGroupArns = [GROUP]): HealthFacts => ({
    loadBalancers: [{ arn: ARN, state, targetGroupArns }],
    targets,
    verifications: [],
  });
  const withHealth = (facts: HealthFacts): Snapshot => {
    const cloud = seen();
    return { ...cloud, targets: cloud.targets.map((one) => (one.target === "net" ? { ...one, health: facts } : one)) };
  };
  const rows: readonly Row[] = [
    { why: "a healthy target", cloud: withHealth(health([target("healthy")])) },
    {
      why: "one healthy target of two carries the traffic",
      cloud: withHealth(health([target("healthy"), target("unhealthy", { target: "10.0.1.11:8443" })])),
    },
    {
      why: "no healthy target",
      cloud: withHealth(health([target("unhealthy", { reason: "Target.FailedHealthChecks" })])),
      fails:
        "no target of the target group theirs is healthy: 10.0.1.10:8443 is unhealthy (Target.FailedHealthChecks). ",
      at: "{",
    },
    { why: "no targets", cloud: withHealth(health([])), fails: "the target group theirs has no targets. " },
    {
      why: "each target group counts by itself",
      cloud: withHealth(health([target("healthy")], "active", [GROUP, GROUP.replace("theirs", "second")])),
      fails: "the target group second has no targets. ",
    },
    {
      why: "health at another load balancer is another one's",
      cloud: withHealth(health([target("healthy", { loadBalancerArn: `${ARN}0` })])),
      fails: "the target group theirs has no targets. ",
    },
    { why: "no listener", cloud: withHealth(health([], "active", [])), fails: "has no listener that sends to targets" },
    {
      why: "first health checks",
      cloud: withHealth(health([target("initial")])),
      waits: "the first health checks of the target group theirs",
    },
    {
      why: "a load balancer that AWS still makes",
      cloud: withHealth(health([], "provisioning")),
      waits: "to be active",
    },
    {
      why: "a load balancer that AWS could not make",
      cloud: withHealth(health([], "failed")),
      fails: `${ARN} is failed. `,
    },
    {
      why: "health that was not read is not health",
      cloud: seen(),
      waits: `health of the targets of ${ARN}, which was not read`,
    },
  ];
  test.each(rows)("$why", (row) => judgeRow("balancer.healthy", { spec: existing, ...row }));

  const profiles = profileWith({ provider: [checkOf({ kind: "balancer.healthy" })] });
  const settled = (cloud: Snapshot = emptyCloud()): Snapshot =>
    applyToModel(cloud, planWith(profiles, { spec: own() }).plan);
  const ill = (cloud: Snapshot): Snapshot => ({
    ...cloud,
    targets: cloud.targets.map((one) => {
      const arn = one.resources.find(({ kind }) => kind === "load-balancer")?.id;
      const facts: HealthFacts = {
        loadBalancers: arn ? [{ arn, state: "active", targetGroupArns: [GROUP] }] : [],
        targets: arn ? [target("unhealthy", { loadBalancerArn: arn })] : [],
        verifications: [],
      };
      return { ...one, health: facts };
    }),
  });

  test("one of ours is judged by what AWS says of it, and not before it stands", () => {
    expect(findingsOf("provider", "balancer.healthy", undefined, { spec: own() })).toMatchObject([
      { deferred: expect.stringContaining("what this plan does to pay/service/nlb/main") },
    ]);
    const [finding] = planWith(profiles, { spec: own(), cloud: ill(settled()) }).plan.findings.filter(
      ({ id }) => id === "acme.check",
    );
    expect(finding).toMatchObject({
      severity: "error",
      message: expect.stringContaining("is healthy: 10.0.1.10:8443"),
    });
  });

  test("a plan that mends it is not refused for what it mends", () => {
    const mended = own({}, {}, { healthCheck: { port: 9000 } });
    const { plan } = planWith(profiles, { spec: mended, cloud: ill(settled()) });
    expect(plan.changes).toMatchObject([{ address: "pay/service/nlb/main/target-group/443" }]);
    expect(plan.changes[0]?.refused).toBeUndefined();
    expect(plan.findings.filter(({ id }) => id === "acme.check")).toMatchObject([
      { severity: "info", deferred: expect.stringContaining("pay/service/nlb/main") },
    ]);
  });
});
