import type { Change, Live, Plan, Snapshot } from "../model.ts";
import { compareText } from "./collections.ts";
import { indexSnapshot } from "./snapshot-index.ts";
import type { ConnectionDocument } from "./specs/index.ts";

export type ConnectionState =
  | "active"
  | "degraded"
  | "waiting-partner"
  | "waiting-us"
  | "creating"
  | "failed"
  | "deleting";

/** One connection as it stands now. */
export interface ConnectionStatus {
  readonly connection: string;
  readonly owner?: string;
  readonly state: ConnectionState;
  /** Ids of the endpoint service and the endpoints. */
  readonly objects: readonly string[];
  /** Who is connected, or asks to be, to the service. */
  readonly consumers: readonly { readonly endpointId: string; readonly account: string; readonly state: string }[];
  /** What is open, in one sentence. */
  readonly summary: string;
}

const ENDED = ["failed", "rejected", "expired"];

/** The state of each connection, from what the specs want, what lives, and what a plan of now would do. */
export function statusOf(
  connections: readonly ConnectionDocument[],
  plan: Plan,
  snapshot: Snapshot,
  only?: readonly string[],
): ConnectionStatus[] {
  const cloud = indexSnapshot(snapshot);
  const declared = new Map(connections.map((document) => [document.spec.metadata.name, document.spec]));
  const names = new Set([...declared.keys(), ...cloud.live.map(({ connection }) => connection)]);
  return [...names]
    .filter((name) => !only || only.includes(name))
    .sort(compareText)
    .map((connection) => {
      const live = cloud.live.filter((object) => object.connection === connection);
      const main = live.filter(({ kind }) => kind === "endpoint-service" || kind === "vpc-endpoint");
      const changes = plan.changes.filter((change) => change.connection === connection);
      const wait = plan.waits.find((one) => one.connection === connection);
      const owner = declared.get(connection)?.metadata.owner;
      return {
        connection,
        ...(owner === undefined ? {} : { owner }),
        state: stateOf({ declared: declared.has(connection), main, changes, waitsOn: wait?.on }),
        objects: main.map(({ id }) => id).sort(compareText),
        consumers: main
          .filter(({ kind }) => kind === "endpoint-service")
          .flatMap(({ target, id }) => cloud.connectionsTo(target, id))
          .map(({ endpointId, owner: account, state }) => ({ endpointId, account, state })),
        summary: summaryOf(changes, plan, connection),
      };
    });
}

interface Seen {
  readonly declared: boolean;
  readonly main: readonly Live[];
  readonly changes: readonly Change[];
  readonly waitsOn: string | undefined;
}

function stateOf({ declared, main, changes, waitsOn }: Seen): ConnectionState {
  if (!declared) return "deleting";
  if (main.some(({ state }) => ENDED.includes(state ?? ""))) return "failed";
  if (waitsOn === "partner") return "waiting-partner";
  if (waitsOn === "us") return "waiting-us";
  if (
    changes.some(({ action }) => action === "create") ||
    waitsOn === "aws" ||
    main.some(({ state }) => state !== "available")
  )
    return "creating";
  return changes.length > 0 ? "degraded" : "active";
}

function summaryOf(changes: readonly Change[], { waits, findings }: Plan, connection: string): string {
  const wait = waits.find((one) => one.connection === connection);
  const unexpected = findings.filter(
    (finding) => finding.connection === connection && finding.id === "connection.unexpected",
  ).length;
  const open = [
    wait ? `waits for ${wait.for}` : undefined,
    changes.length > 0 ? `${changes.length} change${changes.length === 1 ? "" : "s"} to apply` : undefined,
    unexpected > 0 ? `${unexpected} unexpected request${unexpected === 1 ? "" : "s"}` : undefined,
  ].filter((text) => text !== undefined);
  return open.join("; ") || "nothing";
}
