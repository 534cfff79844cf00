import { newId } from "../ids.ts";
import { AwsError, type Call, type Operations, type Tree } from "../operation.ts";
import { flag, required, text, texts } from "../params.ts";
import type { EndpointService } from "../world.ts";
import { items } from "../xml.ts";
import { liveConnections } from "./attachments.ts";
import { describe } from "./describe.ts";
import { incorrectState, invalidParameter, noService } from "./errors.ts";
import { findService, here } from "./here.ts";
import { checkPrivateDnsName, lookAtVerification, setPrivateDnsName } from "./private-dns.ts";
import {
  balancersAfter,
  checkBalancers,
  checkIpTypes,
  checkRegions,
  checkRemovable,
  closeRegions,
  lookAtRegions,
  openRegions,
} from "./service-input.ts";
import { serviceTree } from "./service-view.ts";
import { tagsOnCreate } from "./tags.ts";
import { once } from "./tokens.ts";

/** Endpoint services as their owner makes and changes them. */
export const endpointServices: Operations = {
  CreateVpcEndpointServiceConfiguration: create,
  ModifyVpcEndpointServiceConfiguration: modify,
  DescribeVpcEndpointServiceConfigurations: describeAll,
  DeleteVpcEndpointServiceConfigurations: deleteAll,
  ModifyVpcEndpointServicePayerResponsibility: modifyPayer,
};

/** How long AWS takes over a service's transitions, in seconds. */
const serviceSeconds = 10;

function create(call: Call): Tree {
  return once(call, () => {
    const service = newService(call);
    here(call).endpointServices[service.id] = service;
    return { id: service.id, answer: { serviceConfiguration: serviceTree(call, service) } };
  });
}

function newService(call: Call): EndpointService {
  const { params } = call;
  // AWS documents `vpc-endpoint-service`; guides in circulation write the name of the operation, which is taken too.
  const tags = tagsOnCreate(call, "vpc-endpoint-service", "vpc-endpoint-service-configuration");
  const arns = [...new Set(texts(params, "NetworkLoadBalancerArn"))];
  const gatewayArns = texts(params, "GatewayLoadBalancerArn");
  if (arns.length > 0 === gatewayArns.length > 0) {
    throw invalidParameter(
      "exactly one of network_load_balancer_arn or gateway_load_balancer_arn is a required member",
    );
  }
  if (gatewayArns.length > 0) {
    throw invalidParameter("The sandbox has no Gateway Load Balancers: use network_load_balancer_arn");
  }
  const balancers = checkBalancers(call, arns);
  const asked = [...new Set(texts(params, "SupportedIpAddressType"))];
  const supportedIpAddressTypes = asked.length > 0 ? asked : ["ipv4"];
  checkIpTypes(supportedIpAddressTypes, balancers);
  const regions = texts(params, "SupportedRegion");
  checkRegions(regions);
  const privateDnsName = text(params, "PrivateDnsName");
  if (privateDnsName) checkPrivateDnsName(privateDnsName);

  const id = newId(call.world, "vpce-svc-");
  const service: EndpointService = {
    id,
    name: `com.amazonaws.vpce.${call.region}.${id}`,
    account: call.account,
    region: call.region,
    state: "Pending",
    settle: call.clock.settle(serviceSeconds),
    acceptanceRequired: flag(params, "AcceptanceRequired") ?? true,
    networkLoadBalancerArns: arns,
    gatewayLoadBalancerArns: [],
    supportedIpAddressTypes,
    supportedRegions: [{ region: call.region, state: "Available" }],
    principals: {},
    tags,
    createdAt: call.clock.now(),
  };
  openRegions(call, service, regions);
  if (privateDnsName) setPrivateDnsName(call, service, privateDnsName);
  return service;
}

