import { CreateTagsCommand, CreateVpcEndpointCommand } from "@aws-sdk/client-ec2";
import { CreateLoadBalancerCommand, DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateHostedZoneCommand } from "@aws-sdk/client-route-53";
import type { ConnectionSpec } from "../../src/planner/specs/connection.generated.ts";
import { APPS, NETWORK, PARTNER, type Stage } from "./harness.ts";

/** What a connection spec says besides what it is. */
export type Body = Omit<ConnectionSpec, "apiVersion" | "kind" | "metadata"> & {
  readonly metadata?: { readonly owner?: string; readonly description?: string };
};
type Bodies = { readonly [connection: string]: Body };

/** Specs in which settings stand for the first time, and then with other values; before and after they are as `without` says. */
export interface Scene {
  /** What is applied once, before the scene begins. */
  readonly given?: Bodies;
  /** What people do by hand then; what the specs need to know of it. */
  readonly prepare?: (stage: Stage) => Promise<{ readonly [name: string]: string }>;
  readonly specs: (known: { readonly [name: string]: string }) => {
    readonly without: Bodies;
    readonly first: Bodies;
    readonly second: Bodies;
  };
}

const NET_VPC = "vpc-0a1b2c3d4e5f60001";
const APPS_VPC = "vpc-0b1b2c3d4e5f60001";
const NET_SUBNETS = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
const APPS_SUBNETS = ["subnet-0b1b2c3d4e5f60001", "subnet-0b1b2c3d4e5f60002"];
const ZONES = ["Z0PRIVATE00000000001", "Z0PRIVATE00000000002"];
const DOMAIN = "apps.internal.example.com";
const topic = (account: string, name: string) => `arn:aws:sns:us-east-1:${account}:${name}`;
const certificate = (n: number) =>
  `arn:aws:acm:us-east-1:${NETWORK}:certificate/a0000000-0000-4000-8000-00000000000${n}`;
const root = (account: string) => `arn:aws:iam::${account}:root`;

const tcp443 = { port: 443, protocol: "TCP", targetGroup: { port: 8443, type: "ip" } } as const;
const one = { name: "one", subnets: NET_SUBNETS, listeners: [tcp443] };
const plain: Body = { service: { target: "network-use1", loadBalancers: [one] } };

/** A load balancer that somebody else has made. */
async function somebodys({ as }: Stage, Name: string): Promise<string> {
  const { elbv2 } = as(NETWORK);
  const made = await elbv2.send(
    new CreateLoadBalancerCommand({
      Name,
      Type: "network",
      Scheme: "internal",
      Subnets: NET_SUBNETS,
      IpAddressType: "dualstack",
    }),
  );
  const arn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  for (;;) {
    const { LoadBalancers } = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
    if (LoadBalancers?.[0]?.State?.Code === "active") return arn;
  }
}

