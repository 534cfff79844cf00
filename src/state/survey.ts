import type { SecurityGroup, ServiceConfiguration, VpcEndpoint } from "@aws-sdk/client-ec2";
import type { Listener, LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import { forwardsTo } from "../aws/elb-owned.ts";
import { MARK } from "../aws/ownership.ts";
import { plainTags, type Reads } from "../aws/reads.ts";
import { isGone, lower } from "../aws/states.ts";
import type { Adoption, LeftOut, Survey, Wanted } from "../model.ts";
import { aliasesOfEndpoints, proofsOfServices } from "./survey-records.ts";

/** Of no project: a connection's name begins with a letter. What carries no mark is read under addresses that begin with it. */
export const SURVEY = "-import";

/** Endpoint services and endpoints to import: these, or all of the target. */
export type Asked = { readonly ids: readonly string[] } | "all";

/** A survey and what has to be looked at to read its objects. */
export interface Surveyed {
  readonly survey: Survey;
  readonly wanted: Partial<Wanted>;
}

/** Finds what was asked for in one target, with everything that hangs on it. Ids that the target does not have are passed over. */
export async function surveyTarget(reads: Reads, asked: Asked): Promise<Surveyed> {
  const [services, endpoints] = await Promise.all([servicesAsked(reads, asked), endpointsAsked(reads, asked)]);
  const chosen = { services: services.filter(isFree), endpoints: endpoints.filter(isFree) };
  const [balancers, groups, aliases, proofs] = await Promise.all([
    surveyBalancers(reads, chosen.services),
    surveyGroups(reads, chosen.endpoints),
    aliasesOfEndpoints(reads, asked === "all" ? asked : asked.ids),
    proofsOfServices(reads, chosen.services),
  ]);
  const serviceIds = chosen.services.map(({ ServiceId = "" }) => ServiceId).sort();
  const endpointIds = chosen.endpoints.map(({ VpcEndpointId = "" }) => VpcEndpointId).sort();
  return {
    survey: {
      services: serviceIds,
      endpoints: endpointIds,
      referOnly: { ...balancers.referOnly, ...groups.referOnly },
      registeredByOthers: balancers.registeredByOthers,
      left: [...[...services, ...endpoints].flatMap(leftOut), ...aliases.left],
    },
    wanted: {
      connections: [SURVEY],
      provides: true,
      consumes: true,
      // Where the zonal names of the endpoints lead.
      subnetIds: [...new Set(chosen.endpoints.flatMap(({ SubnetIds = [] }) => SubnetIds))].sort(),
      adopt: [
        ...serviceIds.map((id) => at(id, `${id}/service`)),
        ...[...endpointIds, ...balancers.adopt, ...groups.adopt].map((id) => at(id, id)),
        ...aliases.places.map(({ zoneId, name }) => at(`${zoneId}/${name}`, `${zoneId}/dns/${name}`)),
        ...proofs.map(({ serviceId, zoneId, recordName }) =>
          at(`${zoneId}/${recordName}`, `${serviceId}/service/private-dns`),
        ),
      ],
      targetGroupsWithTargets: balancers.adopt.map((arn) => `${SURVEY}/${arn}`),
      listenersWithIdleTimeout: balancers.adopt.map((arn) => `${SURVEY}/${arn}`),
      records: [...aliases.places],
      zoneIds: [...new Set([...aliases.places, ...proofs].map(({ zoneId }) => zoneId))],
    },
  };
}

const at = (id: string, address: string): Adoption => ({ id, address: `${SURVEY}/${address}` });

interface Candidate {
  readonly id: string;
  /** Why it is not imported; undefined: it is. */
  readonly why: string | undefined;
}
type Asking<T> = T & { readonly candidate: Candidate };

const isFree = ({ candidate }: { readonly candidate: Candidate }): boolean => candidate.why === undefined;
const leftOut = ({ candidate: { id, why } }: { readonly candidate: Candidate }): LeftOut[] =>
  why === undefined ? [] : [{ id, why }];

/** What a mark on an object says about importing it; undefined without a mark. */
function owned(reads: Reads, tags: { readonly [key: string]: string }): string | undefined {
  const { [MARK.project]: project, [MARK.address]: address } = tags;
  if (project === undefined) return undefined;
  return project === reads.project
    ? `it is ${address ?? "part"} of this project already`
    : `it belongs to the Landline project "${project}"; give it up there first`;
}

async function servicesAsked(reads: Reads, asked: Asked): Promise<Asking<ServiceConfiguration>[]> {
  const ids = asked === "all" ? undefined : asked.ids.filter((id) => id.startsWith("vpce-svc-"));
  if (ids?.length === 0) return [];
  const found = await reads.endpointServices(ids ? [{ Name: "service-id", Values: ids }] : []);
  return found
    .filter(({ ServiceState }) => !isGone(ServiceState))
    .map((service) => ({ ...service, candidate: { id: service.ServiceId ?? "", why: whyNotService(reads, service) } }));
}

function whyNotService(reads: Reads, service: ServiceConfiguration): string | undefined {
  const mark = owned(reads, plainTags(service.Tags));
  if (mark !== undefined) return mark;
  if ((service.GatewayLoadBalancerArns ?? []).length > 0)
    return "it stands on Gateway Load Balancers, and Landline is for services behind Network Load Balancers";
  const state = lower(service.ServiceState);
  return state === "available" ? undefined : `it is ${state}; import it once it is available`;
}

async function endpointsAsked(reads: Reads, asked: Asked): Promise<Asking<VpcEndpoint>[]> {
  const ids = asked === "all" ? undefined : asked.ids.filter((id) => /^vpce-(?!svc-)/.test(id));
  if (ids?.length === 0) return [];
  const found = await reads.endpoints(ids ? [{ Name: "vpc-endpoint-id", Values: ids }] : []);
  return found
    .filter(({ State, VpcEndpointType }) => !isGone(State) && (ids || lower(VpcEndpointType) === "interface"))
    .map((endpoint) => ({
      ...endpoint,
      candidate: { id: endpoint.VpcEndpointId ?? "", why: whyNotEndpoint(reads, endpoint) },
    }));
}

function whyNotEndpoint(reads: Reads, endpoint: VpcEndpoint): string | undefined {
  const mark = owned(reads, plainTags(endpoint.Tags));
  if (mark !== undefined) return mark;
  const type = lower(endpoint.VpcEndpointType);
  if (type !== "interface") return `it is a ${type} endpoint, and Landline is for interface endpoints`;
  if (endpoint.RequesterManaged) return "another AWS service has made it and manages it";
  const state = lower(endpoint.State);
  return ["failed", "rejected", "expired"].includes(state) ? `it is ${state}, and AWS never brings it back` : undefined;
}

interface Hanging {
  /** What may become ours. */
  readonly adopt: readonly string[];
  readonly referOnly: Survey["referOnly"];
}

/** The load balancers of the services with their listeners and target groups. */
async function surveyBalancers(
  reads: Reads,
  services: readonly ServiceConfiguration[],
): Promise<Hanging & Pick<Survey, "registeredByOthers">> {
  const arns = services.flatMap(({ NetworkLoadBalancerArns = [] }) => NetworkLoadBalancerArns);
  const balancers = await reads.loadBalancersByArn([...new Set(arns)].sort());
  const all = await Promise.all(
    balancers.map(async (balancer) => {
      const listeners = await reads.listeners(balancer.LoadBalancerArn ?? "");
      const groups = listeners.flatMap(forwardsTo);
      const parts = [
        balancer.LoadBalancerArn ?? "",
        ...listeners.map(({ ListenerArn = "" }) => ListenerArn),
        ...groups,
      ];
      return { arn: balancer.LoadBalancerArn ?? "", balancer, listeners, groups, parts };
    }),
  );
  const tags = await reads.elbTags([...new Set(all.flatMap(({ parts }) => parts))].sort());
  const judged = all.map((one) => {
    const mark = one.parts.flatMap((part) => owned(reads, tags.get(part) ?? {}) ?? [])[0];
    const users = arns.filter((arn) => arn === one.arn).length;
    const shared = users > 1 ? `${users} services share it` : undefined;
    return { ...one, why: mark ?? shared ?? whyNotBalancer(one.balancer, one.listeners) };
  });
  const groups = judged.flatMap((one) => one.groups);
  return {
    adopt: judged.flatMap(({ parts, why }) => (why === undefined ? parts : [])),
    referOnly: Object.fromEntries(judged.flatMap(({ arn, why }) => (why === undefined ? [] : [[arn, why]]))),
    registeredByOthers: Object.fromEntries(
      groups.flatMap((arn) => {
        const key = Object.keys(tags.get(arn) ?? {}).find((tag) =>
          /^(elbv2\.k8s\.aws|service\.k8s\.aws|kubernetes\.io)\//.test(tag),
        );
        return key === undefined ? [] : [[arn, `Kubernetes registers the targets (tag ${key})`]];
      }),
    ),
  };
}

/** What a spec has no form for at all. Settings that it cannot say show in the plan, which is asked before anything is written. */
function whyNotBalancer(
  { Type, AvailabilityZones = [] }: LoadBalancer,
  listeners: readonly Listener[],
): string | undefined {
  if (Type !== "network") return `it is a load balancer of type ${Type}`;
  const addresses = AvailabilityZones.flatMap(({ LoadBalancerAddresses = [] }) => LoadBalancerAddresses);
  const fixed = addresses.find(({ AllocationId, PrivateIPv4Address }) => AllocationId ?? PrivateIPv4Address);
  if (fixed)
    return `it has addresses of its own (${fixed.AllocationId ?? fixed.PrivateIPv4Address}), which a spec cannot say`;
  if (listeners.length === 0) return "it has no listener, and a spec says at least one";
  const odd = listeners.find((one) => forwardsTo(one).length !== 1);
  if (odd) return `its listener on port ${odd.Port} does not send to one target group alone, which a spec cannot say`;
  const seen = new Map<string, number | undefined>();
  for (const listener of listeners) {
    const [group = ""] = forwardsTo(listener);
    if (seen.has(group))
      return `its listeners on ports ${seen.get(group)} and ${listener.Port} share a target group, and a spec gives each its own`;
    seen.set(group, listener.Port);
  }
  return undefined;
}

/** The security groups of the endpoints: one alone that nothing else uses may become ours. */
async function surveyGroups(reads: Reads, endpoints: readonly VpcEndpoint[]): Promise<Hanging> {
  const ids = [...new Set(endpoints.flatMap(groupIdsOf))].sort();
  if (ids.length === 0) return { adopt: [], referOnly: {} };
  const filter = (Name: string) => [{ Name, Values: ids }];
  const [groups, interfaces] = await Promise.all([
    reads.securityGroups(filter("group-id")),
    reads.networkInterfaces(filter("group-id")),
  ]);
  const whys = groups.map((group): [string, string | undefined] => {
    const id = group.GroupId ?? "";
    const users = endpoints.filter((endpoint) => groupIdsOf(endpoint).includes(id));
    const theirs = new Set(users.flatMap(({ NetworkInterfaceIds = [] }) => NetworkInterfaceIds));
    const others = interfaces.filter(
      ({ Groups = [], NetworkInterfaceId = "" }) =>
        Groups.some(({ GroupId }) => GroupId === id) && !theirs.has(NetworkInterfaceId),
    );
    return [id, whyNotGroup(reads, group, users, others.length)];
  });
  return {
    adopt: whys.flatMap(([id, why]) => (why === undefined ? [id] : [])),
    referOnly: Object.fromEntries(whys.flatMap(([id, why]) => (why === undefined ? [] : [[id, why]]))),
  };
}

const groupIdsOf = ({ Groups = [] }: VpcEndpoint): string[] => Groups.flatMap(({ GroupId }) => GroupId ?? []);

function whyNotGroup(
  reads: Reads,
  { GroupName, VpcId, Tags }: SecurityGroup,
  users: readonly VpcEndpoint[],
  others: number,
): string | undefined {
  const mark = owned(reads, plainTags(Tags));
  if (mark !== undefined) return mark;
  if (GroupName === "default") return `it is the default group of ${VpcId}`;
  if (users.length > 1) return `it is shared by ${users.length} endpoints`;
  if (others > 0) return `it is shared with ${others} network interface${others === 1 ? "" : "s"} of others`;
  const beside = Math.max(...users.map((endpoint) => groupIdsOf(endpoint).length)) - 1;
  return beside > 0
    ? `the endpoint has ${beside} other group${beside === 1 ? "" : "s"} beside it, and a spec manages one alone`
    : undefined;
}

/** What a survey reads besides what kinds and facts declare. */
export const surveyActions: readonly string[] = ["ec2:DescribeNetworkInterfaces"];
