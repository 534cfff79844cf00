import {
  AddTagsCommand,
  type Listener,
  type LoadBalancer,
  RemoveTagsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Tags } from "../model.ts";
import { adoptedIds, ownerOf } from "./adoption.ts";
import type { Aws } from "./aws.ts";
import { type Ownership, tagChanges } from "./ownership.ts";
import type { Reads } from "./reads.ts";
import { ownedServices } from "./services.ts";

/** A load balancer, target group or listener with its tags, which ELBv2 tells only in a call of their own. */
export interface Tagged<T> {
  readonly item: T;
  readonly arn: string;
  readonly tags: Tags;
  readonly owner: Ownership | undefined;
}
/** One that is ours and within the scope of the run. */
export interface Owned<T> extends Tagged<T> {
  readonly owner: Ownership;
}
export interface ByMark<T> {
  readonly ours: readonly Owned<T>[];
  readonly others: readonly Tagged<T>[];
}

/** Tells ours from others by their tags. An object without an answer about its tags was deleted meanwhile and is left out. */
export async function byMark<T>(reads: Reads, items: readonly T[], arnOf: (item: T) => string): Promise<ByMark<T>> {
  const allTags = await reads.elbTags(items.map(arnOf));
  const tagged = items.flatMap((item): Tagged<T>[] => {
    const arn = arnOf(item);
    const tags = allTags.get(arn);
    return tags ? [{ item, arn, tags, owner: ownerOf(reads, arn, tags) }] : [];
  });
  return {
    ours: tagged.flatMap(({ owner, ...rest }) => (isInScope(reads, owner) ? [{ ...rest, owner }] : [])),
    others: tagged.filter(({ owner }) => !isInScope(reads, owner)),
  };
}

/** Whether a mark is of our project and of a connection that this run looks at. */
function isInScope({ project, wanted }: Reads, owner: Ownership | undefined): owner is Ownership {
  return owner?.project === project && (wanted.connections?.includes(owner.connection) ?? true);
}

export const loadBalancerArn = (balancer: LoadBalancer): string => balancer.LoadBalancerArn ?? "";

/**
 * Load balancers by mark. A full run takes them from the list of the account; a limited one asks for the names that specs want and for
 * those behind our services, so that its cost does not grow with the estate.
 */
export async function loadBalancersByMark(reads: Reads): Promise<ByMark<LoadBalancer>> {
  const { connections, loadBalancerNames } = reads.wanted;
  const found = connections ? await loadBalancersOfScope(reads) : await reads.loadBalancers();
  // A name belongs to one load balancer of the account and Region, of whatever type.
  const relevant = found.filter(
    ({ Type, LoadBalancerName = "" }) => Type === "network" || loadBalancerNames.includes(LoadBalancerName),
  );
  return byMark(reads, relevant, loadBalancerArn);
}

async function loadBalancersOfScope(reads: Reads): Promise<LoadBalancer[]> {
  if (!reads.wanted.provides) return [];
  const services = await ownedServices(reads);
  const attached = new Set([
    ...services.flatMap(({ service }) => service.NetworkLoadBalancerArns ?? []),
    ...adoptedIds(reads, LOAD_BALANCER),
  ]);
  const byArn = await reads.loadBalancersByArn([...attached].sort());
  const seen = new Set(byArn.map(({ LoadBalancerName }) => LoadBalancerName));
  return [...byArn, ...(await reads.loadBalancersByName(unseen(reads.wanted.loadBalancerNames, seen)))];
}

/** What tells the ARN of a Network Load Balancer from those of its listeners and target groups. */
const LOAD_BALANCER = /:loadbalancer\/net\//;

/** The names still to be asked for: each costs a call of its own, and a name has one owner, so those found by ARN need none. */
export const unseen = (names: readonly string[], seen: ReadonlySet<string | undefined>): string[] =>
  names.filter((name) => !seen.has(name));

/** Every listener of our load balancers within the scope. */
export async function listenersOfOurs(reads: Reads): Promise<Listener[]> {
  const { ours } = await loadBalancersByMark(reads);
  return (await Promise.all(ours.map(({ arn }) => reads.listeners(arn)))).flat();
}

/** The target groups that a listener sends to. AWS says a single one in two places. */
export function forwardsTo({ DefaultActions }: Listener): string[] {
  const arns = (DefaultActions ?? []).flatMap(({ TargetGroupArn, ForwardConfig }) => [
    TargetGroupArn,
    ...(ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn),
  ]);
  return [...new Set(arns.flatMap((arn) => arn ?? []))].sort();
}

/** Moves the tags of one ELBv2 object; new and changed ones first, so that the object is never without a mark. */
export async function retagElb(aws: Aws, arn: string, live: Tags, wanted: Tags): Promise<void> {
  const { put, drop } = tagChanges(live, wanted);
  if (put.length > 0) await aws.elbv2.send(new AddTagsCommand({ ResourceArns: [arn], Tags: [...put] }));
  if (drop.length > 0) await aws.elbv2.send(new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: [...drop] }));
}

/** What a Live object of ours has in common, whatever its kind. */
export const belongings = ({ target }: Reads, { arn, owner }: Owned<unknown>) => ({
  address: owner.address,
  connection: owner.connection,
  target,
  id: arn,
  protect: owner.protect,
});

/** What an object that is not ours tells about itself. */
export const strangerAt = (place: string, { arn, owner }: Tagged<unknown>) => ({
  place,
  id: arn,
  ...(owner ? { project: owner.project } : {}),
});

/** Which of the objects at a place is the one of this address, or else the one that is in its way. */
export function standing<T>(
  { ours, others }: ByMark<T>,
  address: string,
): { readonly own?: Owned<T>; readonly stranger?: Tagged<T> } {
  const own = ours.find(({ owner }) => owner.address === address);
  if (own) return { own };
  const [stranger] = [...ours, ...others];
  return stranger ? { stranger } : {};
}
