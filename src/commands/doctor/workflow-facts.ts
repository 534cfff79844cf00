/** What a workflow file says, as far as it matters here. Plain data: `look-workflows.ts` reads it, `checks/workflows.ts` judges it. */
export interface WorkflowFacts {
  /** Relative to the repository. */
  readonly file: string;
  /** Why it cannot be read as a workflow; nothing else is known then. */
  readonly problem?: string;
  readonly events: readonly string[];
  readonly jobs: readonly JobFacts[];
}

/** The entry points that workflows run. */
export const CI_COMMANDS = ["plan", "apply", "check", "drift"] as const;
export type CiCommand = (typeof CI_COMMANDS)[number];

/** `contents: read`; `none` is what is not named beside something that is. */
export type Permissions = { readonly [scope: string]: string } | "read-all" | "write-all";

export interface JobFacts {
  readonly id: string;
  /** Which `landline ci` commands its steps run. */
  readonly commands: readonly CiCommand[];
  /** Of the job or else of the workflow; absent where neither says: the repository's setting decides then. */
  readonly permissions?: Permissions;
  readonly environment?: string;
  /** Of the job, or else of the workflow. */
  readonly concurrency?: ConcurrencyFacts;
  readonly uses: readonly UseFacts[];
}

export interface ConcurrencyFacts {
  readonly cancels: boolean;
  /** `max`: waiting runs are kept; otherwise a newer one replaces the one that waits. */
  readonly queue?: string;
}

/** A `uses:` and the parameters that matter. */
export interface UseFacts {
  readonly line: number;
  readonly name: string;
  readonly with: { readonly [parameter: string]: string };
}

/** The jobs that run a command, with the file that they are in. */
export const jobsThatRun = (
  workflows: readonly WorkflowFacts[],
  command: CiCommand,
): readonly { readonly workflow: WorkflowFacts; readonly job: JobFacts }[] =>
  workflows.flatMap((workflow) =>
    workflow.jobs.filter(({ commands }) => commands.includes(command)).map((job) => ({ workflow, job })),
  );

/** `.github/workflows/plan.yml, job plan`: how checks name a job. */
export const placeOf = ({ file }: WorkflowFacts, { id }: JobFacts): string => `${file}, job ${id}`;
