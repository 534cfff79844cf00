import type { Change, ResourceRecordSet, RRType } from "@aws-sdk/client-route-53";
import { adoptedAt } from "../aws/adoption.ts";
import type { Aws } from "../aws/aws.ts";
import { ownedZones } from "../aws/hosted-zones.ts";
import { connectionOf, tagsOfMark } from "../aws/ownership.ts";
import { plainName, plainZoneId, type Reads, recordsAt } from "../aws/reads.ts";
import {
  alreadyExists,
  changeRecords,
  isInSync,
  type Mark,
  markValue,
  parseMark,
  txtText,
  txtValue,
  valuesOf,
  wasNotFound,
} from "../aws/records.ts";
import { txtChanges } from "../aws/txt.ts";
import {
  isFreeForValues,
  projectOf,
  readValuePlace,
  type ValuePlace,
  valueMarkName,
  valuePlacesOf,
} from "../aws/value-place.ts";
import type { Live, Obstacle, Tags } from "../model.ts";
import {
  type Kind,
  type LiveAttributes,
  number,
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

/** A CNAME or TXT record with its mark. Both are ours as a whole: no value of somebody else stands in them. */
export const valueRecordKind: Kind<"value-record"> = {
  name: "value-record",
  rules: {
    zoneId: text("replace"),
    name: text("replace"),
    type: text("replace"),
    values: set("update"),
    ttlSeconds: number("update"),
    tags: tags(),
  },
  orphan: "delete",
  actions: {
    read: ["route53:ListHostedZones", "route53:ListResourceRecordSets", "route53:ListTagsForResources"],
    write: ["route53:ListResourceRecordSets", "route53:ChangeResourceRecordSets", "route53:GetChange"],
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
      obstacles: places
        .filter((place) => ours.get(place) === undefined && (zones.has(place.zoneId) || isWanted(reads, place)))
        .map(toObstacle),
    };
  },

  async look(reads, { id, address, formerly }) {
    const place = await readValuePlace(placeIn(id), reads.recordsAt);
    const ours = isMarked(place, { project: reads.project, address }) || isAdopted(reads, place, address);
    if (ours) return toLive({ address, target: reads.target }, place);
    if (formerly === undefined || !isMarked(place, { project: reads.project, address: formerly })) return undefined;
    return { ...toLive({ address, target: reads.target }, place), formerly };
  },

  async seek(reads, { address, attributes }) {
    const place = await readValuePlace(attributes, reads.recordsAt);
    if (isMarked(place, { project: reads.project, address }))
      return { live: toLive({ address, target: reads.target }, place) };
    return isFreeForValues(place) ? undefined : { obstacle: toObstacle(place) };
  },

  async create(aws, wanted) {
    const { zoneId, name, type } = wanted.attributes;
    const nothing = { zoneId, name, type, sets: [], others: [], markSets: [], mark: undefined, owners: [] };
    try {
      await changeRecords(aws, zoneId, changesTo(nothing, wanted));
    } catch (error) {
      if (!alreadyExists(error)) throw error;
      // Either our own earlier try got through and its answer was lost, or somebody else was faster.
      await converge(aws, wanted, isFreeForValues);
    }
    return idOf(wanted.attributes);
  },

  async update(aws, live, wanted, touched) {
    // Only a plan that says so adopts a record; and only one that is still nobody's.
    const adopts = touchesTags(touched) && Object.keys(live.attributes.tags as Tags).length === 0;
    const { formerly } = live;
    const isRenamed = (place: ValuePlace) =>
      formerly !== undefined && isMarked(place, { ...wanted, address: formerly });
    return converge(aws, wanted, (place) => (adopts && !place.mark) || isRenamed(place), formerly);
  },

  async remove(aws, live) {
    const zoneId = String(live.attributes.zoneId);
    try {
      await changeRecords(aws, zoneId, removal(await placeNow(aws, live.id), live));
    } catch (error) {
      if (!wasNotFound(error) || removal(await placeNow(aws, live.id), live).length > 0) throw error;
    }
  },

  progress: () => ({ is: "ready" }),
  isEverywhere: isInSync,

  retryRemoveOn: [],
  serialBy: zoneKey,
};

/** A full run goes through every zone of the account; a limited one looks at the names that its specs want and into zones of ours. */
async function placesInScope(reads: Reads, ours: ReadonlySet<string>): Promise<ValuePlace[]> {
  const { connections, valueRecords = [] } = reads.wanted;
  const whole = connections ? [...ours] : (await reads.hostedZones()).map(({ Id }) => plainZoneId(Id));
  const named = connections ? valueRecords.filter(({ zoneId }) => !ours.has(zoneId)) : [];
  const places = await Promise.all([
    ...whole.map(async (id) => valuePlacesOf(id, await reads.records(id))),
    ...named.map(async (at) => [await readValuePlace(at, reads.recordsAt)]),
  ]);
  return places.flat().filter((place) => !isFreeForValues(place));
}

const isWanted = ({ wanted: { valueRecords = [] } }: Reads, place: ValuePlace): boolean =>
  valueRecords.some(({ zoneId, name, type }) => zoneId === place.zoneId && name === place.name && type === place.type);

function addressOf(reads: Reads, place: ValuePlace): string | undefined {
  const { project, wanted } = reads;
  const { mark, sets } = place;
  if (!mark) return sets.length > 0 ? adoptedAt(reads, idOf(place)) : undefined;
  if (mark.project !== project) return undefined;
  return (wanted.connections?.includes(connectionOf(mark.address)) ?? true) ? mark.address : undefined;
}

