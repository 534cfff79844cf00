import type { Change, ResourceRecordSet, RRType } from "@aws-sdk/client-route-53";
import { adoptedAt } from "../aws/adoption.ts";
import type { Aws } from "../aws/aws.ts";
import { ownedZones } from "../aws/hosted-zones.ts";
import { connectionOf, tagsOfMark } from "../aws/ownership.ts";
import { plainName, plainZoneId, type Reads, recordsAt } from "../aws/reads.ts";
import { isFree, isMarked, type Place, placesOf, readPlace } from "../aws/record-place.ts";
import {
  alreadyExists,
  changeRecords,
  isInSync,
  markName,
  markValue,
  parseMark,
  valuesOf,
  wasNotFound,
} from "../aws/records.ts";
import { txtChanges } from "../aws/txt.ts";
import type { Json, Live, Obstacle, Tags } from "../model.ts";
import {
  flag,
  type Kind,
  type LiveAttributes,
  RefusedError,
  type Resolved,
  type ResolvedAttributes,
  set,
  sorted,
  tags,
  text,
  touchesTags,
  zoneKey,
} from "./kind.ts";

/** The alias records of one name, A and AAAA together with their mark. */
export const dnsRecordKind: Kind<"dns-record"> = {
  name: "dns-record",
  rules: {
    zoneId: text("replace"),
    name: text("replace"),
    types: set("update"),
    targetDnsName: text("update", { changed: "moves-dns" }),
    targetZoneId: text("update"),
    evaluateTargetHealth: flag("update"),
    tags: tags(),
  },
  orphan: "delete",
  actions: {
    read: ["route53:ListHostedZones", "route53:ListResourceRecordSets", "route53:ListTagsForResources"],
    write: ["route53:ChangeResourceRecordSets", "route53:GetChange"],
  },
  deadlineSeconds: 300,

  async list(reads) {
    const zones = new Set((await ownedZones(reads)).map(({ id }) => id));
    const places = await placesInScope(reads, zones);
    const ours = new Map(places.map((place) => [place, addressOf(reads, place)]));
    return {
      live: [...ours].flatMap(([place, address]) =>
        address === undefined ? [] : [toLive({ address, target: reads.target }, place)],
      ),
      obstacles: places.filter((place) => !ours.get(place) && isInTheWay(reads, place, zones)).map(toObstacle),
    };
  },

  async look(reads, { id, address, formerly }) {
    const [zoneId = "", ...name] = id.split("/");
    const place = await readPlace(zoneId, name.join("/"), reads.recordsAt);
    const ours = isMarked(place, { project: reads.project, address }) || isAdopted(reads, place, address);
    if (ours) return toLive({ address, target: reads.target }, place);
    if (formerly === undefined || !isMarked(place, { project: reads.project, address: formerly })) return undefined;
    return { ...toLive({ address, target: reads.target }, place), formerly };
  },

  async seek(reads, { address, attributes: { zoneId, name } }) {
    const place = await readPlace(zoneId, name, reads.recordsAt);
    if (isMarked(place, { project: reads.project, address }))
      return { live: toLive({ address, target: reads.target }, place) };
    return isFree(place) ? undefined : { obstacle: toObstacle(place) };
  },

  async create(aws, wanted) {
    const { zoneId, name } = wanted.attributes;
    const nothing: Place = { zoneId, name, records: [], markSets: [], mark: undefined };
    try {
      await changeRecords(aws, zoneId, changesTo(nothing, wanted));
    } catch (error) {
      if (!alreadyExists(error)) throw error;
      // Either our own earlier try got through and its answer was lost, or somebody else was faster.
      await converge(aws, wanted, isFree);
    }
    return `${zoneId}/${name}`;
  },

  async update(aws, live, wanted, touched) {
    // Only a plan that says so adopts a record; and only one that is still nobody's.
    const adopts = touchesTags(touched) && Object.keys(live.attributes.tags as Tags).length === 0;
    const { formerly } = live;
    const isRenamed = (place: Place) => formerly !== undefined && isMarked(place, { ...wanted, address: formerly });
    return converge(aws, wanted, (place) => (adopts && !place.mark) || isRenamed(place), formerly);
  },

  async remove(aws, live) {
    try {
      await changeRecords(aws, String(live.attributes.zoneId), removal(await placeOf(aws, live), live));
    } catch (error) {
      if (!wasNotFound(error) || removal(await placeOf(aws, live), live).length > 0) throw error;
    }
  },

  // Resolvers ask the name servers, which have a change within a minute; only the end of an old endpoint has to wait for that.
  progress: () => ({ is: "ready" }),
  isEverywhere: isInSync,

  retryRemoveOn: [],
  serialBy: zoneKey,
};

