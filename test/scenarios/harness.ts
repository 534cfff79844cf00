import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, vi } from "vitest";
import { failureOf } from "../../src/aws/errors.ts";
import { type ApplyOptions, apply } from "../../src/commands/apply.ts";
import { openCloud } from "../../src/commands/cloud.ts";
import { type ImportOptions, importSpecs } from "../../src/commands/import.ts";
import type { Io } from "../../src/commands/io.ts";
import { look } from "../../src/commands/look.ts";
import { CommandError } from "../../src/commands/options.ts";
import { type PlanOptions, plan } from "../../src/commands/plan.ts";
import { specsToPlan } from "../../src/commands/specs.ts";
import type { Live, Outcome, Snapshot } from "../../src/model.ts";
import { indexSnapshot } from "../../src/planner/snapshot-index.ts";
import type { FileChange, PlanFile } from "../../src/planner/writers/json.ts";
import type { LoggedRequest } from "../../src/sandbox/requests.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/server.ts";
import type { World } from "../../src/sandbox/world.ts";
import { clients } from "../sandbox/helper.ts";

/**
 * The applier sleeps a hundredth of what it means to: nothing in the sandbox needs real seconds, and a test that waits for AWS's would take
 * minutes. Its deadlines come ten times sooner, late enough for a busy machine. Everything else of a run is what `landline` itself puts together.
 */
vi.mock("../../src/commands/doors.ts", async (original) => {
  const real = await original<typeof import("../../src/commands/doors.ts")>();
  const time = {
    now: () => Date.now() * 10,
    sleep: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds / 100)),
  };
  return { doorsTo: (...from: Parameters<typeof real.doorsTo>) => ({ ...real.doorsTo(...from), time }) };
});

export const NETWORK = "111111111111";
export const APPS = "222222222222";
export const PARTNER = "402592597372";

/** The day on which all runs take place: no grant of the examples has ended. */
const TODAY = new Date("2026-11-20T12:00:00.000Z");
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FIXTURES = fileURLToPath(new URL("./fixtures/", import.meta.url));

/** What a command said, and the code that it would have left with. */
export interface Said {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}
export interface Planned extends Said {
  readonly plan: PlanFile;
}
export interface Applied extends Said {
  /** Empty when nothing was tried. */
  readonly outcomes: readonly Outcome[];
}

/** A project in a folder of its own, on a sandbox of its own, reached over HTTP with the roles that the project names. */
export interface Stage {
  readonly folder: string;
  readonly sandbox: Sandbox;
  /** `landline plan --detailed-exitcode --format json`. */
  plan(options?: Partial<PlanOptions>): Promise<Planned>;
  /** `landline apply --yes --format json`. */
  apply(options?: Partial<ApplyOptions>): Promise<Applied>;
  /** `landline import --format json`. */
  import(options: Partial<ImportOptions>): Promise<Said>;
  /** All that `landline` sees in the cloud. */
  look(): Promise<Snapshot>;
  /** The object at an address; throws when there is not exactly one. */
  live(address: string): Promise<Live>;
  write(path: string, text: string): void;
  /** Changes a file of the project; throws when it does not say `from`. */
  edit(path: string, from: string, to: string): void;
  remove(path: string): void;
  requests(since?: number): Promise<LoggedRequest[]>;
  faults(...faults: readonly object[]): Promise<void>;
  clearFaults(): Promise<void>;
  /** Replaces the world; a copy, so that the caller may use it again. */
  putWorld(world: World): Promise<void>;
  world(): World;
  /** What an account does behind Landline's back. */
  as(account: string): ReturnType<typeof clients>;
  close(): Promise<void>;
}

/** What a stage begins with besides the example project. */
export interface StageOptions extends SandboxOptions {
  /** A folder of `fixtures/` laid over the example project. */
  readonly fixture?: string;
}

/** The example project on the world of its seed, for as long as the running test. */
export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(options);
  onTestFinished(() => stage.close());
  return stage;
}

