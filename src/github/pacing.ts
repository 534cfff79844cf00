import { setTimeout as sleep } from "node:timers/promises";

/**
 * Keeps calls at least `gapMs` apart, each beginning in the order of asking. Shaped as the throttling plugin wants its groups, whose own gaps
 * cannot be shortened for tests. GitHub asks for a second between writes, and Octokit for three between those that notify people.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
 */
export function spaced(gapMs: number) {
  let next = 0;
  const turn = async (): Promise<void> => {
    const now = Date.now();
    const mine = Math.max(now, next);
    next = mine + gapMs;
    if (mine > now) await sleep(mine - now);
  };
  return {
    key: () => ({
      /** The plugin passes a job that does nothing and waits for its turn; `weight: 0` is a repetition, which has waited already. */
      schedule: async (options: { readonly weight?: number }, job: () => Promise<unknown>) => {
        if (options.weight !== 0) await turn();
        return job();
      },
    }),
  };
}
