import type { Drift, DriftItem } from "../status/drift.ts";
import { findingToFile, positionToFile } from "./json.ts";
import { sortKeys } from "./values.ts";

/** Drift as JSON text, `schema/drift.v1.schema.json`: the same drift always gives the same bytes. */
export function driftToJson(drift: Drift): string {
  const { connections, targets } = drift.compared;
  const { changed, missing, unexpected, unchanged } = drift.summary;
  const file = {
    formatVersion: 1,
    project: drift.project,
    compared: { connections, targets },
    summary: { changed, missing, unexpected, unchanged },
    items: drift.items.map(itemToFile),
    followers: drift.followers,
    errors: drift.errors.map(findingToFile),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function itemToFile({ class: drift, connection, address, kind, target, object, message, differences, at }: DriftItem) {
  return {
    class: drift,
    connection,
    address,
    kind,
    target,
    ...(object === undefined ? {} : { object }),
    message,
    differences: differences.map(({ attribute, specs, cloud }) => ({
      attribute,
      ...(specs === undefined ? {} : { specs: sortKeys(specs) }),
      ...(cloud === undefined ? {} : { cloud: sortKeys(cloud) }),
    })),
    ...(at === undefined ? {} : { at: positionToFile(at) }),
  };
}
