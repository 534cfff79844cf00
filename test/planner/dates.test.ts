import fc from "fast-check";
import { expect, test } from "vitest";
import { dayNumber, dayText } from "../../src/planner/dates.ts";

test.each(["1970-01-01", "1999-12-31", "2000-02-29", "2026-11-20", "2027-03-01", "2100-02-28", "2400-12-31"])(
  "the day of the number of %s is that day",
  (day) => expect(dayText(dayNumber(day))).toBe(day),
);

test("every day has one number, and the next day the next", () => {
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 1_000_000 }), (number) => {
      expect(dayNumber(dayText(number))).toBe(number);
      expect(new Date(number * 86_400_000).toISOString().slice(0, 10)).toBe(dayText(number));
    }),
  );
});
