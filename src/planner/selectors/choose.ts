import type {
  SecurityGroupFact,
  SubnetFact,
  Tags,
  TargetSnapshot,
  VpcFact,
  ZoneChoice,
  ZoneFact,
} from "../../model.ts";
import { compareText } from "../collections.ts";
import type { EndpointSpec, SecurityGroupReferenceSpec } from "../specs/connection.generated.ts";
import type { Path } from "../specs/index.ts";
import { carries, vpcChoice } from "./choices.ts";

/** Where choosing looks, and whom it tells when there is not just one thing to choose. */
export interface Chooser {
  readonly target: string;
  /** Absent: the target was not read. */
  readonly seen: TargetSnapshot | undefined;
  refuse(id: string, message: string, at: Path): void;
}

/** Stands for an id that could not be chosen; the connection is refused and left alone. */
export const UNKNOWN = "";

/** So many candidates are listed; more would hide the message. */
const LISTED = 8;

export function chooseVpc(chooser: Chooser, vpc: EndpointSpec["vpc"], path: Path): string {
  const choice = vpcChoice(vpc);
  if (typeof choice === "string") return choice;
  const all = chooser.seen?.vpcs ?? [];
  const wish = typeof vpc === "object" && "name" in vpc ? named(vpc.name) : carrying(choice.tags);
  const found = all.filter(({ tags }) => carries(tags, choice.tags));
  return theOnly(chooser, { sort: ["VPC", "VPCs"], wish, found, all, describe: describeVpc(choice.tags) }, path);
}

/** All subnets with the tags. That there is one for each zone is told where the zones of all subnets are looked at. */
export function chooseSubnets(
  chooser: Chooser,
  subnets: EndpointSpec["subnets"],
  ownVpc: string | undefined,
  path: Path,
): string[] {
  if (Array.isArray(subnets)) return subnets;
  const vpcId = subnets.vpc === undefined ? ownVpc : chooseVpc(chooser, subnets.vpc, [...path, "vpc"]);
  if (vpcId === UNKNOWN) return [];
  const all = (chooser.seen?.subnets ?? []).filter((subnet) => subnet.tags && (vpcId ?? subnet.vpcId) === subnet.vpcId);
  const found = all.filter(({ tags }) => carries(tags, subnets.tags));
  if (found.length > 0) return found.map(({ id }) => id);
  const [wish, describe] = [carrying(subnets.tags), describeSubnet(subnets.tags)];
  theOnly(chooser, { sort: inVpc("subnet", "subnets", vpcId), wish, found, all, describe }, path);
  return [];
}

export function chooseGroup(
  chooser: Chooser,
  group: SecurityGroupReferenceSpec,
  vpcId: string | undefined,
  path: Path,
): string {
  if (typeof group === "string") return group;
  if (vpcId === UNKNOWN) return UNKNOWN;
  const all = (chooser.seen?.securityGroups ?? []).filter((one) => (vpcId ?? one.vpcId) === one.vpcId);
  const tags = "tags" in group ? group.tags : {};
  const found = all.filter((one) => ("name" in group ? one.name === group.name : carries(one.tags, tags)));
  const wish = "name" in group ? named(group.name) : carrying(tags);
  const sort = inVpc("security group", "security groups", vpcId);
  return theOnly(chooser, { sort, wish, found, all, describe: describeGroup(tags) }, path);
}

export function chooseZone(chooser: Chooser, zone: { readonly id: string } | ZoneChoice, path: Path): string {
  if ("id" in zone) return zone.id;
  const all = chooser.seen?.zones ?? [];
  const kind = zone.private === undefined ? "" : `${kindOf({ private: zone.private })} `;
  const found = all.filter((one) => one.name === zone.name && (zone.private ?? one.private) === one.private);
  const sort = [`${kind}hosted zone`, `${kind}hosted zones`] as const;
  return theOnly(chooser, { sort, wish: named(zone.name), found, all, describe: describeZone }, path);
}

/** Words for one thing and for several. */
type Words = readonly [one: string, several: string];

const named = (name: string): Words => [`is called "${name}"`, `are called "${name}"`];
const carrying = (tags: Tags): Words => [`carries ${tagsText(tags)}`, `carry ${tagsText(tags)}`];
const inVpc = (one: string, several: string, vpcId: string | undefined): Words =>
  vpcId === undefined ? [one, several] : [`${one} of ${vpcId}`, `${several} of ${vpcId}`];

interface Question<T> {
  /** Of what there should be one: `subnet of vpc-0a1b`. */
  readonly sort: Words;
  /** `carries tier=private` */
  readonly wish: Words;
  readonly found: readonly T[];
  /** What there is, whether it fits or not. */
  readonly all: readonly T[];
  readonly describe: (candidate: T) => string;
}

/** The one that fits. Several or none are an error that lists the candidates. */
function theOnly<T extends { readonly id: string }>(
  { target, seen, refuse }: Chooser,
  { sort, wish, found, all, describe }: Question<T>,
  path: Path,
): string {
  const [first, ...more] = found;
  if (first && more.length === 0) return first.id;
  const place = seen
    ? `target ${target} (account ${seen.account}, ${seen.region})`
    : `target ${target}, which was not read,`;
  if (first) {
    const message = `${found.length} ${sort[1]} in ${place} ${wish[1]}, and one is wanted: ${list(found, describe)}. Write the id of the one that is meant`;
    refuse("selector.ambiguous", message, path);
  } else {
    const there = all.length > 0 ? `there are: ${list(all, describe)}` : "there is none to choose from";
    refuse("selector.empty", `no ${sort[0]} in ${place} ${wish[0]}; ${there}. Correct the spec, or write an id`, path);
  }
  return UNKNOWN;
}

function list<T extends { readonly id: string }>(candidates: readonly T[], describe: (candidate: T) => string): string {
  const shown = [...candidates]
    .sort((a, b) => compareText(a.id, b.id))
    .slice(0, LISTED)
    .map(describe);
  const rest = candidates.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

const tagsText = (tags: Tags): string =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .sort(compareText)
    .join(", ");

/** Those of a candidate's tags that were asked for; its name goes before. */
const askedTags = (tags: Tags, asked: Tags): string =>
  tagsText(Object.fromEntries(Object.entries(tags).filter(([key]) => key !== "Name" && key in asked)));

const words = (id: string, ...about: (string | undefined)[]): string => {
  const said = about.filter((word) => word);
  return said.length > 0 ? `${id} (${said.join(", ")})` : id;
};

const describeVpc =
  (asked: Tags) =>
  ({ id, tags }: VpcFact): string =>
    words(id, tags.Name, askedTags(tags, asked));

const describeSubnet =
  (asked: Tags) =>
  ({ id, vpcId, azId, tags = {} }: SubnetFact): string =>
    words(id, tags.Name, vpcId, azId, askedTags(tags, asked));

const describeGroup =
  (asked: Tags) =>
  ({ id, name, vpcId, tags }: SecurityGroupFact): string =>
    words(id, name, vpcId, askedTags(tags, asked));

const describeZone = (zone: ZoneFact): string => words(zone.id, zone.name, kindOf(zone));

const kindOf = (zone: { readonly private: boolean }): string => (zone.private ? "private" : "public");
