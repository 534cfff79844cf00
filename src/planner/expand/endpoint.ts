import type { Desired, Id, Json, Live } from "../../model.ts";
import {
  acceptanceOf,
  allowlistAddress,
  endpointAddress,
  privateDnsAddress,
  securityGroupAddress,
  serviceAddress,
} from "../addresses.ts";
import { asSet } from "../collections.ts";
import { awsNames } from "../names.ts";
import type { EndpointSpec } from "../specs/connection.generated.ts";
import type { ConnectionDocument } from "../specs/index.ts";
import { expandAliases } from "./alias.ts";
import { type Consumed, consumedService } from "./consumed-service.ts";
import { type Context, desire, type Expansion, liveAt, ownershipTags } from "./context.ts";
import { ingressRule } from "./ingress.ts";
import { endpointPolicy } from "./policy.ts";
import { vpcOfSubnets } from "./subnets.ts";

/** What we consume: a security group, the endpoint, its acceptance when the service is ours too, and its aliases. */
export function expandEndpoint(context: Context, document: ConnectionDocument, index: number, into: Expansion): void {
  const spec = document.spec.endpoints?.[index];
  if (!spec) return;
  const connection = document.spec.metadata.name;
  const path = ["endpoints", index];
  const address = endpointAddress(connection, spec.name ?? "main");
  const live = liveAt(context, address);
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
  const group = spec.securityGroup ? securityGroup(context, document, spec, index, address) : undefined;
  if (group) into.desired.push(group);
  into.desired.push(vpcEndpoint(context, document, spec, index, { address, consumed, group }));
  if (consumed.provider?.acceptanceRequired)
    into.desired.push(ownAcceptance(document, index, address, consumed.provider));
  reportState(document, address, live, consumed, into);
  expandAliases(context, document, spec, index, { address, live, consumed }, into);
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
}

function vpcEndpoint(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  index: number,
  { address, consumed, group }: EndpointParts,
): Desired<"vpc-endpoint"> {
  const { provider } = consumed;
  const groups: Id[] = group ? [{ ref: group.address, output: "groupId" }] : [...asSet(spec.securityGroups ?? [])];
  return desire(document, ["endpoints", index], {
    kind: "vpc-endpoint",
    address,
    target: spec.target,
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
      privateDnsEnabled: spec.privateDns ?? false,
      policy: endpointPolicy(spec.policy as Json | undefined),
      tags: ownershipTags(context, document, address),
    },
  });
}

/** An endpoint of this project at a service of this project is accepted without being named: the spec that declares it was reviewed. */
function ownAcceptance(
  document: ConnectionDocument,
  index: number,
  endpoint: string,
  provider: NonNullable<Consumed["provider"]>,
): Desired<"acceptance"> {
  return desire(document, ["endpoints", index], {
    kind: "acceptance",
    address: acceptanceOf(endpoint),
    target: provider.target,
    attributes: {
      serviceId: { ref: serviceAddress(provider.connection), output: "serviceId" },
      endpointId: { ref: endpoint, output: "endpointId" },
      decision: "accepted",
    },
  });
}

/** An endpoint that rests or has ended says so: resting is a wait, an end needs a person. */
function reportState(
  document: ConnectionDocument,
  address: string,
  live: Live | undefined,
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
  if (live?.state && ["rejected", "expired", "failed"].includes(live.state)) {
    const message = `${live.id} is ${live.state}: AWS never brings it back. Remove the endpoint from the spec, apply, and add it again; the new one gets a new id to be accepted`;
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
