// @ts-check

/**
 * What Landline promises, held against what was measured.
 *
 * @import { Estate, Results } from "./bench.mjs"
 * @typedef {{ budget: string, limit: number, measured: number, unit: string, met: boolean }} Budget
 */

/**
 * The pages beyond the first that AWS cuts a list into, for a full plan of an estate where every connection has one of each object. EC2 shows
 * up to 1,000 objects a page and takes 200 values a filter, ELBv2 shows 400 and tells the tags of 20 ARNs a call, Route 53 shows 300 record
 * sets, of which a connection has an alias and the mark beside it. Written down here once more on purpose: were a list asked for twice, a
 * count taken from the calls themselves would take it for pages.
 * @param {number} connections
 */
export function pagesOf(connections) {
  const beyondFirst = (/** @type {number} */ items, /** @type {number} */ size) =>
    Math.max(0, Math.ceil(items / size) - 1);
  const ec2 = ["services", "connections", "endpoints", "groups"].map(() => beyondFirst(connections, 1000));
  const rules = beyondFirst(connections, 200);
  const elb = ["load balancers", "target groups"].map(() => beyondFirst(connections, 400));
  const tags = ["load balancers", "target groups", "listeners"].map(() => beyondFirst(connections, 20));
  // The zone's own NS and SOA sets come first.
  const records = beyondFirst(2 * connections + 2, 300);
  return [...ec2, rules, ...elb, ...tags, records].reduce((sum, pages) => sum + pages, 0);
}

/** @param {string} budget @param {number} measured @param {number} limit @param {string} unit @returns {Budget} */
const within = (budget, measured, limit, unit) => ({ budget, measured, limit, unit, met: measured <= limit });

/** @param {Results} results @returns {Budget[]} */
export function budgetsOf({ estates, planner, commands }) {
  const ofEstates = estates.flatMap((estate) => [...budgetsOfEstate(estate), ...budgetsOfPulls(estate)]);
  return [...ofEstates, ...budgetsOfPlanner(planner), ...budgetsOfCommands(commands)];
}

/** @param {Estate} estate @returns {Budget[]} */
function budgetsOfEstate({ connections, runs }) {
  return runs.flatMap(({ name, wallMs, peakMb, calls, writes }) => {
    const label = `${name}, ${connections} connections`;
    if (name === "apply of ten") return [];
    if (name === "plan --only")
      return [within(`${label}: calls`, calls, 25, ""), within(`${label}: writes`, writes, 0, "")];
    const most = 15 + 5 * connections + pagesOf(connections);
    return [
      within(`${label}: calls (15 + 5 each + pages)`, calls, most, ""),
      within(`${label}: writes`, writes, 0, ""),
      ...(connections < 1000
        ? []
        : [within(`${label}: wall time`, wallMs, 60_000, "ms"), within(`${label}: memory`, peakMb, 500, "MB")]),
    ];
  });
}

/**
 * One connection in a pull request costs what `plan --only` costs, however large the estate, and GitHub is asked little: its tokens have 1,000
 * requests an hour. One look for our comment, one check run for the estate's only target, and the comment itself when there is news.
 * @param {Estate} estate
 * @returns {Budget[]}
 */
function budgetsOfPulls({ connections, pulls }) {
  return pulls.flatMap(({ name, commentMs, requests, calls, writes }) => {
    const label = `ci plan, ${name}, ${connections} connections`;
    return [
      within(`${label}: requests to GitHub`, requests, name === "first push" ? 3 : 2, ""),
      within(`${label}: calls`, calls, 25, ""),
      within(`${label}: writes`, writes, 0, ""),
      ...(connections < 1000 ? [] : [within(`${label}: push to comment`, commentMs, 10_000, "ms")]),
    ];
  });
}

/**
 * Ten times the connections may take twenty times as long: the garbage collector's share grows with the heap and the processor's caches do not.
 * Were anything quadratic, it would be a hundred times.
 */
const LINEAR = 20;

/** @param {Results["planner"]} planner @returns {Budget[]} */
function budgetsOfPlanner(planner) {
  const [small, large] = [1000, 10_000].map((size) => planner.find(({ connections }) => connections === size));
  if (!small) return [];
  const growth = large && Math.max(large.createMs / small.createMs, large.unchangedMs / small.unchangedMs);
  return [
    within("planner, 1000 connections, nothing to do", small.unchangedMs, 1000, "ms"),
    within("planner, 1000 connections, all to be made", small.createMs, 1000, "ms"),
    ...(growth === undefined ? [] : [within("planner, growth from 1000 to 10000", growth, LINEAR, "times")]),
  ];
}

/** @param {Results["commands"]} commands @returns {Budget[]} */
const budgetsOfCommands = (commands) =>
  commands.map(({ name, wallMs }) =>
    within(`${name}: wall time`, wallMs, name.includes("validate") ? 2000 : 150, "ms"),
  );