/** Everything about load balancers, target groups and listeners, and the service's own name. */
const balancers: Scene = {
  prepare: async (stage) => ({
    firstArn: await somebodys(stage, "first"),
    secondArn: await somebodys(stage, "second"),
  }),
  specs: ({ firstArn = "", secondArn = "" }) => ({
    without: { lbs: plain },
    first: {
      lbs: {
        service: {
          target: "network-use1",
          ipAddressTypes: ["ipv4", "ipv6"],
          privateDns: { name: "api.example.com", zone: "Z0PUBLIC000000000001" },
          loadBalancers: [
            {
              ...one,
              crossZone: true,
              clientRoutingPolicy: "availability_zone_affinity",
              deletionProtection: true,
              listeners: [
                {
                  ...tcp443,
                  idleTimeoutSeconds: 600,
                  targetGroup: {
                    ...tcp443.targetGroup,
                    targets: ["10.0.1.10", "172.16.0.10:9443"],
                    healthCheck: {
                      protocol: "HTTP",
                      port: 8080,
                      path: "/first",
                      matcher: "200",
                      intervalSeconds: 20,
                      timeoutSeconds: 5,
                      healthyThreshold: 3,
                      unhealthyThreshold: 3,
                    },
                    deregistrationDelaySeconds: 60,
                    connectionTermination: true,
                    preserveClientIp: true,
                    proxyProtocolV2: true,
                    crossZone: true,
                  },
                },
                {
                  port: 8443,
                  protocol: "TLS",
                  certificates: [certificate(1), certificate(2)],
                  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
                  alpnPolicy: "HTTP2Preferred",
                  targetGroup: { port: 9443, type: "ip", protocol: "TLS", ipAddressType: "ipv4" },
                },
              ],
            },
            {
              ...one,
              name: "grouped",
              securityGroups: ["sg-0a1b2c3d4e5f60004"],
              enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
            },
            { arn: firstArn },
          ],
        },
      },
      moving: plain,
    },
    second: {
      lbs: {
        service: {
          target: "network-use1",
          ipAddressTypes: ["ipv6"],
          privateDns: { name: "pay.example.com", zone: "Z0PUBLIC000000000002" },
          loadBalancers: [
            {
              ...one,
              subnets: [...NET_SUBNETS, "subnet-0a1b2c3d4e5f60003"],
              crossZone: false,
              clientRoutingPolicy: "partial_availability_zone_affinity",
              deletionProtection: false,
              listeners: [
                {
                  ...tcp443,
                  idleTimeoutSeconds: 6000,
                  targetGroup: {
                    ...tcp443.targetGroup,
                    targets: ["10.0.1.11", "192.168.3.3"],
                    healthCheck: {
                      protocol: "HTTPS",
                      port: "traffic-port",
                      path: "/second",
                      matcher: "200-299",
                      intervalSeconds: 25,
                      timeoutSeconds: 6,
                      healthyThreshold: 4,
                      unhealthyThreshold: 4,
                    },
                    deregistrationDelaySeconds: 0,
                    connectionTermination: false,
                    preserveClientIp: false,
                    proxyProtocolV2: false,
                    crossZone: false,
                  },
                },
                {
                  port: 8444,
                  protocol: "TLS",
                  certificates: [certificate(2)],
                  sslPolicy: "ELBSecurityPolicy-2016-08",
                  alpnPolicy: "HTTP1Only",
                  targetGroup: { port: 9444, type: "ip", protocol: "TCP", ipAddressType: "ipv6" },
                },
                { port: 53, protocol: "TCP_UDP", targetGroup: { port: 53, type: "instance" } },
              ],
            },
            {
              ...one,
              name: "grouped",
              securityGroups: ["sg-0a1b2c3d4e5f60005"],
              enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
              // It is deleted like this.
              deletionProtection: true,
            },
            { arn: secondArn },
          ],
        },
      },
      moving: {
        service: { target: "apps-use1", loadBalancers: [{ ...one, name: "other", subnets: APPS_SUBNETS }] },
      },
    },
  }),
};

/** The partner asks for a connection; answers with the endpoint's id. */
async function ask({ as, live }: Stage): Promise<string> {
  const { VpcEndpoint } = await as(PARTNER).ec2.send(
    new CreateVpcEndpointCommand({
      VpcEndpointType: "Interface",
      VpcId: "vpc-0c1b2c3d4e5f60001",
      ServiceName: (await live("people/service")).outputs.serviceName,
      SubnetIds: ["subnet-0c1b2c3d4e5f60001"],
      SecurityGroupIds: ["sg-0c1b2c3d4e5f60001"],
    }),
  );
  return VpcEndpoint?.VpcEndpointId ?? "";
}

/** Who may ask, who gets in, and who is told. */
const people: Scene = {
  given: {
    people: {
      service: {
        target: "network-use1",
        loadBalancers: [one],
        allowedPrincipals: [{ principal: root(PARTNER), reason: "to begin with", until: "2027-03-31" }],
      },
    },
  },
  prepare: async (stage) => ({ accepted: await ask(stage), rejected: await ask(stage) }),
  specs: ({ accepted = "", rejected = "" }) => ({
    without: { people: plain },
    first: {
      people: {
        service: {
          target: "network-use1",
          loadBalancers: [one],
          acceptance: "automatic",
          connections: {
            accept: [
              { endpoint: accepted, reason: "the first" },
              { account: PARTNER, reason: "the first account" },
            ],
            reject: [
              { endpoint: rejected, reason: "nobody knows it" },
              { account: "999999999999", reason: "nobody knows them" },
            ],
          },
          allowedPrincipals: [{ principal: root(PARTNER), reason: "the partner", until: "2027-03-31" }],
          notifications: [
            { topic: topic(NETWORK, "connections"), events: ["Accept"] },
            { topic: topic(NETWORK, "audit") },
          ],
          supportedRegions: ["eu-west-1"],
        },
      },
    },
    second: {
      people: {
        service: {
          target: "network-use1",
          loadBalancers: [one],
          acceptance: "required",
          connections: {
            accept: [
              { endpoint: "vpce-0aa11bb22cc33dd44", reason: "the second" },
              { account: "888888888888", reason: "the second account" },
            ],
            reject: [
              { endpoint: "vpce-0ff11bb22cc33dd44", reason: "still unknown" },
              { account: "777777777777", reason: "still unknown" },
            ],
          },
          allowedPrincipals: [{ principal: root(APPS), reason: "ourselves", until: "2027-06-30" }],
          notifications: [
            { topic: topic(NETWORK, "connections"), events: ["Accept", "Reject"] },
            { topic: topic(NETWORK, "other"), events: ["Delete"] },
          ],
          supportedRegions: ["ap-southeast-2"],
        },
      },
    },
  }),
};

