import {
  CreateVpcEndpointCommand,
  type CreateVpcEndpointCommandInput,
  DeleteVpcEndpointsCommand,
  DescribeVpcEndpointsCommand,
  type DnsRecordIpType,
  type IpAddressType,
  ModifyVpcEndpointCommand,
  type ModifyVpcEndpointCommandInput,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";
import { oursAndAdopted } from "../aws/adoption.ts";
import type { Aws } from "../aws/aws.ts";
import { policyOf, regionalEntry, zonalEntries } from "../aws/endpoints.ts";
import { absentOn, isCode, throwUnsuccessful } from "../aws/errors.ts";
import { MARK, retagEc2, tagOnCreate } from "../aws/ownership.ts";
import { plainTags } from "../aws/reads.ts";
import { regionOfService } from "../aws/services.ts";
import { isGone, lower } from "../aws/states.ts";
import type { Live, Tags } from "../model.ts";
import {
  explained,
  flag,
  json,
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

const NOT_FOUND = ["InvalidVpcEndpointId.NotFound", "InvalidVpcEndpoint.NotFound"];
/** States from which an endpoint never comes back. */
const ENDED = ["failed", "rejected", "expired"];
/** AWS takes one modification of an endpoint at a time; the one before needs some seconds. */
const BUSY_SECONDS = 120;

/** An interface endpoint. */
export const vpcEndpointKind: Kind<"vpc-endpoint"> = {
  name: "vpc-endpoint",
  rules: {
    vpcId: text("replace"),
    serviceName: text("replace"),
    serviceRegion: text("replace"),
    subnetIds: set("update", { removed: "interrupts" }),
    securityGroupIds: set("update"),
    ipAddressType: text("update", { changed: "interrupts" }),
    dnsRecordIpType: text("update", { changed: "moves-dns" }),
    privateDnsEnabled: flag("update", { changed: "moves-dns" }),
    policy: json("update"),
    tags: tags(),
  },
  orphan: "delete",
  actions: {
    read: ["ec2:DescribeVpcEndpoints"],
    write: [
      "ec2:CreateVpcEndpoint",
      "ec2:ModifyVpcEndpoint",
      "ec2:DeleteVpcEndpoints",
      "ec2:CreateTags",
      "ec2:DeleteTags",
      // Private DNS is a hosted zone that AWS puts beside the VPC in the caller's name.
      "route53:AssociateVPCWithHostedZone",
      // Asked for besides the above when the service is in another Region.
      "vpce:AllowMultiRegion",
    ],
  },
  deadlineSeconds: 600,

  async list(reads) {
    if (skips(reads, "consumes")) return { live: [], obstacles: [] };
    const { owned, foreign } = await oursAndAdopted(reads, {
      prefix: /^vpce-(?!svc-)/,
      filter: "vpc-endpoint-id",
      list: async (filters) => (await reads.endpoints(filters)).filter(isListed),
      idOf: ({ VpcEndpointId = "" }) => VpcEndpointId,
    });
    return {
      live: owned.map(({ item, owner }) => toLive({ ...owner, target: reads.target }, item)),
      obstacles: foreign.map((stranger) => ({ kind: "vpc-endpoint", ...stranger })),
    };
  },

  async look(reads, known) {
    const [endpoint] = await reads.endpoints([{ Name: "vpc-endpoint-id", Values: [known.id] }]);
    return endpoint && isListed(endpoint) ? toLive(known, endpoint) : undefined;
  },

  /** While a replacement is under way the old endpoint has the same address; it differs in what cannot be changed, or it has ended. */
  async seek(reads, wanted) {
    const endpoints = await reads.endpoints([
      { Name: `tag:${MARK.project}`, Values: [reads.project] },
      { Name: `tag:${MARK.address}`, Values: [wanted.address] },
    ]);
    const found = endpoints
      .filter(isListed)
      .map((endpoint) => toLive(wanted, endpoint))
      .find((live) => isSamePlace(live, wanted) && !ENDED.includes(live.state ?? ""));
    return found && { live: found };
  },

  async create(aws, { attributes }, token) {
    const home = await aws.ec2.config.region();
    const id = await createEndpoint(aws, {
      ClientToken: token,
      // AWS's default is a gateway endpoint.
      VpcEndpointType: "Interface",
      VpcId: attributes.vpcId,
      ServiceName: attributes.serviceName,
      ...(attributes.serviceRegion === home ? {} : { ServiceRegion: attributes.serviceRegion }),
      SubnetIds: [...attributes.subnetIds],
      SecurityGroupIds: [...attributes.securityGroupIds],
      IpAddressType: attributes.ipAddressType as IpAddressType,
      DnsOptions: dnsOptions(attributes.dnsRecordIpType),
      PrivateDnsEnabled: attributes.privateDnsEnabled,
      ...(attributes.policy === null ? {} : { PolicyDocument: JSON.stringify(attributes.policy) }),
      TagSpecifications: tagOnCreate("vpc-endpoint", attributes.tags),
    });
    if (await isGoneAlready(aws, id)) throw new StaleTokenError(`${id} was made with this token and is deleted`);
    return id;
  },

  async update(aws, live, wanted, touched) {
    const changes = changesOf(live, wanted, touched);
    if (Object.keys(changes).length > 0) {
      await whenIdle(() => aws.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: live.id, ...changes })));
    }
    if (!touchesTags(touched)) return;
    await whenIdle(() => retagEc2(aws, live.id, live.attributes.tags as Tags, wanted.attributes.tags));
  },

  async remove(aws, live) {
    const answer = await absentOn(NOT_FOUND, () =>
      aws.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [live.id] })),
    );
    throwUnsuccessful(answer?.Unsuccessful, NOT_FOUND);
  },

  progress({ state = "", outputs }) {
    if (state === "available") return { is: "ready" };
    if (state === "pendingacceptance") return { is: "resting" };
    const why = outputs.reason === undefined ? {} : { why: outputs.reason };
    return { is: ENDED.includes(state) ? "failed" : "moving", state, ...why };
  },

  retryRemoveOn: ["OperationInProgress"],
};

