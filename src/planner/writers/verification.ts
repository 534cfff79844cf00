import type { Check, ChecklistItem, PartnerTest, Verification } from "../verify/index.ts";
import { columnOf, joinSections, paragraph, type Sheet, sheetOf, type TextOptions, type TextStyle } from "./layout.ts";
import { visible, visibleLines } from "./visible.ts";
import { count } from "./words.ts";

const STYLE: { readonly [R in Check["result"]]: TextStyle } = { holds: "green", fails: "red", unknown: "yellow" };
const WORD: { readonly [R in Check["result"]]: string } = { holds: "ok", fails: "FAILS", unknown: "?" };
const TITLE: { readonly [T in Check["topic"]]: string } = {
  service: "Endpoint service",
  endpoint: "Endpoints",
  requests: "Who is connected",
  balancer: "Load balancers",
  targets: "Targets",
  ports: "Security groups",
  dns: "Names",
  connect: "Connections",
  tls: "Certificates",
};

/** A verification for people: every check by topic, the partner's own tests, and what to look at when something fails. */
export function verificationToText(verification: Verification, options: TextOptions): string {
  const sheet = sheetOf(options);
  const { checks, tests, checklist } = verification;
  const topics = [...new Set(checks.map(({ topic }) => topic))];
  return joinSections([
    ...topics.map((topic) =>
      topicSection(
        sheet,
        topic,
        checks.filter((check) => check.topic === topic),
      ),
    ),
    testSection(sheet, tests),
    ...checklistSections(sheet, checklist),
    [lastLine(sheet, verification)],
  ]);
}

function topicSection(sheet: Sheet, topic: Check["topic"], checks: readonly Check[]): string[] {
  const width = columnOf(Object.values(WORD), 5);
  return [
    sheet.paint("bold", TITLE[topic]),
    ...checks.flatMap(({ result, about, says }) => {
      const [first = "", ...rest] = paragraph(sheet, undefined, " ".repeat(width + 4), `${about} ${says}`);
      const sign = WORD[result].padEnd(width);
      return [`  ${sheet.paint(STYLE[result], sign)}  ${first.slice(width + 4)}`, ...rest];
    }),
  ];
}

const WHERE: { readonly [F in PartnerTest["from"]]: string } = {
  "our-vpc": "on a machine in our VPC",
  partner: "at the partner",
};

function testSection(sheet: Sheet, tests: readonly PartnerTest[]): string[] {
  if (tests.length === 0) return [];
  return [
    sheet.paint("bold", "The partner's own tests, to run by hand; `landline capture` reads what they print"),
    ...tests.flatMap(({ run, from, good, bad }) => [
      sheet.paint(
        "dim",
        `  # ${WHERE[from]}${good === undefined ? "" : `; well: ${visible(good)}`}${bad === undefined ? "" : `; not: ${visible(bad)}`}`,
      ),
      ...visibleLines(run).map((line) => `  ${line}`),
    ]),
  ];
}

function checklistSections(sheet: Sheet, items: readonly ChecklistItem[]): string[][] {
  if (items.length === 0) return [];
  return [
    [sheet.paint("bold", "What to look at, and what is known of it")],
    ...items.map(({ item, known, commands }, index) => [
      `${index + 1}. ${item}`,
      ...known.flatMap((one) => paragraph(sheet, undefined, "   - ", one)),
      ...commands.map((command) => `     ${visible(command)}`),
    ]),
  ];
}

function lastLine(sheet: Sheet, { connection, checks, result }: Verification): string {
  const number = (wanted: Check["result"]) => checks.filter((check) => check.result === wanted).length;
  const open = number("unknown") > 0 ? `; ${number("unknown")} cannot be told from here` : "";
  const words = `${connection}: ${count(checks.length, "check")}, ${number("fails")} fail${number("fails") === 1 ? "s" : ""}${open}`;
  return sheet.paint(result === "fails" ? "red" : "green", words);
}

/** For machines. */
export const verificationToJson = (verification: Verification): string => `${JSON.stringify(verification, null, 2)}\n`;