const isMarked = ({ mark }: ValuePlace, { project, address }: Mark): boolean =>
  mark?.project === project && mark.address === address;

const isAdopted = (reads: Reads, place: ValuePlace, address: string): boolean =>
  !place.mark && addressOf(reads, place) === address;

const idOf = ({ zoneId, name, type }: Pick<ValuePlace, "zoneId" | "name" | "type">): string =>
  `${zoneId}/${name}/${type}`;

function placeIn(id: string): Pick<ValuePlace, "zoneId" | "name" | "type"> {
  const [zoneId = "", ...rest] = id.split("/");
  return { zoneId, name: rest.slice(0, -1).join("/"), type: rest.at(-1) ?? "" };
}

const placeNow = (aws: Aws, id: string): Promise<ValuePlace> =>
  readValuePlace(placeIn(id), (zone, at) => recordsAt(aws, zone, at));

function toObstacle(place: ValuePlace): Obstacle {
  const project = projectOf(place);
  return {
    kind: "value-record",
    place: idOf(place),
    id: idOf(place),
    ...(project === undefined ? {} : { project }),
  };
}

/** Reads afresh, makes sure that the record is ours to change, and sends what is missing; nothing when all is as wanted. */
async function converge(
  aws: Aws,
  wanted: Resolved<"value-record">,
  mayTake: (place: ValuePlace) => boolean,
  formerly?: string,
): Promise<string | undefined> {
  const place = await placeNow(aws, idOf(wanted.attributes));
  if (!isMarked(place, wanted) && !mayTake(place)) throw notOurs(place);
  return changeRecords(aws, place.zoneId, changesTo(place, wanted, formerly));
}

function notOurs({ zoneId, name, type, mark, sets, others }: ValuePlace): RefusedError {
  const found = [...new Set([...sets, ...others].map(({ Type }) => Type))].join(", ") || "no record";
  const whose = mark ? `the mark of ${mark.address} of project ${mark.project}` : "no mark of Landline";
  return new RefusedError(
    "NotOurs",
    `the ${type} record ${name} in zone ${zoneId} is not ours to change: the name has ${found} and ${whose}. Nothing was changed there; remove it or choose another name`,
  );
}

/** One batch from what stands at the place to what is wanted. Deletes repeat the exact values that were read, as Route 53 demands. */
function changesTo(
  { sets, markSets }: Pick<ValuePlace, "sets" | "markSets">,
  wanted: Resolved<"value-record">,
  formerly?: string,
): Change[] {
  const { attributes } = wanted;
  const { name, type } = attributes;
  const plain = sets.find(({ SetIdentifier, AliasTarget }) => SetIdentifier === undefined && !AliasTarget);
  const puts: Change[] =
    plain && says(plain, attributes)
      ? []
      : [{ Action: plain ? "UPSERT" : "CREATE", ResourceRecordSet: setOf(attributes) }];
  const drop = (value: string) => formerly !== undefined && value === markValue(wanted.project, formerly);
  const mark = { name: valueMarkName(name, type), add: markValue(wanted.project, wanted.address), drop };
  return [...sets.filter((one) => one !== plain).map(deletionOf), ...puts, ...txtChanges([mark], markSets)];
}

const deletionOf = (one: ResourceRecordSet): Change => ({ Action: "DELETE", ResourceRecordSet: one });

const says = (one: ResourceRecordSet, { type, values, ttlSeconds }: ResolvedAttributes<"value-record">): boolean =>
  one.TTL === ttlSeconds && String(plainValues(type, one)) === String(sorted(values));

/** Values as attributes hold them: what a TXT record says, names without the dot at their end. */
const plainValues = (type: string, one: ResourceRecordSet): string[] =>
  sorted(valuesOf(one).map(type === "TXT" ? txtText : plainName));

const setOf = ({ name, type, values, ttlSeconds }: ResolvedAttributes<"value-record">): ResourceRecordSet => ({
  Name: name,
  Type: type as RRType,
  TTL: ttlSeconds,
  ResourceRecords: values.map((value) => ({ Value: type === "TXT" ? txtValue(value) : value })),
});

/** Nothing when the mark is gone or has become another resource's: then there is nothing of ours left to delete. */
function removal(
  { name, type, sets, markSets, mark }: ValuePlace,
  { address, formerly = address }: Live<"value-record">,
): Change[] {
  if (mark?.address !== address && mark?.address !== formerly) return [];
  const unmark = {
    name: valueMarkName(name, type),
    drop: (value: string) => parseMark([value])?.address === mark.address,
  };
  return [...sets.map(deletionOf), ...txtChanges([unmark], markSets)];
}

function toLive({ address, target }: Pick<Live, "address" | "target">, place: ValuePlace): Live<"value-record"> {
  const { zoneId, name, type, sets, mark } = place;
  const attributes: LiveAttributes<"value-record"> = {
    zoneId,
    name,
    type,
    values: sorted(sets.flatMap((one) => valuesIn(type, one))),
    ttlSeconds: sets[0]?.TTL ?? 0,
    tags: tagsOfMark(mark),
  };
  return {
    kind: "value-record",
    address,
    connection: connectionOf(address),
    target,
    id: idOf(place),
    attributes,
    outputs: {},
    // As of an alias record: the resources that the connection consists of say it.
    protect: false,
  };
}

/** What a set says, in words that no spec can want when it is no plain one: so it counts as drift. */
const valuesIn = (type: string, one: ResourceRecordSet): string[] =>
  one.SetIdentifier === undefined && !one.AliasTarget
    ? plainValues(type, one)
    : [`(set ${one.SetIdentifier ?? "alias"}) ${plainValues(type, one).join(" ")}`];
