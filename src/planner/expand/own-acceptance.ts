import type { Desired, Live } from "../../model.ts";
import { acceptanceOf, serviceAddress } from "../addresses.ts";
import type { ConnectionDocument, EndpointSpec } from "../selectors/resolved-specs.ts";
import type { Consumed } from "./consumed-service.ts";
import { type Context, desire } from "./context.ts";

/** States from which AWS never brings an endpoint back. */
const ENDED = ["rejected", "expired", "failed"];
export const hasEnded = ({ state = "" }: Live): boolean => ENDED.includes(state);

type Provider = NonNullable<Consumed["provider"]>;

/** An endpoint of this project at a service of this project is accepted without being named: the spec that declares it was reviewed. */
export function ownAcceptance(
  document: ConnectionDocument,
  index: number,
  endpoint: string,
  provider: Provider,
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

/** Whether the service's own spec rejects this endpoint: then it stays rejected, and no other one is made in its place. */
export function isTurnedAway(context: Context, provider: Provider, { target }: EndpointSpec, { id }: Live): boolean {
  const rules = context.connections.get(provider.connection)?.spec.service?.connections?.reject ?? [];
  const account = context.project.spec.targets[target]?.account;
  return rules.some((rule) => ("endpoint" in rule ? rule.endpoint === id : rule.account === account));
}

/**
 * The endpoints at this address in whose place another one is made: those at a service of ours that have ended. At somebody else's service a
 * person decides, because its owner may have meant it.
 */
export const endedHere = (
  context: Context,
  address: string,
  spec: EndpointSpec,
  { provider }: Consumed,
): readonly string[] =>
  provider
    ? context.cloud
        .at(address)
        .filter(
          (live) => live.kind === "vpc-endpoint" && hasEnded(live) && !isTurnedAway(context, provider, spec, live),
        )
        .map(({ id }) => id)
    : [];
