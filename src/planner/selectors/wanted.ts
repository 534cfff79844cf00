import type { Selectors, Wanted, ZoneChoice } from "../../model.ts";
import { asSet } from "../collections.ts";
import type { EndpointSpec, SecurityGroupReferenceSpec } from "../specs/connection.generated.ts";
import { vpcChoice } from "./choices.ts";

type Lists<T, K extends keyof T> = { [N in K]: T[N] extends readonly (infer E)[] ? E[] : never };
type SelectorLists = Lists<Selectors, keyof Selectors>;

/** The lists of one target that what specs name, by id or otherwise, is put on. */
export interface Place extends Lists<Wanted, "subnetIds" | "zoneIds" | "records"> {
  selectors: SelectorLists;
}

export const noSelectors = (): SelectorLists => ({
  subnetTags: [],
  vpcTags: [],
  securityGroupNames: [],
  securityGroupTags: [],
  zones: [],
  privateNameVpcs: [],
  records: [],
});

/** Subnets by id, or all that carry a tag of the wanted keys: when none has the wanted value, the plan shows which values there are. */
export function wantSubnets(place: Place, subnets: EndpointSpec["subnets"]): void {
  if (Array.isArray(subnets)) {
    place.subnetIds.push(...subnets);
    return;
  }
  place.selectors.subnetTags.push(...Object.keys(subnets.tags));
  if (subnets.vpc !== undefined) wantVpc(place, subnets.vpc);
}

export function wantVpc({ selectors }: Place, vpc: EndpointSpec["vpc"], privateName = false): void {
  const choice = vpcChoice(vpc);
  if (typeof choice !== "string") selectors.vpcTags.push(...Object.keys(choice.tags));
  if (privateName) selectors.privateNameVpcs.push(choice);
}

export function wantGroups({ selectors }: Place, groups: readonly SecurityGroupReferenceSpec[]): void {
  for (const group of groups) {
    if (typeof group === "string") continue;
    if ("name" in group) selectors.securityGroupNames.push(group.name);
    else selectors.securityGroupTags.push(group.tags);
  }
}

/** A zone, and the record that is wanted in it. */
export function wantZone(place: Place, zone: { readonly id: string } | ZoneChoice, record?: string): void {
  if ("id" in zone) {
    place.zoneIds.push(zone.id);
    if (record !== undefined) place.records.push({ zoneId: zone.id, name: record });
    return;
  }
  place.selectors.zones.push(zone);
  if (record !== undefined) place.selectors.records.push({ zone, name: record });
}

/** Sorted and without repetition, like all that is wanted. */
export function dedupeSelectors(lists: Selectors, objects: <T>(values: readonly T[]) => T[]): Selectors {
  return {
    subnetTags: asSet(lists.subnetTags),
    vpcTags: asSet(lists.vpcTags),
    securityGroupNames: asSet(lists.securityGroupNames),
    securityGroupTags: objects(lists.securityGroupTags),
    zones: objects(lists.zones),
    privateNameVpcs: objects(lists.privateNameVpcs),
    records: objects(lists.records),
  };
}
