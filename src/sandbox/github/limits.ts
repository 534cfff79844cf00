import { ApiError } from "./errors.ts";
import type { Caller, World } from "./world.ts";

const minute = 60_000;
const hour = 60 * minute;

/** What one caller used up. */
interface Usage {
  /** Start of the running hour of the primary limit. */
  since: number;
  used: number;
  /** When things were created; the last hour. */
  creating: number[];
  /** When how many points were spent; the last minute. */
  points: { at: number; points: number }[];
}

/** GitHub's primary limit (per token) and secondary limits (per user). */
export interface Limits {
  /** Counts a request. @throws ApiError 403, as GitHub does for both */
  charge(caller: Caller, creating: boolean): void;
  /** Gives back a request that turned out to have changed nothing: a 304. */
  refund(caller: Caller): void;
  headers(caller: Caller): Record<string, string>;
  /** What GitHub says when a secondary limit is hit. */
  secondary(seconds: number): ApiError;
  /** Uses the primary limit up. */
  exhaust(caller: Caller): ApiError;
}

/** Nobody has used anything yet. */
export function createLimits({ clock, limits }: World): Limits {
  const tokens = new Map<string, Usage>();
  const people = new Map<string, Usage>();
  const usage = (of: Map<string, Usage>, key: string): Usage => {
    const found = of.get(key) ?? { since: clock.now(), used: 0, creating: [], points: [] };
    if (clock.now() - found.since >= hour) Object.assign(found, { since: clock.now(), used: 0 });
    of.set(key, found);
    return found;
  };
  const headers = (caller: Caller): Record<string, string> => {
    const { used, since } = usage(tokens, caller.token);
    return {
      "x-ratelimit-limit": String(limits.perHour),
      "x-ratelimit-remaining": String(Math.max(0, limits.perHour - used)),
      "x-ratelimit-used": String(Math.min(used, limits.perHour)),
      "x-ratelimit-reset": String(Math.ceil((since + hour) / 1000)),
      "x-ratelimit-resource": "core",
    };
  };
  const exceeded = (caller: Caller): ApiError =>
    new ApiError(403, `API rate limit exceeded for user ID ${caller.user.id}.`, { headers: headers(caller) });
  return {
    charge(caller, creating) {
      const token = usage(tokens, caller.token);
      if (token.used >= limits.perHour) throw exceeded(caller);
      token.used++;
      const wait = spend(usage(people, caller.user.login), clock.now(), creating, limits);
      if (wait > 0) throw secondary(wait);
    },
    refund(caller) {
      usage(tokens, caller.token).used--;
    },
    headers,
    secondary,
    exhaust(caller) {
      usage(tokens, caller.token).used = limits.perHour;
      return exceeded(caller);
    },
  };
}

/** Books a request on a user's account; answers the seconds to wait when that was one too many. */
function spend(usage: Usage, now: number, creating: boolean, limits: World["limits"]): number {
  usage.creating = usage.creating.filter((at) => at > now - hour);
  usage.points = usage.points.filter(({ at }) => at > now - minute);
  const lastMinute = usage.creating.filter((at) => at > now - minute);
  if (creating && lastMinute.length >= limits.creatingPerMinute) return until(lastMinute[0], minute, now);
  if (creating && usage.creating.length >= limits.creatingPerHour) return until(usage.creating[0], hour, now);
  const points = creating ? 5 : 1;
  const spent = usage.points.reduce((sum, entry) => sum + entry.points, 0);
  if (spent + points > limits.pointsPerMinute) return until(usage.points[0]?.at, minute, now);
  if (creating) usage.creating.push(now);
  usage.points.push({ at: now, points });
  return 0;
}

/** Seconds until the oldest entry is out of the window. */
function until(oldest: number | undefined, span: number, now: number): number {
  return Math.max(1, Math.ceil(((oldest ?? now) + span - now) / 1000));
}

function secondary(seconds: number): ApiError {
  const message =
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. " +
    "If you reach out to GitHub Support for help, please include the request ID.";
  return new ApiError(403, message, { headers: { "retry-after": String(seconds) } });
}
