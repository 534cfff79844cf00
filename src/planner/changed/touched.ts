import { same } from "../canonical.ts";
import { compareText } from "../collections.ts";
import type { ConnectionDocument } from "../specs/index.ts";

/** A connection whose spec is another one than before. */
export interface Touched {
  readonly name: string;
  readonly change: "added" | "changed" | "removed";
  /** Where its spec stands, or stood. */
  readonly file: string;
}

/** The connections whose specs differ between two versions, sorted by name. What such a change does to others is not in it: `scopeOf` knows. */
export function touchedBetween(before: readonly ConnectionDocument[], after: readonly ConnectionDocument[]): Touched[] {
  const [old, now] = [byName(before), byName(after)];
  const removed = before
    .filter(({ spec }) => !now.has(spec.metadata.name))
    .map((document) => touched(document, "removed"));
  const others = after.flatMap((document) => {
    const was = old.get(document.spec.metadata.name);
    if (was === undefined) return [touched(document, "added")];
    return same(was.spec, document.spec) ? [] : [touched(document, "changed")];
  });
  return [...removed, ...others].sort((a, b) => compareText(a.name, b.name));
}

const touched = ({ spec, file }: ConnectionDocument, change: Touched["change"]): Touched => ({
  name: spec.metadata.name,
  change,
  file,
});

const byName = (documents: readonly ConnectionDocument[]) =>
  new Map(documents.map((document) => [document.spec.metadata.name, document]));
