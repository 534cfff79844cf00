import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { SourceFile } from "../planner/specs/index.ts";

/** The profiles that come with Landline lie beside src/ and dist/, which are equally deep, so that one path serves both. */
const FOLDER = new URL("../../partners/", import.meta.url);

let shipped: readonly SourceFile[] | undefined;

/** Those profiles, under paths that are the same wherever Landline is installed: plans and messages name them. */
export function shippedProfiles(): readonly SourceFile[] {
  shipped ??= namesIn(FOLDER).map((name) => ({
    path: `landline:partners/${name}`,
    text: readFileSync(new URL(name, FOLDER), "utf8"),
  }));
  return shipped;
}

function namesIn(folder: URL): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".yaml"))
        .sort()
    : [];
}
