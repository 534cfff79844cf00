import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newGitHub, newRepository, type Place } from "../sandbox/github/helper.ts";
import { type LocalEvent, runLocally } from "./runner/local.ts";
import type { RunReport } from "./workflow-runner.ts";

/** The runner on the local GitHub, with a stub in Landline's place that asks the API as the job. */
const HOME = new URL("../../", import.meta.url);
const workflowText = (name: string): string => readFileSync(new URL(`.github/workflows/${name}.yml`, HOME), "utf8");

const STUB = `#!/usr/bin/env node
const { execFileSync } = require("node:child_process");
const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { GITHUB_API_URL, GITHUB_TOKEN, GITHUB_EVENT_PATH, GITHUB_REPOSITORY, LANDLINE_TEAMS_TOKEN } = process.env;
const { pull_request, action } = JSON.parse(readFileSync(GITHUB_EVENT_PATH, "utf8"));
const ask = (method, path, body) => fetch(GITHUB_API_URL + "/repos/" + GITHUB_REPOSITORY + path, { method, body, headers: { authorization: "Bearer " + GITHUB_TOKEN } });
(async () => {
  const read = await ask("GET", "/pulls");
  const comment = pull_request ? (await ask("POST", "/issues/" + pull_request.number + "/comments", JSON.stringify({ body: "plan" }))).status : null;
  const parents = execFileSync("git", ["log", "-1", "--format=%P"], { encoding: "utf8" }).trim().split(" ").length;
  mkdirSync("landline-plan");
  writeFileSync("landline-plan/plan.json", "{}");
  console.log(JSON.stringify({ action, read: read.status, comment, parents, secret: LANDLINE_TEAMS_TOKEN }));
})();
`;

let folder: string;
let place: Place;
let home: string;
let fork: Awaited<ReturnType<typeof newRepository>>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "landline-runner-local-"));
  home = join(folder, "home");
  mkdirSync(join(home, "dist"), { recursive: true });
  cpSync(new URL("action.yml", HOME), join(home, "action.yml"));
  writeFileSync(join(home, "dist/cli.js"), STUB);
  const base = await newRepository();
  fork = await newRepository(base.gitDir);
  place = await newGitHub({ gitDir: base.gitDir, forks: { "mallory/network": fork.gitDir } });
  Object.assign(place.repository, base); // people push to the repository that has the fork
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (name: string, event: LocalEvent, more: object = {}) =>
  runLocally({
    server: place.server,
    event,
    path: `.github/workflows/${name}.yml`,
    workflow: workflowText(name),
    home,
    gitDir: place.repository.gitDir,
    folder: mkdtempSync(join(folder, "run-")),
    vars: { LANDLINE_PLAN_ROLE: "plan", LANDLINE_APPLY_ROLE: "apply" },
    secrets: { LANDLINE_TEAMS_TOKEN: "s3cret" },
    credentials: ({ role }) => ({ AWS_ACCESS_KEY_ID: role }),
    ...more,
  });

const said = ({ jobs }: RunReport, id: string) =>
  JSON.parse(
    jobs
      .find((job) => job.id === id)
      ?.steps.map(({ stdout }) => stdout)
      .join("") ?? "null",
  );
const last = (name: string): LocalEvent => {
  const event = place.server.events().findLast((one) => one.name === name);
  if (!event) throw new Error(`no ${name} happened`);
  return event;
};

it("plans the merge of a branch, with a token that may comment, and leaves an artifact", async () => {
  const number = await place.propose("ben", "topic");
  const report = await run("plan", last("pull_request"));
  expect(report.conclusion).toBe("success");
  expect(said(report, "plan")).toEqual({ action: "opened", read: 200, comment: 201, parents: 2, secret: "s3cret" });
  expect((await place.ask("ana", "GET", `/issues/${number}/comments`)).body).toHaveLength(1);
  const { body } = await place.ask("ana", "GET", `/actions/runs/${report.runId}/artifacts`);
  expect(body.artifacts.map(({ name }: { name: string }) => name)).toEqual(["landline-plan"]);
});

it("gives a fork a token that only reads, no secrets and no role, and then comments from the default branch", async () => {
  await fork.push("mallory", "idea", { "specs/b.yaml": "b: 1\n" });
  place.server.pushed("mallory", "idea", "mallory/network");
  const opened = await place.ask("ana", "POST", "/pulls", { title: "An idea", head: "mallory:idea", base: "main" });
  expect(opened.status).toBe(201);
  const report = await run("plan", last("pull_request"));
  expect(said(report, "plan")).toMatchObject({ read: 200, comment: 403, secret: "" });
  expect(report.jobs[0]?.steps.map(({ outcome }) => outcome)).toEqual(["success", "skipped", "success"]);

  const after = await run("fork-comment", last("workflow_run"), { follows: "Landline plan" });
  expect(after.jobs.map(({ result }) => result)).toEqual(["success"]);
  expect(said(after, "comment")).toMatchObject({ read: 200, parents: 1 });
});

it("applies the push of a merge, on the commit that it made", async () => {
  const number = await place.propose("ben", "topic");
  expect((await place.ask("ana", "PUT", `/pulls/${number}/merge`, {})).status).toBe(200);
  const report = await run("apply", last("push"));
  expect(report.conclusion).toBe("success");
  expect(said(report, "apply")).toMatchObject({ read: 200, parents: 2 });

  const again = await run("apply", last("push"), { again: report.runId });
  expect(again).toMatchObject({ runId: report.runId, conclusion: "success" });
  const { body } = await place.ask("ana", "GET", `/actions/runs/${report.runId}/artifacts`);
  const names = body.artifacts.map(({ name }: { name: string }) => name).sort();
  expect(names).toEqual(["landline-apply", "landline-check"]);
});
