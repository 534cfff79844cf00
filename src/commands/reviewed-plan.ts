import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isIntact, planIdOf } from "../planner/digest.ts";
import type { ReviewedMerge } from "../planner/guard/reviewed-merge.ts";
import type { ProjectDocument } from "../planner/specs/index.ts";
import { type PlanFile, type ReadPlan, readPlanFile } from "../planner/writers/index.ts";
import { sha256 } from "./look.ts";
import { CommandError, EXIT } from "./options.ts";
import { schemaText } from "./schema-files.ts";

/** Reads the plan file that an apply is held to, before anything is looked at. */
export function readReviewedPlan(path: string, project: ProjectDocument, cwd: string): ReviewedMerge {
  const { plan, reviewed } = checkedPlan(readText(path, cwd), path, project);
  return { name: path, steps: reviewed, intents: plan.connections };
}

/** The plan that a text holds. @throws CommandError when it is none, was edited, or is one of another project */
export function checkedPlan(text: string, path: string, project: ProjectDocument): ReadPlan {
  const read = readPlanFile(text, JSON.parse(schemaText("plan")));
  if ("problem" in read) throw new CommandError(`${path}: ${read.problem}`);
  refuseEdited(read.plan, path);
  const { name } = project.spec.metadata;
  if (read.plan.project !== name) {
    throw new CommandError(`${path} is a plan of project "${read.plan.project}", this is "${name}"`, EXIT.refused);
  }
  return read;
}

/** A file in which somebody has changed what it says, but not the hashes over it, was not reviewed as it stands. */
function refuseEdited({ planId, changes }: PlanFile, path: string): void {
  const edited = changes.find((change) => !isIntact(change, sha256));
  if (!edited && planIdOf(changes, sha256) === planId) return;
  const what = edited
    ? `its digest of ${edited.step ?? edited.address} is not that of what it says there`
    : "its digests do not give its planId";
  throw new CommandError(`${path} was edited: ${what}. Make a new plan and have it reviewed`, EXIT.refused);
}

function readText(path: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, path), "utf8");
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
