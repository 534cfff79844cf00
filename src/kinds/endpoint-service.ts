import {
  CreateVpcEndpointServiceConfigurationCommand,
  DeleteVpcEndpointServiceConfigurationsCommand,
  DescribeVpcEndpointServiceConfigurationsCommand,
  ModifyVpcEndpointServiceConfigurationCommand,
  type ModifyVpcEndpointServiceConfigurationCommandInput,
  paginateDescribeVpcEndpointConnections,
  type ServiceConfiguration,
  type VpcEndpointConnection,
} from "@aws-sdk/client-ec2";
import type { Aws } from "../aws/aws.ts";
import { absentOn, isCode, throwUnsuccessful } from "../aws/errors.ts";
import { carries, groupsBehind, notYetHealthy } from "../aws/health.ts";
import { MARK, retagEc2, tagOnCreate } from "../aws/ownership.ts";
import { plainTags } from "../aws/reads.ts";
import { markedServices, proofRequestOf, regionOfService, serviceById } from "../aws/services.ts";
import { isGone, lower } from "../aws/states.ts";
import type { Live, Tags } from "../model.ts";
import {
  explained,
  flag,
  type Kind,
  type LiveAttributes,
  type Resolved,
  StaleTokenError,
  set,
  setChanges,
  skips,
  sorted,
  tags,
  text,
  touchesTags,
  type Whereabouts,
} from "./kind.ts";

const NOT_FOUND = ["InvalidVpcEndpointServiceId.NotFound", "InvalidVpcEndpointService.NotFound"];

/** An endpoint service. AWS gives it no name of ours: only its tags say what it is for. */
export const endpointServiceKind: Kind<"endpoint-service"> = {
  name: "endpoint-service",
  rules: {
    loadBalancerArns: { ...set("update"), removedApart: true },
    acceptanceRequired: flag("update", { changed: "grants-access" }),
    privateDnsName: text("update"),
    supportedRegions: set("update"),
    ipAddressTypes: set("update"),
    tags: tags(),
  },
  orphan: "delete",
  actions: {
    read: ["ec2:DescribeVpcEndpointServiceConfigurations"],
    write: [
      "ec2:CreateVpcEndpointServiceConfiguration",
      "ec2:ModifyVpcEndpointServiceConfiguration",
      "ec2:DeleteVpcEndpointServiceConfigurations",
      "ec2:DescribeVpcEndpointConnections",
      // Asked before another load balancer is attached.
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
      "ec2:CreateTags",
      "ec2:DeleteTags",
      // Asked for besides the above when a service supports other Regions.
      "vpce:AllowMultiRegion",
    ],
  },
  deadlineSeconds: 600,

  async list(reads) {
    if (skips(reads, "provides")) return { live: [], obstacles: [] };
    const { owned, foreign } = await markedServices(reads);
    return {
      live: owned.map(({ item, owner }) => toLive({ ...owner, target: reads.target }, item)),
      obstacles: foreign.map((stranger) => ({ kind: "endpoint-service", ...stranger })),
    };
  },

  async look(reads, known) {
    const service = await serviceById(reads, known.id);
    return service && !isGone(service.ServiceState) ? toLive(known, service) : undefined;
  },

  async seek(reads, wanted) {
    const services = await reads.endpointServices([
      { Name: `tag:${MARK.project}`, Values: [reads.project] },
      { Name: `tag:${MARK.address}`, Values: [wanted.address] },
    ]);
    const found = services.find(({ ServiceState }) => !isGone(ServiceState) && lower(ServiceState) !== "failed");
    return found && { live: toLive(wanted, found) };
  },

  async create(aws, { attributes }, token) {
    const { ServiceConfiguration } = await aws.ec2.send(
      new CreateVpcEndpointServiceConfigurationCommand({
        ClientToken: token,
        NetworkLoadBalancerArns: [...attributes.loadBalancerArns],
        AcceptanceRequired: attributes.acceptanceRequired,
        ...(attributes.privateDnsName === null ? {} : { PrivateDnsName: attributes.privateDnsName }),
        SupportedIpAddressTypes: [...attributes.ipAddressTypes],
        SupportedRegions: [...attributes.supportedRegions],
        TagSpecifications: tagOnCreate("vpc-endpoint-service", attributes.tags),
      }),
    );
    const id = ServiceConfiguration?.ServiceId ?? "";
    if (await isGoneAlready(aws, id)) throw new StaleTokenError(`${id} was made with this token and is deleted`);
    return id;
  },

  /** A service that has a load balancer with targets that answer gets another one only when its targets answer too. */
  async readyFor(reads, live, { attributes }, touched) {
    const { added } = setChanges(live.attributes.loadBalancerArns, attributes.loadBalancerArns);
    if (!touched.has("loadBalancerArns") || added.length === 0) return { is: "ready" };
    const present = (live.attributes.loadBalancerArns as string[]).map((arn) => carries(reads, arn));
    if (!(await Promise.all(present)).includes(true)) return { is: "ready" };
    const groups = (await Promise.all(added.map((arn) => groupsBehind(reads, arn)))).flat();
    const open = (await Promise.all(groups.map((arn) => notYetHealthy(reads, arn)))).filter((why) => why !== undefined);
    return open.length === 0 ? { is: "ready" } : { is: "moving", state: "unhealthy", why: open.join("; ") };
  },

  async update(aws, live, wanted, touched) {
    const changes = changesOf(live, wanted, touched);
    if (Object.keys(changes).length > 0) {
      await aws.ec2.send(new ModifyVpcEndpointServiceConfigurationCommand({ ServiceId: live.id, ...changes }));
    }
    if (touchesTags(touched)) await retagEc2(aws, live.id, live.attributes.tags as Tags, wanted.attributes.tags);
  },

  async remove(aws, live) {
    try {
      const answer = await absentOn(NOT_FOUND, () =>
        aws.ec2.send(new DeleteVpcEndpointServiceConfigurationsCommand({ ServiceIds: [live.id] })),
      );
      throwUnsuccessful(answer?.Unsuccessful, NOT_FOUND);
    } catch (error) {
      if (!isCode(error, "ExistingVpcEndpointConnections")) throw error;
      throw explained(error, inTheWay(await blockingConnections(aws, live.id)));
    }
  },

  progress({ state = "" }) {
    if (state === "available") return { is: "ready" };
    return { is: state === "failed" ? "failed" : "moving", state };
  },

  retryRemoveOn: [],
};