/** A full run goes through every zone of the account; a limited one asks only for the names that its specs want, and looks into zones of ours. */
async function placesInScope(reads: Reads, ours: ReadonlySet<string>): Promise<Place[]> {
  const { connections, records } = reads.wanted;
  const whole = connections ? [...ours] : (await reads.hostedZones()).map(({ Id }) => plainZoneId(Id));
  const named = connections ? records.filter(({ zoneId }) => !ours.has(zoneId)) : [];
  const places = await Promise.all([
    ...named.map(async ({ zoneId, name }) => [await readPlace(zoneId, name, reads.recordsAt)]),
    ...whole.map(async (id) => placesOf(id, await reads.records(id))),
  ]);
  return places.flat();
}

/**
 * The address of a place that is ours or that a spec adopts. A mark with `/dns/` in its address is of this kind; the proof of a private DNS
 * name has a mark as well.
 */
function addressOf(reads: Reads, place: Place): string | undefined {
  const { project, wanted } = reads;
  const { mark, records } = place;
  if (!mark) return records.length > 0 ? adoptedAt(reads, idOf(place)) : undefined;
  if (mark.project !== project || !mark.address.split("/").includes("dns")) return undefined;
  return (wanted.connections?.includes(connectionOf(mark.address)) ?? true) ? mark.address : undefined;
}

const isAdopted = (reads: Reads, place: Place, address: string): boolean =>
  !place.mark && addressOf(reads, place) === address;

const idOf = ({ zoneId, name }: Place): string => `${zoneId}/${name}`;

/** Of a zone of ours nobody knows the id before it is there, so all that stands in it is told. */
const isInTheWay = ({ wanted }: Reads, place: Place, ours: ReadonlySet<string>): boolean =>
  !isFree(place) &&
  (ours.has(place.zoneId) || wanted.records.some(({ zoneId, name }) => zoneId === place.zoneId && name === place.name));

const toObstacle = ({ zoneId, name, mark }: Place): Obstacle => ({
  kind: "dns-record",
  place: `${zoneId}/${name}`,
  id: `${zoneId}/${name}`,
  ...(mark ? { project: mark.project } : {}),
});

/** Reads afresh, makes sure that the name is ours to change, and sends what is missing; nothing when all is as wanted. */
async function converge(
  aws: Aws,
  wanted: Resolved<"dns-record">,
  mayTake: (place: Place) => boolean,
  formerly?: string,
): Promise<string | undefined> {
  const { zoneId, name } = wanted.attributes;
  const place = await readPlace(zoneId, name, (zone, at) => recordsAt(aws, zone, at));
  if (!isMarked(place, wanted) && !mayTake(place)) throw notOurs(place);
  return changeRecords(aws, zoneId, changesTo(place, wanted, formerly));
}

function notOurs({ zoneId, name, mark, records }: Place): RefusedError {
  const found = records.map(({ Type }) => Type).join(", ") || "no address record";
  const whose = mark ? `the mark of ${mark.address} of project ${mark.project}` : "no mark of Landline";
  return new RefusedError(
    "NotOurs",
    `${name} in zone ${zoneId} is not ours to change: it has ${found} and ${whose}. Nothing was changed there; remove it or choose another name`,
  );
}

