import type { Path } from "../../specs/problem.ts";

/** A demand that is not met. */
export interface Failure {
  /** What was found, as the beginning of a sentence; the profile's message follows it. */
  readonly found: string;
  /** Where the spec says it. */
  readonly at: Path;
}

/** A demand whose input is not known yet. It never counts as met. */
export interface Deferral {
  /** What is not known, and who tells it. */
  readonly waitsFor: string;
  readonly at: Path;
}

export type Verdict = Failure | Deferral;

/** A fact, or what it waits for. */
export type Found<T> = { readonly is: T } | { readonly waitsFor: string };

export const HOLDS: readonly Verdict[] = [];

export const fails = (found: string, at: Path): readonly Verdict[] => [{ found, at }];
export const waits = (waitsFor: string, at: Path): readonly Verdict[] => [{ waitsFor, at }];

/** Judges a fact; one that is not known defers the verdict. */
export const judged = <T>(fact: Found<T>, at: Path, judge: (value: T) => readonly Verdict[]): readonly Verdict[] =>
  "waitsFor" in fact ? waits(fact.waitsFor, at) : judge(fact.is);

/** Facts that are known together or not at all; what all of the unknown ones wait for is said at once. */
export function together<T>(facts: readonly Found<T>[]): Found<readonly T[]> {
  const unknown = facts.flatMap((fact) => ("waitsFor" in fact ? [fact.waitsFor] : []));
  if (unknown.length > 0) return { waitsFor: [...new Set(unknown)].join("; ") };
  return { is: facts.flatMap((fact) => ("is" in fact ? [fact.is] : [])) };
}

/** Two facts that are only worth something together. */
export function both<A, B>(first: Found<A>, second: Found<B>): Found<readonly [A, B]> {
  if ("is" in first && "is" in second) return { is: [first.is, second.is] };
  const unknown = [first, second].flatMap((fact) => ("waitsFor" in fact ? [fact.waitsFor] : []));
  return { waitsFor: [...new Set(unknown)].join("; ") };
}

export const mapped = <A, B>(fact: Found<A>, change: (value: A) => B): Found<B> =>
  "is" in fact ? { is: change(fact.is) } : fact;

/** Texts as a sentence lists them. */
export const listed = (texts: readonly (string | number)[]): string => (texts.length === 0 ? "none" : texts.join(", "));
