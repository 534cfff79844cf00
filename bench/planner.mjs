// @ts-check
import { performance } from "node:perf_hooks";
import { projectText, specText, surroundings } from "./estate.mjs";

/**
 * Times the pure planner alone, on estates that never saw a cloud: `node bench/planner.mjs 1000 10000` prints JSON, one entry for each size.
 * Each size is planned from nothing (all is created) and against a model of itself (nothing is to do).
 *
 * @import { Change, Live, Outputs, Snapshot } from "../src/model.ts"
 */

/** @param {string} path */
const load = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);

/** @type {typeof import("../src/planner/specs/index.ts")} */
const { parseConnections, parseProject } = await load("planner/specs/index.js");
/** @type {typeof import("../src/planner/plan.ts")} */
const { makePlan } = await load("planner/plan.js");
/** @type {typeof import("../src/kinds/index.ts")} */
const { kindInfos } = await load("kinds/index.js");
/** @type {typeof import("../src/commands/look.ts")} */
const { sha256 } = await load("commands/look.js");
/** @type {typeof import("../src/commands/schema-files.ts")} */
const { readSchemas } = await load("commands/schema-files.js");

const NOW = "2026-01-01T00:00:00.000Z";
const ROUNDS = 5;

/** @type {{ [K in keyof Outputs]: readonly Outputs[K][] }} */
const OUTPUTS = {
  "load-balancer": ["arn"],
  "target-group": ["arn"],
  listener: ["arn"],
  "endpoint-service": ["serviceId", "serviceName"],
  allowlist: [],
  acceptance: [],
  notification: [],
  "private-dns": [],
  "security-group": ["groupId"],
  "vpc-endpoint": ["endpointId", "dnsName", "dnsZoneId"],
  "dns-record": [],
  "value-record": [],
  "hosted-zone": ["zoneId"],
  "zone-association": [],
  "zone-authorization": [],
};

/** @param {number} size */
function specsOf(size) {
  const schemas = readSchemas();
  const { project, problems } = parseProject({ path: "landline.yaml", text: projectText }, schemas);
  if (!project) throw new Error(`the project file of the benchmark is wrong: ${problems[0]?.message}`);
  const files = Array.from({ length: size }, (_, index) => ({ path: `${index}.yaml`, text: specText(index + 1) }));
  const options = { schemas, today: NOW.slice(0, 10), profiles: new Map(), complete: true };
  const { connections, problems: wrong } = parseConnections(files, project, options);
  if (wrong[0]) throw new Error(`a spec of the benchmark is wrong: ${wrong[0].message}`);
  return { project, connections };
}

/** @param {readonly Live[]} resources @returns {Snapshot} */
function snapshotOf(resources) {
  const connections = resources
    .filter(({ kind }) => kind === "acceptance")
    .map(({ attributes: { serviceId, endpointId } }) => ({
      serviceId: String(serviceId),
      endpointId: String(endpointId),
      owner: surroundings.account,
      state: "available",
    }));
  return { formatVersion: 1, project: "bench", targets: [{ ...surroundings, resources, connections }] };
}

/** What exists after a change: every reference leads to `ADDRESS.OUTPUT`. @param {Change} change @returns {Live} */
function made({ address, connection, target, kind, desired }) {
  const outputs = Object.fromEntries(OUTPUTS[kind].map((name) => [name, `${address}.${name}`]));
  const attributes = JSON.parse(JSON.stringify(desired?.attributes), (_key, value) =>
    value?.ref && value?.output ? `${value.ref}.${value.output}` : value,
  );
  const id = Object.values(outputs)[0] ?? address;
  return { kind, address, connection, target, id, attributes, outputs, protect: false, state: "available" };
}

/**
 * The best of some rounds, in milliseconds.
 * @template T
 * @param {() => T} work
 */
function timed(work) {
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.min(...times);
}

/** @param {number} size */
function bench(size) {
  const input = { ...specsOf(size), kinds: kindInfos, now: NOW, sha256 };
  const empty = snapshotOf([]);
  const first = makePlan({ ...input, snapshot: empty });
  const full = snapshotOf(first.changes.map(made));
  const second = makePlan({ ...input, snapshot: full });
  if (second.changes.length > 0 || second.summary.errors > 0) {
    throw new Error(`the planner sees differences in a model of its own plan: ${second.changes[0]?.step}`);
  }
  return {
    connections: size,
    resources: first.changes.length,
    createMs: timed(() => makePlan({ ...input, snapshot: empty })),
    unchangedMs: timed(() => makePlan({ ...input, snapshot: full })),
  };
}

process.stdout.write(`${JSON.stringify(process.argv.slice(2).map(Number).map(bench))}\n`);