/** One batch from what stands at the place to what is wanted. Deletes repeat the exact values that were read, as Route 53 demands. */
function changesTo({ records, markSets }: Place, wanted: Resolved<"dns-record">, formerly?: string): Change[] {
  const { attributes } = wanted;
  const isKept = (set: ResourceRecordSet) => attributes.types.includes(set.Type ?? "") && isPlainAlias(set);
  const gone = records.filter((set) => !isKept(set));
  const puts = attributes.types.flatMap((type): Change[] => {
    const present = records.find((set) => set.Type === type && isKept(set));
    if (present && pointsTo(present, attributes)) return [];
    return [{ Action: present ? "UPSERT" : "CREATE", ResourceRecordSet: aliasSet(type, attributes) }];
  });
  const drop = (value: string) => formerly !== undefined && value === markValue(wanted.project, formerly);
  const mark = { name: markName(attributes.name), add: markValue(wanted.project, wanted.address), drop };
  return [...gone.map(deletionOf), ...puts, ...txtChanges([mark], markSets)];
}

const deletionOf = (set: ResourceRecordSet): Change => ({ Action: "DELETE", ResourceRecordSet: set });

/** Not one of several weighted or otherwise chosen sets of the same name and type. */
const isPlainAlias = ({ AliasTarget, SetIdentifier }: ResourceRecordSet): boolean =>
  AliasTarget !== undefined && SetIdentifier === undefined;

const pointsTo = ({ AliasTarget }: ResourceRecordSet, wanted: ResolvedAttributes<"dns-record">): boolean =>
  plainName(AliasTarget?.DNSName) === wanted.targetDnsName &&
  plainZoneId(AliasTarget?.HostedZoneId) === wanted.targetZoneId &&
  AliasTarget?.EvaluateTargetHealth === wanted.evaluateTargetHealth;

const aliasSet = (type: string, wanted: ResolvedAttributes<"dns-record">): ResourceRecordSet => ({
  Name: wanted.name,
  Type: type as RRType,
  AliasTarget: {
    HostedZoneId: wanted.targetZoneId,
    DNSName: wanted.targetDnsName,
    EvaluateTargetHealth: wanted.evaluateTargetHealth,
  },
});

const placeOf = (aws: Aws, { attributes }: Live<"dns-record">): Promise<Place> =>
  readPlace(String(attributes.zoneId), String(attributes.name), (zone, at) => recordsAt(aws, zone, at));

/** Nothing when the mark is gone or has become another resource's: then there is nothing of ours left to delete. */
function removal(
  { name, records, markSets, mark }: Place,
  { address, formerly = address }: Live<"dns-record">,
): Change[] {
  if (mark?.address !== address && mark?.address !== formerly) return [];
  const unmark = { name: markName(name), drop: (value: string) => parseMark([value])?.address === mark.address };
  return [...records.map(deletionOf), ...txtChanges([unmark], markSets)];
}

function toLive({ address, target }: Pick<Live, "address" | "target">, place: Place): Live<"dns-record"> {
  const { zoneId, name, records, mark } = place;
  const attributes: LiveAttributes<"dns-record"> = {
    zoneId,
    name,
    types: sorted(records.map(({ Type }) => Type)),
    targetDnsName: sorted(records.map(targetOf)).join(", "),
    targetZoneId: sorted(records.map(({ AliasTarget }) => plainZoneId(AliasTarget?.HostedZoneId))).join(", "),
    evaluateTargetHealth: agreed(records.map(({ AliasTarget }) => AliasTarget?.EvaluateTargetHealth ?? null)),
    tags: tagsOfMark(mark),
  };
  return {
    kind: "dns-record",
    address,
    connection: connectionOf(address),
    target,
    id: idOf(place),
    attributes,
    outputs: {},
    // A record has no tags, so its mark does not say it; the resources that the connection consists of do.
    protect: false,
  };
}

/** Where a set points, in words that no spec can want when it is no plain alias: so it counts as drift. */
function targetOf(set: ResourceRecordSet): string {
  const target = set.AliasTarget ? plainName(set.AliasTarget.DNSName) : `values ${valuesOf(set).join(" ")}`;
  return set.SetIdentifier === undefined ? target : `${target} (set ${set.SetIdentifier})`;
}

/** What all say; null when they disagree or there is none. */
const agreed = ([first = null, ...rest]: readonly Json[]): Json =>
  rest.every((value) => value === first) ? first : null;
