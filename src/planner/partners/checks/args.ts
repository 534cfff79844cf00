import type { JsonMap } from "../../specs/json.ts";
import type { CheckKind, Role } from "../profile.ts";
import { CHECKS } from "./index.ts";

/** What the loader holds a check of a profile against. Texts in `args` with a placeholder are templates; one that is nothing else may lead to a list. */
export interface ArgSpec {
  /** JSON Schema of `args`; what it has against a profile's args is reported at its place. */
  readonly schema: JsonMap;
  /** The roles under which a profile may have it. */
  readonly roles: readonly Role[];
  /** Fields of `args` that name a parameter (without `params.`), which has to exist in the profile. */
  readonly params?: readonly string[];
}

/** The args of every kind of check. */
export const argsOf: { readonly [K in CheckKind]: ArgSpec } = CHECKS;
