import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { newGitHub, newRepository } from "./helper.ts";

test("an artifact is fetched from a signed address that needs no token and works for a minute", async () => {
  const { ask, server, repository } = await newGitHub({ stopped: true });
  const run = server.beginRun({ event: "push", headSha: repository.sha("main"), headBranch: "main", actor: "ben" });
  const id = server.uploadArtifact(run, "plan", { "plan.json": '{"a":1}' });
  const fetchIt = async (change: (url: string) => string = (url) => url) => {
    const { status, headers } = await ask("run", "GET", `/actions/artifacts/${id}/zip`);
    expect(status).toBe(302);
    return fetch(change(headers.get("location") ?? ""));
  };
  const zip = new Uint8Array(await (await fetchIt()).arrayBuffer());
  expect(Buffer.from(unzipSync(zip)["plan.json"] ?? []).toString()).toBe('{"a":1}');
  const { body } = await ask("run", "GET", `/actions/artifacts/${id}`);
  expect(body).toMatchObject({
    name: "plan",
    size_in_bytes: zip.byteLength,
    expired: false,
    workflow_run: { id: run },
  });
  expect(body.digest).toBe(`sha256:${createHash("sha256").update(zip).digest("hex")}`);
  expect((await fetchIt((url) => url.replace(/signature=./, "signature=x"))).status).toBe(403);
  const late = (await ask("run", "GET", `/actions/artifacts/${id}/zip`)).headers.get("location") ?? "";
  server.clock.advance(60_001);
  expect((await fetch(late)).status).toBe(403);
  server.clock.advance(90 * 24 * 60 * 60 * 1000);
  expect((await ask("run", "GET", `/actions/artifacts/${id}/zip`)).status).toBe(410);
});

test("a name is no identity: runs of other branches and of forks use it too, newest first", async () => {
  const fork = await newRepository();
  const { ask, server, repository } = await newGitHub({ forks: { "mallory/network": fork.gitDir } });
  const mine = server.beginRun({
    event: "pull_request",
    headSha: repository.sha("main"),
    headBranch: "main",
    actor: "ben",
  });
  const evil = server.beginRun({
    event: "pull_request",
    headSha: fork.sha("main"),
    headBranch: "main",
    headRepository: "mallory/network",
    actor: "mallory",
  });
  server.uploadArtifact(mine, "plan", { "plan.json": "1" });
  server.uploadArtifact(evil, "plan", { "plan.json": "2" });
  server.uploadArtifact(mine, "other", { "plan.json": "3" });
  const found = (await ask("run", "GET", "/actions/artifacts?name=plan")).body;
  expect(found.total_count).toBe(2);
  expect(found.artifacts.map((artifact: { workflow_run: { id: number } }) => artifact.workflow_run.id)).toEqual([
    evil,
    mine,
  ]);
  const [of, by] = found.artifacts.map((artifact: { workflow_run: object }) => artifact.workflow_run);
  expect([of.repository_id, of.head_repository_id === by.head_repository_id]).toEqual([by.repository_id, false]);
  const own = (await ask("run", "GET", `/actions/runs/${mine}/artifacts`)).body;
  expect(own.artifacts.map(({ name }: { name: string }) => name)).toEqual(["other", "plan"]);
  expect(() => server.uploadArtifact(mine, "plan", {})).toThrow(/already/);
});

const environments = [
  { name: "prod", reviewers: ["eve", "team:net"], preventSelfReview: true, branches: "protected" as const },
];

test("an environment waits for one of its reviewers, who is not the one that started the run", async () => {
  const { ask, server, repository } = await newGitHub({ environments, teams: [{ slug: "net", members: ["ana"] }] });
  const input = {
    event: "push",
    headSha: repository.sha("main"),
    headBranch: "main",
    actor: "eve",
    environments: ["prod"],
  };
  const run = server.beginRun(input);
  const get = async (path: string, token = "run") => (await ask(token, "GET", `/actions/runs/${run}${path}`)).body;
  expect((await get("")).status).toBe("waiting");
  expect(await get("/pending_deployments")).toMatchObject([
    { environment: { name: "prod" }, reviewers: [{ type: "User" }, { type: "Team" }] },
  ]);
  const may = async (token: string) => (await get("/pending_deployments", token))[0].current_user_can_approve;
  expect([await may("ana"), await may("eve"), await may("ben"), await may("run")]).toEqual([true, false, false, false]);
  expect(() => server.approveEnvironment(run, "prod", "eve")).toThrow(/self-review/);
  expect(() => server.approveEnvironment(run, "prod", "ben")).toThrow(/reviewers/);
  expect(() => server.approveEnvironment(run, "stage", "ana")).toThrow(/does not wait/);
  expect(() => server.finishRun(run)).toThrow(/waits for approval/);
  server.approveEnvironment(run, "prod", "ana", { comment: "go" });
  expect(await get("/approvals")).toMatchObject([
    { state: "approved", user: { login: "ana" }, comment: "go", environments: [{ name: "prod" }] },
  ]);
  expect(await get("/pending_deployments")).toEqual([]);
  expect((await get("")).status).toBe("in_progress");
});

