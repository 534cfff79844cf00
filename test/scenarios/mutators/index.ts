import { consuming } from "./consuming.ts";
import { loadBalancing } from "./load-balancing.ts";
import { names } from "./names.ts";
import { providing } from "./providing.ts";
import type { Table } from "./scene.ts";

export { PARTNERS } from "./providing.ts";
export { differencesNamed, type Identity, type Mutator, otherValue } from "./scene.ts";

/** For every attribute of every kind a way to make the live object differ from its spec. */
export const mutators: Table = { ...loadBalancing, ...providing, ...consuming, ...names };
