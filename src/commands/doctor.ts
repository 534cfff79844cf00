import type { Check } from "./doctor/check.ts";
import { checkAws } from "./doctor/checks/aws.ts";
import { checkGitHub } from "./doctor/checks/github.ts";
import { checkMachine } from "./doctor/checks/machine.ts";
import { checkProject } from "./doctor/checks/project.ts";
import { checkWorkflows } from "./doctor/checks/workflows.ts";
import { lookAtAws } from "./doctor/look-aws.ts";
import { lookAtGitHub } from "./doctor/look-github.ts";
import { lookLocal } from "./doctor/look-local.ts";
import { lookAtWorkflows } from "./doctor/look-workflows.ts";
import { countsOf, doctorToText } from "./doctor/text.ts";
import type { Io } from "./io.ts";
import { EXIT, type GlobalOptions } from "./options.ts";
import { textOptions } from "./plan.ts";
import { openProgress } from "./progress.ts";

export interface DoctorOptions extends GlobalOptions {
  readonly format: "text" | "json";
  /** `OWNER/REPO`; left out: `GITHUB_REPOSITORY`. */
  readonly github?: string;
}

/** `landline doctor`: looks at everything that Landline relies on and says what to mend. Changes nothing; 1 when something is broken. */
export async function doctor(options: DoctorOptions, io: Io): Promise<number> {
  const progress = openProgress(io, options);
  progress.live("looking ...");
  const checks = await look(options, io);
  progress.clear();
  const counts = countsOf(checks);
  const ok = counts.broken === 0;
  if (options.format === "json") io.out(`${JSON.stringify({ formatVersion: 1, ok, counts, checks }, null, 2)}\n`);
  else io.out(doctorToText(checks, textOptions(io)));
  return ok ? EXIT.done : EXIT.error;
}

async function look(options: DoctorOptions, io: Io): Promise<readonly Check[]> {
  const local = await lookLocal(options, io);
  const workflows = lookAtWorkflows((local.git.seen ? local.git.value.root : undefined) ?? io.cwd);
  const { project } = local;
  const [github, aws] = await Promise.all([
    lookAtGitHub(options.github, project, io),
    project ? lookAtAws(project, options, io) : undefined,
  ]);
  return [
    ...checkMachine(local),
    ...checkProject(local),
    ...checkWorkflows(workflows),
    ...checkGitHub(github, { targets: Object.keys(project?.spec.targets ?? {}), workflows }),
    ...(aws ? checkAws(aws) : []),
  ];
}
