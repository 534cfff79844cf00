import type { Desired, Id, Json, Live } from "../../model.ts";
import { allowlistAddress, endpointAddress, privateDnsAddress, securityGroupAddress } from "../addresses.ts";
import { asSet } from "../collections.ts";
import { awsNames } from "../names.ts";
import type { ConnectionDocument, EndpointSpec } from "../selectors/resolved-specs.ts";
import { expandAliases } from "./alias.ts";
import { type Consumed, consumedService } from "./consumed-service.ts";
import { type Context, desire, type Expansion, liveAt, ownershipTags } from "./context.ts";
import { expandHostedZone } from "./hosted-zone.ts";
import { ingressRule } from "./ingress.ts";
import { notifications } from "./notification.ts";
import { endedHere, hasEnded, isTurnedAway, ownAcceptance } from "./own-acceptance.ts";
import { checkPolicy, endpointPolicy } from "./policy.ts";
import { privateNameNow } from "./private-name.ts";
import { vpcOfSubnets } from "./subnets.ts";
import { checkZones } from "./zones.ts";

/** What we consume: a security group, the endpoint, its acceptance when the service is ours too, and its aliases. */
export function expandEndpoint(context: Context, document: ConnectionDocument, index: number, into: Expansion): void {
  const spec = document.spec.endpoints?.[index];
  if (!spec) return;
  const connection = document.spec.metadata.name;
  const path = ["endpoints", index];
  const address = endpointAddress(connection, spec.name ?? "main");
  const { live, named, troubled } = standing(context, address);
  const consumed = consumedService(context, document, spec, index, live, into);
  const vpcId = vpcOfSubnets(context, document, spec.target, spec.subnets, [...path, "subnets"], into);
  if (!consumed || vpcId === undefined) return;
  if (vpcId !== spec.vpc) {
    const message = `the subnets lie in ${vpcId}, not in ${spec.vpc}; correct "vpc" or the subnets`;
    into.findings.push({
      id: "subnet.vpcs",
      severity: "error",
      connection,
      address,
      message,
      at: document.at([...path, "vpc"]),
    });
    into.unresolved.add(connection);
    return;
  }
  checkZones(context, document, spec, index, consumed.zones, into);
  checkPolicy(document, spec, index, consumed, into);
  const group = spec.securityGroup ? securityGroup(context, document, spec, index, address) : undefined;
  const privateName = privateNameNow(context, document, spec, index, { address, live, consumed }, into);
  if (group) into.desired.push(group);
  const ended = endedHere(context, address, spec, consumed);
  into.desired.push(vpcEndpoint(context, document, spec, index, { address, consumed, group, privateName, ended }));
  const { provider } = consumed;
  if (provider?.acceptanceRequired && !(live && isTurnedAway(context, provider, spec, live)))
    into.desired.push(ownAcceptance(document, index, address, provider));
  const owner = { address, output: "endpointId", target: spec.target } as const;
  into.desired.push(...notifications(document, spec.notifications, [...path, "notifications"], owner));
  reportState(document, address, { live: troubled, serving: named, ended }, consumed, into);
  const leading = { address, live: named ?? live, consumed };
  expandAliases(context, document, spec, index, leading, into);
  expandHostedZone({ context, document, spec, index }, leading, into);
}

/**
 * While a replacement is under way there are two: the names lead to the one that has some, and what there is to say is about the one that
 * does not work.
 */
function standing(context: Context, address: string) {
  const all = context.cloud.at(address);
  const named = all.find(({ outputs }) => outputs.dnsName !== undefined);
  const troubled = all.find(({ state }) => state !== "available") ?? all[0];
  return { live: named ?? liveAt(context, address), named, troubled };
}

function securityGroup(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  index: number,
  endpoint: string,
): Desired<"security-group"> {
  const address = securityGroupAddress(endpoint);
  const words = [document.spec.metadata.name, spec.name ?? "main"];
  return desire(document, ["endpoints", index, "securityGroup"], {
    kind: "security-group",
    address,
    target: spec.target,
    attributes: {
      name: awsNames(context.project.spec.metadata.name, address, words, context.sha256)[0],
      vpcId: spec.vpc,
      description: `Landline ${endpoint}`,
      ingress: asSet((spec.securityGroup?.ingress ?? []).map(ingressRule)),
      tags: ownershipTags(context, document, address),
    },
  });
}

interface EndpointParts {
  readonly address: string;
  readonly consumed: Consumed;
  readonly group: Desired<"security-group"> | undefined;
  readonly privateName: boolean;
  readonly ended: readonly string[];
}

function vpcEndpoint(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  index: number,
  { address, consumed, group, privateName, ended }: EndpointParts,
): Desired<"vpc-endpoint"> {
  const { provider } = consumed;
  const groups: Id[] = group ? [{ ref: group.address, output: "groupId" }] : [...asSet(spec.securityGroups ?? [])];
  return desire(document, ["endpoints", index], {
    kind: "vpc-endpoint",
    address,
    target: spec.target,
    ended,
    // To an account that is not allowed yet the service does not exist.
    after: provider
      ? [allowlistAddress(provider.connection), ...(spec.privateDns ? [privateDnsAddress(provider.connection)] : [])]
      : [],
    attributes: {
      vpcId: spec.vpc,
      serviceName: consumed.serviceName,
      serviceRegion: consumed.region,
      subnetIds: asSet(spec.subnets),
      securityGroupIds: groups,
      ipAddressType: spec.ipAddressType ?? "ipv4",
      dnsRecordIpType: spec.dnsRecordIpType ?? spec.ipAddressType ?? "ipv4",
      privateDnsEnabled: privateName,
      policy: endpointPolicy(spec.policy as Json | undefined),
      tags: ownershipTags(context, document, address),
    },
  });
}

interface Troubled {
  readonly live: Live | undefined;
  readonly serving: Live | undefined;
  /** Ids that this plan replaces. */
  readonly ended: readonly string[];
}

/** An endpoint that rests or has ended says so: resting is a wait, an end at somebody else's service needs a person. */
function reportState(
  document: ConnectionDocument,
  address: string,
  { live, serving, ended }: Troubled,
  consumed: Consumed,
  into: Expansion,
): void {
  const connection = document.spec.metadata.name;
  if (live?.state === "pendingacceptance" && !consumed.provider) {
    into.waits.push({
      connection,
      address,
      on: "partner",
      for: `the owner of ${consumed.label} to accept ${live.id}`,
      since: live.createdAt ?? null,
      until: null,
    });
  }
  if (live && hasEnded(live)) {
    const way = ended.includes(live.id)
      ? "It carries no traffic, so this plan makes another one in its place, moves the names and deletes it"
      : serving && serving !== live
        ? `${serving.id}, which it was to replace, goes on serving. Delete ${live.id}, and the next plan makes another one`
        : "Remove the endpoint from the spec, apply, and add it again; the new one gets a new id to be accepted";
    const message = `${live.id} is ${live.state}: AWS never brings it back. ${way}`;
    into.findings.push({
      id: "endpoint.ended",
      severity: "warning",
      connection,
      address,
      message,
      at: document.at(["endpoints"]),
    });
  }
}
