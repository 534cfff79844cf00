import { AwsError, type Call, type Operations, type Tree } from "../operation.ts";
import { required, texts } from "../params.ts";
import type { AvailabilityZone, Subnet, Vpc } from "../world.ts";
import { items } from "../xml.ts";
import { describe } from "./describe.ts";
import { invalidValue, noPrefixList, noSubnet, noVpc } from "./errors.ts";
import { findVpc, here } from "./here.ts";
import { tagSet } from "./tags.ts";

/** Zones, VPCs and subnets, which come from the seed and are only read; prefix lists, of which there are none. */
export const network: Operations = {
  DescribeAvailabilityZones: describeAvailabilityZones,
  DescribeVpcs: describeVpcs,
  DescribeVpcAttribute: describeVpcAttribute,
  DescribeSubnets: describeSubnets,
  DescribePrefixLists: describePrefixLists,
};

function describeAvailabilityZones(call: Call): Tree {
  const { availabilityZones } = here(call);
  checkZones(call, "ZoneName", new Set(availabilityZones.map((zone) => zone.name)));
  checkZones(call, "ZoneId", new Set(availabilityZones.map((zone) => zone.id)));
  const names = texts(call.params, "ZoneName");
  const ids = texts(call.params, "ZoneId");
  return describe<AvailabilityZone>(call, {
    element: "availabilityZoneInfo",
    all: availabilityZones.filter(
      ({ name, id }) => (names.length === 0 || names.includes(name)) && (ids.length === 0 || ids.includes(id)),
    ),
    key: (zone) => zone.name,
    filters: {
      "zone-name": (zone) => zone.name,
      "zone-id": (zone) => zone.id,
      "region-name": () => call.region,
      "group-name": () => call.region,
      "zone-type": () => "availability-zone",
      "opt-in-status": () => "opt-in-not-required",
      state: () => "available",
    },
    render: (zone) => ({
      optInStatus: "opt-in-not-required",
      messageSet: items([]),
      regionName: call.region,
      zoneName: zone.name,
      zoneId: zone.id,
      groupName: call.region,
      networkBorderGroup: call.region,
      zoneType: "availability-zone",
      zoneState: "available",
    }),
  });
}

function checkZones(call: Call, parameter: string, known: ReadonlySet<string>): void {
  const wrong = texts(call.params, parameter).find((value) => !known.has(value));
  if (wrong !== undefined) throw new AwsError("InvalidParameterValue", `Invalid availability zone: [${wrong}]`);
}

function describeVpcs(call: Call): Tree {
  return describe<Vpc>(call, {
    element: "vpcSet",
    all: Object.values(here(call).vpcs),
    key: (vpc) => vpc.id,
    ids: { parameter: "VpcId", missing: noVpc },
    filters: {
      "vpc-id": (vpc) => vpc.id,
      cidr: (vpc) => vpc.cidr,
      "cidr-block-association.cidr-block": (vpc) => vpc.cidr,
      "ipv6-cidr-block-association.ipv6-cidr-block": (vpc) => vpc.ipv6Cidr,
      "owner-id": () => call.account,
      "is-default": () => "false",
      state: () => "available",
    },
    tags: (vpc) => vpc.tags,
    render: (vpc) => ({
      ownerId: call.account,
      instanceTenancy: "default",
      ipv6CidrBlockAssociationSet: ipv6Blocks(vpc.id, vpc.ipv6Cidr),
      cidrBlockAssociationSet: items([
        {
          associationId: vpc.id.replace("vpc-", "vpc-cidr-assoc-"),
          cidrBlock: vpc.cidr,
          cidrBlockState: { state: "associated" },
        },
      ]),
      isDefault: false,
      tagSet: tagSet(vpc.tags),
      vpcId: vpc.id,
      state: "available",
      cidrBlock: vpc.cidr,
      dhcpOptionsId: "default",
    }),
  });
}

function ipv6Blocks(id: string, cidr: string | undefined): Tree {
  if (cidr === undefined) return items([]);
  const associationId = id.replace(/^(vpc|subnet)-/, "$1-cidr-assoc-");
  return items([{ associationId, ipv6CidrBlock: cidr, ipv6CidrBlockState: { state: "associated" } }]);
}

function describeVpcAttribute(call: Call): Tree {
  const vpc = findVpc(call, required(call.params, "VpcId"));
  const attribute = required(call.params, "Attribute");
  const values = new Map([
    ["enableDnsSupport", vpc.enableDnsSupport],
    ["enableDnsHostnames", vpc.enableDnsHostnames],
    ["enableNetworkAddressUsageMetrics", false],
  ]);
  const value = values.get(attribute);
  if (value === undefined) {
    throw invalidValue(attribute, "attribute", `It is one of ${[...values.keys()].join(", ")}.`);
  }
  return { vpcId: vpc.id, [attribute]: { value } };
}

/** AWS keeps five addresses of each subnet for itself. */
const keptAddresses = 5;

function describeSubnets(call: Call): Tree {
  const region = here(call);
  const used = new Map<string, number>();
  for (const { subnetId } of Object.values(region.networkInterfaces)) used.set(subnetId, (used.get(subnetId) ?? 0) + 1);
  return describe<Subnet>(call, {
    element: "subnetSet",
    all: Object.values(region.subnets),
    key: (subnet) => subnet.id,
    ids: { parameter: "SubnetId", missing: noSubnet },
    filters: {
      "subnet-id": (subnet) => subnet.id,
      "vpc-id": (subnet) => subnet.vpcId,
      "availability-zone": (subnet) => subnet.az,
      "availability-zone-id": (subnet) => subnet.azId,
      "cidr-block": (subnet) => subnet.cidr,
      cidr: (subnet) => subnet.cidr,
      "ipv6-cidr-block-association.ipv6-cidr-block": (subnet) => subnet.ipv6Cidr,
      "owner-id": () => call.account,
      "default-for-az": () => "false",
      state: () => "available",
    },
    tags: (subnet) => subnet.tags,
    render: (subnet) => ({
      availabilityZoneId: subnet.azId,
      ownerId: call.account,
      assignIpv6AddressOnCreation: false,
      ipv6CidrBlockAssociationSet: ipv6Blocks(subnet.id, subnet.ipv6Cidr),
      tagSet: tagSet(subnet.tags),
      subnetArn: `arn:aws:ec2:${call.region}:${call.account}:subnet/${subnet.id}`,
      ipv6Native: false,
      subnetId: subnet.id,
      state: "available",
      vpcId: subnet.vpcId,
      cidrBlock: subnet.cidr,
      availableIpAddressCount: addresses(subnet.cidr) - keptAddresses - (used.get(subnet.id) ?? 0),
      availabilityZone: subnet.az,
      defaultForAz: false,
      mapPublicIpOnLaunch: false,
    }),
  });
}

/** AWS has a prefix list for each service with gateway endpoints, and so none that could be found here: Terraform looks for that of every endpoint's service. */
function describePrefixLists(call: Call): Tree {
  return describe<string>(call, {
    element: "prefixListSet",
    all: [],
    key: (id) => id,
    ids: { parameter: "PrefixListId", missing: noPrefixList },
    filters: { "prefix-list-id": (id) => id, "prefix-list-name": (id) => id },
    render: (id) => ({ prefixListId: id }),
  });
}

function addresses(cidr: string): number {
  return 2 ** (32 - Number(cidr.split("/")[1] ?? "32"));
}