/** The same, until it is closed. */
export async function openStage({ fixture, ...options }: StageOptions = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "landline-"));
  for (const part of ["landline.yaml", "sandbox.yaml", "specs"])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  if (fixture) cpSync(join(FIXTURES, fixture), folder, { recursive: true });
  const stage = { folder, write: (path: string, text: string) => writeText(join(folder, path), text) };
  const seed = readFileSync(join(folder, "sandbox.yaml"), "utf8");
  const sandbox = await startSandbox({ seed, ...options });
  const send = (method: string, path: string, body?: unknown) =>
    fetch(`${sandbox.url}/_sandbox/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

  const all: Stage = {
    ...stage,
    sandbox,
    plan: (more = {}) => inEnvironment(sandbox, () => planned(folder, more)),
    apply: (more = {}) => inEnvironment(sandbox, () => applied(folder, more)),
    import: (more) => inEnvironment(sandbox, () => imported(folder, more)),
    look: () => inEnvironment(sandbox, () => looked(folder)),
    async live(address) {
      const found = indexSnapshot(await all.look()).at(address);
      const [live] = found;
      if (!live || found.length > 1) throw new Error(`${found.length} objects at ${address}`);
      return live;
    },
    edit(path, from, to) {
      const text = readFileSync(join(folder, path), "utf8");
      if (!text.includes(from)) throw new Error(`${path} does not say ${from}`);
      stage.write(path, text.replaceAll(from, to));
    },
    remove: (path) => rmSync(join(folder, path)),
    requests: async (since = 0) => (await (await send("GET", `requests?since=${since}`)).json()) as LoggedRequest[],
    faults: async (...faults) => void (await send("POST", "faults", faults)),
    clearFaults: async () => void (await send("DELETE", "faults")),
    putWorld: async (world) => void (await send("PUT", "state", world)),
    world: () => structuredClone(sandbox.world),
    as: (account) => clients(sandbox, account),
    async close() {
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return all;
}

function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Where a shell of somebody with ambient credentials would point the SDK; the project's roles lead on from there. */
export const environmentOf = ({ url }: { readonly url: string }): Record<string, string> => ({
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: NETWORK,
  AWS_SECRET_ACCESS_KEY: "any",
});

async function inEnvironment<T>(sandbox: Sandbox, run: () => Promise<T>): Promise<T> {
  for (const [name, value] of Object.entries(environmentOf(sandbox))) vi.stubEnv(name, value);
  try {
    return await run();
  } finally {
    vi.unstubAllEnvs();
  }
}

const common = { project: "landline.yaml", sandbox: false, jsonLogs: false, quiet: true } as const;

async function planned(cwd: string, more: Partial<PlanOptions>): Promise<Planned> {
  const options = { ...common, format: "json", detailedExitcode: true, verbose: false, ...more } as const;
  const said = await running(cwd, (io) => plan(options, io));
  return { ...said, plan: parsed<PlanFile>(said) ?? nothing };
}

async function applied(cwd: string, more: Partial<ApplyOptions>): Promise<Applied> {
  const options = { ...common, format: "json", yes: true, parallel: 8, ...more } as const;
  const said = await running(cwd, (io) => apply(options, io, undefined));
  return { ...said, outcomes: parsed<{ outcomes: Outcome[] }>(said)?.outcomes ?? [] };
}

function imported(cwd: string, more: Partial<ImportOptions>): Promise<Said> {
  const options = { ...common, ids: [], all: false, refer: false, outDir: "specs", format: "json", ...more } as const;
  return running(cwd, (io) => importSpecs(options, io));
}

function looked(cwd: string): Promise<Snapshot> {
  const { io } = listening(cwd);
  return withCloud(io, async (specs, cloud) => (await look(specs, undefined, cloud, quiet, io)).snapshot);
}

const quiet = { say() {}, live() {}, clear() {} };

async function withCloud<T>(
  io: Io,
  use: (specs: ReturnType<typeof specsToPlan>, cloud: Awaited<ReturnType<typeof openCloud>>) => Promise<T>,
): Promise<T> {
  const specs = specsToPlan(common, io);
  const cloud = await openCloud(specs.project, common, io);
  try {
    return await use(specs, cloud);
  } finally {
    await cloud.close();
  }
}

const nothing: PlanFile = {
  formatVersion: 1,
  planId: "",
  project: "",
  summary: { create: 0, update: 0, replace: 0, delete: 0, unchanged: 0, errors: 0, warnings: 0, waits: 0 },
  changes: [],
  findings: [],
  waits: [],
  handoffs: [],
};

const parsed = <T>({ out }: Said): T | undefined => (out.startsWith("{") ? (JSON.parse(out) as T) : undefined);

function listening(cwd: string): { io: Io; text: { out: string; err: string } } {
  const text = { out: "", err: "" };
  const io: Io = {
    out(more) {
      text.out += more;
    },
    err(more) {
      text.err += more;
    },
    color: false,
    cwd,
    env: {},
    now: () => TODAY,
    isTTY: false,
  };
  return { io, text };
}

/** Ends a command as the front door does: what a person can mend is told and becomes an exit code, anything else is a bug and stays one. */
async function running(cwd: string, command: (io: Io) => Promise<number>): Promise<Said> {
  const { io, text } = listening(cwd);
  try {
    const exit = await command(io);
    return { exit, ...text };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { exit: error.exitCode, out: text.out, err: `${text.err}landline: ${failureOf(error).message}\n` };
  }
}

/** A plan in few words: what it does to which attribute of which step, and what its errors say. */
export function gist({ changes, findings }: PlanFile): string[] {
  const words = ({ action, address, step = address, differences, refused }: FileChange): string => {
    const names = ["update", "replace"].includes(action) ? differences.map(({ attribute }) => attribute) : [];
    return [...(refused ? ["refused"] : []), action, step, ...names].join(" ");
  };
  const errors = findings.filter(({ severity, waived }) => severity === "error" && waived === undefined);
  return [...changes.map(words), ...errors.map(({ id, message }) => `error ${id}: ${message}`)];
}

/** Fails unless the specs and the cloud agree and a look at them wrote nothing. */
export async function expectNothingToDo(stage: Stage, because = ""): Promise<void> {
  const before = (await stage.requests()).length;
  const { exit, plan: made, err } = await stage.plan();
  expect({ because, exit, err, plan: gist(made) }).toEqual({ because, exit: 0, err, plan: [] });
  const writes = (await stage.requests(before)).filter(({ write }) => write);
  expect(writes).toEqual([]);
}