function modify(call: Call): Tree {
  const { params } = call;
  const service = findService(call, required(params, "ServiceId"));
  if (service.state === "Deleting") throw incorrectState(`The service ${service.id} is being deleted`);
  const added = checkBalancers(call, texts(params, "AddNetworkLoadBalancerArn"), service);
  const removed = texts(params, "RemoveNetworkLoadBalancerArn");
  checkRemovable(service, removed, liveConnections(call.world, service));
  const balancers = balancersAfter(call, service, added, removed);
  const ipTypes = changedSet(call, service.supportedIpAddressTypes, "SupportedIpAddressType");
  checkIpTypes(ipTypes, balancers);
  const opened = texts(params, "AddSupportedRegion");
  checkRegions(opened);
  const name = text(params, "PrivateDnsName");
  if (name) checkPrivateDnsName(name);
  const removesName = flag(params, "RemovePrivateDnsName") ?? false;
  if (removesName) checkNameRemovable(call, service);
  closeRegions(call, service, texts(params, "RemoveSupportedRegion"));

  openRegions(call, service, opened);
  service.networkLoadBalancerArns = balancers.map(({ arn }) => arn);
  service.supportedIpAddressTypes = ipTypes;
  service.acceptanceRequired = flag(params, "AcceptanceRequired") ?? service.acceptanceRequired;
  if (removesName) {
    delete service.privateDnsName;
    delete service.privateDnsVerification;
  }
  // An empty name goes through and changes nothing (terraform-provider-aws #25579): only RemovePrivateDnsName clears it.
  if (name) setPrivateDnsName(call, service, name);
  return { return: true };
}

function changedSet(call: Call, there: readonly string[], member: string): string[] {
  const removed = texts(call.params, `Remove${member}`);
  return [...new Set([...there, ...texts(call.params, `Add${member}`)])].filter((entry) => !removed.includes(entry));
}

/** AWS documents that no endpoint may be connected when the name goes. */
function checkNameRemovable(call: Call, service: EndpointService): void {
  const [connected] = liveConnections(call.world, service);
  if (!connected) return;
  throw incorrectState(
    `The private DNS name of ${service.id} cannot be removed while the endpoint ${connected.id} is connected`,
  );
}

function describeAll(call: Call): Tree {
  const { endpointServices } = here(call);
  return describe<EndpointService>(call, {
    element: "serviceConfigurationSet",
    all: Object.values(endpointServices),
    key: (service) => service.id,
    ids: { parameter: "ServiceId", missing: noService },
    filters: {
      "service-id": (service) => service.id,
      "service-name": (service) => service.name,
      "service-state": (service) => service.state,
      "supported-ip-address-types": (service) => service.supportedIpAddressTypes,
    },
    moving: ["service-state"],
    tags: (service) => service.tags,
    look: (service) => lookAt(call, service),
    exists: (service) => endpointServices[service.id] !== undefined,
    paging: { clamp: true },
    render: (service) => serviceTree(call, service),
  });
}

function lookAt(call: Call, service: EndpointService): void {
  lookAtVerification(call, service);
  lookAtRegions(call, service);
  if (!service.settle || !call.clock.look(service.settle)) return;
  delete service.settle;
  if (service.state === "Pending") service.state = "Available";
  else if (service.state === "Deleting") delete here(call).endpointServices[service.id];
}

/** Succeeds as a whole even where single services cannot be deleted: those stand in `unsuccessful`. */
function deleteAll(call: Call): Tree {
  const ids = texts(call.params, "ServiceId");
  if (ids.length === 0) throw new AwsError("MissingParameter", "The request must contain the parameter ServiceId");
  return {
    unsuccessful: items(
      ids.flatMap((resourceId) => {
        const error = deleteOne(call, resourceId);
        return error ? [{ error: { code: error.code, message: error.message }, resourceId }] : [];
      }),
    ),
  };
}

function deleteOne(call: Call, id: string): AwsError | undefined {
  const service = here(call).endpointServices[id];
  if (!service || service.state === "Deleting") {
    return new AwsError("InvalidVpcEndpointService.NotFound", `The VpcEndpointService Id '${id}' does not exist`);
  }
  if (liveConnections(call.world, service).length > 0) {
    return new AwsError(
      "ExistingVpcEndpointConnections",
      `Service ${id} has existing active VPC Endpoint connections!`,
    );
  }
  service.state = "Deleting";
  service.settle = call.clock.settle(serviceSeconds);
  // The load balancers are free from here on; nobody has to watch the service go before deleting them.
  service.networkLoadBalancerArns = [];
  return undefined;
}

/** There is one value and no way back. */
function modifyPayer(call: Call): Tree {
  const service = findService(call, required(call.params, "ServiceId"));
  const payer = required(call.params, "PayerResponsibility");
  if (payer !== "ServiceOwner")
    throw invalidParameter(`'${payer}' is not a valid payer responsibility: it can only be ServiceOwner`);
  service.payerResponsibility = "ServiceOwner";
  return { return: true };
}
