import type { Plan } from "../../model.ts";
import { acknowledge } from "./acknowledge.ts";
import { deletionBrakes } from "./brakes.ts";
import type { Policy, PolicyContext } from "./policy.ts";
import { principalPolicy } from "./principals.ts";
import { protect } from "./protect.ts";
import { refuse } from "./refuse.ts";

/** The policies in force, then the waivers, then the one place where an error turns into refused changes. */
const policies: readonly Policy[] = [principalPolicy, protect, deletionBrakes, acknowledge, refuse];

export const guard = (plan: Plan, context: PolicyContext): Plan =>
  policies.reduce((guarded, policy) => policy(guarded, context), plan);
