import type { LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import { loadBalancersByMark } from "../aws/elb-owned.ts";
import { ownedZones, strangersIn } from "../aws/hosted-zones.ts";
import { plainName, plainZoneId, type Reads } from "../aws/reads.ts";
import { connectionsToOurs, ownedServices } from "../aws/services.ts";
import { lower } from "../aws/states.ts";
import { isPrivate, withZoneIds, zonesInScope } from "../aws/zones.ts";
import type { Kind, Listing } from "../kinds/kind.ts";
import type {
  ConnectionFact,
  KindName,
  LoadBalancerFact,
  ReadFailure,
  ServiceFact,
  TargetSnapshot,
  ZoneFact,
} from "../model.ts";
import { healthActions, readHealth, readHealthOf } from "./health.ts";
import { readLimits } from "./limits.ts";
import { readDetails, readIngress } from "./partner-facts.ts";
import { readSelectable, readSubnets } from "./selectable.ts";

/** Where a target is, as the project file says. */
export interface TargetPlace {
  readonly account: string;
  readonly region: string;
}

/** The credentials lead to another account than the project file names; nothing was read. */
export class WrongAccountError extends Error {
  constructor(target: string, expected: string, got: string, caller: string) {
    super(
      `target ${target} is account ${expected}, but the credentials belong to account ${got} (${caller}); ` +
        `set AWS_PROFILE or targets.${target}.roles to reach ${expected}, or correct targets.${target}.account`,
    );
    this.name = "WrongAccountError";
  }
}

/** What a snapshot holds of a target that could not be read. */
export function unreadTarget(
  target: string,
  place: TargetPlace,
  { code, message }: ReadFailure,
  now: () => Date,
): TargetSnapshot {
  const { account, region } = place;
  return {
    target,
    account,
    region,
    caller: "",
    takenAt: now().toISOString(),
    error: { code, message },
    resources: [],
    obstacles: [],
    subnets: [],
    services: [],
    connections: [],
    loadBalancers: [],
    zones: [],
  };
}

/** Everything of ours in one target, and the facts the checks need: all lists side by side, each read once. */
export async function readTarget(
  asked: Reads,
  kinds: readonly Pick<Kind<KindName>, "list">[],
  place: TargetPlace,
  now: () => Date,
): Promise<TargetSnapshot> {
  const { Account: account = "", Arn: caller = "" } = await asked.identity();
  if (account !== place.account) throw new WrongAccountError(asked.target, place.account, account, caller);
  const reads = await withZoneIds(asked);
  const { wanted } = reads;
  const [listings, subnets, services, connections, loadBalancers, zones, selectable] = await Promise.all([
    Promise.all(kinds.map((kind): Promise<Listing<KindName>> => kind.list(reads))),
    readSubnets(reads),
    readServices(reads),
    wanted.provides || !wanted.connections ? readConnections(reads) : [],
    readLoadBalancers(reads),
    readZones(reads),
    readSelectable(reads),
  ]);
  const resources = listings.flatMap(({ live }) => live);
  const limits = await readLimits(reads, resources);
  const ingress = await readIngress(reads, selectable.securityGroups);
  return {
    target: reads.target,
    account,
    region: place.region,
    caller,
    takenAt: now().toISOString(),
    ...(wanted.connections ? { only: wanted.connections } : {}),
    resources: sortBy(resources, ({ address, id }) => `${address} ${id}`),
    obstacles: sortBy(
      listings.flatMap(({ obstacles }) => obstacles),
      ({ kind, place: where }) => `${kind} ${where}`,
    ),
    subnets,
    services,
    connections,
    loadBalancers,
    zones,
    ...(await readHealthFacts(reads)),
    ...(limits ? { limits } : {}),
    ...selectable,
    ...(ingress ? { ingress } : {}),
  };
}

async function readHealthFacts(reads: Reads): Promise<Pick<TargetSnapshot, "health">> {
  const { health, forPartners } = reads.wanted;
  if (health) return { health: await readHealth(reads) };
  const asked = forPartners?.health ?? [];
  return asked.length === 0 ? {} : { health: await readHealthOf(reads, asked) };
}

async function readServices(reads: Reads): Promise<ServiceFact[]> {
  const regions = [...new Set(reads.wanted.services.map(({ region }) => region))];
  const perRegion = regions.map(async (region) => {
    const names = reads.wanted.services.filter((service) => service.region === region).map(({ name }) => name);
    return (await reads.consumerServices(names, region)).map(
      (detail): ServiceFact => ({
        name: detail.ServiceName ?? "",
        region,
        owner: detail.Owner ?? "",
        acceptanceRequired: detail.AcceptanceRequired ?? true,
        policySupported: detail.VpcEndpointPolicySupported ?? false,
        azIds: [...(detail.AvailabilityZoneIds ?? [])].sort(),
        ipAddressTypes: (detail.SupportedIpAddressTypes ?? []).map(lower).sort(),
        ...(detail.PrivateDnsName ? { privateDnsName: lower(detail.PrivateDnsName) } : {}),
        ...(detail.PrivateDnsNameVerificationState
          ? { privateDnsState: lower(detail.PrivateDnsNameVerificationState) }
          : {}),
      }),
    );
  });
  return sortBy((await Promise.all(perRegion)).flat(), ({ name }) => name);
}

async function readConnections(reads: Reads): Promise<ConnectionFact[]> {
  const found = await connectionsToOurs(reads);
  const facts = found.map(
    ({ service, connection }): ConnectionFact => ({
      serviceId: service.id,
      endpointId: connection.VpcEndpointId ?? "",
      owner: connection.VpcEndpointOwner ?? "",
      state: lower(connection.VpcEndpointState),
      ...(connection.CreationTimestamp ? { createdAt: connection.CreationTimestamp.toISOString() } : {}),
      ...(connection.VpcEndpointRegion ? { region: connection.VpcEndpointRegion } : {}),
    }),
  );
  return sortBy(facts, ({ serviceId, endpointId }) => `${serviceId} ${endpointId}`);
}

/** Existing load balancers that specs only refer to, and those attached to our services that are not ours. */
async function readLoadBalancers(reads: Reads): Promise<LoadBalancerFact[]> {
  const { loadBalancerArns, connections, forPartners } = reads.wanted;
  const read = () => (connections ? reads.loadBalancersByArn(loadBalancerArns) : reads.loadBalancers());
  const referred = (loadBalancerArns.length === 0 ? [] : await read()).filter(({ LoadBalancerArn = "" }) =>
    loadBalancerArns.includes(LoadBalancerArn),
  );
  const perBalancer = [...referred, ...(await attachedStrangers(reads))].map(
    async (balancer): Promise<LoadBalancerFact> => {
      const { LoadBalancerArn: arn = "", Type: type = "", Scheme: scheme = "", State, VpcId: vpcId = "" } = balancer;
      return {
        arn,
        type,
        scheme,
        state: lower(State?.Code),
        vpcId,
        ...(balancer.CreatedTime ? { createdAt: balancer.CreatedTime.toISOString() } : {}),
        ...(forPartners?.balancers.includes(arn) ? { details: await readDetails(reads, balancer) } : {}),
      };
    },
  );
  const facts = await Promise.all(perBalancer);
  const once = new Map(facts.map((fact) => [fact.arn, fact]));
  return sortBy([...once.values()], ({ arn }) => arn);
}

/** Costs no call of its own: whose a load balancer is has been asked for all that are attached. */
async function attachedStrangers(reads: Reads): Promise<LoadBalancer[]> {
  if (reads.wanted.connections && !reads.wanted.provides) return [];
  const services = await ownedServices(reads);
  const attached = new Set(services.flatMap(({ service }) => service.NetworkLoadBalancerArns ?? []));
  if (attached.size === 0) return [];
  const { others } = await loadBalancersByMark(reads);
  return others.filter(({ arn }) => attached.has(arn)).map(({ item }) => item);
}

async function readZones(reads: Reads): Promise<ZoneFact[]> {
  const [zones, ours] = await Promise.all([zonesInScope(reads), ownedZones(reads)]);
  const facts = zones.map((zone) => ({
    id: plainZoneId(zone.Id),
    name: plainName(zone.Name),
    private: isPrivate(zone),
  }));
  const owned = ours.map(async ({ id, name }): Promise<ZoneFact> => {
    const strangers = strangersIn(reads.project, { name }, await reads.records(id));
    return { id, name, private: true, strangers };
  });
  const all = new Map([...facts, ...(await Promise.all(owned))].map((zone) => [zone.id, zone]));
  return sortBy([...all.values()], ({ id }) => id);
}

function sortBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** What reading the facts needs besides what the kinds declare. */
export const factActions: readonly string[] = [
  ...healthActions,
  "sts:GetCallerIdentity",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSecurityGroupRules",
  "ec2:DescribeVpcEndpointServices",
  "ec2:DescribeVpcEndpointServiceConfigurations",
  "ec2:DescribeVpcEndpointConnections",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeLoadBalancerAttributes",
  "elasticloadbalancing:DescribeTargetGroupAttributes",
  "elasticloadbalancing:DescribeAccountLimits",
  "route53:ListHostedZones",
  "route53:GetHostedZone",
  "route53:ListHostedZonesByVPC",
];
