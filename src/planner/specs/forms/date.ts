import { quote, type Refusal } from "../problem.ts";

/** A day that the calendar has, as YYYY-MM-DD. */
export function checkDate(value: string): Refusal | undefined {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(value);
  if (match === null) {
    return {
      code: "date.form",
      message: `${quote(value)} is not a day`,
      hint: "write YYYY-MM-DD, for example 2027-03-31",
    };
  }
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  if (month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)) return undefined;
  return { code: "date.form", message: `the calendar has no day ${value}` };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
