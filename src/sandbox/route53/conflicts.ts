import { AwsError, type Call } from "../operation.ts";
import type { Region, VpcEndpoint, World } from "../world.ts";
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
  const endpoint = endpointsIn(call.world, vpc).find((each) => privateName(call.world, each) === name);
  if (endpoint) throw conflict(vpc, `the VPC endpoint ${endpoint.id}`);
}

function conflict(vpc: VpcRef, owner: string): AwsError {
  return new AwsError(
    "ConflictingDomainExists",
    `The VPC ${vpc.id} in region ${vpc.region} has already been associated with ${owner} with the same domain name.`,
  );
}

function endpointsIn(world: World, vpc: VpcRef): VpcEndpoint[] {
  const regions: (Region | undefined)[] = Object.values(world.accounts).map((account) => account.regions[vpc.region]);
  return regions
    .flatMap((region) => Object.values(region?.vpcEndpoints ?? {}))
    .filter((endpoint) => endpoint.vpcId === vpc.id && endpoint.privateDnsEnabled && !over.includes(endpoint.state));
}

/** The name that an endpoint's private DNS answers for; for a wildcard the domain below it. */
function privateName(world: World, endpoint: VpcEndpoint): string | undefined {
  const { service, serviceName } = endpoint;
  const own = service && world.accounts[service.account]?.regions[service.region]?.endpointServices[service.id];
  const [, region, name] = /^com\.amazonaws\.([a-z0-9-]+)\.([a-z0-9.-]+)$/.exec(serviceName) ?? [];
  const found = own ? own.privateDnsName : name && `${name}.${region}.amazonaws.com`;
  return found === undefined ? undefined : storedName(found.replace(/^\*\./, ""));
}
