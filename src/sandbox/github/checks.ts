import { asObject, bodyOf } from "./body.ts";
import { type Answer, type Call, created, type Needs, numberParam, ok, param, type Route } from "./call.ts";
import { checkRunView } from "./check-view.ts";
import { forbidden, invalid, notFound, unprocessable } from "./errors.ts";
import { resolveCommit } from "./git.ts";
import { page } from "./pages.ts";
import type { Annotation, CheckRun } from "./world.ts";

const template = "/repos/{owner}/{repo}/check-runs";
const toWrite: Needs[] = [{ checks: "write" }];
const toRead: Needs[] = [{ checks: "read" }];
const statuses = ["queued", "in_progress", "completed"] as const;
const conclusions = ["action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out"] as const;

/** GitHub's limits for one request. */
const mostAnnotations = 50;
const longestOutput = 65_535;

/** Check runs: written by apps only, each by the app that made it. */
export const checkRoutes: Route[] = [
  { method: "POST", template, needs: toWrite, role: "app", handle: create },
  { method: "PATCH", template: `${template}/{check_run_id}`, needs: toWrite, role: "app", handle: update },
  { method: "GET", template: `${template}/{check_run_id}`, needs: toRead, role: "read", handle: get },
  {
    method: "GET",
    template: "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    needs: toRead,
    role: "read",
    handle: list,
  },
];

function create(call: Call): Answer {
  const { world, caller } = call;
  if (!caller.app) throw forbidden("You must authenticate via a GitHub App.");
  const body = bodyOf(call, "CheckRun");
  const name = body.requiredText("name");
  const headSha = body.requiredText("head_sha");
  if (!/^[0-9a-f]{40}$/.test(headSha) || resolveCommit(world.home.gitDir, headSha) === undefined) {
    throw unprocessable(`No commit found for SHA: ${headSha}`);
  }
  const run: CheckRun = {
    id: world.nextId(),
    app: caller.app,
    headSha,
    name,
    externalId: "",
    detailsUrl: null,
    status: "queued",
    conclusion: null,
    startedAt: world.clock.iso(),
    completedAt: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
  };
  fill(call, run);
  world.checkRuns.push(run);
  return created(checkRunView(world, run));
}

function update(call: Call): Answer {
  const run = runAt(call);
  if (run.app.id !== call.caller.app?.id)
    throw forbidden(
      "Invalid app_id `" +
        String(call.caller.app?.id) +
        "` - check run can only be modified by the GitHub App that created it.",
    );
  fill(call, run);
  return ok(checkRunView(call.world, run));
}

function get(call: Call): Answer {
  return ok(checkRunView(call.world, runAt(call)));
}

function runAt(call: Call): CheckRun {
  const id = numberParam(call, "check_run_id");
  const run = call.world.checkRuns.find((known) => known.id === id);
  if (!run) throw notFound();
  return run;
}

/** Takes over what the body gives; annotations are added to those that are there. All is read before anything is changed. */
function fill(call: Call, run: CheckRun): void {
  const body = bodyOf(call, "CheckRun");
  const name = body.text("name");
  const status = body.oneOf("status", statuses);
  const conclusion = body.oneOf("conclusion", conclusions);
  if (status === "completed" && conclusion === undefined) throw invalid("CheckRun", "conclusion", "missing_field");
  const output = outputOf(call);
  const externalId = body.text("external_id");
  const detailsUrl = body.text("details_url");
  const completedAt = body.text("completed_at");
  const startedAt = body.text("started_at");
  if (name !== undefined) run.name = name;
  if (externalId !== undefined) run.externalId = externalId;
  if (detailsUrl !== undefined) run.detailsUrl = detailsUrl;
  if (startedAt !== undefined) run.startedAt = startedAt;
  if (status !== undefined) run.status = status;
  // A conclusion completes the run, whatever the status says.
  if (conclusion !== undefined) {
    Object.assign(run, { status: "completed", conclusion, completedAt: completedAt ?? call.world.clock.iso() });
  } else if (status !== undefined) {
    Object.assign(run, { conclusion: null, completedAt: null });
  }
  if (!output) return;
  Object.assign(run, { title: output.title, summary: output.summary, text: output.text });
  run.annotations.push(...output.annotations);
}

