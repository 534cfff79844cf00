import { hexOf } from "./ids.ts";
import type { AvailabilityZone } from "./world.ts";

const directions: Record<string, string> = {
  north: "n",
  south: "s",
  east: "e",
  west: "w",
  central: "c",
  northeast: "ne",
  northwest: "nw",
  southeast: "se",
  southwest: "sw",
};

/** Regions with more than the usual three zones. */
const zoneCounts: Record<string, number> = { "us-east-1": 6, "us-west-2": 4, "ap-northeast-1": 4, "ap-northeast-2": 4 };

/** The physical zone ids of a Region: `us-east-1` has `use1-az1` to `use1-az6`. */
export function zoneIds(region: string): string[] {
  const parts = region.split("-");
  const number = parts.at(-1) ?? "1";
  const direction = parts.at(-2) ?? "";
  const country = parts.slice(0, -2).join("").replace("gov", "g");
  const prefix = `${country}${directions[direction] ?? direction.slice(0, 1)}${number}`;
  return Array.from({ length: zoneCounts[region] ?? 3 }, (_, index) => `${prefix}-az${index + 1}`);
}

/**
 * The zones of a Region as one account sees them: ids are physical, names are shuffled per account, as on AWS. What is `known` (from a seed) keeps
 * its pairing; the rest is dealt out in an order that depends only on the account.
 */
export function zonesOf(account: string, region: string, known: readonly AvailabilityZone[] = []): AvailabilityZone[] {
  const ids = zoneIds(region).filter((id) => !known.some((zone) => zone.id === id));
  const shuffled = ids.sort((a, b) => (rank(account, a) < rank(account, b) ? -1 : 1));
  const names = letters(known.length + shuffled.length)
    .map((letter) => `${region}${letter}`)
    .filter((name) => !known.some((zone) => zone.name === name));
  const dealt = shuffled.map((id, index) => ({ name: names[index] ?? `${region}z`, id }));
  return [...known, ...dealt].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function rank(account: string, id: string): string {
  return hexOf(`${account}/${id}`, 16);
}

function letters(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String.fromCharCode(97 + (index % 26)));
}
