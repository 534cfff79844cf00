import { expect, test } from "vitest";
import { durationSeconds, durationWords, isPast, later } from "../../../src/planner/partners/deadline.ts";

test.each([
  ["P5D", 432_000, "5 days"],
  ["P1D", 86_400, "1 day"],
  ["PT24H", 86_400, "24 hours"],
  ["P1DT1H30M", 91_800, "1 day 1 hour 30 minutes"],
  ["PT5M", 300, "5 minutes"],
])("%s", (duration, seconds, words) => {
  expect([durationSeconds(duration), durationWords(duration)]).toEqual([seconds, words]);
});

test("what is no duration has no length", () => expect(durationSeconds("5 days")).toBeNaN());

test.each([
  ["2026-11-20T23:30:05.500Z", "PT1H", "2026-11-21T00:30:05.000Z"],
  ["2028-02-28T12:00:00Z", "P2D", "2028-03-01T12:00:00.000Z"],
  ["2026-12-31", "PT90M", "2026-12-31T01:30:00.000Z"],
  ["2026-11-20T10:00:00.000Z", "P14D", "2026-12-04T10:00:00.000Z"],
])("%s and %s", (since, duration, until) => {
  expect(later(since, duration)).toBe(until);
  expect(Date.parse(until) - Math.floor(Date.parse(since) / 1000) * 1000).toBe(durationSeconds(duration) * 1000);
});

test("a deadline that is reached is over", () => {
  expect(isPast("2026-11-20T10:00:00.000Z", "2026-11-20T09:59:59.000Z")).toBe(false);
  expect(isPast("2026-11-20T10:00:00.000Z", "2026-11-20T10:00:00.000Z")).toBe(true);
});
