import type { ConnectionStatus } from "../status/index.ts";
import { findingToFile, waitToFile } from "./json.ts";

/** Statuses as JSON text, `schema/status.v1.schema.json`: no times of our own, so that the same state gives the same bytes. */
export function statusToJson(project: string, statuses: readonly ConnectionStatus[]): string {
  const connections = statuses.map((status) => {
    const { connection, owner, description, state, partner, halves, reasons } = status;
    const { changes, service, endpoints, waits, findings } = status;
    return {
      connection,
      ...(owner === undefined ? {} : { owner }),
      ...(description === undefined ? {} : { description }),
      state,
      ...(partner === undefined ? {} : { partner }),
      ...(halves === undefined ? {} : { halves }),
      reasons,
      changes,
      ...(service === undefined ? {} : { service }),
      endpoints,
      waits: waits.map(waitToFile),
      findings: findings.map(findingToFile),
    };
  });
  return `${JSON.stringify({ formatVersion: 1, project, connections }, null, 2)}\n`;
}
