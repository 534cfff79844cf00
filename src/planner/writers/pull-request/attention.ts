import { compareText, groupBy } from "../../collections.ts";
import type { ConnectionDocument } from "../../specs/index.ts";
import type { Drift } from "../../status/drift.ts";
import type { ConnectionStatus } from "../../status/index.ts";
import type { DriftIssueInput, ExpiringGrant, OpenRequest } from "./drift-issue.ts";

/** What of one connection needs a look: the content of its issue. */
export type Attention = Omit<DriftIssueInput, "marker" | "limit">;

export interface AttentionInput {
  readonly drift: Drift;
  readonly statuses: readonly ConnectionStatus[];
  readonly connections: readonly ConnectionDocument[];
}

/** A grant is told of so many days before its last one. */
const NOTICE_DAYS = 30;

/** The connections that need a look, sorted by name, each with all that is open there. One that could not be compared is not among them. */
export function attentionOf({ drift, statuses, connections }: AttentionInput): Attention[] {
  const blind = new Set(unseen(drift));
  const of = <T extends { readonly connection?: string }>(all: readonly T[]) =>
    groupBy(all, ({ connection = "" }) => connection);
  const [items, errors, status] = [of(drift.items), of(drift.errors), of(statuses)];
  const documents = new Map(connections.map((document) => [document.spec.metadata.name, document]));
  return [...new Set([...items.keys(), ...errors.keys(), ...status.keys()])]
    .filter((name) => name !== "" && !blind.has(name))
    .sort(compareText)
    .map((connection) => {
      const [state] = status.get(connection) ?? [];
      const requests = requestsOf(state);
      const asked = new Set(requests.map(({ endpointId }) => endpointId));
      return {
        connection,
        // A request is listed once, as what it is.
        items: (items.get(connection) ?? []).filter(
          ({ kind, object = "" }) => kind !== "acceptance" || !asked.has(object),
        ),
        expiring: expiringOf(state, documents.get(connection)),
        requests,
        errors: (errors.get(connection) ?? []).map(({ message }) => message),
      };
    })
    .filter((one) => [one.items, one.expiring, one.requests, one.errors].some((list) => list.length > 0));
}

/** Connections of which nobody knows how they are: whatever was said of them before still stands. */
export const unseen = ({ errors }: Drift): string[] =>
  errors.flatMap(({ id, connection }) => (id === "target.unreadable" ? (connection ?? []) : []));

/** Requests that wait for our answer and that no spec answers. */
export function requestsOf(status: ConnectionStatus | undefined): OpenRequest[] {
  const waiting = (status?.service?.connections ?? []).filter(
    ({ state, expected }) => state === "pendingacceptance" && !expected,
  );
  return waiting.map(({ endpointId, account, since }) => ({
    endpointId,
    account,
    ...(since === undefined ? {} : { since }),
    accept: `- { endpoint: ${endpointId}, reason: "..." }`,
  }));
}

/** One that has ended and is still allowed is drift, and told as that. */
function expiringOf(status: ConnectionStatus | undefined, document: ConnectionDocument | undefined): ExpiringGrant[] {
  const declared = document?.spec.service?.allowedPrincipals ?? [];
  return (status?.service?.grants ?? []).flatMap(({ principal, reason, until, daysLeft }): ExpiringGrant[] => {
    if (until === undefined || daysLeft === undefined || daysLeft < 0 || daysLeft > NOTICE_DAYS) return [];
    const index = declared.findIndex((grant) => grant.principal === principal);
    return [
      {
        principal,
        until,
        ...(reason === undefined ? {} : { reason }),
        ...(document && index >= 0 ? { at: document.at(["service", "allowedPrincipals", index]) } : {}),
      },
    ];
  });
}
