import type { Snapshot } from "../../../model.ts";
import { serviceAddress } from "../../addresses.ts";
import { indexSnapshot } from "../../snapshot-index.ts";
import type { ConnectionDocument, ProjectDocument } from "../../specs/documents.ts";
import { accountIn } from "../account.ts";
import type { Profile } from "../profile.ts";
import { renderList } from "../render.ts";
import { valuesInSpec } from "../spec-values.ts";

/** What AWS knows of an endpoint that is to be accepted. */
export interface Sighting {
  /** Whether it asks at our service, from where the partner asks; undefined while that cannot be told. */
  readonly asks?: boolean;
  readonly words: string;
}

interface Around {
  readonly snapshot: Snapshot;
  readonly project: ProjectDocument;
  readonly document: Pick<ConnectionDocument, "spec">;
  readonly profile: Profile;
}

/** Whether the endpoint asks at our service as the snapshot shows it, and from the partner's account. */
export function sightingOf(id: string, around: Around): Sighting {
  const cloud = indexSnapshot(around.snapshot);
  const { service: wanted } = around.document.spec;
  const error = wanted && cloud.target(wanted.target)?.error;
  if (error) return { words: `${id} was not looked for at our service: ${error.message}` };
  const service = cloud
    .at(serviceAddress(around.document.spec.metadata.name))
    .find(({ kind }) => kind === "endpoint-service");
  if (!service) return { asks: false, words: `${id} cannot ask yet: our service is not there` };
  const fact = cloud.connectionsTo(service.target, service.id).find(({ endpointId }) => endpointId === id);
  if (!fact) {
    const remedy =
      "nothing will be accepted until it does. Compare it with what the partner shows, and with the service name there";
    return { asks: false, words: `${id} does not ask at our service ${service.id}: ${remedy}` };
  }
  const known = accountsOf(around);
  if (known.length > 0 && !known.includes(fact.owner)) {
    const words = `${id} asks from account ${fact.owner}, but the partner's are ${known.join(", ")}: find out whose it is before you accept it`;
    return { asks: false, words };
  }
  const since = fact.createdAt === undefined ? "" : ` since ${fact.createdAt.slice(0, 16).replace("T", " ")} UTC`;
  const open = fact.state === "pendingacceptance";
  return {
    asks: open,
    words: `${id} of account ${fact.owner} ${open ? "asks at" : `is ${fact.state} at`} our service ${service.id}${open ? since : ""}`,
  };
}

/** The accounts from which the partner asks, as far as spec and profile tell. */
function accountsOf({ project, document, profile }: Around): readonly string[] {
  const { service } = document.spec;
  const list = profile.spec.provider?.acceptance.accounts;
  if (!list || !service) return [];
  const rendered = renderList(profile, list, valuesInSpec(document, { target: service.target }, project, profile));
  return "texts" in rendered ? rendered.texts.map((text) => accountIn(text) ?? text) : [];
}
