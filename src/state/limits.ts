import type { Reads } from "../aws/reads.ts";
import type { LimitFact, Live } from "../model.ts";

/**
 * The account's limits of load balancing, with how many there are where the limit is for all of the Region. Read only when specs want a load
 * balancer or target group that is not there yet, or many of what hangs on one: most plans need no limit and should cost no call more.
 */
export async function readLimits(reads: Reads, live: readonly Live[]): Promise<LimitFact[] | undefined> {
  const { elbAddresses, nearLimits } = reads.wanted;
  const there = new Set(live.map(({ address }) => address));
  if (!nearLimits && elbAddresses.every((address) => there.has(address))) return undefined;
  const [limits, balancers, groups] = await Promise.all([
    reads.elbLimits(),
    reads.loadBalancers(),
    reads.targetGroups(),
  ]);
  const used: { readonly [name: string]: number } = {
    "network-load-balancers": balancers.filter(({ Type }) => Type === "network").length,
    "target-groups": groups.length,
  };
  return limits
    .map(({ Name: name = "", Max }): LimitFact => {
      const count = used[name];
      return { name, limit: Number(Max ?? 0), ...(count === undefined ? {} : { used: count }) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