const provides = (name: string): Body => ({
  service: {
    target: "network-use1",
    loadBalancers: [one],
    acceptance: "automatic",
    allowedPrincipals: [{ principal: root(APPS), reason: "ourselves", until: "2027-03-31" }],
    privateDns: { name, zone: "Z0PUBLIC000000000001" },
    ipAddressTypes: ["ipv4", "ipv6"],
  },
});
const giving = { give: provides("api.example.com"), "give-more": provides("more.example.com") };
const standing = {
  target: "apps-use1",
  service: { connection: "give" },
  vpc: APPS_VPC,
  subnets: APPS_SUBNETS,
  securityGroups: ["sg-0b1b2c3d4e5f60004"],
};

/** Everything about endpoints: their place, addresses, groups and names. */
const consumers: Scene = {
  given: giving,
  specs: () => ({
    without: { ...giving, take: { endpoints: [standing] } },
    first: {
      ...giving,
      take: {
        endpoints: [
          standing,
          {
            name: "named",
            target: "apps-use1",
            service: { connection: "give" },
            vpc: APPS_VPC,
            subnets: APPS_SUBNETS.slice(0, 1),
            securityGroup: {
              ingress: [
                { ports: 443, from: "10.20.0.0/16", protocol: "tcp", description: "applications" },
                { ports: 53, from: "10.20.0.0/16", protocol: "udp", description: "names" },
              ],
            },
            policy: { Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "arn:aws:s3:::first" }] },
            privateDns: true,
            ipAddressType: "dualstack",
            dnsRecordIpType: "service-defined",
            notifications: [{ topic: topic(APPS, "endpoints"), events: ["Accept", "Reject"] }],
            aliases: [
              { name: `all.${DOMAIN}`, zone: ZONES[0] ?? "", evaluateTargetHealth: true },
              { name: `zonal.${DOMAIN}`, zone: ZONES[0] ?? "", azId: "use1-az6" },
            ],
          },
          {
            name: "moving",
            target: "apps-use1",
            service: { connection: "give" },
            vpc: APPS_VPC,
            subnets: APPS_SUBNETS.slice(0, 1),
            securityGroups: ["sg-0b1b2c3d4e5f60004"],
          },
        ],
      },
    },
    second: {
      ...giving,
      take: {
        endpoints: [
          standing,
          {
            name: "named",
            target: "apps-use1",
            service: { connection: "give" },
            vpc: APPS_VPC,
            subnets: APPS_SUBNETS,
            securityGroup: {
              ingress: [
                { ports: "8000-8010", from: "sg-0b1b2c3d4e5f60004", protocol: "udp", description: "clients" },
                { ports: 53, from: "10.20.0.0/16", protocol: "udp", description: "names, still" },
              ],
            },
            policy: { Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "arn:aws:s3:::second" }] },
            privateDns: false,
            ipAddressType: "ipv4",
            dnsRecordIpType: "ipv4",
            notifications: [{ topic: topic(APPS, "other"), events: ["Delete"] }],
            aliases: [
              { name: `other.${DOMAIN}`, zone: ZONES[0] ?? "", evaluateTargetHealth: false },
              // The zone of the subnet that the endpoint gets in the same plan.
              { name: `zonal.${DOMAIN}`, zone: ZONES[1] ?? "", azId: "use1-az4" },
            ],
          },
          {
            name: "moved",
            target: "network-use1",
            service: { connection: "give-more" },
            vpc: NET_VPC,
            subnets: NET_SUBNETS,
            securityGroups: ["sg-0a1b2c3d4e5f60005"],
          },
        ],
      },
    },
  }),
};

