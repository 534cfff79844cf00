import { anything, type Check, count, either, fields, listOf, mappingOf, textOf, yesOrNo } from "./shape.ts";

/** What a seed file says, once `seedShape` has passed it. */
export interface Seed {
  accounts?: Record<string, SeedAccount> | null;
}
export interface SeedAccount {
  regions?: Record<string, SeedRegion | null> | null;
  hostedZones?: SeedZone[] | null;
  roles?: Record<string, { policy?: SeedPolicy | null } | null> | null;
  /** Raised quotas, by the name that `Account.quotas` uses. */
  quotas?: Record<string, number> | null;
}
export interface SeedRegion {
  availabilityZones?: { name: string; id: string }[] | null;
  vpcs?: SeedVpc[] | null;
}
export interface SeedVpc {
  id: string;
  cidr: string;
  ipv6Cidr?: string | null;
  enableDnsSupport?: boolean | null;
  enableDnsHostnames?: boolean | null;
  tags?: Record<string, string> | null;
  subnets?: SeedSubnet[] | null;
  securityGroups?: SeedGroup[] | null;
}
export interface SeedSubnet {
  id: string;
  cidr: string;
  az?: string | null;
  azId?: string | null;
  ipv6Cidr?: string | null;
  tags?: Record<string, string> | null;
}
export interface SeedGroup {
  id: string;
  name: string;
  description?: string | null;
  tags?: Record<string, string> | null;
}
export interface SeedZone {
  id: string;
  name: string;
  vpcs?: (string | { id: string; region: string })[] | null;
  comment?: string | null;
  tags?: Record<string, string> | null;
  records?: SeedRecord[] | null;
}
export interface SeedRecord {
  name: string;
  type: string;
  ttl?: number | null;
  values?: string[] | null;
  alias?: { hostedZoneId: string; dnsName: string; evaluateTargetHealth?: boolean | null } | null;
}
export interface SeedPolicy {
  Version?: string;
  Statement: SeedStatement | SeedStatement[];
}
export interface SeedStatement {
  Effect: "Allow" | "Deny";
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
}

const anyText = textOf(/^/, "a text (in quotes if need be)");
const tags = mappingOf(anyText, anyText);
const cidr = textOf(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "an IPv4 range like 10.0.0.0/16");
const ipv6Cidr = textOf(/^[0-9a-f:]+\/\d{1,3}$/, "an IPv6 range like 2001:db8:0:1::/64");
const vpcId = textOf(/^vpc-[0-9a-z-]+$/, "a VPC id (vpc-...)");
const zoneName = textOf(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "the name of an availability zone (us-east-1a)");
const zoneId = textOf(/^[a-z]+\d-az\d+$/, "the id of an availability zone (use1-az4)");
const region = textOf(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS Region");
const texts = either(listOf(anyText), anyText);

const subnet = fields({
  id: textOf(/^subnet-[0-9a-z-]+$/, "a subnet id (subnet-...)"),
  cidr,
  "az?": zoneName,
  "azId?": zoneId,
  "ipv6Cidr?": ipv6Cidr,
  "tags?": tags,
});

const securityGroup = fields({
  id: textOf(/^sg-[0-9a-z-]+$/, "a security group id (sg-...)"),
  name: textOf(/^(?!sg-).{1,255}$/, "a security group name (at most 255 characters, not starting with sg-)"),
  "description?": anyText,
  "tags?": tags,
});

const vpc = fields({
  id: vpcId,
  cidr,
  "ipv6Cidr?": ipv6Cidr,
  "enableDnsSupport?": yesOrNo,
  "enableDnsHostnames?": yesOrNo,
  "tags?": tags,
  "subnets?": listOf(subnet),
  "securityGroups?": listOf(securityGroup),
});

const record = fields({
  name: anyText,
  type: textOf(/^[A-Z]+$/, "a record type"),
  "ttl?": count,
  "values?": listOf(anyText),
  "alias?": fields({ hostedZoneId: anyText, dnsName: anyText, "evaluateTargetHealth?": yesOrNo }),
});

const hostedZone = fields({
  id: textOf(/^Z[0-9A-Z]{1,31}$/, "a hosted zone id (Z and up to 31 capital letters and digits)"),
  name: anyText,
  "vpcs?": listOf(either(fields({ id: vpcId, region }), vpcId)),
  "comment?": anyText,
  "tags?": tags,
  "records?": listOf(record),
});

const statement = fields({
  Effect: textOf(/^(Allow|Deny)$/, "Allow or Deny"),
  "Sid?": anyText,
  "Action?": texts,
  "NotAction?": texts,
  "Resource?": texts,
  "Condition?": anything,
});

const role = fields({
  "policy?": fields({ "Version?": anyText, "Id?": anyText, Statement: either(listOf(statement), statement) }),
});

const account = fields({
  "regions?": mappingOf(
    region,
    either(
      nothing,
      fields({ "availabilityZones?": listOf(fields({ name: zoneName, id: zoneId })), "vpcs?": listOf(vpc) }),
    ),
  ),
  "hostedZones?": listOf(hostedZone),
  "quotas?": mappingOf(anyText, count),
  "roles?": mappingOf(textOf(/^[\w+=,.@-]{1,64}$/, "a role name"), either(nothing, role)),
});

/** The form of a whole seed file. */
export const seedShape: Check = fields({
  "accounts?": mappingOf(textOf(/^\d{12}$/, "an account id (12 digits in quotes)"), either(nothing, account)),
});

function nothing(value: unknown, path: readonly (string | number)[], report: Parameters<Check>[2]): void {
  if (value !== null) report({ path, message: "expected nothing" });
}
