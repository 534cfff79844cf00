import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** One line of the journal. `before` its call a step is `started`; afterwards `done`, `failed`, `skipped` or `refused`. */
export interface Entry {
  readonly event: "run-started" | "started" | "done" | "failed" | "skipped" | "refused" | "run-ended";
  readonly planId: string;
  readonly step?: string;
  readonly action?: string;
  readonly digest?: string;
  readonly id?: string;
  readonly message?: string;
  readonly code?: string;
}

/** An append-only record of what was done, one JSON object a line, on disk before the next call goes out. */
export interface Journal {
  readonly path: string;
  write(entry: Entry): void;
  close(): void;
}

/** Opens the journal for appending; makes its folder. Throws when the file cannot be written, before anything is applied. */
export function openJournal(path: string, now: () => Date): Journal {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "a+");
  if (!endsLine(file)) writeSync(file, "\n");
  return {
    path,
    write(entry) {
      writeSync(file, `${JSON.stringify({ time: now().toISOString(), ...entry })}\n`);
      fsyncSync(file);
    },
    close: () => closeSync(file),
  };
}

/** A run that was killed while it wrote leaves half a line behind; the next line must not grow onto it. */
function endsLine(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size === 0 || readSync(file, last, 0, 1, size - 1) === 0 || last.toString() === "\n";
}
