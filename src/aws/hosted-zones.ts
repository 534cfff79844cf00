import type { HostedZone, ResourceRecordSet, VPC } from "@aws-sdk/client-route-53";
import { ChangeTagsForResourceCommand } from "@aws-sdk/client-route-53";
import type { Tags } from "../model.ts";
import { isAdoptee, ownerOf } from "./adoption.ts";
import type { Aws } from "./aws.ts";
import { connectionOf, type Ownership, ownershipOf, tagChanges, tagList, tagsOfMark } from "./ownership.ts";
import { plainName, plainZoneId, type Reads } from "./reads.ts";
import { type Mark, markedName, parseMark, valuesOf } from "./records.ts";
import { isPrivate } from "./zones.ts";

/** A private hosted zone of ours. */
export interface OwnedZone {
  readonly id: string;
  /** Lower case, no trailing dot. */
  readonly name: string;
  readonly owner: Ownership;
  readonly tags: Tags;
}

/**
 * A zone gets its tags in a call of its own, after it was made. For the case that a run ends in between, the comment says the same from the
 * beginning, and the caller reference, which nobody can change and every list shows, that it is one of Landline's.
 */
const REFERENCE = "landline-";

/** What a creation is recognised by: at most 128 characters. */
export const zoneReference = (token: string): string => `${REFERENCE}${token}`;

/** The mark as a comment: at most 256 characters. */
export const zoneComment = (project: string, address: string): string =>
  `heritage=landline,project=${project},address=${address}`;

/**
 * Our private zones within the scope. Tags are asked only of zones that Landline has made, that a spec adopts, or that are called like one that
 * a spec wants; so an account without any costs no call. A run limited to some connections looks only for what they want.
 */
export async function ownedZones(reads: Reads): Promise<OwnedZone[]> {
  const { connections, hostedZones = [] } = reads.wanted;
  if (connections && hostedZones.length === 0) return [];
  const names = new Set(hostedZones.map(({ name }) => name));
  const candidates = (await reads.hostedZones()).filter(isPrivate).filter((zone) => {
    const isNamed = names.has(plainName(zone.Name)) || isAdoptee(reads, plainZoneId(zone.Id));
    return isNamed || (isOfLandline(zone) && isInScope(commentMark(zone), connections));
  });
  if (candidates.length === 0) return [];
  const tags = await reads.hostedZoneTags(candidates.map(({ Id }) => plainZoneId(Id)));
  return candidates.flatMap((zone) => {
    const its = tags.get(plainZoneId(zone.Id));
    const owned = its && toOwned(reads, zone, its);
    return owned && isInScope(owned.owner, connections) ? [owned] : [];
  });
}

/** One zone with the tags that it has now, whosever it is. */
export async function zoneNow(reads: Reads, id: string): Promise<Omit<OwnedZone, "owner"> | undefined> {
  const zone = await reads.hostedZone(id);
  if (!zone) return undefined;
  const tags = (await reads.hostedZoneTags([id])).get(id);
  // Deleted between the two calls.
  if (!tags) return undefined;
  return toOwned(reads, zone, tags) ?? { id, name: plainName(zone.Name), tags };
}

const isOfLandline = ({ CallerReference = "" }: HostedZone): boolean => CallerReference.startsWith(REFERENCE);

const isInScope = (mark: Mark | undefined, connections: readonly string[] | undefined): boolean =>
  connections === undefined || (mark !== undefined && connections.includes(connectionOf(mark.address)));

const commentMark = ({ Config }: HostedZone): Mark | undefined => parseMark([Config?.Comment ?? ""]);

function toOwned(reads: Reads, zone: HostedZone, tags: Tags): OwnedZone | undefined {
  const [id, name] = [plainZoneId(zone.Id), plainName(zone.Name)];
  const isUntagged = !Object.keys(tags).some((key) => key.startsWith("landline:"));
  const mark = isUntagged && isOfLandline(zone) ? commentMark(zone) : undefined;
  if (mark?.project === reads.project) {
    const owner = { ...mark, connection: connectionOf(mark.address), protect: false };
    return { id, name, owner, tags: { ...tags, ...tagsOfMark(mark) } };
  }
  const owner = ownershipOf(tags) ?? ownerOf(reads, id, tags);
  return owner?.project === reads.project ? { id, name, owner, tags } : undefined;
}

/** A VPC as attributes hold it: `us-east-1/vpc-0a1b2c3d4e5f60001`. */
export const plainVpc = ({
  VPCRegion = "",
  VPCId = "",
}: {
  VPCRegion?: string | undefined;
  VPCId?: string | undefined;
}) => `${VPCRegion}/${VPCId}`;

/** And back. */
export function vpcOf(text: string): VPC {
  const [VPCRegion = "", VPCId = ""] = text.split("/");
  return { VPCRegion: VPCRegion as NonNullable<VPC["VPCRegion"]>, VPCId };
}

/** The VPCs of other accounts that specs associate with the zone at an address. */
export const guestsOf = ({ wanted }: Reads, address: string): readonly string[] =>
  (wanted.hostedZones ?? []).find((zone) => zone.address === address)?.guests ?? [];

/** Gives a zone all wanted tags, in one call: what it shows of them may be what its comment says. Tags of others stay. */
export async function retagZone(aws: Aws, ResourceId: string, live: Tags, wanted: Tags): Promise<void> {
  const { drop } = tagChanges(live, wanted);
  await aws.route53.send(
    new ChangeTagsForResourceCommand({
      ResourceType: "hostedzone",
      ResourceId,
      AddTags: tagList(wanted),
      ...(drop.length > 0 ? { RemoveTagKeys: [...drop] } : {}),
    }),
  );
}

/**
 * What stands in a zone of ours and is neither ours nor the zone's own NS and SOA, `NAME TYPE` each: a zone with such records is nothing to
 * delete.
 */
export function strangersIn(
  project: string,
  { name: zoneName }: Pick<OwnedZone, "name">,
  sets: readonly ResourceRecordSet[],
): string[] {
  const marked = new Set<string>();
  for (const set of sets) {
    const at = markedName(plainName(set.Name));
    if (at !== undefined && set.Type === "TXT" && valuesOf(set).some((value) => isOurs(project, value))) marked.add(at);
  }
  return sets
    .filter((set) => {
      const name = plainName(set.Name);
      if (name === zoneName && (set.Type === "NS" || set.Type === "SOA")) return false;
      if (set.Type === "TXT")
        return markedName(name) === undefined
          ? !marked.has(textMarkOf(name))
          : !valuesOf(set).every((value) => isOurs(project, value));
      return !(["A", "AAAA", "CNAME"].includes(set.Type ?? "") && marked.has(name));
    })
    .map((set) => `${plainName(set.Name)} ${set.Type}`)
    .sort();
}

const isOurs = (project: string, value: string): boolean => parseMark([value])?.project === project;

/** The name beside whose own mark that of its TXT record lies: a name may have an address and a text of ours. */
export const textMarkOf = (name: string): string => `_txt.${name}`;
