// @ts-check
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { EC2Client } from "@aws-sdk/client-ec2";
import { diffLines } from "diff";
import { bad, exitCode, good, output, typed } from "./paper.mjs";

/** The stage of the demo: a copy of the example project in a folder of its own, the real command line, and the AWS that others use. */

const HOME = fileURLToPath(new URL("..", import.meta.url));
const CLI = join(HOME, "dist", "cli.js");
const STATE = join(".landline", "sandbox.json");
const REGION = "us-east-1";

/** The story went another way than told. */
export class Departure extends Error {}

// The embedded AWS alone is meant, whatever this shell is signed in to.
for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/**
 * Plays a story on a stage of its own, which goes when all went as told. Sets the exit code.
 * @param {(folder: string) => Promise<void>} tell
 * @param {string} ending follows on how long it took
 */
export async function play(tell, ending) {
  const started = Date.now();
  const folder = setStage();
  let interrupted = false;
  for (const [signal, code] of /** @type {const} */ ([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])) {
    process.once(signal, async () => {
      interrupted = true;
      await stopAll();
      clearStage(folder);
      process.exit(code);
    });
  }
  try {
    await tell(folder);
    clearStage(folder);
    good(`\nThe demo went as told, in ${Math.round((Date.now() - started) / 1000)} s. ${ending}\n`);
  } catch (error) {
    if (interrupted) return;
    const told = error instanceof Departure ? error.message : error instanceof Error ? error.stack : String(error);
    bad(`\nThe demo did not go as told: ${told}\nIts folder is left for a look: ${folder}`);
    process.exitCode = 1;
  }
}

/** Copies the example project into a new folder. Grants get half a year from today, so that the story does not age. */
function setStage() {
  const folder = mkdtempSync(join(tmpdir(), "landline-demo-"));
  for (const name of ["landline.yaml", "sandbox.yaml", "specs"])
    cpSync(join(HOME, name), join(folder, name), { recursive: true });
  const until = new Date(Date.now() + 182 * 86_400_000).toISOString().slice(0, 10);
  for (const name of readdirSync(join(folder, "specs"))) {
    const spec = join(folder, "specs", name);
    writeFileSync(spec, readFileSync(spec, "utf8").replace(/until: \d{4}-\d{2}-\d{2}/g, `until: ${until}`));
  }
  return folder;
}

/** What runs at the moment. @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/**
 * Starts the command line in the folder. stdin is nobody: a question would be refused, not waited for.
 * @param {string} folder
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [env]
 */
function start(folder, args, env) {
  const color = process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: "1" } : {};
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { ...process.env, ...color, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

/** Ends what runs, so that the folder can go. */
async function stopAll() {
  const ends = [...running].map((child) => once(child, "close"));
  for (const child of running) child.kill();
  await Promise.all(ends);
}

/** @param {string} folder */
const clearStage = (folder) => rmSync(folder, { recursive: true, force: true });

/**
 * Runs the real command line, shows it, and makes sure that it went as told.
 * @param {string} folder
 * @param {string} words what a person types after `landline`
 * @param {{ exit?: number, says?: string | RegExp, cut?: number, whole?: boolean, env?: Readonly<Record<string, string>>, show?: (text: string, errors: string) => string }} [told] exit
 * code (0 unless told), what it has to say, how to print it, what is in its environment besides, and what to print of stdout and stderr
 */
export async function landline(folder, words, { exit = 0, says = "", cut, whole = false, env, show = both } = {}) {
  typed(`landline ${words}`);
  const child = start(folder, words.split(" "), env);
  let [text, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk) => (errors += chunk));
  const [code] = await once(child, "close");
  output(code === exit ? show(text, errors) : both(text, errors), { cut, whole });
  if (code !== 0) exitCode(code);
  if (code !== exit)
    throw new Departure(`\`landline ${words}\` should have ended with exit code ${exit}; it ended with ${code}`);
  const said = stripVTControlCharacters(text).replace(/\s+/g, " ");
  if (typeof says === "string" ? !said.includes(says) : !says.test(said))
    throw new Departure(`\`landline ${words}\` should have said: ${says}`);
}

/** @param {string} text @param {string} errors */
const both = (text, errors) => `${text}${errors}`;

/**
 * Serves the same embedded AWS to others while `work` runs: `as(account)` is an ordinary client of the AWS SDK.
 * @template T
 * @param {string} folder
 * @param {(as: (account: string) => EC2Client) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function meanwhile(folder, work) {
  const server = start(folder, ["sandbox", "--port", "0", "--state", STATE]);
  server.stderr.pipe(process.stderr);
  const closed = once(server, "close");
  /** @type {EC2Client[]} */
  const clients = [];
  try {
    const endpoint = await Promise.race([addressOf(server.stdout), closed.then(() => undefined)]);
    if (!endpoint) throw new Departure("`landline sandbox` ended without saying where it serves");
    return await work((account) => {
      const client = new EC2Client({
        endpoint,
        region: REGION,
        credentials: { accessKeyId: account, secretAccessKey: "sandbox" },
      });
      clients.push(client);
      return client;
    });
  } finally {
    for (const client of clients) client.destroy();
    server.kill();
    await closed;
  }
}

/** @param {import("node:stream").Readable} stdout */
async function addressOf(stdout) {
  let text = "";
  for await (const chunk of stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    text += chunk;
    const address = /AWS_ENDPOINT_URL=(http:\S+)\n/.exec(text)?.[1];
    if (address) {
      stdout.resume();
      return address;
    }
  }
  return undefined;
}

/**
 * Edits a file as a person would, and shows which lines have changed.
 * @param {string} folder
 * @param {string} file
 * @param {(text: string) => string} change
 */
export function edit(folder, file, change) {
  const path = join(folder, file);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  if (before === after)
    throw new Departure(`${file} has not changed; the story does not fit the example specs any more`);
  writeFileSync(path, after);
  typed(`vi ${file}`);
  const lines = diffLines(before, after).filter(({ added, removed }) => added || removed);
  output(lines.map(({ added, value }) => value.trimEnd().replace(/^/gm, added ? "+" : "-")).join("\n"));
}

/**
 * Removes a spec; answers how to bring it back.
 * @param {string} folder
 * @param {string} file
 */
export function remove(folder, file) {
  const [path, away] = [join(folder, file), join(folder, "removed")];
  typed(`rm ${file}`);
  renameSync(path, away);
  return () => renameSync(away, path);
}
