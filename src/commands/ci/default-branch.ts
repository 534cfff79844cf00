import { repositorySettings } from "../../github/settings.ts";
import { CommandError } from "../options.ts";
import type { Ci } from "./open.ts";

/**
 * The default branch, which this run must be for, with its commit checked out: what is compared with anything else would be about specs that
 * nobody has merged.
 */
export async function defaultBranch({ run, github, git }: Pick<Ci, "run" | "github" | "git">): Promise<string> {
  const { event } = run;
  const branch = event.name === "push" ? event.defaultBranch : (await repositorySettings(github)).defaultBranch;
  if (run.ref !== `refs/heads/${branch}`)
    throw new CommandError(`this run is for ${run.ref}: start it for the default branch, ${branch}`);
  const at = git.commitOf("HEAD");
  if (at !== run.sha)
    throw new CommandError(`the checkout is at ${at}, this run is for ${run.sha}: check out without \`ref:\``);
  return branch;
}
