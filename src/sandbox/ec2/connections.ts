import { settled } from "../clock.ts";
import { AwsError, type Call, type Operations, type Tree } from "../operation.ts";
import { required, texts } from "../params.ts";
import type { EndpointState, VpcEndpoint } from "../world.ts";
import { items } from "../xml.ts";
import { connectionsOf, serviceOf } from "./attachments.ts";
import { describe } from "./describe.ts";
import { catchUp, connect, isListed, lookAtEndpoint, reject } from "./endpoint-states.ts";
import { dnsEntrySet } from "./endpoint-view.ts";
import { findService } from "./here.ts";
import { tagSet } from "./tags.ts";

/** Connections: other people's endpoints as the owner of the service sees them. */
export const connections: Operations = {
  DescribeVpcEndpointConnections: describeAll,
  AcceptVpcEndpointConnections: (call) => answer(call, "accept"),
  RejectVpcEndpointConnections: (call) => answer(call, "reject"),
};

function describeAll(call: Call): Tree {
  return describe<VpcEndpoint>(call, {
    element: "vpcEndpointConnectionSet",
    all: connectionsOf(call).filter((endpoint) => isVisible(call, endpoint)),
    key: (endpoint) => endpoint.id,
    filters: {
      "service-id": (endpoint) => endpoint.service?.id,
      "vpc-endpoint-id": (endpoint) => endpoint.id,
      "vpc-endpoint-owner": (endpoint) => endpoint.account,
      "vpc-endpoint-state": (endpoint) => endpoint.state,
      "vpc-endpoint-region": (endpoint) =>
        endpoint.region === endpoint.serviceRegion ? endpoint.region : [endpoint.region, "cross-region"],
      "ip-address-type": (endpoint) => endpoint.ipAddressType,
    },
    moving: ["vpc-endpoint-state"],
    tags: (endpoint) => endpoint.connectionTags,
    look: (endpoint) => lookAtEndpoint(call, endpoint),
    exists: (endpoint) => isListed(call, endpoint),
    paging: { clamp: true },
    render: (endpoint) => connectionTree(call, endpoint),
  });
}

/** A new endpoint takes a moment to show on this side. */
function isVisible(call: Call, endpoint: VpcEndpoint): boolean {
  if (!endpoint.visibleToProvider) return true;
  if (!call.clock.look(endpoint.visibleToProvider)) return false;
  delete endpoint.visibleToProvider;
  return true;
}

function connectionTree(call: Call, endpoint: VpcEndpoint): Tree {
  return {
    serviceId: endpoint.service?.id,
    vpcEndpointId: endpoint.id,
    vpcEndpointOwner: endpoint.account,
    vpcEndpointState: endpoint.state,
    creationTimestamp: endpoint.createdAt,
    dnsEntrySet: dnsEntrySet(call, endpoint),
    networkLoadBalancerArnSet: items(serviceOf(call.world, endpoint)?.networkLoadBalancerArns ?? []),
    ipAddressType: endpoint.ipAddressType,
    vpcEndpointConnectionId: endpoint.connectionId,
    tagSet: tagSet(endpoint.connectionTags),
    vpcEndpointRegion: endpoint.region,
  };
}

const answerable: Record<"accept" | "reject", readonly EndpointState[]> = {
  accept: ["pendingAcceptance"],
  reject: ["pendingAcceptance", "pending", "available"],
};

/** Succeeds as a whole even where single endpoints cannot be answered: those stand in `unsuccessful`. */
function answer(call: Call, verdict: "accept" | "reject"): Tree {
  const service = findService(call, required(call.params, "ServiceId"));
  const ids = texts(call.params, "VpcEndpointId");
  if (ids.length === 0) throw new AwsError("MissingParameter", "The request must contain the parameter VpcEndpointId");
  const asked = new Map(
    connectionsOf(call)
      .filter((endpoint) => endpoint.service?.id === service.id && isShown(call, endpoint))
      .map((endpoint) => [endpoint.id, endpoint]),
  );
  return {
    unsuccessful: items(
      ids.flatMap((resourceId) => {
        const error = answerOne(call, asked.get(resourceId), resourceId, verdict);
        return error ? [{ error: { code: error.code, message: error.message }, resourceId }] : [];
      }),
    ),
  };
}

function isShown(call: Call, endpoint: VpcEndpoint): boolean {
  return (
    endpoint.state !== "deleted" && (!endpoint.visibleToProvider || settled(endpoint.visibleToProvider, call.clock))
  );
}

function answerOne(
  call: Call,
  endpoint: VpcEndpoint | undefined,
  id: string,
  verdict: "accept" | "reject",
): AwsError | undefined {
  if (!endpoint) return new AwsError("InvalidVpcEndpointId.NotFound", `The Vpc Endpoint Id '${id}' does not exist`);
  catchUp(call, endpoint);
  if (!answerable[verdict].includes(endpoint.state)) {
    return new AwsError(
      "InvalidState",
      `The Vpc Endpoint '${id}' is in the state ${endpoint.state}: it cannot be ${verdict}ed`,
    );
  }
  if (verdict === "accept") connect(call, endpoint, "accept");
  else reject(endpoint);
  return undefined;
}
