import type { Change, ResourceRecordSet, RRType } from "@aws-sdk/client-route-53";
import type { Aws } from "../aws/aws.ts";
import { connectionOf } from "../aws/ownership.ts";
import { plainName, plainZoneId, type Reads, recordsAt } from "../aws/reads.ts";
import { isFree, isMarked, type Place, placesOf, readPlace } from "../aws/record-place.ts";
import { alreadyExists, changeRecords, markName, markValue, parseMark, valuesOf, wasNotFound } from "../aws/records.ts";
import { txtChanges } from "../aws/txt.ts";
import type { Json, Live, Obstacle } from "../model.ts";
import {
  flag,
  type Kind,
  type LiveAttributes,
  RefusedError,
  type Resolved,
  type ResolvedAttributes,
  set,
  sorted,
  text,
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
  },
  orphan: "delete",
  actions: {
    read: ["route53:ListHostedZones", "route53:ListResourceRecordSets"],
    write: ["route53:ChangeResourceRecordSets"],
  },
  deadlineSeconds: 60,

  async list(reads) {
    const places = await placesInScope(reads);
    return {
      live: places.filter((place) => isOurs(reads, place)).map((place) => toLive(reads.target, place)),
      obstacles: places.filter((place) => !isOurs(reads, place) && isInTheWay(reads, place)).map(toObstacle),
    };
  },

  async look(reads, { id, address }) {
    const [zoneId = "", ...name] = id.split("/");
    const place = await readPlace(zoneId, name.join("/"), reads.recordsAt);
    return isMarked(place, { project: reads.project, address }) ? toLive(reads.target, place) : undefined;
  },

  async seek(reads, { address, attributes: { zoneId, name } }) {
    const place = await readPlace(zoneId, name, reads.recordsAt);
    if (isMarked(place, { project: reads.project, address })) return { live: toLive(reads.target, place) };
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
      await converge(aws, wanted, { evenUnmarked: true });
    }
    return `${zoneId}/${name}`;
  },

  async update(aws, _live, wanted) {
    await converge(aws, wanted, { evenUnmarked: false });
  },

  async remove(aws, live) {
    try {
      await changeRecords(aws, String(live.attributes.zoneId), removal(await placeOf(aws, live), live));
    } catch (error) {
      if (!wasNotFound(error) || removal(await placeOf(aws, live), live).length > 0) throw error;
    }
  },

  // Resolvers ask the name servers, which have a change within a minute; nothing that Landline does next needs it there.
  progress: () => ({ is: "ready" }),

  retryRemoveOn: [],
  serialBy: ({ attributes }) => String(attributes.zoneId),
};

/** A full run goes through every zone of the account; a limited one asks only for the names that its specs want. */
async function placesInScope(reads: Reads): Promise<Place[]> {
  if (reads.wanted.connections) {
    return Promise.all(reads.wanted.records.map(({ zoneId, name }) => readPlace(zoneId, name, reads.recordsAt)));
  }
  const zones = (await reads.hostedZones()).map(({ Id }) => plainZoneId(Id));
  return (await Promise.all(zones.map(async (id) => placesOf(id, await reads.records(id))))).flat();
}

/** A mark with `/dns/` in its address is of this kind; the proof of a private DNS name has a mark as well. */
function isOurs({ project, wanted }: Reads, { mark }: Place): boolean {
  if (mark?.project !== project || !mark.address.split("/").includes("dns")) return false;
  return wanted.connections?.includes(connectionOf(mark.address)) ?? true;
}

const isInTheWay = ({ wanted }: Reads, place: Place): boolean =>
  !isFree(place) && wanted.records.some(({ zoneId, name }) => zoneId === place.zoneId && name === place.name);

const toObstacle = ({ zoneId, name, mark }: Place): Obstacle => ({
  kind: "dns-record",
  place: `${zoneId}/${name}`,
  id: `${zoneId}/${name}`,
  ...(mark ? { project: mark.project } : {}),
});

/** Reads afresh, makes sure that the name is ours to change, and sends what is missing; nothing when all is as wanted. */
async function converge(aws: Aws, wanted: Resolved<"dns-record">, { evenUnmarked }: { evenUnmarked: boolean }) {
  const { zoneId, name } = wanted.attributes;
  const place = await readPlace(zoneId, name, (zone, at) => recordsAt(aws, zone, at));
  if (!isMarked(place, wanted) && !(evenUnmarked && isFree(place))) throw notOurs(place);
  await changeRecords(aws, zoneId, changesTo(place, wanted));
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
function changesTo({ records, markSets }: Place, wanted: Resolved<"dns-record">): Change[] {
  const { attributes } = wanted;
  const isKept = (set: ResourceRecordSet) => attributes.types.includes(set.Type ?? "") && isPlainAlias(set);
  const gone = records.filter((set) => !isKept(set));
  const puts = attributes.types.flatMap((type): Change[] => {
    const present = records.find((set) => set.Type === type && isKept(set));
    if (present && pointsTo(present, attributes)) return [];
    return [{ Action: present ? "UPSERT" : "CREATE", ResourceRecordSet: aliasSet(type, attributes) }];
  });
  const mark = { name: markName(attributes.name), add: markValue(wanted.project, wanted.address) };
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
function removal({ name, records, markSets, mark }: Place, { address }: Live<"dns-record">): Change[] {
  if (mark?.address !== address) return [];
  const unmark = { name: markName(name), drop: (value: string) => parseMark([value])?.address === address };
  return [...records.map(deletionOf), ...txtChanges([unmark], markSets)];
}

function toLive(target: string, place: Place): Live<"dns-record"> {
  const { zoneId, name, records, mark } = place;
  const address = mark?.address ?? "";
  const attributes: LiveAttributes<"dns-record"> = {
    zoneId,
    name,
    types: sorted(records.map(({ Type }) => Type)),
    targetDnsName: sorted(records.map(targetOf)).join(", "),
    targetZoneId: sorted(records.map(({ AliasTarget }) => plainZoneId(AliasTarget?.HostedZoneId))).join(", "),
    evaluateTargetHealth: agreed(records.map(({ AliasTarget }) => AliasTarget?.EvaluateTargetHealth ?? null)),
  };
  return {
    kind: "dns-record",
    address,
    connection: connectionOf(address),
    target,
    id: `${zoneId}/${name}`,
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
