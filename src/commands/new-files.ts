import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Io } from "./io.ts";
import { CommandError } from "./options.ts";

/** Writes files (path from `io.cwd` to text) that must not be there yet: all of them, or none when one is in the way. `wayOn` says what to do then. */
export function writeNewFiles(files: Readonly<Record<string, string>>, wayOn: string, io: Io): void {
  const there = Object.keys(files).filter((path) => existsSync(join(io.cwd, path)));
  if (there.length > 0) throw new CommandError(`${there.join(", ")} exists already; nothing was written. ${wayOn}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(io.cwd, path)), { recursive: true });
    writeFileSync(join(io.cwd, path), text, { flag: "wx" });
    io.out(`wrote ${path}\n`);
  }
}
