import { settled } from "../clock.ts";
import { newLabel } from "../ids.ts";
import { canonicalName } from "../names.ts";
import type { Call, Operations, Tree } from "../operation.ts";
import { required } from "../params.ts";
import type { EndpointService, VpcEndpoint, World } from "../world.ts";
import { incorrectState, invalidParameter } from "./errors.ts";
import { findService, findVpc, here } from "./here.ts";

/** The private DNS name of a service and the proof that its domain is ours. */
export const privateDns: Operations = { StartVpcEndpointServicePrivateDnsVerification: startVerification };

/** How long AWS takes to look for the TXT record, in seconds. */
const verificationSeconds = 20;

/** Gives a service a private DNS name; a new name has to be verified anew. @throws AwsError InvalidParameter */
export function setPrivateDnsName(call: Call, service: EndpointService, name: string): void {
  if (service.privateDnsName === name) return;
  service.privateDnsName = name;
  service.privateDnsVerification = {
    state: "pendingVerification",
    name: `_${newLabel(call.world, "dns-name", 20)}`,
    value: `vpce:${newLabel(call.world, "dns-value", 20)}`,
  };
}

/** @throws AwsError InvalidParameter for what is not a lower-case domain name, with or without `*.` in front */
export function checkPrivateDnsName(name: string): void {
  if (/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return;
  throw invalidParameter(`The private DNS name '${name}' is not a valid domain name in lower case`);
}

function startVerification(call: Call): Tree {
  const service = findService(call, required(call.params, "ServiceId"));
  const proof = service.privateDnsVerification;
  catchUpVerification(call, service);
  if (!proof) throw invalidParameter(`The service ${service.id} does not have a private DNS name`);
  if (proof.settle) throw incorrectState(`The verification of ${service.privateDnsName} is in progress`);
  if (proof.state !== "verified") {
    proof.state = "pendingVerification";
    proof.settle = call.clock.settle(verificationSeconds);
  }
  return { return: true };
}

/** Moves a verification on: when its time has come, the TXT record is either there or not. */
export function lookAtVerification(call: Call, service: EndpointService): void {
  const proof = service.privateDnsVerification;
  if (!proof?.settle || !call.clock.look(proof.settle)) return;
  delete proof.settle;
  proof.state = isProven(call.world, service) ? "verified" : "failed";
}

/** Ends a verification whose time has come although nobody has looked since. */
function catchUpVerification(call: Call, service: EndpointService): void {
  const settle = service.privateDnsVerification?.settle;
  if (settle && settled(settle, call.clock)) lookAtVerification(call, service);
}

/** The record may stand at the domain itself or at one of its parents, in any public zone. */
function isProven(world: World, service: EndpointService): boolean {
  const proof = service.privateDnsVerification;
  const labels = (service.privateDnsName ?? "").replace(/^\*\./, "").split(".");
  const domains = labels.slice(0, -1).map((_, at) => labels.slice(at).join("."));
  const names = domains.map((domain) => canonicalName(`${proof?.name}.${domain}`));
  return Object.values(world.accounts)
    .flatMap((account) => Object.values(account.hostedZones))
    .filter((zone) => !zone.private)
    .flatMap((zone) => zone.records)
    .some(({ type, name, values }) => type === "TXT" && names.includes(name) && values?.includes(`"${proof?.value}"`));
}

/** Refuses private DNS on an endpoint where AWS would not switch it on. @throws AwsError InvalidParameter */
export function checkPrivateDns(call: Call, service: EndpointService, vpcId: string, endpoint?: VpcEndpoint): void {
  catchUpVerification(call, service);
  const { privateDnsName } = service;
  if (privateDnsName === undefined) {
    throw invalidParameter(
      `Private DNS can't be enabled because the service ${service.name} does not provide a private DNS name.`,
    );
  }
  if (service.privateDnsVerification?.state !== "verified") {
    throw invalidParameter(
      `Private DNS can't be enabled because the service ${service.name} has not verified the private DNS name.`,
    );
  }
  const waits = endpoint ? endpoint.state === "pendingAcceptance" : service.acceptanceRequired;
  if (waits) {
    throw invalidParameter(
      `Private DNS can only be enabled after the endpoint connection is accepted by the owner of ${service.name}.`,
    );
  }
  const vpc = findVpc(call, vpcId);
  if (!vpc.enableDnsSupport || !vpc.enableDnsHostnames) {
    throw invalidParameter(
      `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpcId}`,
    );
  }
  if (!hasConflict(call, vpcId, privateDnsName, endpoint?.id)) return;
  throw invalidParameter(
    `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${privateDnsName} in the VPC ${vpcId}`,
  );
}

/** Another endpoint of the VPC, or a private hosted zone associated with it, may own the name already. */
function hasConflict(call: Call, vpcId: string, name: string, except: string | undefined): boolean {
  const endpoints = Object.values(here(call).vpcEndpoints).filter(
    (other) => other.id !== except && other.vpcId === vpcId && other.privateDnsEnabled,
  );
  if (endpoints.some((other) => privateNameOf(call.world, other) === name)) return true;
  const domain = canonicalName(name.replace(/^\*\./, ""));
  return Object.values(call.world.accounts)
    .flatMap((account) => Object.values(account.hostedZones))
    .some((zone) => zone.private && zone.name === domain && zone.vpcs.some((vpc) => vpc.id === vpcId));
}

/** The private DNS name under which an endpoint's service is known. */
export function privateNameOf(world: World, endpoint: VpcEndpoint): string | undefined {
  const at = endpoint.service;
  return at && world.accounts[at.account]?.regions[at.region]?.endpointServices[at.id]?.privateDnsName;
}
