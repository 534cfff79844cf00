import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Io } from "../../src/commands/io.ts";
import { CommandError } from "../../src/commands/options.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const CLI = join(ROOT, "dist", "cli.js");

/** The built `landline` lives by the clock on the wall, so everything does here, and the grants of the example end a while after. */
export const NOW = new Date();
const UNTIL = new Date(NOW.getTime() + 100 * 24 * 3600 * 1000).toISOString().slice(0, 10);

/** What a command said, and the code that it left with. */
export interface Said {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder of its own with the example project in it, for as long as the running test. */
export interface Workplace {
  readonly folder: string;
  read(path: string): string;
  write(path: string, text: string): void;
  /** Changes a file; throws when it does not say `from`. */
  edit(path: string, from: string | RegExp, to: string): void;
  /** Runs a command as the front door does, with an Io of strings. */
  run(command: (io: Io) => Promise<number>): Promise<Said>;
  /** Runs the built `landline` as a person in this folder would. */
  landline(...words: readonly string[]): Promise<Said>;
  /** Starts the built `landline` and leaves it running; whoever starts it ends it. */
  start(words: readonly string[]): ChildProcess;
}

export function workplace({ empty = false, env = {} as NodeJS.ProcessEnv } = {}): Workplace {
  const folder = mkdtempSync(join(tmpdir(), "landline-commands-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  if (!empty) copyExample(folder);
  const read = (path: string) => readFileSync(join(folder, path), "utf8");
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const start = (words: readonly string[]) => {
    if (!existsSync(CLI)) throw new Error("dist/cli.js is not there: run `npm run build` first (`npm test` does)");
    // Nobody's own AWS is ever reached: without --sandbox or an address in `env` there are no credentials.
    const nowhere = {
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/nowhere",
      AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
    };
    return spawn(process.execPath, [CLI, ...words], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...nowhere, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  };
  return {
    folder,
    read,
    write,
    start,
    edit(path, from, to) {
      const text = read(path);
      const changed = text.replace(from, to);
      if (changed === text) throw new Error(`${path} does not say ${from}`);
      write(path, changed);
    },
    run: (command) => running(folder, command),
    landline: (...words) => saidBy(start(words)),
  };
}

function copyExample(folder: string): void {
  for (const part of ["landline.yaml", "sandbox.yaml", "specs"])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  for (const name of readdirSync(join(folder, "specs"))) {
    const path = join(folder, "specs", name);
    writeFileSync(path, readFileSync(path, "utf8").replace(/until: [\d-]+/g, `until: ${UNTIL}`));
  }
}

/** Collects what a process says until it ends. */
export function saidBy(child: ChildProcess): Promise<Said> {
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout?.on("data", (more) => out.push(String(more)));
  child.stderr?.on("data", (more) => err.push(String(more)));
  return new Promise((done) => child.on("close", (exit) => done({ exit, out: out.join(""), err: err.join("") })));
}

/** What a person can mend is told and becomes an exit code; anything else is a bug and stays one. */
async function running(cwd: string, command: (io: Io) => Promise<number>): Promise<Said> {
  const [out, err]: [string[], string[]] = [[], []];
  const io: Io = {
    out: (more) => void out.push(more),
    err: (more) => void err.push(more),
    color: false,
    cwd,
    env: {},
    now: () => NOW,
    isTTY: false,
  };
  try {
    const exit = await command(io);
    return { exit, out: out.join(""), err: err.join("") };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { exit: error.exitCode, out: out.join(""), err: `${err.join("")}landline: ${error.message}\n` };
  }
}

/** The world of the example project, served for as long as the running test; `env` leads the SDK to it. */
export async function cloud(
  seed: string,
  options: SandboxOptions = {},
): Promise<{ sandbox: Sandbox; env: NodeJS.ProcessEnv }> {
  const sandbox = await startSandbox({ seed, ...options });
  onTestFinished(() => sandbox.close());
  const env = { AWS_ENDPOINT_URL: sandbox.url, AWS_ACCESS_KEY_ID: "111111111111", AWS_SECRET_ACCESS_KEY: "any" };
  return { sandbox, env };
}

/** The world that the example project begins with. */
export const exampleSeed = (): string => readFileSync(join(ROOT, "sandbox.yaml"), "utf8");

/** The options that every command takes, as the command line leaves them. */
export const common = { project: "landline.yaml", sandbox: false, jsonLogs: false, quiet: false } as const;