/** Tags and zones by which specs may choose. */
async function decorate({ as }: Stage): Promise<Record<string, string>> {
  const tag = (account: string, ids: readonly string[], Key: string, Value: string) =>
    as(account).ec2.send(new CreateTagsCommand({ Resources: [...ids], Tags: [{ Key, Value }] }));
  await tag(NETWORK, [NET_VPC], "Name", "hub");
  await tag(NETWORK, [NET_VPC], "env", "prod");
  await tag(NETWORK, NET_SUBNETS, "tier", "first");
  await tag(NETWORK, ["subnet-0a1b2c3d4e5f60003", ...NET_SUBNETS.slice(0, 1)], "use", "second");
  await tag(NETWORK, ["sg-0a1b2c3d4e5f60005"], "role", "second");
  await tag(APPS, [APPS_VPC], "Name", "apps");
  await tag(APPS, [APPS_VPC], "env", "prod");
  await tag(APPS, APPS_SUBNETS.slice(0, 1), "tier", "first");
  await tag(APPS, APPS_SUBNETS.slice(1), "tier", "second");
  await tag(APPS, ["sg-0b1b2c3d4e5f60005"], "role", "second");
  const vpc = { VPCRegion: "us-east-1", VPCId: APPS_VPC } as const;
  const zone = { Name: "chosen.example", CallerReference: "private", HostedZoneConfig: { PrivateZone: true } };
  await as(APPS).route53.send(new CreateHostedZoneCommand({ ...zone, VPC: vpc }));
  await as(NETWORK).route53.send(new CreateHostedZoneCommand({ Name: "public.example", CallerReference: "public" }));
  return {};
}

/** Places that are named by tags and names. */
const choices: Scene = {
  given: giving,
  prepare: decorate,
  specs: () => ({
    without: { ...giving, choosing: { ...plain, endpoints: [standing] } },
    first: {
      ...giving,
      choosing: {
        service: {
          target: "network-use1",
          loadBalancers: [
            one,
            {
              ...one,
              name: "chosen",
              subnets: { tags: { tier: "first" }, vpc: { name: "hub" } },
              securityGroups: [{ name: "balancers" }, { tags: { role: "second" } }],
            },
          ],
        },
        endpoints: [
          standing,
          {
            name: "named",
            target: "apps-use1",
            service: { connection: "give" },
            vpc: { name: "apps" },
            subnets: { tags: { tier: "first" }, vpc: { name: "apps" } },
            securityGroups: [{ name: "clients" }, { tags: { role: "second" } }],
            aliases: [
              { name: "one.chosen.example", zone: { name: "chosen.example", private: true }, target: "apps-use1" },
            ],
          },
          {
            name: "tagged",
            target: "apps-use1",
            service: { connection: "give" },
            vpc: { tags: { env: "prod" } },
            subnets: { tags: { tier: "second" }, vpc: { tags: { env: "prod" } } },
            securityGroup: {
              ingress: [
                { ports: 443, from: { securityGroup: { name: "clients" } } },
                { ports: 444, from: { securityGroup: { tags: { role: "second" } } } },
              ],
            },
          },
        ],
      },
    },
    second: {
      ...giving,
      choosing: {
        service: {
          target: "network-use1",
          loadBalancers: [
            one,
            {
              ...one,
              name: "chosen",
              subnets: { tags: { use: "second" }, vpc: { tags: { env: "prod" } } },
              securityGroups: [{ name: "other" }],
            },
          ],
        },
        endpoints: [
          standing,
          {
            name: "named",
            target: "apps-use1",
            service: { connection: "give" },
            vpc: { tags: { Name: "apps" } },
            subnets: { tags: { tier: "second" }, vpc: { tags: { Name: "apps" } } },
            securityGroups: [{ name: "other" }],
            aliases: [
              { name: "two.public.example", zone: { name: "public.example", private: false }, target: "network-use1" },
            ],
          },
          {
            name: "tagged",
            target: "apps-use1",
            service: { connection: "give" },
            vpc: APPS_VPC,
            subnets: { tags: { tier: "second" } },
            securityGroup: { ingress: [{ ports: 443, from: { securityGroup: { name: "other" } } }] },
          },
        ],
      },
    },
  }),
};

