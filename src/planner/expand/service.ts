import type { Desired, Id } from "../../model.ts";
import { loadBalancerAddress, privateDnsAddress, serviceAddress } from "../addresses.ts";
import { asSet } from "../collections.ts";
import type { ConnectionDocument, ServiceSpec } from "../selectors/resolved-specs.ts";
import { expandAcceptances } from "./acceptance.ts";
import { expandAllowlist } from "./allowlist.ts";
import { type Context, desire, type Expansion, ownershipTags, recordTags } from "./context.ts";
import { expandLoadBalancer } from "./load-balancer.ts";
import { notifications } from "./notification.ts";

/** What we provide: load balancers with their listeners, the endpoint service, who may connect and who does. */
export function expandService(
  context: Context,
  document: ConnectionDocument,
  service: ServiceSpec,
  into: Expansion,
): void {
  const connection = document.spec.metadata.name;
  const address = serviceAddress(connection);
  service.loadBalancers.forEach((balancer, index) => {
    if (!("arn" in balancer)) expandLoadBalancer(context, document, service, balancer, index, into);
  });
  into.desired.push(endpointService(context, document, service, address));
  const owner = { address, output: "serviceId", target: service.target } as const;
  into.desired.push(...notifications(document, service.notifications, ["service", "notifications"], owner));
  expandAllowlist(context, document, service, into);
  if (service.privateDns?.zone)
    into.desired.push(privateDns(context, document, service, service.privateDns.name, service.privateDns.zone));
  expandAcceptances(context, document, service, into);
}

function endpointService(
  context: Context,
  document: ConnectionDocument,
  service: ServiceSpec,
  address: string,
): Desired<"endpoint-service"> {
  const { name } = document.spec.metadata;
  const loadBalancerArns = service.loadBalancers.map(
    (balancer): Id =>
      "arn" in balancer ? balancer.arn : { ref: loadBalancerAddress(name, balancer.name), output: "arn" },
  );
  return desire(document, ["service"], {
    kind: "endpoint-service",
    address,
    target: service.target,
    attributes: {
      loadBalancerArns,
      acceptanceRequired: service.acceptance !== "automatic",
      privateDnsName: service.privateDns?.name.toLowerCase() ?? null,
      supportedRegions: asSet(service.supportedRegions ?? []),
      ipAddressTypes: asSet(service.ipAddressTypes ?? ["ipv4"]),
      tags: ownershipTags(context, document, address),
    },
  });
}

/** AWS hands out the record to publish only once the service carries the name, so both its name and value are Refs. */
function privateDns(
  context: Context,
  document: ConnectionDocument,
  service: ServiceSpec,
  name: string,
  zoneId: string,
): Desired<"private-dns"> {
  const connection = document.spec.metadata.name;
  const ref = serviceAddress(connection);
  return desire(document, ["service", "privateDns"], {
    kind: "private-dns",
    address: privateDnsAddress(connection),
    target: service.target,
    attributes: {
      serviceId: { ref, output: "serviceId" },
      zoneId,
      name: name.toLowerCase(),
      recordName: { ref, output: "privateDnsRecordName" },
      recordValue: { ref, output: "privateDnsRecordValue" },
      state: "verified",
      tags: recordTags(context, privateDnsAddress(connection)),
    },
  });
}
