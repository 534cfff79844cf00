/** Makes the SHA-256 of a text, in hex; comes in as an argument because the planner has no crypto of its own. */
export type Sha256 = (text: string) => string;

/** AWS allows 32 characters in the names of load balancers and target groups. */
const MAX = 32;
const HASH = 6;

/**
 * The two names that an object may carry, `...a` and `...b`. AWS keeps such names unique and unchangeable; with two of them a replacement
 * can stand beside the object it replaces. Derived from project and address alone, so that a lost answer never makes a second object.
 */
export function awsNames(
  project: string,
  address: string,
  words: readonly string[],
  sha256: Sha256,
): readonly [string, string] {
  const hash = sha256(`${project}\n${address}`).slice(0, HASH);
  const slug = words
    .join("-")
    .slice(0, MAX - HASH - 2)
    .replace(/-+$/, "");
  // AWS refuses names that begin with "internal-".
  const stem = `${slug.replace(/^internal-/, "int-")}-${hash}`;
  return [`${stem}a`, `${stem}b`];
}

/** The name for the replacement of an object called `name`, where `first` is the one that its address gives: adopted objects have any name. */
export const nameBeside = (name: string, first: string): string => (name === first ? first.replace(/.$/, "b") : first);
