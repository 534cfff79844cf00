import { readFileSync } from "node:fs";
import type { Io } from "./io.ts";
import { writeNewFiles } from "./new-files.ts";
import { CommandError, EXIT } from "./options.ts";

export interface InitGithubOptions {
  /** Where the workflows find Landline: `OWNER/REPO@` and a commit's 40 hex digits, or `./` in Landline's own repository. */
  readonly action?: string;
  /** The default branch, whose pushes are applied. */
  readonly branch?: string;
}

/** The workflows lie beside src/ and dist/, which are equally deep, so that one path serves both. */
const FOLDER = new URL("../../templates/github/", import.meta.url);

export const WORKFLOWS = ["plan", "apply", "drift", "fork-comment"] as const;

/** `landline init --github`: the workflows, for a repository that has a project or will get one. Never writes over a file. */
export async function initGithub({ action, branch = "main" }: InitGithubOptions, io: Io): Promise<number> {
  if (action === undefined)
    throw new CommandError(
      "--github needs --action OWNER/REPO@COMMIT: the repository in which your organization keeps Landline, and the commit to run. Nothing was written",
    );
  if (action !== "./" && !/^[\w.-]+\/[\w.-]+(\/[\w./-]+)?@[0-9a-f]{40}$/.test(action))
    throw new CommandError(
      `--action "${action}" is not OWNER/REPO@COMMIT with all 40 hex digits of a commit: a tag or a branch may move to other code. Nothing was written`,
    );
  // Fewer characters than git allows: GitHub reads * ? + ! [ ] in this place as patterns.
  if (!/^[A-Za-z0-9_][\w./-]*$/.test(branch))
    throw new CommandError(
      `--branch "${branch}" would not be read as a plain name in a workflow: letters, digits, "_", "-", "." and "/" are. Nothing was written`,
    );
  const files = WORKFLOWS.map((name) => [`.github/workflows/landline-${name}.yml`, workflow(name, { action, branch })]);
  writeNewFiles(Object.fromEntries(files), "Move it away, or copy what you need from templates/github by hand", io);
  io.out(
    "\nNext: the roles on AWS, the variables LANDLINE_PLAN_ROLE and LANDLINE_APPLY_ROLE, the environments and the branch rules; docs/github.md goes through them.\n",
  );
  return EXIT.done;
}

/** A workflow as it stands in a repository. In the package it runs Landline from `./` and applies `main`. */
export function workflow(
  name: (typeof WORKFLOWS)[number],
  { action, branch }: { readonly action: string; readonly branch: string },
): string {
  return readFileSync(new URL(`${name}.yml`, FOLDER), "utf8")
    .replaceAll("uses: ./\n", `uses: ${action}\n`)
    .replaceAll('branches: ["main"]\n', `branches: ["${branch}"]\n`);
}
