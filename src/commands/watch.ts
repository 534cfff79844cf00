import type { Io } from "./io.ts";
import { CommandError } from "./options.ts";

/** Resolves when somebody asks the process to end. */
export type Stopped = Promise<void>;

/** To the top of the screen; each line then wipes what stood there, and the last one what stood below. */
const CLEAR = "\u001b[2J";
const HOME = "\u001b[H";
const WIPE_LINE = "\u001b[K";
const WIPE_BELOW = "\u001b[J";

/**
 * Shows a text again and again until somebody stops it: in place on a terminal, and in a log only when it has changed. What fails once
 * it has worked is told and tried again: networks and credentials come back.
 */
export async function watch(
  read: () => Promise<string>,
  seconds: number,
  inPlace: boolean,
  io: Pick<Io, "out" | "err" | "now" | "screen">,
  stopped: Stopped,
): Promise<void> {
  const show = inPlace && io.screen ? onScreen(io, seconds) : inLog(io);
  const end = stopped.then(() => undefined);
  let shown = false;
  for (;;) {
    const reading = shown ? read().catch(told) : read();
    const text = await Promise.race([reading, end]);
    if (text === undefined) {
      // Whoever stops us does not wait for AWS's answer, nor for its failure.
      reading.catch(() => undefined);
      return;
    }
    show(text);
    shown = true;
    if (await stoppedWithin(seconds * 1000, end)) return;
  }
}

function told(error: unknown): string {
  if (!(error instanceof CommandError)) throw error;
  return `landline: ${error.message}\n`;
}

function inLog({ out }: Pick<Io, "out">): (text: string) => void {
  let last: string | undefined;
  return (text) => {
    if (text !== last) out(text);
    last = text;
  };
}

function onScreen({ out, now }: Pick<Io, "out" | "now">, seconds: number): (text: string) => void {
  out(CLEAR);
  return (text) => {
    const foot = `${now().toISOString().slice(0, 19).replace("T", " ")} UTC, again every ${seconds} s; Ctrl-C ends it`;
    const lines = [...text.trimEnd().split("\n"), "", foot];
    out(`${HOME}${lines.map((line) => `${line}${WIPE_LINE}`).join("\n")}\n${WIPE_BELOW}`);
  };
}

async function stoppedWithin(milliseconds: number, end: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const slept = new Promise<false>((done) => {
    timer = setTimeout(() => done(false), milliseconds);
  });
  const stopped = await Promise.race([slept, end.then(() => true)]);
  clearTimeout(timer);
  return stopped;
}
