import type { Path } from "../../../specs/problem.ts";
import type { CheckSubject } from "../subject.ts";
import type { Found } from "../verdict.ts";

/** The items of a parameter, one for a single value. One that may be left out and is has none; any other waits for whoever tells it. */
export function parameter({ params, profile }: CheckSubject, name: string): Found<readonly string[]> {
  const value = params.get(name);
  if (value !== undefined) return { is: [value].flat().map(String) };
  const { needed = "no", obtain = "" } = profile.spec.params?.[name] ?? {};
  return needed === "no" ? { is: [] } : { waitsFor: `params.${name} (${obtain})` };
}

export const parameterPath = (name: string): Path => ["partner", "params", name];
