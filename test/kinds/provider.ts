import { ModifyVpcEndpointServicePermissionsCommand } from "@aws-sdk/client-ec2";
import { CreateLoadBalancerCommand, DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect } from "vitest";
import { allowlistKind } from "../../src/kinds/allowlist.ts";
import { endpointServiceKind } from "../../src/kinds/endpoint-service.ts";
import type { Kind, Resolved, ResolvedAttributes } from "../../src/kinds/kind.ts";
import { vpcEndpointKind } from "../../src/kinds/vpc-endpoint.ts";
import type { KindName, Live } from "../../src/model.ts";
import { loggedRequests } from "../sandbox/helper.ts";
import { type Bench, ownTags, resolved, roundTrip, settle } from "./harness.ts";

export const serviceAddress = "payments-api/service";
export const endpointAddress = "orders/endpoint/main";

/** The same world with IPv6 in every VPC and subnet. */
export function withIpv6(seed: string): string {
  let number = 0;
  return seed
    .replace(/( +)cidr: 10\.(\d)\.0\.0\/16/g, "$&\n$1ipv6Cidr: 2001:db8:$2:0::/56")
    .replace(/cidr: 10\.(\d)\.[^,]*\/20\}/g, (subnet, vpc: string) => {
      number += 1;
      return subnet.replace("}", `, ipv6Cidr: '2001:db8:${vpc}:${number}::/64'}`);
    });
}

/** A network load balancer of the provider that is ready to stand behind a service; answers with its ARN. */
export async function makeLoadBalancer(
  { aws }: Bench,
  name = "payments",
  IpAddressType: "ipv4" | "dualstack" = "ipv4",
): Promise<string> {
  const Subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
  const input = { Name: name, Type: "network", Scheme: "internal", Subnets, IpAddressType } as const;
  const made = await aws.elbv2.send(new CreateLoadBalancerCommand(input));
  const arn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  for (let reads = 0; reads < 20; reads++) {
    const { LoadBalancers } = await aws.elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
    if (LoadBalancers?.[0]?.State?.Code === "active") return arn;
  }
  throw new Error(`${arn} does not become active`);
}

/** What a spec wants of the service in these tests. */
export const wantedService = (
  loadBalancerArns: readonly string[],
  more: Partial<ResolvedAttributes<"endpoint-service">> = {},
): Resolved<"endpoint-service"> =>
  resolved("endpoint-service", serviceAddress, {
    loadBalancerArns,
    acceptanceRequired: true,
    privateDnsName: null,
    supportedRegions: [],
    ipAddressTypes: ["ipv4"],
    tags: ownTags(serviceAddress),
    ...more,
  });

/** An endpoint service of ours, available. */
export async function makeService(
  bench: Bench,
  more: Partial<ResolvedAttributes<"endpoint-service">> = {},
): Promise<Live<"endpoint-service">> {
  const ipAddressType = more.ipAddressTypes?.includes("ipv6") ? "dualstack" : "ipv4";
  const wanted = wantedService([await makeLoadBalancer(bench, "payments", ipAddressType)], more);
  const id = await endpointServiceKind.create(bench.aws, wanted, "service-token");
  return settle(endpointServiceKind, bench, wanted, id);
}

/** Allows everybody of an account. */
export async function allow({ aws }: Bench, ServiceId: string, account: string): Promise<void> {
  const AddAllowedPrincipals = [`arn:aws:iam::${account}:root`];
  await aws.ec2.send(new ModifyVpcEndpointServicePermissionsCommand({ ServiceId, AddAllowedPrincipals }));
}

/** What a spec of the consumer's account wants in these tests. */
export const wantedEndpoint = (
  serviceName: string,
  more: Partial<ResolvedAttributes<"vpc-endpoint">> = {},
): Resolved<"vpc-endpoint"> =>
  resolved("vpc-endpoint", endpointAddress, {
    vpcId: "vpc-0b1b2c3d4e5f60001",
    serviceName,
    serviceRegion: "us-east-1",
    subnetIds: ["subnet-0b1b2c3d4e5f60001"],
    securityGroupIds: ["sg-0b1b2c3d4e5f60004"],
    ipAddressType: "ipv4",
    dnsRecordIpType: "ipv4",
    privateDnsEnabled: false,
    policy: null,
    tags: ownTags(endpointAddress),
    ...more,
  });

/** An endpoint of the consumer that rests or is ready. */
export async function makeEndpoint(consumer: Bench, serviceName: string, token = "endpoint-token"): Promise<string> {
  const wanted = wantedEndpoint(serviceName);
  const id = await vpcEndpointKind.create(consumer.aws, wanted, token);
  await settle(vpcEndpointKind, consumer, wanted, id);
  return id;
}

/** What a spec wants of the list of allowed principals. */
export const wantedAllowlist = (serviceId: string, principals: readonly string[]): Resolved<"allowlist"> =>
  resolved(allowlistKind.name, `${serviceAddress}/allowlist`, { serviceId, principals });

/** The calls whose answer never arrived: proof that a fault has met somebody. */
export const lostAnswers = async ({ sandbox }: Bench): Promise<string[]> =>
  (await loggedRequests(sandbox)).filter(({ status }) => status === 0).map(({ action }) => action);

/** A round trip in which every call is among the IAM actions that the kind says it needs. */
export async function permittedRoundTrip<K extends KindName>(
  kind: Kind<K>,
  bench: Bench,
  wanted: Resolved<K>,
  steps: readonly Partial<ResolvedAttributes<K>>[],
): Promise<void> {
  const since = (await loggedRequests(bench.sandbox)).length;
  await roundTrip(kind, bench, wanted, steps);
  const called = (await loggedRequests(bench.sandbox, since)).map(({ service, action }) => `${service}:${action}`);
  const declared = [...kind.actions.read, ...kind.actions.write];
  expect([...new Set(called)].filter((action) => !declared.includes(action))).toEqual([]);
}
