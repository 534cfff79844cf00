import { readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { type GitHub, openGitHub, type Pace } from "../../github/client.ts";
import { GitHubError } from "../../github/errors.ts";
import { readRun } from "../../github/run.ts";
import type { Identity, Run, RunEvent } from "../../github/words.ts";
import { type AnnotationCommand, annotationCommand, harmlessLines } from "../../planner/writers/workflow-commands.ts";
import { type Git, openGit } from "../git.ts";
import type { Io } from "../io.ts";
import { CommandError, EXIT, type GlobalOptions } from "../options.ts";
import { withCredentials } from "./git-credentials.ts";
import { commentMarker } from "./names.ts";

export interface CiOptions extends GlobalOptions {
  /** Where the run's files go, relative to `io.cwd`: what the workflow uploads. */
  readonly out: string;
  /** Shortens GitHub's waits; only tests do. */
  readonly pace?: Partial<Pace>;
}

/** A run of GitHub Actions with its doors open. Nothing is sent yet. */
export interface Ci {
  readonly run: Run;
  readonly github: GitHub;
  readonly git: Git;
  /** Foreign text that goes through it is no command to the runner. */
  readonly io: Io;
  /** A note beside a line of a file, as a command to the runner. `file` as `io.cwd` sees it. */
  annotate(note: AnnotationCommand): void;
  /** A path as `io.cwd` sees it, as the repository has it: what GitHub calls the file. */
  repositoryPath(file: string): string;
  /** The first line of our comment on a pull request. */
  readonly marker: string;
}

/** A run whose event is one of those that a command understands. */
export type CiOn<Name extends RunEvent["name"]> = Omit<Ci, "run"> & {
  readonly run: Run & { readonly event: Extract<RunEvent, { readonly name: Name }> };
};

/** Narrows a run to the events that a command understands; undefined for another one. */
export function ciOn<Name extends RunEvent["name"]>(ci: Ci, ...names: readonly Name[]): CiOn<Name> | undefined {
  return names.some((name) => name === ci.run.event.name) ? (ci as unknown as CiOn<Name>) : undefined;
}

/** What a command says to an event that it has nothing to do with. */
export function wrongEvent(command: string, { run }: Pick<Ci, "run">, ...names: readonly RunEvent["name"][]): never {
  throw new CommandError(
    `landline ci ${command} has nothing to do on ${run.event.name}: start it on ${names.join(", ")}`,
  );
}

/** Reads the environment of GitHub Actions. */
export function openCi(options: CiOptions, io: Io): Ci {
  const run = readRun(io.env, (path) => readFileSync(resolve(io.cwd, path), "utf8"));
  const harmless: Io = {
    ...io,
    out: (text) => io.out(harmlessLines(text)),
    err: (text) => io.err(harmlessLines(text)),
  };
  const { GITHUB_TOKEN: token = "", LANDLINE_TEAMS_TOKEN: teamsToken, LANDLINE_BOT: bot } = io.env;
  const github = openGitHub({
    run,
    token,
    ...(teamsToken ? { teamsToken } : {}),
    ...(bot ? { identity: identityOf(bot) } : {}),
    ...(options.pace ? { pace: options.pace } : {}),
    log: (line) => harmless.err(`${line}\n`),
  });
  const projectFile = resolve(io.cwd, options.project);
  const git = openGit(dirname(projectFile), withCredentials(io.env, { serverUrl: run.serverUrl, token }));
  const repositoryPath = (file: string) => relative(git.root, resolve(io.cwd, file)).split(sep).join("/");
  return {
    run,
    github,
    git,
    io: harmless,
    annotate: ({ file, ...note }) =>
      io.out(`${annotationCommand({ ...note, ...(file === undefined ? {} : { file: repositoryPath(file) }) })}\n`),
    repositoryPath,
    marker: commentMarker(repositoryPath(projectFile)),
  };
}

/** GitHub Apps post as `slug[bot]`. */
function identityOf(bot: string): Identity {
  const [, app] = /^([a-z0-9-]+)\[bot\]$/i.exec(bot) ?? [];
  if (app !== undefined) return { login: bot, app: app.toLowerCase() };
  throw new CommandError(
    `LANDLINE_BOT should be the login of a GitHub App, such as acme-landline[bot], but is "${bot}"`,
  );
}

/**
 * The door to GitHub throws its own errors; at the front door they are errors of the run like all others. Whatever a message quotes, no line
 * of it is a command to the runner: the front door prints it as it is.
 */
export async function asCommand<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) error.message = harmlessLines(error.message);
    if (error instanceof GitHubError) throw new CommandError(error.message, EXIT.error);
    throw error;
  }
}
