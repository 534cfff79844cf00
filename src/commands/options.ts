import type { ProgressOptions } from "./progress.ts";

/** What every command understands. */
export interface GlobalOptions extends ProgressOptions {
  /** The project file, relative to `io.cwd`. */
  readonly project: string;
  /** Run on an embedded AWS that is kept in `.landline/` beside the project file. */
  readonly sandbox: boolean;
}

/** Exit codes, as in the README: others script against them. */
export const EXIT = { done: 0, error: 1, changes: 2, refused: 3, partly: 4 } as const;

/** A mistake of the person or the surroundings, told in one message without a stack trace. */
export class CommandError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number = EXIT.error) {
    super(message);
    this.exitCode = exitCode;
  }
}