function outputOf(call: Call) {
  if (call.body.output === undefined || call.body.output === null) return undefined;
  const output = asObject(call.body.output);
  if (!output) throw invalid("CheckRun", "output");
  const inner = bodyOf({ ...call, body: output }, "CheckRun");
  const title = inner.text("title");
  const summary = inner.requiredText("summary");
  const text = inner.text("text") ?? null;
  if (title === undefined && call.caller.app) throw invalid("CheckRun", "title", "missing_field");
  for (const [field, value] of [
    ["summary", summary],
    ["text", text ?? ""],
  ] as const)
    tooLong(field, value);
  return { title: title ?? null, summary, text, annotations: annotationsOf(output.annotations) };
}

function tooLong(field: string, value: string): void {
  const given = [...value].length;
  if (given <= longestOutput) return;
  throw invalid("CheckRun", field, "custom", `Only ${longestOutput} characters are allowed; ${given} were supplied.`);
}

function annotationsOf(given: unknown): Annotation[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw invalid("CheckRun", "annotations");
  if (given.length > mostAnnotations) {
    throw unprocessable(`No more than ${mostAnnotations} items are allowed; ${given.length} were supplied.`);
  }
  return given.map(annotationOf);
}

function annotationOf(given: unknown): Annotation {
  const { path, start_line, end_line, annotation_level, message, title, raw_details } = asObject(given) ?? {};
  const level = ["notice", "warning", "failure"].find((known) => known === annotation_level);
  if (typeof path !== "string" || path === "") throw invalid("CheckAnnotation", "path", "missing_field");
  if (typeof message !== "string" || message === "") throw invalid("CheckAnnotation", "message", "missing_field");
  if (typeof start_line !== "number" || typeof end_line !== "number" || start_line < 1 || end_line < start_line) {
    throw invalid("CheckAnnotation", "start_line");
  }
  if (level === undefined) throw invalid("CheckAnnotation", "annotation_level");
  // GitHub keeps 64 KB of a message and of raw details, and 255 characters of a title.
  if (Buffer.byteLength(message) > 65_536) throw invalid("CheckAnnotation", "message");
  if (typeof title === "string" && [...title].length > 255) throw invalid("CheckAnnotation", "title");
  return {
    path,
    start_line,
    end_line,
    annotation_level: level,
    message,
    title: typeof title === "string" ? title : null,
    raw_details: typeof raw_details === "string" ? raw_details : null,
  };
}

function list(call: Call): Answer {
  const { world, query, place } = call;
  const ref = param(call, "ref");
  const sha = resolveCommit(world.home.gitDir, ref);
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${ref}`);
  const [name, app, status] = [query.get("check_name"), query.get("app_id"), query.get("status")];
  const found = world.checkRuns.filter(
    (run) =>
      run.headSha === sha &&
      (name === null || run.name === name) &&
      (app === null || String(run.app.id) === app) &&
      (status === null || run.status === status),
  );
  const shown = (query.get("filter") === "all" ? found : latest(found)).sort((one, other) => other.id - one.id);
  const path = `/repos/${place.owner.login}/${place.name}/commits/${encodeURIComponent(ref)}/check-runs`;
  return page(
    call,
    path,
    shown,
    (run) => checkRunView(world, run),
    (check_runs, total_count) => ({ total_count, check_runs }),
  );
}

/** Newest of each name and app, which is what GitHub shows unless asked for all. */
export function latest(runs: readonly CheckRun[]): CheckRun[] {
  return [...new Map(runs.map((run) => [`${run.app.id} ${run.name}`, run])).values()];
}
