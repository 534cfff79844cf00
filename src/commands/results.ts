import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Io } from "./io.ts";
import { CommandError } from "./options.ts";

/** Writes what `--out` asked for. */
export function writeResult(path: string, text: string, io: Pick<Io, "cwd">): void {
  try {
    writeFileSync(resolve(io.cwd, path), text);
  } catch (error) {
    throw new CommandError(
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}; name a file in a folder that exists`,
    );
  }
}
