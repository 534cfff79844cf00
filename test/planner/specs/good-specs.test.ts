import { describe, expect, test } from "vitest";
import { endpointName } from "../../../src/planner/specs/index.ts";
import { brief, PROJECT, parse, projectDocument } from "./support.ts";

const EVERY_FIELD = `apiVersion: landline/v1
kind: Connection
metadata: {name: payments-api, owner: team-payments, description: Payments}
protect: true
acknowledge:
  - {finding: sap.az, reason: "two zones agreed in ticket NET-12"}
service:
  target: prod-use1
  loadBalancers:
    - name: payments
      subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
      crossZone: true
      securityGroups: [sg-0a1b2c3d4e5f60004]
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: off
      clientRoutingPolicy: availability_zone_affinity
      deletionProtection: true
      listeners:
        - port: 443
          protocol: TLS
          certificates: ["arn:aws:acm:us-east-1:111111111111:certificate/01234567-89ab-cdef-0123-456789abcdef"]
          sslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06
          alpnPolicy: HTTP2Preferred
          targetGroup:
            port: 8443
            type: ip
            protocol: TLS
            ipAddressType: ipv4
            targets: ["10.0.1.10", "10.0.2.10:9443"]
            healthCheck: {protocol: HTTPS, port: 8080, path: /healthz, matcher: "200-299", intervalSeconds: 10, timeoutSeconds: 10, healthyThreshold: 2, unhealthyThreshold: 2}
            deregistrationDelaySeconds: 0
            connectionTermination: true
            preserveClientIp: false
            proxyProtocolV2: true
            crossZone: false
        - {port: 5432, protocol: TCP, idleTimeoutSeconds: 6000, targetGroup: {port: 5432, type: ip}}
        - {port: 53, protocol: TCP_UDP, targetGroup: {port: 53, type: instance, targets: [i-0a1b2c3d4e5f60001], healthCheck: {port: traffic-port}}}
        - {port: 80, protocol: TCP, targetGroup: {port: 80, type: alb}}
    - arn: arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/other/0123456789abcdef
  acceptance: required
  connections:
    accept:
      - {endpoint: vpce-0aa11bb22cc33dd44, reason: "NET-12"}
      - {account: "402592597372", reason: "NET-31"}
    reject: []
  allowedPrincipals:
    - {principal: "arn:aws:iam::222222222222:root", reason: "the other account", until: 2026-11-20}
    - {principal: "arn:aws-us-gov:iam::333333333333:role/Deploy"}
    - {principal: "arn:aws:iam::333333333333:user/alice@example.com"}
    - {principal: firehose.amazonaws.com}
    - {principal: "*"}
  privateDns: {name: api.example.com, zone: Z0PUBLIC}
  notifications:
    - {topic: "arn:aws:sns:us-east-1:111111111111:connections", events: [Accept, Connect]}
    - {topic: "arn:aws-us-gov:sns:us-gov-west-1:111111111111:connections"}
  supportedRegions: [eu-west-1]
  ipAddressTypes: [ipv4, ipv6]
endpoints:
  - name: own
    target: partner-use1
    vpc: vpc-0a1b2c3d4e5f60001
    subnets: [subnet-0a1b2c3d4e5f60003]
    securityGroup:
      ingress:
        - {ports: "10000-31000", from: 10.0.0.0/16, description: "application subnets"}
        - {ports: 443, from: sg-0a1b2c3d4e5f60004, protocol: udp}
        - {ports: "443", from: "2001:db8::/32"}
        - {ports: 443, from: pl-0123456789abcdef0}
    policy: null
    privateDns: true
    ipAddressType: dualstack
    dnsRecordIpType: service-defined
    notifications: [{topic: "arn:aws:sns:us-east-1:111111111111:endpoints"}]
    aliases:
      - {name: az.internal.example.com, zone: Z0PRIVATE, azId: use1-az4}
      - {name: la.internal.example.com, zone: Z0PRIVATE, azId: usw2-lax1-az1}
      - {name: payments.internal.example.com, zone: Z0PRIVATE, evaluateTargetHealth: true}
      - {name: payments.internal.example.com, zone: Z0OTHER}
      - {name: "*.payments.internal.example.com", zone: Z0PRIVATE}
---
apiVersion: landline/v1
kind: Connection
metadata: {name: consumer}
endpoints:
  - target: prod-euw1
    service: {connection: payments-api}
    serviceRegion: us-east-1
    vpc: vpc-0a1b2c3d4e5f60001
    subnets: [subnet-0a1b2c3d4e5f60003]
    securityGroups: [sg-0a1b2c3d4e5f60004]
  - name: later
    target: prod-euw1
    service: pending
    vpc: vpc-0a1b2c3d4e5f60001
    subnets: [subnet-0a1b2c3d4e5f60003]
    securityGroups: [sg-0a1b2c3d4e5f60004]
    policy: {Version: "2012-10-17", Statement: []}
  - name: of-aws
    target: prod-euw1
    service: com.amazonaws.eu-west-1.execute-api
    vpc: vpc-0a1b2c3d4e5f60001
    subnets: [subnet-0a1b2c3d4e5f60003]
    securityGroups: [sg-0a1b2c3d4e5f60004]
`;

