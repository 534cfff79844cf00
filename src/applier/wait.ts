/** The applier's time, so that tests need not wait. Milliseconds. */
export interface Time {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** How often to look: soon at first, because much is ready at once, then ever more slowly, as AWS asks of pollers. */
export interface Pace {
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
}
export const PACE: Pace = { firstMs: 250, factor: 1.5, maxMs: 5_000 };

export class DeadlineError extends Error {
  readonly Code = "DeadlineExceeded";
}

/**
 * The one place that waits: looks until `look` answers something, or the deadline passes. `last` says in what state things were, for the
 * message. Throws DeadlineError, and whatever `look` throws.
 */
export async function waitFor<T>(
  look: () => Promise<T | undefined>,
  deadlineMs: number,
  waitsFor: () => string,
  time: Time,
  pace: Pace = PACE,
): Promise<T> {
  const started = time.now();
  for (let pause = pace.firstMs; ; pause = Math.min(pause * pace.factor, pace.maxMs)) {
    const answer = await look();
    if (answer !== undefined) return answer;
    if (time.now() - started + pause > deadlineMs) {
      throw new DeadlineError(
        `waited ${Math.round(deadlineMs / 1000)} s for ${waitsFor()}; it may still get there: run the same command again to go on`,
      );
    }
    await time.sleep(pause);
  }
}
