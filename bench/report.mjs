// @ts-check

/** The results as text tables. @import { Budget } from "./budgets.mjs" @import { Estate, Results } from "./bench.mjs" */

/** @param {Results} results @param {readonly Budget[]} budgets */
export function report(results, budgets) {
  const { estates, planner, commands, node, cores, latencyMs } = results;
  const runs = estates.flatMap(({ connections, runs: all }) =>
    all.map((run) => [
      String(connections),
      run.name,
      String(run.calls),
      String(run.writes),
      seconds(run.wallMs),
      seconds(run.cpuMs),
      `${run.peakMb.toFixed(0)} MB`,
    ]),
  );
  const sections = [
    `Node.js ${node}, ${cores} cores, ${latencyMs} ms per call`,
    table(["CONNECTIONS", "RUN", "CALLS", "WRITES", "WALL", "CPU", "MEMORY"], runs),
    table(
      ["CONNECTIONS", "CI PLAN", "GITHUB", "AWS", "WRITES", "CHECKOUT", "PUSH TO COMMENT", "CPU", "MEMORY"],
      estates.flatMap(pullRows),
    ),
    table(["ACTION", ...estates.flatMap(actionColumns)], actionRows(estates)),
    table(
      ["PLANNER ALONE", "RESOURCES", "ALL TO BE MADE", "NOTHING TO DO"],
      planner.map((one) => [
        String(one.connections),
        String(one.resources),
        seconds(one.createMs),
        seconds(one.unchangedMs),
      ]),
    ),
    table(
      ["COMMAND", "WALL", "CPU", "MEMORY"],
      commands.map(({ name, wallMs, cpuMs, peakMb }) => [
        name,
        seconds(wallMs),
        seconds(cpuMs),
        `${peakMb.toFixed(0)} MB`,
      ]),
    ),
    table(
      ["BUDGET", "MEASURED", "LIMIT", ""],
      budgets.map(({ budget, measured, limit, unit, met }) => [
        budget,
        figure(measured, unit),
        figure(limit, unit),
        met ? "met" : "NOT MET",
      ]),
    ),
  ];
  return sections.join("\n\n");
}

/** Requests to GitHub with those that post, calls to AWS with those that write. @param {Estate} estate */
const pullRows = ({ connections, pulls }) =>
  pulls.map(({ name, requests, posts, calls, writes, checkoutMs, commentMs, cpuMs, peakMb }) => [
    String(connections),
    name,
    `${requests} (${posts} posted)`,
    String(calls),
    String(writes),
    seconds(checkoutMs),
    seconds(commentMs),
    seconds(cpuMs),
    `${peakMb.toFixed(0)} MB`,
  ]);

/** Short, because there are nine of them: `plan 10`, `only 10`, `apply 10`. @param {Estate} estate */
const actionColumns = ({ connections, runs }) =>
  runs.map(({ name }) => `${name.replace("plan --", "").replace(" of ten", "")} ${connections}`);

/** One row per API action, one column per run. @param {readonly Estate[]} estates */
function actionRows(estates) {
  const runs = estates.flatMap((estate) => estate.runs);
  const actions = [...new Set(runs.flatMap(({ byAction }) => Object.keys(byAction)))].sort();
  return actions.map((action) => [action, ...runs.map(({ byAction }) => String(byAction[action] ?? "-"))]);
}

/** Text to the left, everything else to the right. @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
function table(head, rows) {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const isNumber = head.map((_, column) => rows.every((row) => /^[\d-]/.test(row[column] ?? "")));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) =>
          isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** @param {number} milliseconds */
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;

/** @param {number} value @param {string} unit */
const figure = (value, unit) => `${Number(value.toFixed(unit === "times" ? 1 : 0))}${unit ? ` ${unit}` : ""}`;
