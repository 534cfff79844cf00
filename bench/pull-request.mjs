// @ts-check
import { mkdirSync, rmSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { connectionName } from "./estate.mjs";
import { startRepository } from "./github.mjs";
import { landline } from "./processes.mjs";

/**
 * From a push to the comment about it: one connection of the estate changes in a pull request, and `landline ci plan` runs in a fresh checkout,
 * as the workflow's job does. What GitHub itself needs before (a machine, Node.js, the build of the action) is not in it.
 *
 * @import { Repository } from "./github.mjs"
 * @import { Cloud } from "./processes.mjs"
 * @typedef {"first push" | "push without news"} PullName
 * @typedef {{ name: PullName, checkoutMs: number, commentMs: number, wallMs: number, cpuMs: number, peakMb: number, requests: number, posts: number, calls: number, writes: number }} Pull
 */

/**
 * @param {string} folder the project of the estate; its cloud is as its specs say
 * @param {{ size: number, cloud: Cloud, env: Record<string, string>, latencyMs: number }} estate
 * @returns {Promise<Pull[]>}
 */
export async function benchPull(folder, { size, cloud, env, latencyMs }) {
  const place = `${folder}-github`;
  mkdirSync(place);
  const repository = await startRepository(folder, place, latencyMs);
  const spec = `specs/${connectionName(Math.ceil(size / 2))}.yaml`;
  const job = (/** @type {PullName} */ name) => measureJob(name, repository, cloud, env);
  try {
    repository.push(spec, '"10000-31000"', '"10000-32000"');
    const first = await job("first push");
    repository.push(spec, "# The seeded account", "# The seeded account (a comment says more now)");
    return [first, await job("push without news")];
  } finally {
    await repository.close();
    rmSync(place, { recursive: true, force: true });
  }
}

/** @param {PullName} name @param {Repository} repository @param {Cloud} cloud @param {Record<string, string>} aws @returns {Promise<Pull>} */
async function measureJob(name, repository, cloud, aws) {
  const asked = repository.requests().length;
  const called = (await cloud.calls(0)).at(-1)?.n ?? 0;
  const pushed = performance.now();
  const { cwd, env } = repository.job();
  const checkoutMs = performance.now() - pushed;
  const { exitCode, stdout, stderr, wallMs, cpuMs, peakMb } = await landline(["--quiet", "ci", "plan"], {
    cwd,
    env: { ...env, ...aws },
  });
  const said = repository.saidAt();
  if (exitCode !== 0 || said < pushed)
    throw new Error(`landline ci plan, ${name}, ended with ${exitCode}:\n${stderr}\n${stdout.slice(-2000)}`);
  const requests = repository.requests().slice(asked);
  const calls = await cloud.calls(called);
  return {
    name,
    checkoutMs,
    commentMs: said - pushed,
    wallMs,
    cpuMs,
    peakMb,
    requests: requests.length,
    posts: requests.filter(({ method }) => method !== "GET").length,
    calls: calls.length,
    writes: calls.filter(({ write }) => write).length,
  };
}
