// @ts-check
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { budgetsOf } from "./budgets.mjs";
import { addConnections, connectionName, RESOURCES_PER_CONNECTION, writeEstate } from "./estate.mjs";
import { landline, measure, startCloud } from "./processes.mjs";
import { benchPull } from "./pull-request.mjs";
import { report } from "./report.mjs";

/**
 * Measures Landline on estates of 10, 100 and 1,000 connections, on the embedded AWS and the local GitHub with 60 ms latency per call.
 *
 *   npm run bench                 everything; the table goes to the terminal, JSON to bench/results/latest.json
 *   npm run bench -- --quick      without the estate of 1,000 and the planner's 10,000
 *   npm run bench -- --json       JSON to stdout as well, the table to stderr
 *
 * Ends with 1 when a budget is not met.
 *
 * @import { Cloud, Measured } from "./processes.mjs"
 * @import { Pull } from "./pull-request.mjs"
 * @typedef {{ name: "plan" | "plan --only" | "apply of ten", wallMs: number, cpuMs: number, peakMb: number, calls: number, writes: number, byAction: Record<string, number> }} Run
 * @typedef {{ connections: number, resources: number, fillMs: number, runs: Run[], pulls: Pull[] }} Estate
 * @typedef {{ connections: number, resources: number, createMs: number, unchangedMs: number }} PlannerTimes
 * @typedef {{ name: string, wallMs: number, cpuMs: number, peakMb: number }} Command
 * @typedef {{ startedAt: string, node: string, cores: number, latencyMs: number, estates: Estate[], planner: PlannerTimes[], commands: Command[] }} Results
 */

const LATENCY_MS = 60;
/** How many connections an apply adds. */
const ADDED = 10;
/** Short commands are run this often; the best time counts, because whatever else the machine does can only add to it. */
const ROUNDS = 5;
const OUTPUT = fileURLToPath(new URL("results/latest.json", import.meta.url));
const PLANNER = fileURLToPath(new URL("planner.mjs", import.meta.url));

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, json: { type: "boolean", default: false } },
});

const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);

/** What an AWS client needs to find the sandbox and to be somebody there. @param {Cloud} cloud */
const environment = ({ url }) => ({
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: "111111111111",
  AWS_SECRET_ACCESS_KEY: "sandbox",
  AWS_REGION: "us-east-1",
});

/** @param {Measured} measured @param {string} what */
function succeeded(measured, what) {
  if (measured.exitCode === 0) return measured;
  throw new Error(`${what} ended with ${measured.exitCode}:\n${measured.stderr}\n${measured.stdout.slice(-2000)}`);
}

/**
 * An estate is applied once without latency, by the product itself; its world is then moved to a sandbox with latency, where the measured runs
 * are made.
 * @param {string} folder
 * @param {number} size
 * @returns {Promise<Estate>}
 */
async function benchEstate(folder, size) {
  say(`${size} connections: applying ${size * RESOURCES_PER_CONNECTION} resources without latency ...`);
  writeEstate(folder, size);
  const { world, fillMs } = await fill(folder);
  const cloud = await startCloud(folder, LATENCY_MS);
  try {
    await cloud.load(world);
    const run = runner(folder, cloud);
    say(`${size} connections: measuring with ${LATENCY_MS} ms per call ...`);
    const plan = await run("plan", ["plan", "--detailed-exitcode"]);
    const only = await run("plan --only", [
      "plan",
      "--detailed-exitcode",
      "--only",
      connectionName(Math.ceil(size / 2)),
    ]);
    addConnections(folder, size + 1, size + ADDED);
    const added = Array.from({ length: ADDED }, (_, index) => connectionName(size + 1 + index));
    const apply = await run("apply of ten", ["apply", "--yes", "--only", ...added]);
    say(`${size} connections: a pull request ...`);
    const pulls = await benchPull(folder, { size, cloud, env: environment(cloud), latencyMs: LATENCY_MS });
    return { connections: size, resources: size * RESOURCES_PER_CONNECTION, fillMs, runs: [plan, only, apply], pulls };
  } finally {
    await cloud.stop();
  }
}

/** @param {string} folder */
async function fill(folder) {
  const cloud = await startCloud(folder, 0);
  try {
    const args = ["--quiet", "apply", "--yes", "--parallel", "64"];
    const applied = await landline(args, { cwd: folder, env: environment(cloud) });
    const { wallMs } = succeeded(applied, "applying the estate");
    return { world: await cloud.state(), fillMs: wallMs };
  } finally {
    await cloud.stop();
  }
}

/** Runs of the product against one cloud, each with the calls it made. @param {string} folder @param {Cloud} cloud */
function runner(folder, cloud) {
  let seen = 0;
  return async (/** @type {Run["name"]} */ name, /** @type {string[]} */ args) => {
    const measured = succeeded(
      await landline(["--quiet", ...args], { cwd: folder, env: environment(cloud) }),
      `landline ${args[0]}`,
    );
    const calls = await cloud.calls(seen);
    seen = calls.at(-1)?.n ?? seen;
    /** @type {Record<string, number>} */
    const byAction = {};
    for (const { action } of calls) byAction[action] = (byAction[action] ?? 0) + 1;
    const writes = calls.filter(({ write }) => write).length;
    const { wallMs, cpuMs, peakMb } = measured;
    return { name, wallMs, cpuMs, peakMb, calls: calls.length, writes, byAction };
  };
}

/** @param {string} name @param {string[]} args @param {string} [cwd] @returns {Promise<Command>} */
async function benchCommand(name, args, cwd) {
  say(`${name} ...`);
  /** @type {Measured[]} */
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(succeeded(await landline(args, cwd ? { cwd } : {}), name));
  const best = (/** @type {"wallMs" | "cpuMs" | "peakMb"} */ figure) => Math.min(...rounds.map((one) => one[figure]));
  return { name, wallMs: best("wallMs"), cpuMs: best("cpuMs"), peakMb: best("peakMb") };
}

/** @param {readonly number[]} sizes @returns {Promise<PlannerTimes[]>} */
async function benchPlanner(sizes) {
  say(`the pure planner, ${sizes.join(" and ")} connections ...`);
  return JSON.parse(succeeded(await measure(PLANNER, sizes.map(String)), "bench/planner.mjs").stdout);
}

/** @param {string} folder @returns {Promise<Results>} */
async function benchAll(folder) {
  const validated = join(folder, "validate");
  writeEstate(validated, 1000);
  const commands = [
    await benchCommand("landline --help", ["--help"]),
    await benchCommand("landline validate, 1000 specs", ["validate"], validated),
  ];
  const planner = await benchPlanner(options.quick ? [1000] : [1000, 10_000]);
  const estates = [];
  for (const size of options.quick ? [10, 100] : [10, 100, 1000]) {
    estates.push(await benchEstate(join(folder, String(size)), size));
  }
  return {
    startedAt: new Date().toISOString(),
    node: process.version,
    cores: availableParallelism(),
    latencyMs: LATENCY_MS,
    estates,
    planner,
    commands,
  };
}

const folder = mkdtempSync(join(tmpdir(), "landline-bench-"));
try {
  const results = await benchAll(folder);
  const budgets = budgetsOf(results);
  const json = `${JSON.stringify({ ...results, budgets }, null, 2)}\n`;
  mkdirSync(join(OUTPUT, ".."), { recursive: true });
  writeFileSync(OUTPUT, json);
  (options.json ? console.error : console.log)(report(results, budgets));
  if (options.json) process.stdout.write(json);
  process.exitCode = budgets.every(({ met }) => met) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