test("rejecting ends the run; an environment that nobody set up waits for nobody", async () => {
  const { ask, server, repository } = await newGitHub({ environments });
  const input = { event: "push", headSha: repository.sha("main"), headBranch: "main", actor: "ben" };
  const run = server.beginRun({ ...input, environments: ["prod"] });
  server.approveEnvironment(run, "prod", "eve", { state: "rejected" });
  expect((await ask("run", "GET", `/actions/runs/${run}`)).body).toMatchObject({
    status: "completed",
    conclusion: "failure",
  });
  const free = server.beginRun({ ...input, environments: ["typo"] });
  expect((await ask("run", "GET", `/actions/runs/${free}`)).body.status).toBe("in_progress");
  expect((await ask("run", "GET", "/environments/typo")).body).toMatchObject({
    protection_rules: [],
    deployment_branch_policy: null,
  });
  const prod = (await ask("run", "GET", "/environments/prod")).body;
  expect(prod.deployment_branch_policy).toEqual({ protected_branches: true, custom_branch_policies: false });
  expect(prod.protection_rules[0]).toMatchObject({ type: "required_reviewers", prevent_self_review: true });
});

test("a run ends with its event and can be started again", async () => {
  const { ask, server, propose, repository } = await newGitHub();
  const number = await propose("ben", "change");
  const run = server.beginRun({
    event: "pull_request",
    headSha: repository.sha("change"),
    headBranch: "change",
    actor: "ben",
  });
  const event = server.finishRun(run, "failure");
  expect(event).toMatchObject({
    name: "workflow_run",
    sha: repository.sha("main"),
    ref: "refs/heads/main",
    payload: {
      action: "completed",
      workflow_run: { id: run, conclusion: "failure", head_sha: repository.sha("change"), pull_requests: [{ number }] },
    },
  });
  expect(server.rerun(run)).toBe(2);
  expect((await ask("run", "GET", `/actions/runs/${run}`)).body).toMatchObject({
    run_attempt: 2,
    status: "in_progress",
    conclusion: null,
  });
});

test("a deployment by default needs green checks and a branch that has all of main", async () => {
  const { ask, repository, propose } = await newGitHub();
  await propose("ben", "change");
  await repository.push("ana", "main", { "specs/later.yaml": "later: 1\n" });
  await ask("run", "POST", "/check-runs", {
    name: "landline",
    head_sha: repository.sha("change"),
    conclusion: "failure",
  });
  const deploy = (more: object) => ask("run", "POST", "/deployments", { ref: "change", environment: "prod", ...more });
  expect((await deploy({})).status).toBe(409);
  expect((await deploy({ auto_merge: false })).status).toBe(409);
  const made = await deploy({ auto_merge: false, required_contexts: [], payload: { planId: "p1" } });
  expect(made).toMatchObject({
    status: 201,
    body: { sha: repository.sha("change"), environment: "prod", payload: { planId: "p1" } },
  });
  const path = `/deployments/${made.body.id}/statuses`;
  expect((await ask("run", "POST", path, { state: "done" })).status).toBe(422);
  expect((await ask("run", "POST", path, { state: "success", description: "x".repeat(141) })).status).toBe(422);
  for (const state of ["in_progress", "success"]) await ask("run", "POST", path, { state });
  const { body } = await ask("run", "GET", path);
  expect(body.map((status: { state: string }) => status.state)).toEqual(["success", "in_progress"]);
  expect((await ask("run", "GET", "/deployments?environment=stage")).body).toEqual([]);
});
