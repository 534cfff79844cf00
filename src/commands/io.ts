/** What a command may know of the world around it. The front door makes one from `process`; a test makes one from two strings. */
export interface Io {
  /** Results. The text is written as it is: a line ends with its own newline. */
  out(text: string): void;
  /** Everything that is not a result: progress, refusals, hints. */
  err(text: string): void;
  color: boolean;
  /** Absolute; relative paths of the command line start here. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  isTTY: boolean;
  /** Whether results go to a terminal, where they may be written over; absent in a log, a pipe or a file. */
  screen?: boolean;
}
