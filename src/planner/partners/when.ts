import type { Mode, When } from "./profile.ts";
import type { Known } from "./values.ts";

/** What a condition is held against. */
export interface Circumstances {
  readonly mode: Mode | undefined;
  /** Parameters that are known, by name without `params.`. */
  readonly params: ReadonlyMap<string, Known>;
}

/** Whether every entry holds; no condition always does. A parameter that is not known equals nothing; of a list one item that fits is enough. */
export function holds(when: When | undefined, { mode, params }: Circumstances): boolean {
  return Object.entries(when ?? {}).every(([key, wanted]) => {
    const value = key === "mode" ? mode : params.get(key);
    if (typeof wanted === "object" && "set" in wanted) return wanted.set === (value !== undefined);
    const found = value === undefined ? [] : [value].flat();
    return [wanted].flat().some((one) => found.some((item) => item === one));
  });
}
