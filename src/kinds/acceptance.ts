import {
  AcceptVpcEndpointConnectionsCommand,
  paginateDescribeVpcEndpointConnections,
  RejectVpcEndpointConnectionsCommand,
  type VpcEndpointConnection,
} from "@aws-sdk/client-ec2";
import type { Aws } from "../aws/aws.ts";
import { throwUnsuccessful } from "../aws/errors.ts";
import { connectionsToOurs } from "../aws/services.ts";
import { lower } from "../aws/states.ts";
import type { Live } from "../model.ts";
import { type Kind, type LiveAttributes, NotYetError, skips, text, type Whereabouts } from "./kind.ts";

/** What a connection's state says about our decision. Before it: `pending`; a connection that ended by itself says its own state. */
const DECISIONS: { readonly [state: string]: string } = {
  pendingacceptance: "pending",
  pending: "accepted",
  available: "accepted",
  partial: "accepted",
  rejected: "rejected",
};
const DECIDED = ["accepted", "rejected"];

/** Our answer to one connection request. It exists once we have answered; the connection itself is the consumer's own. */
export const acceptanceKind: Kind<"acceptance"> = {
  name: "acceptance",
  rules: { serviceId: text("replace"), endpointId: text("replace"), decision: text("update") },
  orphan: "keep",
  actions: {
    read: ["ec2:DescribeVpcEndpointServiceConfigurations", "ec2:DescribeVpcEndpointConnections"],
    write: [
      "ec2:DescribeVpcEndpointConnections",
      "ec2:AcceptVpcEndpointConnections",
      "ec2:RejectVpcEndpointConnections",
    ],
  },
  deadlineSeconds: 600,

  async list(reads) {
    if (skips(reads, "provides")) return { live: [], obstacles: [] };
    const connections = await connectionsToOurs(reads);
    const live = connections
      .filter(({ connection }) => DECIDED.includes(decisionOf(connection)))
      .map(({ service: { owner }, connection }) => {
        const address = `${owner.address}/acceptance/${connection.VpcEndpointId}`;
        return toLive({ ...owner, address, target: reads.target }, connection);
      });
    return { live, obstacles: [] };
  },

  /** Also shows a connection that is not decided yet: right after our answer AWS still shows the request. */
  async look(reads, known) {
    const [serviceId = "", endpointId = ""] = known.id.split("/");
    const connection = find(await reads.connections([serviceId]), endpointId);
    return connection && toLive(known, connection);
  },

  async seek(reads, wanted) {
    const { serviceId, endpointId } = wanted.attributes;
    const connection = find(await reads.connections([serviceId]), endpointId);
    const decided = connection && DECIDED.includes(decisionOf(connection));
    return decided ? { live: toLive(wanted, connection) } : undefined;
  },

  async create(aws, { attributes: { serviceId, endpointId, decision } }) {
    const connection = await connectionNow(aws, serviceId, endpointId);
    if (!connection) {
      throw new NotYetError(
        `AWS does not show the connection of ${endpointId} to ${serviceId} yet; it may take some seconds after the endpoint was made`,
      );
    }
    await decide(aws, connection, decision);
    return idOf(connection);
  },

  async update(aws, live, wanted) {
    const [serviceId = "", endpointId = ""] = live.id.split("/");
    await decide(aws, { ServiceId: serviceId, VpcEndpointId: endpointId }, wanted.attributes.decision);
  },

  async remove(_aws, live) {
    throw new Error(`${live.id} is the consumer's own connection: an acceptance is kept, or changed to a rejection`);
  },

  progress({ state = "" }) {
    if (["available", "partial", "rejected"].includes(state)) return { is: "ready" };
    if (["pendingacceptance", "pending"].includes(state)) return { is: "moving", state };
    return { is: "failed", state, why: "the connection has ended; its owner has to create a new endpoint" };
  },

  retryRemoveOn: [],
};

function toLive(where: Whereabouts, connection: VpcEndpointConnection): Live<"acceptance"> {
  return {
    kind: "acceptance",
    address: where.address,
    connection: where.connection,
    target: where.target,
    id: idOf(connection),
    attributes: {
      serviceId: connection.ServiceId ?? "",
      endpointId: connection.VpcEndpointId ?? "",
      decision: decisionOf(connection),
    } satisfies LiveAttributes<"acceptance">,
    outputs: {},
    protect: false,
    state: lower(connection.VpcEndpointState),
    ...(connection.CreationTimestamp ? { createdAt: connection.CreationTimestamp.toISOString() } : {}),
  };
}

const idOf = ({ ServiceId, VpcEndpointId }: VpcEndpointConnection): string => `${ServiceId}/${VpcEndpointId}`;

function decisionOf({ VpcEndpointState }: VpcEndpointConnection): string {
  const state = lower(VpcEndpointState);
  return DECISIONS[state] ?? state;
}

/** AWS refuses some endpoint ids in its own filter, so the list of the service is searched here. */
const find = (connections: readonly VpcEndpointConnection[], endpointId: string): VpcEndpointConnection | undefined =>
  connections.find(({ VpcEndpointId }) => VpcEndpointId === endpointId);

async function connectionNow(
  aws: Aws,
  serviceId: string,
  endpointId: string,
): Promise<VpcEndpointConnection | undefined> {
  const Filters = [{ Name: "service-id", Values: [serviceId] }];
  for await (const page of paginateDescribeVpcEndpointConnections({ client: aws.ec2 }, { Filters })) {
    const found = find(page.VpcEndpointConnections ?? [], endpointId);
    if (found) return found;
  }
  return undefined;
}

/** Accepts or rejects unless that is so already; a refusal is forgiven when the connection turns out to be decided as wanted (a lost answer). */
async function decide(aws: Aws, connection: VpcEndpointConnection, decision: string): Promise<void> {
  if (decisionOf(connection) === decision) return;
  const { ServiceId = "", VpcEndpointId = "" } = connection;
  const input = { ServiceId, VpcEndpointIds: [VpcEndpointId] };
  const { Unsuccessful } =
    decision === "accepted"
      ? await aws.ec2.send(new AcceptVpcEndpointConnectionsCommand(input))
      : await aws.ec2.send(new RejectVpcEndpointConnectionsCommand(input));
  if (!Unsuccessful?.length) return;
  const now = await connectionNow(aws, ServiceId, VpcEndpointId);
  if (!now || decisionOf(now) !== decision) throwUnsuccessful(Unsuccessful);
}
