import type { ConnectionFact, Desired, Id, Live } from "../../model.ts";
import { acceptanceAddress, allowlistAddress, serviceAddress } from "../addresses.ts";
import type { ServiceSpec } from "../specs/connection.generated.ts";
import type { ConnectionDocument, Path } from "../specs/index.ts";
import { HOLDING } from "../staging/connected.ts";
import { allowsAccount } from "./allowlist.ts";
import { type Context, desire, type Expansion } from "./context.ts";

/**
 * AWS leaves connected whoever was connected when a principal is removed, and keeps a service that anybody is connected to. `disconnect: true`
 * is the reviewed word that cuts them.
 */
const PATH: Path = ["service", "disconnect"];

/** Whether this connection is to be cut: no allowed principal belongs to its account any more. */
export const isCutOff = (context: Context, service: ServiceSpec, { owner }: ConnectionFact): boolean =>
  service.disconnect === true && !allowsAccount(context, service, owner);

/** Rejects a connection, once nobody of its account may ask for another one. */
export function cutOff(
  document: ConnectionDocument,
  { target, disconnectReason = "" }: Pick<ServiceSpec, "target" | "disconnectReason">,
  fact: ConnectionFact,
  serviceId: Id,
  into: Expansion,
): void {
  const connection = document.spec.metadata.name;
  into.desired.push(
    desire(document, PATH, {
      kind: "acceptance",
      address: acceptanceAddress(connection, fact.endpointId),
      target,
      after: [allowlistAddress(connection)],
      attributes: { serviceId, endpointId: fact.endpointId, decision: "rejected" },
    }) satisfies Desired,
  );
  const message = `${fact.endpointId} of account ${fact.owner} (${fact.state}) is cut off: ${disconnectReason}`;
  into.findings.push({ id: "connection.cut", severity: "info", connection, message, at: document.at(PATH) });
}

/** A service that moves to another target leaves one behind, which goes; whoever is connected there has to leave it first. */
export function cutOffElsewhere(
  context: Context,
  document: ConnectionDocument,
  service: ServiceSpec,
  into: Expansion,
): void {
  if (service.disconnect) cutOffWhere(({ target }) => target !== service.target, context, document, service, into);
}

/** The whole connection is to go, and whoever is connected leaves it first. */
export const cutOffAll = (
  context: Context,
  document: ConnectionDocument,
  service: ServiceSpec,
  into: Expansion,
): void => cutOffWhere(() => true, context, document, service, into);

function cutOffWhere(
  isMeant: (service: Live) => boolean,
  { cloud }: Context,
  document: ConnectionDocument,
  service: ServiceSpec,
  into: Expansion,
): void {
  const left = cloud
    .at(serviceAddress(document.spec.metadata.name))
    .filter((live) => live.kind === "endpoint-service" && isMeant(live));
  for (const { target, id } of left) {
    const open = cloud
      .connectionsTo(target, id)
      .filter(({ state, endpointId }) => HOLDING.includes(state) && !cloud.isOurEndpoint(endpointId));
    for (const fact of open) cutOff(document, { ...service, target }, fact, id, into);
  }
}

/** What is accepted by name is never cut by the way. */
export function reportKept(
  document: ConnectionDocument,
  { endpointId, owner }: ConnectionFact,
  { path }: { readonly path: Path },
  into: Expansion,
): void {
  into.findings.push({
    id: "connection.kept",
    severity: "warning",
    connection: document.spec.metadata.name,
    message: `${endpointId} of account ${owner} stays connected although no allowed principal belongs to that account and disconnect is true: this entry accepts it. Take the entry out to cut it, or allow the account`,
    at: document.at(path),
  });
}
