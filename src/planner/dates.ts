/**
 * Dates without a clock and without `Date`: the planner gets `now` as a text. Days are counted from 1970-01-01 in the Gregorian calendar
 * (the counting trick: years begin in March, so that the leap day is the last of its year).
 */
const DATE = /^(\d{4})-(\d{2})-(\d{2})/;

/** Days since 1970-01-01 of `YYYY-MM-DD...`; NaN when the text is no date. */
export function dayNumber(text: string): number {
  const match = DATE.exec(text);
  if (!match) return Number.NaN;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

/** The day of that number as `YYYY-MM-DD`: `dayNumber` backwards. */
export function dayText(number: number): string {
  const shifted = number + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
}

/** Seconds since 1970 of an ISO 8601 time in UTC; a date alone is its midnight. */
export function seconds(iso: string): number {
  const [, hours = "0", minutes = "0", secs = "0"] = /T(\d{2}):(\d{2}):(\d{2})/.exec(iso) ?? [];
  return dayNumber(iso) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(secs);
}

/** How long ago, in the largest unit that fits: `3 days`, `1 hour`, `less than a minute`. */
export function age(since: string, now: string): string {
  const elapsed = Math.max(0, seconds(now) - seconds(since));
  for (const [unit, length] of [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ] as const) {
    const count = Math.floor(elapsed / length);
    if (count > 0) return `${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return "less than a minute";
}

/** Days in an ISO 8601 duration of years, months, weeks and days; a year is 365 days, a month 30. Undefined when it is none. */
export function durationDays(duration: string): number | undefined {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(duration);
  if (!match || duration === "P") return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return years * 365 + months * 30 + weeks * 7 + days;
}
