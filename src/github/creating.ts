import type { GitHub } from "./client.ts";
import { isProblem } from "./errors.ts";

/** One thing to create, and how to see whether it is there. */
export interface Creation<T> {
  create(): Promise<T>;
  /** Looks for what an attempt whose answer was lost may have created. */
  find(): Promise<T | undefined>;
}

/** Seconds to wait after each lost answer before looking: a write that is under way should have arrived by then. As many tries. */
const LOOKS = [1, 5, 15];

/**
 * Creates exactly once. GitHub's API has no idempotency keys: when the answer to a creation is lost (time-out, broken connection, 5xx), it may
 * have happened. So we wait, look, and only try again when it is not there.
 * @throws GitHubError of the last attempt
 */
export async function createOnce<T>(github: Pick<GitHub, "pause">, { create, find }: Creation<T>): Promise<T> {
  let lost: unknown;
  for (const seconds of LOOKS) {
    try {
      return await create();
    } catch (error) {
      if (!isProblem(error, "unreachable")) throw error;
      lost = error;
    }
    await github.pause(seconds);
    const found = await find();
    if (found !== undefined) return found;
  }
  throw lost;
}