test("a spec that uses every field has no problem", () => {
  const { connections, problems } = parse(EVERY_FIELD);
  expect(brief(problems)).toEqual([]);
  expect(connections.map(({ spec }) => spec.metadata.name)).toEqual(["consumer", "payments-api"]);
  expect(connections[0]?.spec.endpoints?.map(endpointName)).toEqual(["main", "later", "of-aws"]);
});

test("connections come sorted by name in whatever order their files come", () => {
  const [first, second] = EVERY_FIELD.split("---\n") as [string, string];
  const names = (...texts: string[]) => parse(...texts).connections.map(({ spec }) => spec.metadata.name);
  expect(names(first, second)).toEqual(names(second, first));
});

describe("positions", () => {
  const [, document] = parse(EVERY_FIELD).connections;
  test.each([
    [["service", "allowedPrincipals", 1], 47, 7],
    [["service", "allowedPrincipals", 1, "principal"], 47, 19],
    [["service", "allowedPrincipals"], 45, 3],
    [["metadata", "name"], 3, 18],
    [["service", "loadBalancers", 0, "listeners", 0, "nothing", "here"], 18, 11],
    [["nothing"], 1, 1],
    [[], 1, 1],
  ])("%j stands at %i:%i", (path, line, column) => {
    expect(document?.at(path)).toEqual({ file: "1.yaml", line, column });
  });
});

test("the project's defaults are those of the design", () => {
  expect(projectDocument(PROJECT).spec).toMatchObject({
    specs: ["specs/**/*.yaml"],
    tags: {},
    policy: {
      principals: { deny: ["*"], allowAccounts: [], requireReason: true },
      deletions: { max: 5, percent: 25 },
      approvals: [{ risks: ["any"], count: 1 }],
    },
  });
  const policy = "policy: {principals: {deny: []}, deletions: {max: 9, reason: retired}}\n";
  expect(projectDocument(PROJECT + policy).spec.policy).toEqual({
    principals: { deny: [], allowAccounts: [], requireReason: true },
    deletions: { max: 9, percent: 25, reason: "retired" },
    approvals: [{ risks: ["any"], count: 1 }],
  });
});

test("a reference into a file that cannot be read is not told as missing", () => {
  const consumer = EVERY_FIELD.split("---\n")[1] ?? "";
  expect(brief(parse(consumer, "name: [").problems)).toEqual(["yaml.syntax 2.yaml:1:8"]);
  expect(brief(parse(consumer).problems)).toEqual(["reference.unknown 1.yaml:6:27"]);
});
