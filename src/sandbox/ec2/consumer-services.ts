import type { Call, Operations, Tree } from "../operation.ts";
import { texts } from "../params.ts";
import type { EndpointService } from "../world.ts";
import { items } from "../xml.ts";
import { serviceZoneIds } from "./attachments.ts";
import { select } from "./describe.ts";
import { reachableServices } from "./endpoint-input.ts";
import { noServiceName } from "./errors.ts";
import { here } from "./here.ts";
import { lookAtVerification } from "./private-dns.ts";
import { baseDnsName } from "./service-view.ts";
import { tagSet } from "./tags.ts";

/** Services as those who may use them see them. */
export const consumerServices: Operations = { DescribeVpcEndpointServices: describeServices };

function describeServices(call: Call): Tree {
  const regions = texts(call.params, "ServiceRegion");
  const all = reachableServices(call, regions.length > 0 ? regions : [call.region]);
  const { shown, nextToken } = select<EndpointService>(call, {
    element: "serviceDetailSet",
    all,
    key: (service) => service.name,
    ids: { parameter: "ServiceName", missing: noServiceName },
    filters: {
      "service-name": (service) => service.name,
      "service-region": (service) => service.region,
      "service-type": () => "Interface",
      owner: (service) => service.account,
      "supported-ip-address-types": (service) => service.supportedIpAddressTypes,
    },
    tags: (service) => (service.account === call.account ? service.tags : {}),
    look: (service) => lookAtVerification(call, service),
    paging: { clamp: true },
    render: (service) => detail(call, service),
  });
  return {
    serviceNameSet: items(shown.map((service) => service.name)),
    serviceDetailSet: items(shown.map((service) => detail(call, service))),
    nextToken,
  };
}

function detail(call: Call, service: EndpointService): Tree {
  const zones = commonZones(call, service);
  const { privateDnsName } = service;
  return {
    serviceName: service.name,
    serviceId: service.id,
    serviceType: items([{ serviceType: "Interface" }]),
    serviceRegion: service.region,
    availabilityZoneIdSet: items(zones.map((zone) => zone.id)),
    availabilityZoneSet: items(zones.map((zone) => zone.name)),
    owner: service.account,
    baseEndpointDnsNameSet: items([baseDnsName(service)]),
    privateDnsName,
    privateDnsNameSet: items(privateDnsName === undefined ? [] : [{ privateDnsName }]),
    vpcEndpointPolicySupported: false,
    acceptanceRequired: service.acceptanceRequired,
    managesVpcEndpoints: false,
    payerResponsibility: service.payerResponsibility,
    tagSet: tagSet(service.account === call.account ? service.tags : {}),
    privateDnsNameVerificationState: service.privateDnsVerification?.state,
    supportedIpAddressTypeSet: items(service.supportedIpAddressTypes),
  };
}

/** The service's zones under the caller's names. For a service of another Region AWS tells none (terraform-provider-aws #44186). */
function commonZones(call: Call, service: EndpointService): { name: string; id: string }[] {
  if (service.region !== call.region) return [];
  const ids = serviceZoneIds(call.world, service);
  return here(call).availabilityZones.filter((zone) => ids.includes(zone.id));
}
