import { dayText, seconds } from "../dates.ts";

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/;

/** Seconds of an ISO 8601 duration of days, hours and minutes, the form that profiles use; NaN when it is none. */
export function durationSeconds(duration: string): number {
  const match = DURATION.exec(duration);
  if (!match) return Number.NaN;
  const [days = 0, hours = 0, minutes = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return days * 86_400 + hours * 3600 + minutes * 60;
}

/** The moment that lies so much later, as ISO 8601 in UTC with whole seconds; a day alone begins at its midnight. */
export function later(since: string, duration: string): string {
  const end = seconds(since) + durationSeconds(duration);
  const day = Math.floor(end / 86_400);
  const rest = end - day * 86_400;
  const two = (number: number): string => String(Math.floor(number)).padStart(2, "0");
  return `${dayText(day)}T${two(rest / 3600)}:${two((rest % 3600) / 60)}:${two(rest % 60)}.000Z`;
}

/** Whether a deadline is over; one that is reached is. */
export const isPast = (until: string, now: string): boolean => seconds(now) >= seconds(until);

const WORDS = [
  ["D", "day"],
  ["H", "hour"],
  ["M", "minute"],
] as const;

/** `5 days`, `1 hour 30 minutes`. */
export function durationWords(duration: string): string {
  const [date = "", time = ""] = duration.split("T");
  return WORDS.flatMap(([unit, word]) => {
    const [, number] = new RegExp(`(\\d+)${unit}`).exec(unit === "D" ? date : time) ?? [];
    return number === undefined ? [] : [`${Number(number)} ${word}${Number(number) === 1 ? "" : "s"}`];
  }).join(" ");
}