const isListed = ({ VpcEndpointType, State }: VpcEndpoint): boolean =>
  lower(VpcEndpointType) === "interface" && !isGone(State);

function toLive(where: Whereabouts, endpoint: VpcEndpoint): Live<"vpc-endpoint"> {
  const { VpcEndpointId: id = "", ServiceName: serviceName = "", LastError, FailureReason } = endpoint;
  const own = plainTags(endpoint.Tags);
  const entry = regionalEntry(endpoint);
  const reason = LastError?.Message ?? FailureReason;
  return {
    kind: "vpc-endpoint",
    address: where.address,
    connection: where.connection,
    target: where.target,
    id,
    attributes: {
      vpcId: endpoint.VpcId ?? "",
      serviceName,
      serviceRegion: endpoint.ServiceRegion ?? regionOfService(serviceName) ?? "",
      subnetIds: sorted(endpoint.SubnetIds),
      securityGroupIds: sorted(endpoint.Groups?.map(({ GroupId }) => GroupId)),
      ipAddressType: lower(endpoint.IpAddressType) || "ipv4",
      dnsRecordIpType: lower(endpoint.DnsOptions?.DnsRecordIpType) || lower(endpoint.IpAddressType) || "ipv4",
      privateDnsEnabled: endpoint.PrivateDnsEnabled ?? false,
      policy: policyOf(endpoint.PolicyDocument),
      tags: own,
    } satisfies LiveAttributes<"vpc-endpoint">,
    // `reason`: why AWS let it fail; nothing refers to it.
    outputs: { endpointId: id, ...entry, ...zonalEntries(endpoint), ...(reason ? { reason } : {}) },
    protect: own[MARK.protect] === "true",
    state: lower(endpoint.State),
    ...(endpoint.CreationTimestamp ? { createdAt: endpoint.CreationTimestamp.toISOString() } : {}),
  };
}

const isSamePlace = ({ attributes: live }: Live<"vpc-endpoint">, { attributes }: Resolved<"vpc-endpoint">): boolean =>
  live.vpcId === attributes.vpcId &&
  live.serviceName === attributes.serviceName &&
  live.serviceRegion === attributes.serviceRegion;

async function createEndpoint(aws: Aws, input: CreateVpcEndpointCommandInput): Promise<string> {
  try {
    const { VpcEndpoint: made } = await aws.ec2.send(new CreateVpcEndpointCommand(input));
    return made?.VpcEndpointId ?? "";
  } catch (error) {
    if (!isCode(error, "InvalidServiceName")) throw error;
    throw explained(
      error,
      `AWS says the same of three things: this account is not allowed as a principal of ${input.ServiceName}, the service is in another Region, or there is no such service. Ask its owner to allow this account, or correct the name or serviceRegion`,
    );
  }
}

/** AWS answers a used token with the endpoint it once made, even if that has been deleted since. */
async function isGoneAlready(aws: Aws, id: string): Promise<boolean> {
  const { VpcEndpoints = [] } = await aws.ec2.send(
    new DescribeVpcEndpointsCommand({ Filters: [{ Name: "vpc-endpoint-id", Values: [id] }] }),
  );
  return VpcEndpoints.some(({ State }) => isGone(State));
}

/** The other DNS options are for S3 and VPC Lattice only; AWS refuses them elsewhere. */
const dnsOptions = (type: string) => ({ DnsRecordIpType: type as DnsRecordIpType });

type Changes = Omit<ModifyVpcEndpointCommandInput, "VpcEndpointId">;

/** All touched attributes in the form of one call; the SDK leaves empty lists out of the request. */
function changesOf(
  live: Live<"vpc-endpoint">,
  { attributes }: Resolved<"vpc-endpoint">,
  touched: ReadonlySet<string>,
): Changes {
  const subnets = setChanges(live.attributes.subnetIds, attributes.subnetIds);
  const groups = setChanges(live.attributes.securityGroupIds, attributes.securityGroupIds);
  const parts: { readonly [attribute: string]: Changes } = {
    subnetIds: { AddSubnetIds: subnets.added, RemoveSubnetIds: subnets.removed },
    securityGroupIds: { AddSecurityGroupIds: groups.added, RemoveSecurityGroupIds: groups.removed },
    ipAddressType: { IpAddressType: attributes.ipAddressType as IpAddressType },
    dnsRecordIpType: { DnsOptions: dnsOptions(attributes.dnsRecordIpType) },
    privateDnsEnabled: { PrivateDnsEnabled: attributes.privateDnsEnabled },
    // An empty document would not bring the default back.
    policy: attributes.policy === null ? { ResetPolicy: true } : { PolicyDocument: JSON.stringify(attributes.policy) },
  };
  return Object.assign({}, ...[...touched].map((attribute) => parts[attribute]));
}

/** Repeats a call that AWS refuses while it still carries out the one before. */
async function whenIdle<T>(call: () => Promise<T>): Promise<T> {
  const until = Date.now() + BUSY_SECONDS * 1000;
  for (let wait = 500; ; wait = Math.min(wait * 2, 10_000)) {
    try {
      return await call();
    } catch (error) {
      if (!isCode(error, "OperationInProgress") || Date.now() + wait > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
