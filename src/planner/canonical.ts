import type { Ref, Value } from "../model.ts";
import { compareText } from "./collections.ts";

/** One text for one value: keys sorted, absent members left out. Two values are the same exactly when their texts are. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => compareText(a, b));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}

export const same = (a: unknown, b: unknown): boolean => a === b || canonical(a) === canonical(b);

export const isRef = (value: unknown): value is Ref =>
  typeof value === "object" && value !== null && "ref" in value && "output" in value && Object.keys(value).length === 2;

/** Every Ref anywhere inside a value. */
export function refsIn(value: unknown): Ref[] {
  if (isRef(value)) return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(refsIn);
}

/** The value with each Ref that is known replaced; unknown ones stay. */
export function substitute(value: Value | undefined, known: (ref: Ref) => string | undefined): Value | undefined {
  if (value === undefined || value === null || typeof value !== "object") return value;
  if (isRef(value)) return known(value) ?? value;
  if (Array.isArray(value)) return value.map((item: Value) => substitute(item, known) ?? null);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, substitute(member as Value, known) ?? null]),
  );
}
