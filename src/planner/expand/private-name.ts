import type { Live, ServiceFact } from "../../model.ts";
import type { ConnectionDocument, EndpointSpec } from "../selectors/resolved-specs.ts";
import type { Consumed } from "./consumed-service.ts";
import type { Context, Expansion } from "./context.ts";

interface Endpoint {
  readonly address: string;
  readonly live: Live | undefined;
  readonly consumed: Consumed;
}

/**
 * Whether the endpoint gets the service's private DNS name in this plan. AWS gives it only to an endpoint that was accepted, and only a name
 * that the service's owner has proved to own. Until somebody else has done his part the endpoint does without, and the plan says whom it waits
 * for; our own part comes in the same plan. What is switched on stays on.
 */
export function privateNameNow(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  index: number,
  endpoint: Endpoint,
  into: Expansion,
): boolean {
  if (!spec.privateDns) return false;
  checkConflicts(context, document, spec, index, endpoint, into);
  const { live, consumed } = endpoint;
  if (live?.attributes.privateDnsEnabled === true) return true;
  const { provider, seen, label } = consumed;
  // That its name is proved and its request accepted before is a matter of the order of steps.
  if (provider) return true;
  const wait = (what: string): false => {
    const connection = document.spec.metadata.name;
    into.waits.push({ connection, address: endpoint.address, on: "partner", for: what, since: null, until: null });
    return false;
  };
  if (seen && seen.privateDnsName === undefined) return refuseNameless(document, index, seen, into);
  if (seen && seen.privateDnsState !== "verified")
    return wait(
      `the owner of ${label} to prove that ${seen.privateDnsName} is its own (now ${seen.privateDnsState ?? "unknown"}); a later plan then switches the private DNS name on`,
    );
  if (live?.state === "available" || seen?.acceptanceRequired === false) return true;
  return wait(`${label} to accept the endpoint; a later plan then switches its private DNS name on`);
}

function refuseNameless(document: ConnectionDocument, index: number, seen: ServiceFact, into: Expansion): false {
  into.findings.push({
    id: "private-dns.missing",
    severity: "error",
    connection: document.spec.metadata.name,
    message: `${seen.name} has no private DNS name that could resolve to this endpoint; leave privateDns out and use aliases, or ask its owner for one`,
    at: document.at(["endpoints", index, "privateDns"]),
  });
  return false;
}

/** One VPC knows a name once: from an endpoint with private DNS, or from a private hosted zone that it is associated with. */
function checkConflicts(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  index: number,
  { address, consumed }: Endpoint,
  into: Expansion,
): void {
  const name = consumed.privateDnsName;
  if (name === undefined) return;
  const refuse = (message: string) =>
    into.findings.push({
      id: "private-dns.conflict",
      severity: "error",
      connection: document.spec.metadata.name,
      address,
      message: `${name} cannot resolve to this endpoint: ${message}`,
      at: document.at(["endpoints", index, "privateDns"]),
    });
  const domain = name.replace(/^\*\./, "");
  const zone = context.cloud
    .target(spec.target)
    ?.vpcZones?.find((one) => one.vpcId === spec.vpc && one.name === domain);
  if (zone)
    refuse(
      `${spec.vpc} is associated with the private hosted zone ${zone.zoneId} (${zone.name}) of account ${zone.owner}. Take the VPC out of the zone, or leave privateDns out and put an alias into that zone`,
    );
  const other = into.privateNames.get(`${spec.target} ${spec.vpc} ${name}`);
  into.privateNames.set(`${spec.target} ${spec.vpc} ${name}`, address);
  if (other !== undefined)
    refuse(`${other} has that name in ${spec.vpc} already. Let one of the two have privateDns, the other an alias`);
}
