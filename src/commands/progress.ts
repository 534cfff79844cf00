import type { Io } from "./io.ts";

/** How a run tells what it is doing, on stderr: a line that moves on a terminal, plain lines in a log, JSON lines for a machine. */
export interface Progress {
  /** Something worth keeping: stays on the screen and in the log. */
  say(text: string, fields?: { readonly [name: string]: unknown }): void;
  /** Something of the moment: overwrites itself on a terminal and is not worth a line in a log. */
  live(text: string): void;
  /** Wipes what is of the moment. */
  clear(): void;
}

export interface ProgressOptions {
  readonly quiet: boolean;
  readonly jsonLogs: boolean;
}

const WIPE = "\r\u001b[2K";

export function openProgress(io: Pick<Io, "err" | "isTTY" | "now">, { quiet, jsonLogs }: ProgressOptions): Progress {
  if (quiet) return { say() {}, live() {}, clear() {} };
  if (jsonLogs) {
    const say: Progress["say"] = (text, fields = {}) =>
      io.err(`${JSON.stringify({ time: io.now().toISOString(), level: "info", message: text, ...fields })}\n`);
    return { say, live() {}, clear() {} };
  }
  if (!io.isTTY) return { say: (text) => io.err(`${text}\n`), live() {}, clear() {} };
  let showing = false;
  const clear = () => {
    if (showing) io.err(WIPE);
    showing = false;
  };
  return {
    say(text) {
      clear();
      io.err(`${text}\n`);
    },
    live(text) {
      io.err(`${WIPE}${text}`);
      showing = true;
    },
    clear,
  };
}
