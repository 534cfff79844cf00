import type { ConnectionDocument, ProjectDocument } from "../specs/documents.ts";
import { leadsToPartner } from "./mode.ts";
import type { Profile, Profiles } from "./profile.ts";
import { render } from "./render.ts";
import { valuesInSpec } from "./spec-values.ts";

/**
 * Fills in the service names that a profile gives, so that nobody after this step has to know that an endpoint may leave its service out:
 * the name once all that it is made from is known, and `pending` until the partner has told it. What a spec says itself is left alone.
 */
export function withServiceNames<D extends Pick<ConnectionDocument, "spec">>(
  document: D,
  project: Pick<ProjectDocument, "spec">,
  profiles: Profiles,
): D {
  const { partner, endpoints } = document.spec;
  const profile = partner && profiles.get(partner.profile);
  if (!profile?.spec.consumer || !endpoints?.some((one) => isTold(one, profile))) return document;
  return {
    ...document,
    spec: {
      ...document.spec,
      endpoints: endpoints.map((endpoint) =>
        isTold(endpoint, profile) ? { ...endpoint, service: nameFor(document, endpoint, project, profile) } : endpoint,
      ),
    },
  };
}

type Endpoint = NonNullable<ConnectionDocument["spec"]["endpoints"]>[number];

const isTold = (endpoint: Endpoint, profile: Profile): boolean =>
  endpoint.service === undefined && leadsToPartner(endpoint, profile);

function nameFor(
  document: Pick<ConnectionDocument, "spec">,
  { name = "main", target }: Endpoint,
  project: Pick<ProjectDocument, "spec">,
  profile: Profile,
): string {
  const template = profile.spec.consumer?.service.name;
  if (template === undefined) return "pending";
  const rendered = render(profile, template, valuesInSpec(document, { target, endpoint: name }, project, profile));
  return "text" in rendered ? rendered.text : "pending";
}
