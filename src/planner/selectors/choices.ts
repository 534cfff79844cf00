import type { Tags, VpcChoice, ZoneChoice } from "../../model.ts";
import type { EndpointSpec, IngressSpec, SecurityGroupReferenceSpec } from "../specs/connection.generated.ts";
import { isZoneId } from "../specs/index.ts";

/** A VPC's name is its `Name` tag. */
export function vpcChoice(vpc: EndpointSpec["vpc"]): VpcChoice {
  if (typeof vpc === "string") return vpc;
  return { tags: "name" in vpc ? { Name: vpc.name } : vpc.tags };
}

/** The id of a zone, or the domain by which a spec names it. */
export function zoneChoice(
  zone: string | { readonly name: string; readonly private?: boolean },
): { readonly id: string } | ZoneChoice {
  if (typeof zone !== "string") return zone;
  return isZoneId(zone) ? { id: zone } : { name: zone };
}

/** The proof of a private DNS name lies in public zones only. */
export function proofZoneChoice(zone: string): { readonly id: string } | ZoneChoice {
  return isZoneId(zone) ? { id: zone } : { name: zone, private: false };
}

/** The security groups that an endpoint refers to: those that it gets, and the sources of its own group's rules. */
export const groupsOf = ({ securityGroups = [], securityGroup }: EndpointSpec): SecurityGroupReferenceSpec[] => [
  ...securityGroups,
  ...(securityGroup?.ingress ?? []).map(sourceOf),
];

const sourceOf = ({ from }: IngressSpec): SecurityGroupReferenceSpec =>
  typeof from === "string" ? from : from.securityGroup;

/** Whether an object carries all the wanted tags. */
export const carries = (tags: Tags | undefined, wanted: Tags): boolean =>
  Object.entries(wanted).every(([key, value]) => tags?.[key] === value);
