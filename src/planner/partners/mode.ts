import type { ConnectionSpec, EndpointSpec } from "../specs/connection.generated.ts";
import type { Mode, Profile } from "./profile.ts";

/** What `modeOf` looks at; specs as written and as resolved both fit. */
export type Halves = { readonly service?: unknown; readonly endpoints?: readonly Pick<EndpointSpec, "service">[] };

/**
 * Whether an endpoint leads to the partner: its service is a name or `pending`, or is left out and the profile tells it. One that leads to
 * a connection of this project has nothing to do with the partner.
 */
export function leadsToPartner({ service }: Pick<EndpointSpec, "service">, profile: Profile): boolean {
  return service === undefined ? profile.spec.consumer !== undefined : typeof service === "string";
}

/** The halves that a spec has with its partner; undefined when it has none. */
export function modeOf(spec: Halves | ConnectionSpec, profile: Profile): Mode | undefined {
  const provides = spec.service !== undefined;
  const consumes = (spec.endpoints ?? []).some((endpoint) => leadsToPartner(endpoint, profile));
  if (provides && consumes) return "bidirectional";
  return provides ? "provider" : consumes ? "consumer" : undefined;
}
