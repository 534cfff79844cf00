import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { isWorld } from "./places.ts";
import type { World } from "./world.ts";

/** Reads that only moved a countdown are saved this long after the first of them. */
const lazyMs = 500;

/** Keeps the world in a file; with no file it keeps nothing. */
export interface Store {
  /** Resolves once the world as it is now is on disk. Calls that come while a save runs share the next one. */
  save(): Promise<void>;
  /** Saves some time soon. */
  saveLazily(): void;
  /** Stops the lazy saving and saves what is still to be saved. */
  close(): Promise<void>;
}

/** The world in a state file; undefined when the file does not exist. @throws Error when it holds something else */
export async function loadWorld(file: string): Promise<World | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  const world = parse(text);
  if (isWorld(world)) return world;
  throw new Error(
    `The state file ${file} does not hold a sandbox world of version 1. Delete it to start anew, or name another file.`,
  );
}

/** The store of a state file, or of nothing. `write` failures reject the save, so that no call is acknowledged without being kept. */
export function createStore(file: string | undefined, world: () => World): Store {
  if (file === undefined) return { save: async () => {}, saveLazily: () => {}, close: async () => {} };
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const start = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    running = writeAtomically(file, JSON.stringify(world())).finally(() => {
      running = undefined;
    });
    return running;
  };
  const save = (): Promise<void> => {
    if (!running) return start();
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  };
  return {
    save,
    saveLazily() {
      timer ??= setTimeout(() => void save().catch(() => {}), lazyMs).unref();
    },
    async close() {
      if (timer) await save();
      else await (next ?? running);
    },
  };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A reader of the file sees the old text or the new one, never a part, whenever the machine stops. */
async function writeAtomically(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const temporary = `${file}.tmp`;
  await syncedWrite(temporary, text);
  await rename(temporary, file);
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

async function syncedWrite(file: string, text: string): Promise<void> {
  const handle = await open(file, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
