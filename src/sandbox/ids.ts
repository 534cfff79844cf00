import { createHash } from "node:crypto";
import type { World } from "./world.ts";

/**
 * The next id of a sort (`vpce-`, `sg-`, ...): AWS's prefix and 17 hex digits, the first of which is 0 as on AWS. The same world hands out the same ids
 * in the same order, so that a seeded run can be repeated to the letter.
 */
export function newId(world: World, prefix: string): string {
  return `${prefix}0${newHex(world, prefix, 16)}`;
}

/** The next `length` random-looking hex digits; `purpose` keeps different uses apart. At most 64. */
export function newHex(world: World, purpose: string, length: number): string {
  world.nextId += 1;
  return hexOf(`${purpose}/${world.nextId}`, length);
}

/** The next random-looking lower-case letters and digits, as in DNS labels. */
export function newLabel(world: World, purpose: string, length: number): string {
  return BigInt(`0x${newHex(world, purpose, 64)}`)
    .toString(36)
    .slice(0, length);
}

/** Hex digits that depend on the text alone. At most 64. */
export function hexOf(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
