import type { Change, Finding } from "../../model.ts";
import { groupBy } from "../collections.ts";
import { type Policy, removes } from "./policy.ts";

/**
 * A protected connection loses nothing: no delete, no replacement, no disconnection. Protection is read from the spec and from the mark
 * on the live objects, so that removing the file does not lift it.
 */
export const protect: Policy = (plan, { connections, protectedLive }) => {
  const documents = new Map(connections.map((document) => [document.spec.metadata.name, document]));
  const harmful = plan.changes.filter(
    (change) => removes(change) || change.action === "replace" || change.risks.includes("disconnects"),
  );
  const findings = [...groupBy(harmful, ({ connection }) => connection)].flatMap(([connection, changes]): Finding[] => {
    const document = documents.get(connection);
    const bySpec = document?.spec.protect === true;
    if (!bySpec && !protectedLive.has(connection)) return [];
    const where = bySpec ? `"protect: true" in ${document.file}` : "the mark landline:protect on its live resources";
    const how = bySpec
      ? 'To go on, set "protect: false" in a pull request of its own and apply it first'
      : document
        ? "Its spec has lifted the protection already: apply that change alone first, then this one"
        : `To go on, bring the spec back with "protect: false", apply it, and remove the file in a later pull request`;
    const message = `${connection} is protected by ${where}; refused: ${listed(changes)}. ${how}`;
    return [
      {
        id: "protected",
        severity: "error",
        connection,
        message,
        ...(document ? { at: document.at(["protect"]) } : {}),
      },
    ];
  });
  return { ...plan, findings: [...plan.findings, ...findings] };
};

const SHOWN = 3;

function listed(changes: readonly Change[]): string {
  const words = changes.slice(0, SHOWN).map(({ action, address }) => `${action} ${address}`);
  const more = changes.length - words.length;
  return words.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
