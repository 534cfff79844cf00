import type { Attributes, Change, Desired, Finding, KindName } from "../../model.ts";
import { groupBy } from "../collections.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";

/**
 * Limits that AWS tells nobody through the calls that we make: its documented defaults (VPC and PrivateLink quotas in AWS's guides). An account
 * may have more, so what goes beyond them is refused until somebody acknowledges it.
 */
export const DEFAULT_LIMITS = {
  endpointsPerVpc: 50,
  rulesPerSecurityGroup: 60,
  securityGroupsPerInterface: 5,
  tagsPerZone: 10,
} as const;

/** What a plan would leave beyond a limit, told before the first write: what, where, how many, the limit, what to do. */
export function quotaFindings(
  desired: readonly Desired[],
  changes: readonly Change[],
  cloud: SnapshotIndex,
): Finding[] {
  const changing = new Set(changes.filter(({ action }) => action !== "delete").map(({ address }) => address));
  const touched = desired.filter(({ address }) => changing.has(address));
  return [
    ...perRegion(changes, cloud, "load-balancer", "network-load-balancers", "network load balancers"),
    ...perRegion(changes, cloud, "target-group", "target-groups", "target groups"),
    ...listenersPerBalancer(desired, changing, cloud),
    ...targetsPerGroup(touched, cloud),
    ...targetsPerBalancer(desired, changing, cloud),
    ...endpointsPerVpc(changes, cloud),
    ...rulesPerGroup(touched),
    ...groupsPerInterface(touched),
    ...tagsPerZone(touched),
  ];
}

const isKind =
  <K extends KindName>(kind: K) =>
  (one: Desired): one is Desired<K> =>
    one.kind === kind;

const limitOf = (cloud: SnapshotIndex, target: string, name: string) =>
  cloud.target(target)?.limits?.find((limit) => limit.name === name);

const placeOf = (cloud: SnapshotIndex, target: string): string => {
  const seen = cloud.target(target);
  return `account ${seen?.account}, ${seen?.region}`;
};

const beyond = (
  { connection, address, at }: Pick<Desired, "connection" | "address" | "at">,
  id: string,
  message: string,
): Finding => ({ id, severity: "error", connection, address, message, at });

/** The limit is only a default: somebody who has more may say so. */
const beyondDefault = (
  wanted: Pick<Desired, "connection" | "address" | "at">,
  id: string,
  message: string,
): Finding => ({
  ...beyond(
    wanted,
    id,
    `${message}. That is AWS's default; where it has been raised, say so under acknowledge: {finding: ${id}, reason: "..."}`,
  ),
  waivable: true,
});

/** Replacements stand beside what they replace for a while, so they count in full. The first ones fit, in the order of their addresses. */
function perRegion(
  changes: readonly Change[],
  cloud: SnapshotIndex,
  kind: KindName,
  name: string,
  words: string,
): Finding[] {
  const made = changes.filter((change) => change.kind === kind && ["create", "replace"].includes(change.action));
  return [...groupBy(made, ({ target }) => target)].flatMap(([target, here]) => {
    const { limit, used = 0 } = limitOf(cloud, target, name) ?? {};
    if (limit === undefined) return [];
    const sorted = [...here].sort((a, b) => (a.address < b.address ? -1 : 1));
    return sorted
      .slice(Math.max(0, limit - used))
      .flatMap(({ desired }) =>
        desired
          ? [
              beyond(
                desired,
                `quota.${name}`,
                `${placeOf(cloud, target)} has ${used} of at most ${limit} ${words}, and this plan makes ${here.length} more; ${desired.address} would be beyond. Delete some, or have AWS raise the quota "${name}" of Elastic Load Balancing`,
              ),
            ]
          : [],
      );
  });
}

function listenersPerBalancer(
  desired: readonly Desired[],
  changing: ReadonlySet<string>,
  cloud: SnapshotIndex,
): Finding[] {
  const listeners = groupBy(desired.filter(isKind("listener")), ({ attributes }) => refOf(attributes.loadBalancerArn));
  return desired.filter(isKind("load-balancer")).flatMap((balancer) => {
    const own = listeners.get(balancer.address) ?? [];
    const { limit } = limitOf(cloud, balancer.target, "listeners-per-network-load-balancer") ?? {};
    const isTouched = own.some(({ address }) => changing.has(address));
    if (limit === undefined || own.length <= limit || !isTouched) return [];
    const message = `${balancer.address} is to have ${own.length} listeners; a load balancer has at most ${limit} in ${placeOf(cloud, balancer.target)}. Give some of them to another load balancer`;
    return [beyond(balancer, "quota.listeners", message)];
  });
}

const refOf = (id: Attributes["listener"]["loadBalancerArn"]): string => (typeof id === "string" ? id : id.ref);

function targetsPerGroup(touched: readonly Desired[], cloud: SnapshotIndex): Finding[] {
  return touched.filter(isKind("target-group")).flatMap((group) => {
    const count = group.attributes.targets?.length ?? 0;
    const { limit } = limitOf(cloud, group.target, "targets-per-target-group") ?? {};
    if (limit === undefined || count <= limit) return [];
    const message = `${group.address} is to have ${count} targets; a target group has at most ${limit} in ${placeOf(cloud, group.target)}. Take some away, or have AWS raise the quota "targets-per-target-group" of Elastic Load Balancing`;
    return [beyond(group, "quota.targets", message)];
  });
}

