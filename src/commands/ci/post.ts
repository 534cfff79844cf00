import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { checksOf, postCheck } from "../../github/checks.ts";
import { type Posted, upsertComment } from "../../github/comment.ts";
import type { CheckToPost } from "../../github/words.ts";
import { CommandError } from "../options.ts";
import type { Ci, CiOptions } from "./open.ts";

/** Where a run says what it found: the one comment, check runs, and the files that GitHub reads after the step. */

/** Our one comment on a pull request says this from now on; `body` begins with `ci.marker`. Not sent when it says so already. */
export async function postComment(
  { github, marker, io }: Pick<Ci, "github" | "marker" | "io">,
  number: number,
  body: string,
): Promise<Posted> {
  const posted = await upsertComment(github, { number, marker, body });
  io.err(`comment ${posted.result}: ${posted.url}\n`);
  return posted;
}

/** Posts check runs one after the other, as GitHub asks of writes. */
export async function postChecks(
  { github, io }: Pick<Ci, "github" | "io">,
  checks: readonly CheckToPost[],
): Promise<void> {
  for (const check of checks) {
    await postCheck(github, check);
    io.err(`check ${check.name}: ${check.conclusion}\n`);
  }
}

/** The same, without those of which the newest on that commit says the same already: one read to save writes. All are about one commit. */
export async function postNewChecks(ci: Pick<Ci, "github" | "io">, checks: readonly CheckToPost[]): Promise<void> {
  const [first] = checks;
  if (!first) return;
  const there = await checksOf(ci.github, first.headSha);
  const isNew = ({ name, externalId, conclusion }: CheckToPost): boolean =>
    !there.some((one) => one.name === name && one.externalId === externalId && one.conclusion === conclusion);
  await postChecks(ci, checks.filter(isNew));
}

/** Appends to the summary of the job; outside of Actions there is none. */
export function writeSummary({ run }: Pick<Ci, "run">, markdown: string): void {
  if (run.summaryFile !== undefined) append(run.summaryFile, `${markdown.trimEnd()}\n`, "GITHUB_STEP_SUMMARY");
}

/** Sets outputs of the step. A value is one line: with more it could set other outputs. */
export function writeOutputs({ run }: Pick<Ci, "run">, outputs: { readonly [name: string]: string | number }): void {
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${oneLine(name, String(value))}\n`);
  if (run.outputFile !== undefined) append(run.outputFile, lines.join(""), "GITHUB_OUTPUT");
}

function oneLine(name: string, value: string): string {
  if (!/[\r\n]/.test(value)) return value;
  throw new Error(`The output ${name} has several lines.`);
}

function append(path: string, text: string, variable: string): void {
  try {
    appendFileSync(path, text);
  } catch (error) {
    throw new CommandError(`${variable}: ${path} cannot be written: ${wordsOf(error)}`);
  }
}

/** Writes files into the folder that the workflow uploads. */
export function writeFiles(
  { out }: Pick<CiOptions, "out">,
  { io }: Pick<Ci, "io">,
  files: { readonly [name: string]: string },
): void {
  const folder = resolve(io.cwd, out);
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  } catch (error) {
    throw new CommandError(`--out ${out} cannot be written: ${wordsOf(error)}; name a folder that may be made`);
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
