import { allEndpoints } from "../ec2/attachments.ts";
import { privateNameOf } from "../ec2/private-dns.ts";
import { AwsError, type Call } from "../operation.ts";
import type { VpcEndpoint } from "../world.ts";
import { storedName } from "./domain-names.ts";
import { allZones } from "./find.ts";
import { sameVpc, type VpcRef } from "./input.ts";

/** Endpoints in these states own no name any more. */
const over: readonly string[] = ["deleting", "deleted", "rejected", "failed", "expired"];

/** A name can mean one thing in a VPC: refused when a zone or an endpoint's private DNS has it there. @throws AwsError ConflictingDomainExists */
export function checkConflict(call: Call, vpc: VpcRef, name: string): void {
  const zone = allZones(call.world).find(
    (each) => each.zone.name === name && each.zone.vpcs.some((its) => sameVpc(its, vpc)),
  );
  if (zone) throw conflict(vpc, `the hosted zone ${zone.zone.id}`);
  const endpoint = allEndpoints(call.world).find((each) => isIn(vpc, each) && privateDomain(call, each) === name);
  if (endpoint) throw conflict(vpc, `the VPC endpoint ${endpoint.id}`);
}

function conflict(vpc: VpcRef, owner: string): AwsError {
  return new AwsError(
    "ConflictingDomainExists",
    `The VPC ${vpc.id} in region ${vpc.region} has already been associated with ${owner} with the same domain name.`,
  );
}

function isIn(vpc: VpcRef, endpoint: VpcEndpoint): boolean {
  return endpoint.vpcId === vpc.id && endpoint.region === vpc.region && !over.includes(endpoint.state);
}

/** The domain that an endpoint's private DNS answers for; for a wildcard the domain below it. */
function privateDomain(call: Call, endpoint: VpcEndpoint): string | undefined {
  const name = endpoint.privateDnsEnabled ? privateNameOf(call.world, endpoint) : undefined;
  return name === undefined ? undefined : storedName(name.replace(/^\*\./, ""));
}
