import { newId, newLabel } from "../ids.ts";
import { AwsError, type Call, type Operations, type Tree } from "../operation.ts";
import { flag, required, struct, structs, text, texts } from "../params.ts";
import { accountOf } from "../places.ts";
import type { EndpointService, Subnet, Vpc, VpcEndpoint } from "../world.ts";
import { items } from "../xml.ts";
import { describe } from "./describe.ts";
import {
  checkGroups,
  checkIpType,
  checkPolicy,
  checkSubnets,
  fullAccess,
  recordType,
  tieToBalancers,
  usableService,
} from "./endpoint-input.ts";
import { connect, isListed, lookAtEndpoint, remove } from "./endpoint-states.ts";
import { endpointTree } from "./endpoint-view.ts";
import { invalidParameter, noEndpoint } from "./errors.ts";
import { findVpc, here } from "./here.ts";
import { addInterface, freeIn, releaseInterfaces } from "./interfaces.ts";
import { checkPrivateDns } from "./private-dns.ts";
import { tagsOnCreate } from "./tags.ts";
import { once } from "./tokens.ts";

/** Interface endpoints as their owner makes, sees and deletes them. */
export const vpcEndpoints: Operations = {
  CreateVpcEndpoint: create,
  DescribeVpcEndpoints: describeAll,
  DeleteVpcEndpoints: deleteAll,
};

/** AWS's default; `quotas` of the account raises it. */
const endpointsPerVpc = 50;

function create(call: Call): Tree {
  return once(call, () => {
    const vpc = findVpc(call, required(call.params, "VpcId"));
    const service = findUsable(call);
    const addresses = wantedAddresses(call);
    const subnetIds = [...new Set([...texts(call.params, "SubnetId"), ...addresses.keys()])];
    const subnets = checkSubnets(call, service, vpc.id, subnetIds);
    const places = freeIn(here(call), subnets, addresses);
    const endpoint = newEndpoint(call, service, vpc, subnets);

    for (const { subnet, address } of places) addInterface(call, endpoint, subnet, address);
    tieToBalancers(call, endpoint, service);
    if (!service.acceptanceRequired) connect(call, endpoint, "connect");
    here(call).vpcEndpoints[endpoint.id] = endpoint;
    return { id: endpoint.id, answer: { vpcEndpoint: endpointTree(call, endpoint) } };
  });
}

function findUsable(call: Call): EndpointService {
  const { params } = call;
  const service = usableService(call, required(params, "ServiceName"), text(params, "ServiceRegion") ?? call.region);
  const type = text(params, "VpcEndpointType") ?? "Gateway";
  if (type === "Interface") return service;
  throw invalidParameter(`Endpoint type (${type}) does not match available service types ([Interface]).`);
}

/** The addresses that `SubnetConfigurations` ask for, by subnet; undefined where any will do. */
export function wantedAddresses(call: Call): Map<string, string | undefined> {
  const configurations = structs(call.params, "SubnetConfiguration");
  return new Map(configurations.map((entry) => [required(entry, "SubnetId"), text(entry, "Ipv4")]));
}

function newEndpoint(call: Call, service: EndpointService, vpc: Vpc, subnets: readonly Subnet[]): VpcEndpoint {
  const { params } = call;
  checkQuota(call, vpc);
  const tags = tagsOnCreate(call, "vpc-endpoint");
  const securityGroupIds = groupsOrDefault(call, vpc);
  checkGroups(call, vpc.id, securityGroupIds);
  const fallbackType = service.supportedIpAddressTypes.includes("ipv4") ? "ipv4" : "ipv6";
  const ipAddressType = text(params, "IpAddressType") ?? fallbackType;
  checkIpType(service, subnets, ipAddressType);
  const dnsRecordIpType = recordType(text(struct(params, "DnsOptions") ?? {}, "DnsRecordIpType"), ipAddressType);
  const policy = text(params, "PolicyDocument");
  if (policy) checkPolicy(policy);
  const privateDnsEnabled = flag(params, "PrivateDnsEnabled") ?? false;
  if (privateDnsEnabled) checkPrivateDns(call, service, vpc.id);

  const id = newId(call.world, "vpce-");
  return {
    id,
    connectionId: newId(call.world, "vpce-con-"),
    account: call.account,
    region: call.region,
    type: "Interface",
    vpcId: vpc.id,
    serviceName: service.name,
    serviceRegion: service.region,
    service: { account: service.account, region: service.region, id: service.id },
    state: "pendingAcceptance",
    visibleToProvider: call.clock.settle(3),
    policyDocument: policy ?? fullAccess,
    policySet: Boolean(policy),
    subnetIds: subnets.map((subnet) => subnet.id),
    securityGroupIds,
    ipAddressType,
    dnsRecordIpType,
    privateDnsEnabled,
    networkInterfaceIds: [],
    loadBalancerArns: [],
    dnsLabel: newLabel(call.world, "endpoint-dns", 8),
    tags,
    connectionTags: {},
    createdAt: call.clock.now(),
  };
}

