import { broken, type Check, ok, warning } from "../check.ts";
import { listed } from "../words.ts";
import {
  type CiCommand,
  type JobFacts,
  jobsThatRun,
  placeOf,
  type UseFacts,
  type WorkflowFacts,
} from "../workflow-facts.ts";
import { checkPermissions } from "./permissions.ts";

/** Which event each command is for, and what is lost without it. */
const WORK: { readonly [C in CiCommand]: { readonly event: string; readonly without: string } } = {
  plan: { event: "pull_request", without: "pull requests show no plan" },
  apply: { event: "push", without: "a merge applies nothing" },
  check: { event: "merge_group", without: "a plan that moved before the merge is noticed only after it" },
  drift: { event: "schedule", without: "nobody is told when something changes behind our back" },
};

/** The workflows that run `landline ci`, judged as they stand in the files. */
export function checkWorkflows(workflows: readonly WorkflowFacts[]): readonly Check[] {
  const readable = workflows.filter(({ problem }) => problem === undefined);
  return [
    ...workflows.flatMap(({ file, problem }) =>
      problem === undefined
        ? []
        : [
            broken("workflows.readable")(
              file,
              `cannot be read: ${problem}`,
              "correct the file; GitHub runs nothing of it",
            ),
          ],
    ),
    checkPresent(readable),
    ...checkTriggers(readable),
    ...checkPermissions(readable),
    ...checkPinned(readable),
    ...checkCheckout(readable),
    ...checkConcurrency(readable),
  ];
}

function checkPresent(workflows: readonly WorkflowFacts[]): Check {
  const missing = (Object.keys(WORK) as CiCommand[]).filter((command) => jobsThatRun(workflows, command).length === 0);
  if (missing.length === 0)
    return ok("workflows.present")(
      "",
      `${listed(workflows.map(({ file }) => file.replace(/^.*\//, "")))} run landline ci`,
    );
  const lost = missing.map((command) => WORK[command].without);
  return warning("workflows.present")(
    "",
    `no workflow runs ${listed(missing.map((command) => `landline ci ${command}`))}: ${listed(lost)}`,
    "landline init --github writes the workflows that are missing",
  );
}

/** A command in a workflow that never starts for what it is for. */
function checkTriggers(workflows: readonly WorkflowFacts[]): readonly Check[] {
  const starts: { readonly [C in CiCommand]: readonly string[] } = {
    plan: ["pull_request", "pull_request_target", "workflow_call"],
    apply: ["push", "workflow_call"],
    check: ["push", "schedule", "merge_group", "workflow_call"],
    drift: ["schedule", "workflow_call"],
  };
  return (Object.keys(WORK) as CiCommand[]).flatMap((command) => {
    const jobs = jobsThatRun(workflows, command);
    const started = jobs.some(({ workflow }) => workflow.events.some((event) => starts[command].includes(event)));
    const [first] = jobs;
    if (!first || started) return [];
    return [
      broken("workflows.trigger")(
        placeOf(first.workflow, first.job),
        `runs landline ci ${command} on ${listed(first.workflow.events) || "nothing"}: ${WORK[command].without}`,
        `add to its on: ${WORK[command].event}`,
      ),
    ];
  });
}

/** What is named by a tag or a branch is what its owner makes of it tomorrow, with our token and our roles. */
function checkPinned(workflows: readonly WorkflowFacts[]): readonly Check[] {
  const loose = workflows.flatMap(({ file, jobs }) =>
    jobs.flatMap(({ uses }) => uses.filter((use) => !isPinned(use)).map((use) => ({ file, use }))),
  );
  if (loose.length > 0)
    return loose.map(({ file, use }) =>
      warning("workflows.pinned")(
        `${file}:${use.line}`,
        `uses ${use.name}, which is not pinned to a commit: whoever may move that name runs code with our token`,
        `uses: ${use.name.replace(/@.*$/, "")}@<40-digit commit hash> # ${use.name.split("@")[1] ?? "version"}`,
      ),
    );
  return workflows.length === 0 ? [] : [ok("workflows.pinned")("", "every action is pinned to a commit")];
}

const isPinned = ({ name }: UseFacts): boolean =>
  name.startsWith("./") || /@[0-9a-f]{40}$/.test(name) || /^docker:\/\/.+@sha256:[0-9a-f]{64}$/.test(name);

/** Specs are data, but a checkout of the pull request in a job with secrets invites somebody to run it. */
function checkCheckout(workflows: readonly WorkflowFacts[]): readonly Check[] {
  return workflows.flatMap((workflow) =>
    workflow.jobs
      .filter(({ commands }) => commands.length > 0)
      .flatMap((job) =>
        job.uses
          .filter(({ name }) => name.startsWith("actions/checkout@"))
          .flatMap((use) => judgeCheckout(workflow, job, use)),
      ),
  );
}

function judgeCheckout(workflow: WorkflowFacts, job: JobFacts, use: UseFacts): readonly Check[] {
  const place = `${workflow.file}:${use.line}`;
  const head = /github\.(head_ref|event\.pull_request\.head)|refs\/pull\//.test(
    `${use.with.ref ?? ""} ${use.with.repository ?? ""}`,
  );
  if (workflow.events.includes("pull_request_target") && head)
    return [
      broken("workflows.checkout")(
        place,
        "checks out the pull request under pull_request_target, whose token may write and whose secrets are there",
        "leave out ref: and repository:; landline reads the pull request's specs as data, without a checkout",
      ),
    ];
  const checks: Check[] = [];
  const compares =
    job.commands.some((command) => command !== "drift") && workflow.events.some((event) => event !== "workflow_run");
  if (compares && use.with["fetch-depth"] !== "0")
    checks.push(
      warning("workflows.checkout")(
        place,
        `fetches ${use.with["fetch-depth"] ?? "1"} commit of history; landline ci compares with earlier ones`,
        "with: { fetch-depth: 0 }",
      ),
    );
  if (use.with["persist-credentials"] !== "false")
    checks.push(
      warning("workflows.checkout")(
        place,
        "leaves the token in the clone's configuration, where every later step can read it",
        "with: { persist-credentials: false }",
      ),
    );
  return checks;
}

/** An apply that is cancelled half-way leaves things half-done; one that is replaced while it waits never happens. */
function checkConcurrency(workflows: readonly WorkflowFacts[]): readonly Check[] {
  const id = "workflows.concurrency";
  const line = "concurrency: { group: landline-apply, cancel-in-progress: false, queue: max }";
  const jobs = jobsThatRun(workflows, "apply");
  const wrong = jobs.flatMap(({ workflow, job }): Check[] => {
    const place = placeOf(workflow, job);
    if (!job.concurrency) return [warning(id)(place, "two merges may apply at the same time: no concurrency", line)];
    if (job.concurrency.cancels) return [broken(id)(place, "a newer merge cancels an apply half-way", line)];
    if (job.concurrency.queue === "max") return [];
    return [
      warning(id)(
        place,
        "of several merges that wait, GitHub keeps only the newest: the others are never applied",
        line,
      ),
    ];
  });
  if (jobs.length === 0 || wrong.length > 0) return wrong;
  return [ok(id)("", "applies run one after the other, and none is cancelled")];
}