/** With cross-zone balancing every zone may send to every target, so the limit of one zone holds for all of them. */
function targetsPerBalancer(
  desired: readonly Desired[],
  changing: ReadonlySet<string>,
  cloud: SnapshotIndex,
): Finding[] {
  const groups = new Map(desired.filter(isKind("target-group")).map((group) => [group.address, group]));
  const behind = groupBy(desired.filter(isKind("listener")), ({ attributes }) => refOf(attributes.loadBalancerArn));
  return desired.filter(isKind("load-balancer")).flatMap((balancer) => {
    const own = (behind.get(balancer.address) ?? []).flatMap(
      ({ attributes }) => groups.get(refOf(attributes.targetGroupArn)) ?? [],
    );
    const count = own.reduce((sum, { attributes }) => sum + (attributes.targets?.length ?? 0), 0);
    const name = balancer.attributes.crossZone
      ? "targets-per-availability-zone-per-network-load-balancer"
      : "targets-per-network-load-balancer";
    const { limit } = limitOf(cloud, balancer.target, name) ?? {};
    const isTouched = [balancer, ...own].some(({ address }) => changing.has(address));
    if (limit === undefined || count <= limit || !isTouched) return [];
    const why = balancer.attributes.crossZone ? " with crossZone" : "";
    const message = `${balancer.address} is to have ${count} targets; a load balancer${why} has at most ${limit} in ${placeOf(cloud, balancer.target)}. Give some of them to another load balancer, or have AWS raise the quota "${name}" of Elastic Load Balancing`;
    return [beyond(balancer, "quota.targets-per-load-balancer", message)];
  });
}

/** Counts ours only: of what others have in the VPC nothing is known, so AWS may refuse even earlier. */
function endpointsPerVpc(changes: readonly Change[], cloud: SnapshotIndex): Finding[] {
  const most = DEFAULT_LIMITS.endpointsPerVpc;
  const vpcOf = (target: string, vpcId: unknown) => `${target} ${String(vpcId)}`;
  const live = groupBy(
    cloud.live.filter(({ kind, state }) => kind === "vpc-endpoint" && state !== "deleted"),
    ({ target, attributes }) => vpcOf(target, attributes.vpcId),
  );
  const made = changes
    .filter(({ action }) => action === "create" || action === "replace")
    .flatMap(({ desired }) => (desired && isKind("vpc-endpoint")(desired) ? [desired] : []))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  return [...groupBy(made, ({ target, attributes }) => vpcOf(target, attributes.vpcId))].flatMap(([vpc, here]) => {
    const there = live.get(vpc)?.length ?? 0;
    return here.slice(Math.max(0, most - there)).map((endpoint) => {
      const { vpcId } = endpoint.attributes;
      const message = `${vpcId} (${placeOf(cloud, endpoint.target)}) has ${there} endpoints of ours, and this plan makes ${here.length} more; ${endpoint.address} would be beyond the ${most} that a VPC may have. Delete some, or have AWS raise the quota of interface endpoints per VPC (L-29B6F2EB)`;
      return beyondDefault(endpoint, "quota.endpoints", message);
    });
  });
}

function rulesPerGroup(touched: readonly Desired[]): Finding[] {
  const most = DEFAULT_LIMITS.rulesPerSecurityGroup;
  return touched.filter(isKind("security-group")).flatMap((group) => {
    // AWS counts the rules for IPv4 and IPv6 sources apart; a rule of another source counts for both.
    const families = [/ from [0-9a-f]*:/, / from [0-9]+\./].map(
      (other) => group.attributes.ingress.filter((rule) => !other.test(rule)).length,
    );
    const count = Math.max(...families);
    if (count <= most) return [];
    const message = `${group.address} is to have ${count} inbound rules; a security group has at most ${most} for each address family. Merge ranges or ports, or have AWS raise the quota of inbound rules per security group`;
    return [beyondDefault(group, "quota.rules", message)];
  });
}

function groupsPerInterface(touched: readonly Desired[]): Finding[] {
  const most = DEFAULT_LIMITS.securityGroupsPerInterface;
  return touched.filter(isKind("vpc-endpoint")).flatMap((endpoint) => {
    const count = endpoint.attributes.securityGroupIds.length;
    if (count <= most) return [];
    const message = `${endpoint.address} is to have ${count} security groups; a network interface has at most ${most}. Merge groups, or have AWS raise the quota of security groups per network interface`;
    return [beyondDefault(endpoint, "quota.security-groups", message)];
  });
}

/** AWS raises this one for nobody. */
function tagsPerZone(touched: readonly Desired[]): Finding[] {
  const most = DEFAULT_LIMITS.tagsPerZone;
  return touched.filter(isKind("hosted-zone")).flatMap((zone) => {
    const count = Object.keys(zone.attributes.tags).length;
    if (count <= most) return [];
    const message = `${zone.address} is to have ${count} tags, those of the project file among them; a hosted zone has at most ${most}. Take some out of the project's tags`;
    return [beyond(zone, "quota.zone-tags", message)];
  });
}
