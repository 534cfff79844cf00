/** The server's time, which tests can move. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** As GitHub writes times: ISO 8601 without fractions. */
  iso(): string;
  /** Moves time forward, so that limits and signed addresses run out. */
  advance(milliseconds: number): void;
}

/** Starts at `start` (now, unless told); `stopped` time moves only by `advance`. */
export function createClock(start?: number, stopped = false): Clock {
  const began = Date.now();
  let offset = (start ?? began) - began;
  const now = (): number => (stopped ? began : Date.now()) + offset;
  return {
    now,
    iso: () => isoSeconds(now()),
    advance: (milliseconds) => {
      offset += milliseconds;
    },
  };
}

/** ISO 8601 without fractions of a second. */
export function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
