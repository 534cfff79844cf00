// @ts-check
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const USAGE = new URL("usage.mjs", import.meta.url).href;

/**
 * What one process took.
 * @typedef {{ exitCode: number, wallMs: number, cpuMs: number, peakMb: number, stdout: string, stderr: string }} Measured
 */

/**
 * Runs a Node.js script to its end and measures it from outside (wall time) and by the operating system's own count (CPU, peak memory).
 * @param {string} script
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<Measured>}
 */
export async function measure(script, args, { cwd, env } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "landline-usage-"));
  const usage = join(folder, "usage.json");
  try {
    const started = performance.now();
    const child = spawn(process.execPath, ["--import", USAGE, script, ...args], {
      cwd,
      env: { ...process.env, ...env, LANDLINE_BENCH_USAGE: usage },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr, [exitCode]] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      once(child, "exit"),
    ]);
    const wallMs = performance.now() - started;
    const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(usage, "utf8"));
    return { exitCode, wallMs, cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMb: maxRSS / 1024, stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {readonly string[]} args @param {{ cwd?: string, env?: Record<string, string> }} [options] */
export const landline = (args, options) => measure(CLI, args, options);

/** @param {NodeJS.ReadableStream} stream */
async function textOf(stream) {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
}

/**
 * The embedded AWS as a process of its own, so that its work is not counted as ours.
 * @typedef {{ url: string, state(): Promise<string>, load(state: string): Promise<void>, calls(since: number): Promise<Call[]>, stop(): Promise<void> }} Cloud
 * @typedef {{ n: number, service: string, action: string, status: number, write: boolean }} Call
 */

/**
 * Starts the sandbox on a free port.
 * @param {string} cwd
 * @param {number} latencyMs
 * @returns {Promise<Cloud>}
 */
export async function startCloud(cwd, latencyMs) {
  const args = [CLI, "sandbox", "--port", "0", "--latency", String(latencyMs), "--seed", "seed.yaml"];
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  const url = await addressIn(child.stdout);
  const ask = async (/** @type {string} */ path, /** @type {RequestInit} */ init = {}) => {
    const response = await fetch(`${url}/_sandbox/${path}`, init);
    if (!response.ok) throw new Error(`the sandbox answers ${response.status} to ${path}: ${await response.text()}`);
    return response;
  };
  return {
    url,
    state: async () => (await ask("state")).text(),
    load: async (body) => void (await ask("state", { method: "PUT", body })),
    calls: async (since) => /** @type {Call[]} */ (await (await ask(`requests?since=${since}`)).json()),
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** @param {NodeJS.ReadableStream} stream */
async function addressIn(stream) {
  let text = "";
  for await (const chunk of stream) {
    text += chunk;
    const url = /AWS_ENDPOINT_URL=(\S+)\n/.exec(text)?.[1];
    if (url) return url;
  }
  throw new Error(`the sandbox ended without telling its address: ${text}`);
}
