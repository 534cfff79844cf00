import { unzipSync } from "fflate";
import { expect } from "vitest";
import type { LocalStage } from "./contract-local.ts";
import { openPull, refused } from "./contract-stage.ts";

/** What only a strict GitHub can play. */
export type LocalScene = (stage: LocalStage) => Promise<void>;

const PLAN = { "plan.json": new TextEncoder().encode('{"plan":1}') };

export const localScenes: Record<string, LocalScene> = {
  "a branch tells its rules to everybody": async ({ repository, workflow }) => {
    const { data } = await workflow.repos.getBranchRules({ ...repository, branch: "release" });
    expect(data.map((each) => each.type)).toEqual(
      expect.arrayContaining(["pull_request", "required_status_checks", "merge_queue"]),
    );
    const checks = data.find((each) => each.type === "required_status_checks");
    expect(checks?.parameters?.required_status_checks).toEqual([{ context: "landline / prod", integration_id: 15368 }]);
    expect((await workflow.repos.getBranchRules({ ...repository, branch: "main" })).data).toEqual([]);
  },

  "classic protection is told to administrators only": async ({ repository, workflow, reviewer }) => {
    const release = { ...repository, branch: "release" };
    expect(await refused(workflow.repos.getBranchProtection(release), 403)).toContain("not accessible by integration");
    const { data } = await reviewer.repos.getBranchProtection(release);
    expect(data.required_pull_request_reviews).toMatchObject({
      dismiss_stale_reviews: true,
      require_last_push_approval: true,
      required_approving_review_count: 1,
    });
    await refused(reviewer.repos.getBranchProtection({ ...repository, branch: "main" }), 404);
  },

  "who pushed stands in the activity": async (stage) => {
    const { repository, reviewer } = stage;
    const { branch, sha } = await openPull(stage);
    const { data } = await reviewer.repos.listActivities({ ...repository, ref: `refs/heads/${branch}` });
    expect(data[0]).toMatchObject({ after: sha, ref: `refs/heads/${branch}`, actor: { login: "alice" } });
  },

  "CODEOWNERS tells its errors": async ({ repository, workflow }) => {
    const { data } = await workflow.repos.codeownersErrors({ ...repository, ref: "main" });
    expect(data.errors).toMatchObject([{ line: 2, path: ".github/CODEOWNERS", kind: "Unknown owner" }]);
  },

  "membership of a team is told to its organisation only": async ({ workflow, reviewer }) => {
    const team = { org: "acme", team_slug: "network" };
    const stateOf = async (username: string) =>
      (await reviewer.teams.getMembershipForUserInOrg({ ...team, username })).data.state;
    expect(await stateOf("bob")).toBe("active");
    expect(await stateOf("alice")).toBe("pending");
    await refused(stateOf("mallory"), 404);
    const members = await reviewer.teams.listMembersInOrg({ ...team, per_page: 100 });
    expect(members.data.map((each) => each.login)).toEqual(["bob"]);
    await refused(workflow.teams.getMembershipForUserInOrg({ ...team, username: "bob" }), 403);
  },

  "environments tell who must approve": async ({ repository, workflow }) => {
    const { data } = await workflow.repos.getAllEnvironments(repository);
    expect(data.environments?.map((each) => each.name)).toEqual(["prod", "stage", "dev"]);
    const prod = await workflow.repos.getEnvironment({ ...repository, environment_name: "prod" });
    const reviewers = prod.data.protection_rules?.find((rule) => rule.type === "required_reviewers");
    expect(reviewers).toMatchObject({ prevent_self_review: true, reviewers: [{ type: "User" }, { type: "Team" }] });
    await refused(workflow.repos.getEnvironment({ ...repository, environment_name: "none" }), 404);
  },

  "the form of OIDC subjects is told": async ({ repository, reviewer }) => {
    const { data } = await reviewer.actions.getCustomOidcSubClaimForRepo(repository);
    expect(data.use_default).toBe(true);
  },

  "a run has artifacts, found by name and downloaded from a signed address": async (stage) => {
    const { repository, workflow, server } = stage;
    const { branch, sha } = await openPull(stage);
    const run_id = server.beginRun({ event: "pull_request", headSha: sha, headBranch: branch, actor: "alice" });
    server.uploadArtifact(run_id, "landline-plan", PLAN);
    const run = await workflow.actions.getWorkflowRun({ ...repository, run_id });
    expect(run.data).toMatchObject({ id: run_id, head_sha: sha, event: "pull_request" });
    const ofRun = await workflow.actions.listWorkflowRunArtifacts({ ...repository, run_id });
    const byName = await workflow.actions.listArtifactsForRepo({ ...repository, name: "landline-plan" });
    expect(ofRun.data.artifacts).toEqual(byName.data.artifacts);
    expect(ofRun.data.artifacts).toMatchObject([
      { name: "landline-plan", workflow_run: { id: run_id, head_sha: sha } },
    ]);
    const artifact_id = ofRun.data.artifacts[0]?.id ?? 0;
    const one = await workflow.actions.getArtifact({ ...repository, artifact_id });
    expect(one.data).toEqual(ofRun.data.artifacts[0]);
    const zip = await workflow.actions.downloadArtifact({ ...repository, artifact_id, archive_format: "zip" });
    expect(zip.status).toBe(302);
    const file = await fetch(String(zip.headers.location));
    expect(unzipSync(new Uint8Array(await file.arrayBuffer()))).toEqual(PLAN);
  },

  "an environment waits for its reviewers": async (stage) => {
    const { repository, workflow, reviewer, server } = stage;
    const { branch, sha } = await openPull(stage);
    const run_id = server.beginRun({
      event: "push",
      headSha: sha,
      headBranch: branch,
      actor: "alice",
      environments: ["prod"],
    });
    const waiting = await workflow.actions.getPendingDeploymentsForRun({ ...repository, run_id });
    expect(waiting.data.map((each) => each.environment.name)).toEqual(["prod"]);
    expect((await workflow.actions.getReviewsForRun({ ...repository, run_id })).data).toEqual([]);
    server.approveEnvironment(run_id, "prod", "bob");
    const { data } = await workflow.actions.getReviewsForRun({ ...repository, run_id });
    expect(data).toMatchObject([{ state: "approved", user: { login: "bob" }, environments: [{ name: "prod" }] }]);
    expect((await reviewer.actions.getPendingDeploymentsForRun({ ...repository, run_id })).data).toEqual([]);
  },

  "nobody is asked for a review until somebody asks": async (stage) => {
    const { repository, workflow } = stage;
    const { number } = await openPull(stage);
    const { data } = await workflow.pulls.listRequestedReviewers({ ...repository, pull_number: number });
    expect(data).toEqual({ users: [], teams: [] });
  },

  "a fork's workflow writes nothing": async (stage) => {
    const { repository, reader } = stage;
    const { number, sha } = await openPull(stage);
    const comment = reader.issues.createComment({ ...repository, issue_number: number, body: "Hello" });
    expect(await refused(comment, 403)).toContain("Resource not accessible by integration");
    await refused(reader.checks.create({ ...repository, name: "x", head_sha: sha }), 403);
    const { data } = await reader.issues.listComments({ ...repository, issue_number: number });
    expect(data).toEqual([]);
  },

  "what a workflow writes carries its app": async (stage) => {
    const { repository, workflow, author } = stage;
    const { number } = await openPull(stage);
    const on = { ...repository, issue_number: number };
    const made = await workflow.issues.createComment({ ...on, body: "By the workflow." });
    expect(made.data).toMatchObject({
      user: { login: "github-actions[bot]", id: 41898282, type: "Bot" },
      performed_via_github_app: { slug: "github-actions" },
    });
    const byPerson = await author.issues.createComment({ ...on, body: "By a person." });
    expect(byPerson.data.performed_via_github_app ?? null).toBeNull();
  },

  "a conflict cannot be merged": async (stage) => {
    const { repository, author, reviewer } = stage;
    const first = await openPull(stage);
    const rival = await openPull(stage);
    const content = Buffer.from("name: other\n").toString("base64");
    await author.repos.createOrUpdateFileContents({
      ...repository,
      path: first.path,
      branch: rival.branch,
      message: "The same file",
      content,
    });
    await reviewer.pulls.merge({ ...repository, pull_number: first.number, merge_method: "rebase" });
    const { data } = await author.pulls.get({ ...repository, pull_number: rival.number });
    expect(data.mergeable).toBe(false);
    await refused(reviewer.pulls.merge({ ...repository, pull_number: rival.number, merge_method: "merge" }), 405);
  },
};
