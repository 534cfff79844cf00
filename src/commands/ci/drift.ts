import { issuesOf, type OurIssue, putIssue } from "../../github/issues.ts";
import { isUnread } from "../../planner/findings/unreadable.ts";
import { type Drift, driftOf } from "../../planner/status/drift.ts";
import { type ConnectionStatus, statusOf } from "../../planner/status/index.ts";
import { driftToText } from "../../planner/writers/index.ts";
import { attentionOf, driftClosed, driftIssue, driftTitle, unseen } from "../../planner/writers/pull-request/index.ts";
import { openCloud } from "../cloud.ts";
import type { Io } from "../io.ts";
import { look } from "../look.ts";
import { EXIT } from "../options.ts";
import { planFrom, textOptions } from "../plan.ts";
import { openProgress } from "../progress.ts";
import { type Specs, specsToPlan } from "../specs.ts";
import { defaultBranch } from "./default-branch.ts";
import { DRIFT_LABEL, issueKey, issueMarker } from "./names.ts";
import { asCommand, type Ci, type CiOptions, ciOn, openCi, wrongEvent } from "./open.ts";
import { writeOutputs, writeSummary } from "./post.ts";
import { proposeAll } from "./propose.ts";

export interface CiDriftOptions extends CiOptions {
  /** Open a pull request for each request that no spec names. */
  readonly propose: boolean;
}

/** `landline ci drift`: one issue for each connection that needs a look; exit 2 when something moved, 1 when not all of it could be compared. */
export function ciDrift(options: CiDriftOptions, io: Io): Promise<number> {
  return asCommand(async () => {
    const ci = openCi(options, io);
    if (!ciOn(ci, "schedule", "workflow_dispatch")) return wrongEvent("drift", ci, "schedule", "workflow_dispatch");
    const branch = await defaultBranch(ci);
    const specs = specsToPlan(options, ci.io);
    const seen = await lookAround(ci, options, specs);
    ci.io.out(driftToText(seen.drift, textOptions(ci.io)));
    const lines = await tell(ci, specs, seen);
    if (options.propose) lines.push(...(await proposeAll(ci, options, { branch, specs, statuses: seen.statuses })));
    writeSummary(ci, ["#### Drift", "", ...(lines.length > 0 ? lines : ["Nothing needs a look."]), ""].join("\n"));
    writeOutputs(ci, { drift: seen.drift.items.length });
    if (seen.drift.items.length > 0) return EXIT.changes;
    return seen.drift.errors.length > 0 ? EXIT.error : EXIT.done;
  });
}

interface Seen {
  readonly drift: Drift;
  readonly statuses: readonly ConnectionStatus[];
  /** Whether every target could be read. */
  readonly everything: boolean;
}

async function lookAround(ci: Ci, options: CiOptions, specs: Specs): Promise<Seen> {
  const { io } = ci;
  const { connections } = specs;
  const cloud = await openCloud(specs.project, options, io);
  try {
    const { snapshot } = await look(specs, undefined, cloud, openProgress(io, options), io);
    const plan = planFrom(specs, snapshot, undefined, io);
    const input = { connections, plan, snapshot, now: io.now().toISOString() };
    return { drift: driftOf(input), statuses: statusOf(input), everything: !snapshot.targets.some(isUnread) };
  } finally {
    await cloud.close();
  }
}

const KIND = { label: DRIFT_LABEL, what: "drift" };

/** Brings the issues of this project up to date, and says in a line each what became of those that are open or were closed. */
async function tell(ci: Ci, specs: Specs, { drift, statuses, everything }: Seen): Promise<string[]> {
  const project = specs.project.spec.metadata.name;
  const there = new Map(
    [...(await issuesOf(ci.github, KIND))].filter(([key]) => key.startsWith(issueKey(project, ""))),
  );
  const open = attentionOf({ drift, statuses, connections: specs.connections });
  const lines: string[] = [];
  for (const one of open) {
    const key = issueKey(project, one.connection);
    const { title, body } = driftIssue({ ...one, marker: issueMarker(project, one.connection) });
    lines.push(...(await put(ci, { key, state: "open", title, body }, there.get(key))));
  }
  const settled = new Set([...open.map(({ connection }) => connection), ...unseen(drift)]);
  const known = new Set(specs.connections.map(({ spec }) => spec.metadata.name));
  for (const [key, issue] of there) {
    const connection = key.slice(issueKey(project, "").length);
    // What a removed spec has left may lie in a target that could not be read.
    if (settled.has(connection) || !(everything || known.has(connection))) continue;
    const body = driftClosed({ marker: issueMarker(project, connection), connection });
    lines.push(...(await put(ci, { key, state: "closed", title: driftTitle(connection), body }, issue)));
  }
  return lines;
}

async function put(ci: Ci, wanted: Parameters<typeof putIssue>[2], there: OurIssue | undefined): Promise<string[]> {
  const { issue, result } = await putIssue(ci.github, KIND, wanted, there);
  if (!issue || (wanted.state === "closed" && result === "unchanged")) return [];
  ci.io.err(`issue ${result}: ${issue.url}\n`);
  return [`- #${issue.number}: ${result}`];
}
