import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Action, readAction } from "./files.ts";

/** The line of our action that builds Landline: not run, because the `dist/` of `home` is there. */
export const BUILD = "npm ci --ignore-scripts && npm run --silent build";

/** Our own action: from the same repository, or from another by commit. */
export const isOurs = (uses: string): boolean => uses === "./" || /^[\w.-]+\/landline@[0-9a-f]{40}$/.test(uses);

export const ourAction = (home: string): Action => readAction(readFileSync(join(home, "action.yml"), "utf8"));