function checkQuota(call: Call, vpc: Vpc): void {
  const limit = accountOf(call.world, call.account).quotas?.["interface-endpoints-per-vpc"] ?? endpointsPerVpc;
  const there = Object.values(here(call).vpcEndpoints).filter(
    ({ vpcId, state }) => vpcId === vpc.id && state !== "deleted",
  );
  if (there.length < limit) return;
  throw new AwsError(
    "VpcEndpointLimitExceeded",
    `The maximum number of VPC endpoints (${limit}) has been reached for ${vpc.id}`,
  );
}

/** Without a security group AWS takes the default one of the VPC, which is rarely what anybody wants. */
function groupsOrDefault(call: Call, vpc: Vpc): string[] {
  const asked = [...new Set(texts(call.params, "SecurityGroupId"))];
  if (asked.length > 0) return asked;
  const groups = Object.values(here(call).securityGroups);
  return groups.filter(({ vpcId, name }) => vpcId === vpc.id && name === "default").map(({ id }) => id);
}

function describeAll(call: Call): Tree {
  return describe<VpcEndpoint>(call, {
    element: "vpcEndpointSet",
    all: Object.values(here(call).vpcEndpoints),
    key: (endpoint) => endpoint.id,
    ids: { parameter: "VpcEndpointId", missing: noEndpoint },
    filters: {
      "vpc-endpoint-id": (endpoint) => endpoint.id,
      "vpc-endpoint-state": (endpoint) => endpoint.state,
      "vpc-endpoint-type": (endpoint) => endpoint.type,
      "vpc-id": (endpoint) => endpoint.vpcId,
      "service-name": (endpoint) => endpoint.serviceName,
      "service-region": (endpoint) => endpoint.serviceRegion,
      "ip-address-type": (endpoint) => endpoint.ipAddressType,
    },
    moving: ["vpc-endpoint-state"],
    tags: (endpoint) => endpoint.tags,
    look: (endpoint) => lookAtEndpoint(call, endpoint),
    exists: (endpoint) => isListed(call, endpoint),
    paging: { clamp: true },
    render: (endpoint) => endpointTree(call, endpoint),
  });
}

/** Succeeds as a whole even where single endpoints do not exist: those stand in `unsuccessful`. */
function deleteAll(call: Call): Tree {
  const ids = texts(call.params, "VpcEndpointId");
  if (ids.length === 0) throw new AwsError("MissingParameter", "The request must contain the parameter VpcEndpointId");
  const missing = ids.filter((id) => !deleteOne(call, id));
  return {
    unsuccessful: items(
      missing.map((resourceId) => ({
        error: { code: "InvalidVpcEndpoint.NotFound", message: `The Vpc Endpoint Id '${resourceId}' does not exist` },
        resourceId,
      })),
    ),
  };
}

function deleteOne(call: Call, id: string): boolean {
  const endpoint = here(call).vpcEndpoints[id];
  if (!endpoint || endpoint.state === "deleted") return false;
  if (endpoint.state === "deleting") return true;
  endpoint.privateDnsEnabled = false;
  releaseInterfaces(call, endpoint, endpoint.subnetIds);
  remove(call, endpoint);
  return true;
}
