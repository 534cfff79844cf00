import { plainName, plainZoneId, type Reads } from "../aws/reads.ts";
import { connectionsToOurs } from "../aws/services.ts";
import { lower } from "../aws/states.ts";
import type { Kind, Listing } from "../kinds/kind.ts";
import type {
  ConnectionFact,
  KindName,
  LoadBalancerFact,
  ReadFailure,
  ServiceFact,
  SubnetFact,
  TargetSnapshot,
  ZoneFact,
} from "../model.ts";

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
  reads: Reads,
  kinds: readonly Pick<Kind<KindName>, "list">[],
  place: TargetPlace,
  now: () => Date,
): Promise<TargetSnapshot> {
  const { Account: account = "", Arn: caller = "" } = await reads.identity();
  if (account !== place.account) throw new WrongAccountError(reads.target, place.account, account, caller);
  const { wanted } = reads;
  const [listings, subnets, services, connections, loadBalancers, zones] = await Promise.all([
    Promise.all(kinds.map((kind): Promise<Listing<KindName>> => kind.list(reads))),
    readSubnets(reads),
    readServices(reads),
    wanted.provides || !wanted.connections ? readConnections(reads) : [],
    readLoadBalancers(reads),
    readZones(reads),
  ]);
  return {
    target: reads.target,
    account,
    region: place.region,
    caller,
    takenAt: now().toISOString(),
    ...(wanted.connections ? { only: wanted.connections } : {}),
    resources: sortBy(
      listings.flatMap(({ live }) => live),
      ({ address, id }) => `${address} ${id}`,
    ),
    obstacles: sortBy(
      listings.flatMap(({ obstacles }) => obstacles),
      ({ kind, place: where }) => `${kind} ${where}`,
    ),
    subnets,
    services,
    connections,
    loadBalancers,
    zones,
  };
}

async function readSubnets(reads: Reads): Promise<SubnetFact[]> {
  const found = await reads.subnets(reads.wanted.subnetIds);
  const facts = found.map(
    ({ SubnetId: id = "", VpcId: vpcId = "", AvailabilityZone: az = "", AvailabilityZoneId: azId = "" }) => ({
      id,
      vpcId,
      az,
      azId,
    }),
  );
  return sortBy(facts, ({ id }) => id);
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

/** Existing load balancers that specs only refer to; those of the account are listed anyway in a full run. */
async function readLoadBalancers(reads: Reads): Promise<LoadBalancerFact[]> {
  const { loadBalancerArns, connections } = reads.wanted;
  if (loadBalancerArns.length === 0) return [];
  const found = await (connections ? reads.loadBalancersByArn(loadBalancerArns) : reads.loadBalancers());
  const facts = found
    .filter(({ LoadBalancerArn = "" }) => loadBalancerArns.includes(LoadBalancerArn))
    .map(({ LoadBalancerArn: arn = "", Type: type = "", Scheme: scheme = "", State, VpcId: vpcId = "" }) => ({
      arn,
      type,
      scheme,
      state: lower(State?.Code),
      vpcId,
    }));
  return sortBy(facts, ({ arn }) => arn);
}

async function readZones(reads: Reads): Promise<ZoneFact[]> {
  const { connections, zoneIds } = reads.wanted;
  const found = connections ? await Promise.all(zoneIds.map((id) => reads.hostedZone(id))) : await reads.hostedZones();
  const facts = found.flatMap((zone) =>
    zone ? [{ id: plainZoneId(zone.Id), name: plainName(zone.Name), private: zone.Config?.PrivateZone ?? false }] : [],
  );
  return sortBy(facts, ({ id }) => id);
}

function sortBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** What reading the facts needs besides what the kinds declare. */
export const factActions: readonly string[] = [
  "sts:GetCallerIdentity",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcEndpointServices",
  "ec2:DescribeVpcEndpointServiceConfigurations",
  "ec2:DescribeVpcEndpointConnections",
  "elasticloadbalancing:DescribeLoadBalancers",
  "route53:ListHostedZones",
  "route53:GetHostedZone",
];