function toLive(where: Whereabouts, service: ServiceConfiguration): Live<"endpoint-service"> {
  const { ServiceId: id = "", ServiceName: serviceName = "" } = service;
  const own = plainTags(service.Tags);
  const proof = proofRequestOf(service);
  return {
    kind: "endpoint-service",
    address: where.address,
    connection: where.connection,
    target: where.target,
    id,
    attributes: {
      loadBalancerArns: sorted(service.NetworkLoadBalancerArns),
      acceptanceRequired: service.AcceptanceRequired ?? true,
      privateDnsName: lower(service.PrivateDnsName) || null,
      supportedRegions: otherRegions(service),
      ipAddressTypes: sorted((service.SupportedIpAddressTypes ?? ["ipv4"]).map(lower)),
      tags: own,
    } satisfies LiveAttributes<"endpoint-service">,
    outputs: {
      serviceId: id,
      serviceName,
      ...(proof ? { privateDnsRecordName: proof.recordName, privateDnsRecordValue: proof.recordValue } : {}),
    },
    protect: own[MARK.protect] === "true",
    state: stateOf(service),
  };
}

/** The Regions that were asked for: AWS also lists the service's own, and those on their way in or out. */
function otherRegions({ SupportedRegions, ServiceName = "" }: ServiceConfiguration): string[] {
  const home = regionOfService(ServiceName);
  const regions = (SupportedRegions ?? []).filter(({ ServiceState }) => lower(ServiceState) === "available");
  return sorted(regions.map(({ Region }) => Region)).filter((region) => region !== home);
}

/** A service whose Regions are still on their way counts as pending: until then it does not show what was asked for. */
function stateOf({ ServiceState, SupportedRegions = [] }: ServiceConfiguration): string {
  const moving = SupportedRegions.some((region) => ["pending", "deleting"].includes(lower(region.ServiceState)));
  const state = lower(ServiceState);
  return state === "available" && moving ? "pending" : state;
}

type Changes = Omit<ModifyVpcEndpointServiceConfigurationCommandInput, "ServiceId">;

/** All touched attributes in the form of one call; the SDK leaves empty lists out of the request. */
function changesOf(
  live: Live<"endpoint-service">,
  { attributes }: Resolved<"endpoint-service">,
  touched: ReadonlySet<string>,
): Changes {
  const balancers = setChanges(live.attributes.loadBalancerArns, attributes.loadBalancerArns);
  const regions = setChanges(live.attributes.supportedRegions, attributes.supportedRegions);
  const types = setChanges(live.attributes.ipAddressTypes, attributes.ipAddressTypes);
  const { acceptanceRequired: AcceptanceRequired, privateDnsName: PrivateDnsName } = attributes;
  const parts: { readonly [attribute: string]: Changes } = {
    loadBalancerArns: {
      AddNetworkLoadBalancerArns: balancers.added,
      RemoveNetworkLoadBalancerArns: balancers.removed,
    },
    acceptanceRequired: { AcceptanceRequired },
    // An empty name would not clear it.
    privateDnsName: PrivateDnsName === null ? { RemovePrivateDnsName: true } : { PrivateDnsName },
    supportedRegions: { AddSupportedRegions: regions.added, RemoveSupportedRegions: regions.removed },
    ipAddressTypes: { AddSupportedIpAddressTypes: types.added, RemoveSupportedIpAddressTypes: types.removed },
  };
  return Object.assign({}, ...[...touched].map((attribute) => parts[attribute]));
}

/** AWS answers a used token with the service it once made, even if that has been deleted since. */
async function isGoneAlready(aws: Aws, id: string): Promise<boolean> {
  const { ServiceConfigurations = [] } = await aws.ec2.send(
    new DescribeVpcEndpointServiceConfigurationsCommand({ Filters: [{ Name: "service-id", Values: [id] }] }),
  );
  return ServiceConfigurations.some(({ ServiceState }) => isGone(ServiceState));
}

/** Only these connections keep a service from being deleted. */
async function blockingConnections(aws: Aws, serviceId: string): Promise<VpcEndpointConnection[]> {
  const found: VpcEndpointConnection[] = [];
  const Filters = [{ Name: "service-id", Values: [serviceId] }];
  for await (const page of paginateDescribeVpcEndpointConnections({ client: aws.ec2 }, { Filters })) {
    found.push(...(page.VpcEndpointConnections ?? []));
  }
  return found.filter(({ VpcEndpointState }) =>
    ["available", "pending", "pendingacceptance"].includes(lower(VpcEndpointState)),
  );
}

function inTheWay(connections: readonly VpcEndpointConnection[]): string {
  const names = connections.map(
    ({ VpcEndpointId, VpcEndpointOwner, VpcEndpointState }) =>
      `${VpcEndpointId} of account ${VpcEndpointOwner}, ${lower(VpcEndpointState)}`,
  );
  const list = names.length > 0 ? names.join("; ") : "none that is listed now, so trying again may be enough";
  return `in the way: ${list}. Reject them or let their owners delete them, then run again`;
}
