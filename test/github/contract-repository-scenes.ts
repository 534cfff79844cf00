import { expect } from "vitest";
import { newBranch, openPull, refused, type Scene } from "./contract-stage.ts";

const LABEL = { name: "landline drift", color: "d93f0b", description: "Found by Landline" };
const OTHER_LABEL = { name: "urgent", color: "ededed" };

/** A repository with its files, branches, issues, labels, people and deployments. */
export const repositoryScenes: Record<string, Scene> = {
  "a repository tells its default branch": async ({ repository, author }) => {
    const { data } = await author.repos.get(repository);
    expect(data).toMatchObject({ name: repository.repo, default_branch: "main", owner: { login: repository.owner } });
  },

  "an issue is labelled, found, changed, closed and opened again": async (stage) => {
    const { repository, author } = stage;
    await author.issues.createLabel({ ...repository, ...LABEL });
    await author.issues.createLabel({ ...repository, ...OTHER_LABEL });
    expect((await author.issues.getLabel({ ...repository, name: LABEL.name })).data.color).toBe(LABEL.color);
    const labels = await author.issues.listLabelsForRepo({ ...repository, per_page: 100 });
    expect(labels.data.map((each) => each.name)).toEqual(expect.arrayContaining([LABEL.name, OTHER_LABEL.name]));
    const made = await author.issues.create({
      ...repository,
      title: "Drift: payments",
      body: "a",
      labels: [LABEL.name],
    });
    const issue = { ...repository, issue_number: made.data.number };
    await author.issues.update({ ...issue, body: "b" });
    await author.issues.addLabels({ ...issue, labels: [OTHER_LABEL.name] });
    const { data } = await author.issues.get(issue);
    expect(data).toMatchObject({ body: "b", labels: [{ name: LABEL.name }, { name: OTHER_LABEL.name }] });
    await author.issues.update({ ...issue, state: "closed", state_reason: "completed" });
    const listed = await author.issues.listForRepo({ ...repository, labels: LABEL.name, state: "all", per_page: 100 });
    expect(listed.data).toMatchObject([
      { number: made.data.number, body: "b", state: "closed", state_reason: "completed" },
    ]);
    const reopened = await author.issues.update({ ...issue, state: "open" });
    expect(reopened.data).toMatchObject({ state: "open", state_reason: "reopened", closed_at: null });
  },

  "a label is made once": async (stage) => {
    const { repository, author } = stage;
    const label = { ...repository, name: "only once", color: "ededed" };
    await refused(author.issues.getLabel({ ...repository, name: label.name }), 404);
    await author.issues.createLabel(label);
    await refused(author.issues.createLabel(label), 422);
  },

  "two commits are compared": async (stage) => {
    const { repository, workflow } = stage;
    const { branch, sha, path } = await newBranch(stage);
    const { data } = await workflow.repos.compareCommitsWithBasehead({ ...repository, basehead: `main...${branch}` });
    expect(data).toMatchObject({ status: "ahead", ahead_by: 1, behind_by: 0 });
    expect(data.commits.map((each) => each.sha)).toEqual([sha]);
    expect(data.files?.map((each) => each.filename)).toEqual([path]);
  },

  "a file is read at a commit, changed with its blob and not without": async (stage) => {
    const { repository, author } = stage;
    const { branch, sha, path } = await newBranch(stage);
    const { data } = await author.repos.getContent({ ...repository, path, ref: sha });
    expect(data).toMatchObject({ type: "file", path, encoding: "base64" });
    const blob = "sha" in data ? data.sha : "";
    const change = {
      ...repository,
      path,
      branch,
      message: "Change it",
      content: Buffer.from("new\n").toString("base64"),
    };
    await author.repos.createOrUpdateFileContents({ ...change, sha: blob });
    await refused(author.repos.createOrUpdateFileContents({ ...change, sha: blob }), 409);
    await refused(author.repos.createOrUpdateFileContents(change), 422);
  },

  "a branch is made once and from a commit that exists": async (stage) => {
    const { repository, author } = stage;
    const { branch, sha } = await newBranch(stage);
    expect((await author.repos.getBranch({ ...repository, branch })).data.commit.sha).toBe(sha);
    await refused(author.git.createRef({ ...repository, ref: `refs/heads/${branch}`, sha }), 422);
    await refused(author.git.createRef({ ...repository, ref: "refs/heads/nowhere", sha: "0".repeat(40) }), 422);
    await refused(author.git.getRef({ ...repository, ref: "heads/nowhere" }), 404);
  },

  "a permission is told": async ({ repository, author, workflow }) => {
    const { data } = await author.repos.getCollaboratorPermissionLevel({ ...repository, username: "bob" });
    expect(data.permission).toBe("admin");
    const { data: stranger } = await workflow.repos.getCollaboratorPermissionLevel({
      ...repository,
      username: "mallory",
    });
    expect(["read", "none"]).toContain(stranger.permission);
  },

  "a deployment has statuses, the newest first": async (stage) => {
    const { repository, workflow } = stage;
    const { sha } = await openPull(stage);
    const made = await workflow.repos.createDeployment({
      ...repository,
      ref: sha,
      environment: "prod",
      auto_merge: false,
      required_contexts: [],
      payload: { plan: "sha256:abc" },
    });
    const id = { ...repository, deployment_id: "id" in made.data ? made.data.id : 0 };
    await workflow.repos.createDeploymentStatus({ ...id, state: "in_progress", description: "Applying" });
    await workflow.repos.createDeploymentStatus({ ...id, state: "success", log_url: "https://ci.example/1" });
    expect((await workflow.repos.getDeployment(id)).data).toMatchObject({ sha, environment: "prod" });
    const { data } = await workflow.repos.listDeploymentStatuses(id);
    expect(data.map((each) => each.state)).toEqual(["success", "in_progress"]);
    const listed = await workflow.repos.listDeployments({ ...repository, sha, environment: "prod" });
    expect(listed.data).toMatchObject([{ id: id.deployment_id, payload: { plan: "sha256:abc" } }]);
  },

  "an unchanged answer is not sent again": async ({ repository, workflow }) => {
    const first = await workflow.repos.get(repository);
    const again = workflow.repos.get({ ...repository, headers: { "if-none-match": first.headers.etag ?? "" } });
    await refused(again, 304);
  },

  "what is not there is a 404": async ({ repository, workflow }) => {
    await refused(workflow.pulls.get({ ...repository, pull_number: 999_999 }), 404);
    await refused(workflow.issues.listComments({ ...repository, issue_number: 999_999 }), 404);
    await refused(workflow.repos.get({ ...repository, repo: "no-such-repository" }), 404);
  },
};
