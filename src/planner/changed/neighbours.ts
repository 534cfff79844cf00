import { canonical } from "../canonical.ts";
import type { ConnectionDocument } from "../specs/index.ts";

const nameOf = ({ spec }: ConnectionDocument): string => spec.metadata.name;

/** The other connections of the project whose services this one consumes. */
export const providersOf = ({ spec }: ConnectionDocument): string[] =>
  (spec.endpoints ?? []).flatMap(({ service }) => (typeof service === "object" ? [service.connection] : []));

/** The other connections that consume a connection's service. */
export const consumersOf = (provider: string, connections: readonly ConnectionDocument[]): ConnectionDocument[] =>
  connections.filter((document) => nameOf(document) !== provider && providersOf(document).includes(provider));

/** A connection that wants a private DNS name in a VPC where another one wants it too. */
export interface Rival {
  readonly name: string;
  readonly of: string;
}

/** The connections of the second version that meet one of the changed ones, as it was or as it is, at a private DNS name. */
export function rivalsOf(
  changed: readonly ConnectionDocument[],
  base: readonly ConnectionDocument[],
  head: readonly ConnectionDocument[],
): Rival[] {
  const [before, now] = [base, head].map((list) => new Map(list.map((document) => [nameOf(document), document])));
  const claims = new Map<string, string>();
  for (const document of changed)
    for (const claim of [...claimsOf(document, before), ...claimsOf(document, now)])
      claims.set(claim, nameOf(document));
  if (claims.size === 0) return [];
  return head.flatMap((document) => {
    const of = claimsOf(document, now)
      .map((claim) => claims.get(claim))
      .find((name) => name !== undefined && name !== nameOf(document));
    return of === undefined ? [] : [{ name: nameOf(document), of }];
  });
}

/** Where a connection wants which private DNS name. What a service of somebody else is called only reading tells; the service stands for it. */
function claimsOf(document: ConnectionDocument, all: ReadonlyMap<string, ConnectionDocument> = new Map()): string[] {
  return (document.spec.endpoints ?? []).flatMap(({ target, vpc, service, privateDns }) => {
    if (!privateDns) return [];
    const provider =
      typeof service === "string" ? undefined : service === undefined ? document : all.get(service.connection);
    const name = typeof service === "string" ? service : provider?.spec.service?.privateDns?.name.toLowerCase();
    return name === undefined ? [] : [`${target} ${canonical(vpc)} ${name}`];
  });
}