const third = "vpc-0a1b2c3d4e5f60009";
/** Private zones of ours, and records with values in zones that exist. */
const zones: Scene = {
  given: giving,
  prepare: decorate,
  specs: () => ({
    without: { ...giving, take: { endpoints: [{ ...standing, hostedZone: "none" }] } },
    first: {
      ...giving,
      take: {
        endpoints: [
          {
            ...standing,
            hostedZone: {
              name: "use1.partner.example",
              vpcs: [{ vpc: "vpc-0b1b2c3d4e5f60009" }, { vpc: NET_VPC, target: "network-use1" }],
              records: [
                { name: "*", type: "CNAME", to: "regional", ttl: 30 },
                { name: "*.{{zone.id}}", type: "CNAME", to: "zonal" },
              ],
            },
          },
        ],
        records: [
          {
            name: "to.example.com",
            zone: "Z0PUBLIC000000000001",
            target: "network-use1",
            type: "CNAME",
            values: ["partner.example.net"],
            ttl: 60,
          },
          { name: `text.${DOMAIN}`, zone: ZONES[0] ?? "", type: "TXT", values: ["one", 'two "quoted"'] },
        ],
      },
    },
    second: {
      ...giving,
      take: {
        endpoints: [
          {
            ...standing,
            hostedZone: {
              name: "partner.example",
              vpcs: [
                { vpc: third, target: "network-use1" },
                { vpc: "vpc-0b1b2c3d4e5f60009", target: "apps-use1" },
              ],
              records: [
                { name: "@", type: "ALIAS" },
                { name: "db", type: "CNAME", to: "regional", ttl: 300 },
              ],
            },
          },
        ],
        records: [
          {
            name: "to.chosen.example",
            zone: { name: "chosen.example", private: true },
            target: "apps-use1",
            type: "TXT",
            values: ["now a text"],
            ttl: 90,
          },
        ],
      },
    },
  }),
};

/** What stands above it all. */
const documents: Scene = {
  specs: () => ({
    without: { doc: plain },
    first: {
      doc: {
        ...plain,
        metadata: { owner: "team-one", description: "The first" },
        protect: true,
        acknowledge: [{ finding: "quota.rules", reason: "raised to 120" }],
      },
    },
    second: {
      doc: {
        ...plain,
        metadata: { owner: "team-two", description: "The second" },
        protect: false,
        acknowledge: [{ finding: "quota.endpoints", reason: "raised to 100" }],
      },
    },
  }),
};

export const scenes: { readonly [name: string]: Scene } = {
  balancers,
  people,
  consumers,
  choices,
  zones,
  documents,
};

/** Fields that no scene sets, changes and takes away, each with why, or with the test that does it for them. */
export const elsewhere: { readonly [path: string]: string } = {
  apiVersion: "there is one version",
  kind: "a connection is a connection",
  "metadata.name": "another name is another connection",
  state: "test/scenarios/partner-life.test.ts",
  partner: "test/scenarios/partner-life.test.ts",
  "partner.profile": "test/scenarios/partner-life.test.ts",
  "partner.params": "test/scenarios/partner-life.test.ts",
  "partner.confirm": "test/scenarios/partner-life.test.ts",
  "partner.confirm[].id": "test/scenarios/partner-life.test.ts",
  "partner.confirm[].reason": "test/scenarios/partner-life.test.ts",
  "partner.reported": "test/scenarios/partner-life.test.ts",
  "partner.reported.state": "test/scenarios/partner-life.test.ts",
  "partner.reported.on": "test/scenarios/partner-life.test.ts",
  "metadata.renamedFrom": "test/planner/renames.test.ts",
  "service.loadBalancers[].renamedFrom": "test/planner/renames.test.ts",
  "endpoints[].renamedFrom": "test/scenarios/notifications.test.ts",
  "service.disconnect": "test/scenarios/people.test.ts",
  "service.disconnectReason": "test/scenarios/people.test.ts",
  "endpoints[].serviceRegion": "test/scenarios/accounts.test.ts",
  adopt: "test/scenarios/import.test.ts",
  "adopt[].address": "test/scenarios/import.test.ts",
  "adopt[].id": "test/scenarios/import.test.ts",
};
