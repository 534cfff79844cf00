/**
 * What goes wrong. `-before` leaves everything untouched, `-after` happens once the request's effect is there; `timeout` never answers;
 * `secondary` and `primary` are GitHub's two rate limits.
 */
export type FaultKind =
  | "status-before"
  | "status-after"
  | "drop-before"
  | "drop-after"
  | "timeout-before"
  | "timeout-after"
  | "delay"
  | "secondary"
  | "primary";

/** One planned mishap. Without `method` or `path` it meets every request. */
export interface Fault {
  kind: FaultKind;
  method?: string;
  /** Tried on the path below the base path, without the query. */
  path?: RegExp;
  /** So many matching requests pass unharmed first. */
  skip?: number;
  /** How many matching requests it meets; 1 unless told. */
  times?: number;
  /** HTTP status of the `status-` kinds, 502 unless told. */
  status?: number;
  message?: string;
  /** For `delay`: how long the answer waits. */
  delayMs?: number;
  /** For `secondary`: seconds in `retry-after`, 60 unless told. */
  retryAfter?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** What is still to come. */
  pending(): Fault[];
  /** Counts the request against every fault that matches; answers with the one that meets it. */
  meet(method: string, path: string): Fault | undefined;
}

/** An empty list of faults. */
export function createFaults(): Faults {
  let active: Fault[] = [];
  return {
    add: (fault) => active.push({ ...fault }),
    clear: () => {
      active = [];
    },
    pending: () => active.map((fault) => ({ ...fault })),
    meet(method, path) {
      const matching = active.filter(
        (fault) => (fault.method ?? method) === method && (fault.path === undefined || path.search(fault.path) >= 0),
      );
      const [met] = matching.filter(passedSkip);
      if (!met) return undefined;
      met.times = (met.times ?? 1) - 1;
      active = active.filter((fault) => (fault.times ?? 1) > 0);
      return met;
    },
  };
}

/** Takes one request off the fault's `skip`; true when it was already used up. */
function passedSkip(fault: Fault): boolean {
  const left = fault.skip ?? 0;
  fault.skip = Math.max(0, left - 1);
  return left === 0;
}
