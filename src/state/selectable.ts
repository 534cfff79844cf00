import { MARK } from "../aws/ownership.ts";
import { plainName, plainZoneId, type Reads } from "../aws/reads.ts";
import type { SecurityGroupFact, Selectors, SubnetFact, Tags, VpcChoice, VpcFact, VpcZoneFact } from "../model.ts";

type AwsTags = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;

/** The subnets that specs name by id, and those that they may mean by tags. */
export async function readSubnets(reads: Reads): Promise<SubnetFact[]> {
  const { subnetIds, selectors } = reads.wanted;
  const keys = selectors?.subnetTags ?? [];
  const [named, tagged] = await Promise.all([reads.subnets(subnetIds), reads.subnetsTagged(keys)]);
  const byId = new Map([...tagged, ...named].map((subnet) => [subnet.SubnetId ?? "", subnet]));
  const facts = [...byId.values()].map(
    ({ SubnetId: id = "", VpcId: vpcId = "", AvailabilityZone: az = "", AvailabilityZoneId: azId = "", Tags }) => ({
      id,
      vpcId,
      az,
      azId,
      ...(keys.length > 0 ? { tags: chosenTags(Tags, keys) } : {}),
    }),
  );
  return sortBy(facts, ({ id }) => id);
}

interface Selectable {
  readonly vpcs?: readonly VpcFact[];
  readonly securityGroups?: readonly SecurityGroupFact[];
  readonly vpcZones?: readonly VpcZoneFact[];
}

/** What may be meant by name or tags, and what else a VPC knows by a private DNS name; AWS is asked nothing where no spec wants it. */
export async function readSelectable(reads: Reads): Promise<Selectable> {
  const { selectors } = reads.wanted;
  if (!selectors) return {};
  const { vpcTags, securityGroupNames, securityGroupTags, privateNameVpcs } = selectors;
  const [vpcs, securityGroups] = await Promise.all([
    vpcTags.length > 0 ? readVpcs(reads, vpcTags) : undefined,
    securityGroupNames.length + securityGroupTags.length > 0 ? readSecurityGroups(reads, selectors) : undefined,
  ]);
  const vpcZones = privateNameVpcs.length > 0 ? await readVpcZones(reads, privateNameVpcs, vpcs ?? []) : undefined;
  return {
    ...(vpcs ? { vpcs: sortBy(vpcs, ({ id }) => id) } : {}),
    ...(securityGroups ? { securityGroups: sortBy(securityGroups, ({ id }) => id) } : {}),
    ...(vpcZones ? { vpcZones: sortBy(vpcZones, ({ vpcId, zoneId }) => `${vpcId} ${zoneId}`) } : {}),
  };
}

/**
 * The private zones in which VPCs look up names, for VPCs that the subnets of the specs lie in: of a VPC that is not there or not ours the
 * subnets tell. What AWS's own services have put there is left out: endpoints are compared as such.
 */
async function readVpcZones(
  reads: Reads,
  choices: readonly VpcChoice[],
  vpcs: readonly VpcFact[],
): Promise<VpcZoneFact[]> {
  const wanted = choices.flatMap((choice) =>
    typeof choice === "string" ? choice : vpcs.filter(({ tags }) => carries(tags, choice.tags)).map(({ id }) => id),
  );
  const ids = new Set((await readSubnets(reads)).map(({ vpcId }) => vpcId).filter((id) => wanted.includes(id)));
  const perVpc = [...ids].map(async (vpcId) =>
    (await reads.hostedZonesOfVpc(vpcId)).flatMap(({ HostedZoneId, Name, Owner }): VpcZoneFact[] =>
      Owner?.OwningAccount
        ? [{ vpcId, zoneId: plainZoneId(HostedZoneId), name: plainName(Name), owner: Owner.OwningAccount }]
        : [],
    ),
  );
  return (await Promise.all(perVpc)).flat();
}

function sortBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

async function readVpcs(reads: Reads, keys: readonly string[]): Promise<VpcFact[]> {
  return (await reads.vpcs()).map(({ VpcId: id = "", Tags }) => ({ id, tags: chosenTags(Tags, keys) }));
}

/**
 * A Region may hold thousands of groups, ours among them, so those that carry the wanted names and tags are asked for. Only when one of them
 * is not there are all read, to show what there is instead.
 */
async function readSecurityGroups(
  reads: Reads,
  { securityGroupNames, securityGroupTags }: Selectors,
): Promise<SecurityGroupFact[]> {
  const keys = [...new Set(securityGroupTags.flatMap((tags) => Object.keys(tags)))].sort();
  const read = async (filter?: { readonly Name: string; readonly Values: string[] }): Promise<SecurityGroupFact[]> => {
    const groups = await reads.securityGroups(filter ? [filter] : []);
    return groups
      .filter(({ Tags = [] }) => !Tags.some(({ Key }) => Key === MARK.project))
      .map(({ GroupId: id = "", GroupName: name = "", VpcId: vpcId = "", Tags }) => ({
        id,
        name,
        vpcId,
        tags: chosenTags(Tags, keys),
      }));
  };
  const named =
    securityGroupNames.length > 0 ? [{ Name: "group-name", Values: securityGroupNames.map(literally) }] : [];
  const found = (await Promise.all([...named, ...tagFilters(securityGroupTags)].map(read))).flat();
  const missing =
    securityGroupNames.some((name) => !found.some((group) => group.name === name)) ||
    securityGroupTags.some((tags) => !found.some((group) => carries(group.tags, tags)));
  return uniqueById(missing ? await read() : found);
}

/** One question for each key that comes first in a choice; the other keys are compared by whoever chooses. */
function tagFilters(choices: readonly Tags[]): { Name: string; Values: string[] }[] {
  const values = new Map<string, Set<string>>();
  for (const tags of choices) {
    const [key = "", value = ""] = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))[0] ?? [];
    values.set(key, (values.get(key) ?? new Set()).add(value));
  }
  return [...values].map(([key, wanted]) => ({ Name: `tag:${key}`, Values: [...wanted].sort().map(literally) }));
}

/** In a filter's value `*` and `?` stand for any characters unless a backslash takes their meaning away. */
const literally = (value: string): string => value.replace(/[\\*?]/g, "\\$&");

const carries = (tags: Tags, wanted: Tags): boolean =>
  Object.entries(wanted).every(([key, value]) => tags[key] === value);

const uniqueById = <T extends { readonly id: string }>(facts: readonly T[]): T[] => [
  ...new Map(facts.map((fact) => [fact.id, fact])).values(),
];

/** AWS's own `aws:` tags may be asked for too: a stack's subnets carry its name. */
function chosenTags(tags: AwsTags, keys: readonly string[]): Tags {
  const chosen = (tags ?? []).filter(({ Key = "" }) => Key === "Name" || keys.includes(Key));
  return Object.fromEntries(
    chosen.map(({ Key = "", Value = "" }) => [Key, Value]).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
  );
}
