import type { Live } from "../../model.ts";
import { acceptanceOf } from "../addresses.ts";
import type { Draft } from "../compare.ts";
import { keep, type Stage } from "./stage.ts";

/** It waits for somebody, or has ended; while it is only on its way, the run waits for it. */
const RESTING = ["pendingacceptance", "rejected", "expired", "failed"];

/**
 * While a new endpoint waits at somebody else's door, or was turned away there, the old one keeps its work and its names: a later plan moves
 * them, when there is something to move to.
 */
export const keepWhileResting: Stage = (staged, { cloud }) => {
  const replacing = new Set(
    staged.drafts
      .filter(({ action, kind }) => action === "replace" && kind === "vpc-endpoint")
      .map(({ address }) => address),
  );
  const accepted = new Set(staged.drafts.map(({ address }) => address));
  const serving = staged.drafts.flatMap(({ kind, leftover, live }): Live[] =>
    kind === "vpc-endpoint" && leftover && live?.state === "available" ? [live] : [],
  );
  const resting = serving.filter(({ address, id }) => {
    if (replacing.has(address) || accepted.has(acceptanceOf(address))) return false;
    return cloud
      .at(address)
      .some((other) => other.id !== id && other.kind === "vpc-endpoint" && RESTING.includes(other.state ?? ""));
  });
  if (resting.length === 0) return staged;
  const kept = new Set(resting.map(({ address }) => address));
  const waits = ({ kind, leftover, address, relies, action }: Draft): boolean =>
    (leftover === true && kind === "vpc-endpoint" && kept.has(address)) ||
    (action === "update" &&
      (kind === "dns-record" || kind === "value-record") &&
      Object.keys(relies).some((ref) => relies[ref] === null && kept.has(ref.replace(/\.[^.]*$/, ""))));
  return keep(staged, waits);
};
