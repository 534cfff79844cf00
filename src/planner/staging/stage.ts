import type { Desired, Finding, Json, KindInfos, Live, Wait } from "../../model.ts";
import type { Comparison, Draft } from "../compare.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";

/** What a stage may look at besides the comparison. */
export interface Stand {
  readonly desired: readonly Desired[];
  readonly cloud: SnapshotIndex;
  readonly kinds: KindInfos;
}

/** A comparison with what people have to know of how it is carried out. */
export interface Staged extends Comparison {
  readonly findings: readonly Finding[];
  readonly waits: readonly Wait[];
}

/** Turns what differs into steps that keep traffic flowing; each takes what the one before has made of it. */
export type Stage = (staged: Staged, stand: Stand) => Staged;

/** Takes steps out of the plan: what they would change or delete stays as it is for now, and so does what that uses. */
export function keep(staged: Staged, isKept: (draft: Draft) => boolean): Staged {
  const kept = staged.drafts.filter(isKept);
  if (kept.length === 0) return staged;
  const used = new Set(kept.flatMap(({ live }) => textsIn(Object.values(live?.attributes ?? {}))));
  const rest = {
    ...staged,
    drafts: staged.drafts.filter((draft) => !kept.includes(draft)),
    unchanged: [...staged.unchanged, ...kept.flatMap(({ live }): Live[] => (live ? [live] : []))],
  };
  const isUsed = ({ action, live }: Draft): boolean => action === "delete" && live !== undefined && used.has(live.id);
  return keep(rest, isUsed);
}

const textsIn = (values: readonly Json[]): string[] =>
  values.flatMap((value) =>
    typeof value === "string" ? [value] : Array.isArray(value) ? value.filter((one) => typeof one === "string") : [],
  );
