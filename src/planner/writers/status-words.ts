import type { TargetHealthFact } from "../../model.ts";
import type { GrantStatus } from "../status/parts.ts";
import { count } from "./words.ts";

/** The words that a status needs and a plan does not. */

/** `2 of 2 healthy`; a draining target is on its way out and does not count. */
export function healthWords(targets: readonly TargetHealthFact[]): string {
  const serving = targets.filter(({ state }) => state !== "draining");
  if (serving.length === 0) return "none";
  return `${serving.filter(({ state }) => state === "healthy").length} of ${serving.length} healthy`;
}

/** `unhealthy: Target.FailedHealthChecks, Health checks failed`: AWS's reason and sentence, where it gives them. */
export function targetWords({ state, reason, description }: TargetHealthFact): string {
  const why = [reason, description].filter((text) => text !== undefined).join(", ");
  return why === "" ? state : `${state}: ${why}`;
}

/** `until 2027-03-31, 131 days left`. */
export function grantWords({ until, daysLeft = 0, allowed }: GrantStatus): string {
  const end =
    until === undefined
      ? "without an end"
      : `until ${until}, ${daysLeft < 0 ? "ended" : daysLeft === 0 ? "ends today" : `${count(daysLeft, "day")} left`}`;
  const over = until !== undefined && daysLeft < 0;
  if (allowed) return over ? `${end}, and still allowed` : end;
  return over ? end : `${end}, not allowed on AWS`;
}
