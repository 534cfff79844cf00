import type { Clock } from "./operation.ts";
import type { Settle } from "./world.ts";

/** A transition that takes this many seconds on AWS shows its old state for two reads. */
const longTransition = 30;

/** One that takes fewer than these shows no old state at all; one in between shows it once. */
const shortTransition = 5;

/** With `slow`, AWS's minutes become the sandbox's seconds: everything runs this many times faster. */
const slowFactor = 10;

/** What the sandbox asks for the time: milliseconds since 1970. */
export type Now = () => number;

/** The default clock: transitions count reads, so that nothing ever has to wait for real time. A countdown of n shows the old state n times. */
export function readClock(now: Now = Date.now): Clock {
  return {
    now: () => iso(now()),
    settle: (seconds) => ({ reads: readsFor(seconds) }),
    look: (settle) => look(settle, now),
  };
}

/** The clock of `--slow`: transitions take a tenth of AWS's time, at least one second. */
export function slowClock(now: Now = Date.now): Clock {
  return {
    now: () => iso(now()),
    settle: (seconds) => ({ at: iso(now() + Math.max(1, seconds / slowFactor) * 1000) }),
    look: (settle) => look(settle, now),
  };
}

/** True when a countdown has run out; looks without taking a read off. */
export function settled(settle: Settle, clock: Clock): boolean {
  return (settle.reads ?? 0) <= 0 && (settle.at === undefined || settle.at <= clock.now());
}

function readsFor(seconds: number): number {
  if (seconds < shortTransition) return 0;
  return seconds < longTransition ? 1 : 2;
}

function look(settle: Settle, now: Now): boolean {
  if (settle.at !== undefined) return settle.at <= iso(now());
  if ((settle.reads ?? 0) <= 0) return true;
  settle.reads = (settle.reads ?? 0) - 1;
  return false;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
