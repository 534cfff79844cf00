/** What a change of specs reaches, what was meant, and how one plan differs from another: everything about versions, and pure. */

export { declaredBy } from "./declared.ts";
export { type Delta, deltaOf, sameOperations } from "./delta.ts";
export { intentsOf, targetsIn } from "./intents.ts";
export { everything, type Reached, type Scope, scopeOf, type Version } from "./scope.ts";
export { type Touched, touchedBetween } from "./touched.ts";
