import { expect } from "vitest";
import { openPull, refused, type Scene } from "./contract-stage.ts";

const LONGEST_BODY = 65_536;

/** Pull requests with their comments, reviews, checks and merges. */
export const pullScenes: Record<string, Scene> = {
  "a pull request is opened, found and read": async (stage) => {
    const { repository, workflow } = stage;
    const { number, branch, sha } = await openPull(stage);
    const { data } = await workflow.pulls.get({ ...repository, pull_number: number });
    expect(data).toMatchObject({
      number,
      state: "open",
      merged: false,
      head: { sha, ref: branch },
      base: { ref: "main" },
    });
    const listed = await workflow.pulls.list({
      ...repository,
      state: "open",
      base: "main",
      head: `${repository.owner}:${branch}`,
    });
    expect(listed.data.map((each) => each.number)).toEqual([number]);
  },

  "a pull request tells its files and commits": async (stage) => {
    const { repository, workflow } = stage;
    const { number, sha, path } = await openPull(stage);
    const files = await workflow.pulls.listFiles({ ...repository, pull_number: number });
    expect(files.data).toMatchObject([{ filename: path, status: "added", additions: 1 }]);
    const commits = await workflow.pulls.listCommits({ ...repository, pull_number: number });
    expect(commits.data.map((each) => each.sha)).toEqual([sha]);
  },

  "a pull request is renamed, closed and opened again": async (stage) => {
    const { repository, author } = stage;
    const { number } = await openPull(stage);
    const pull = { ...repository, pull_number: number };
    expect((await author.pulls.update({ ...pull, title: "Better" })).data.title).toBe("Better");
    expect((await author.pulls.update({ ...pull, state: "closed" })).data).toMatchObject({
      state: "closed",
      merged: false,
    });
    expect((await author.pulls.update({ ...pull, state: "open" })).data).toMatchObject({
      state: "open",
      closed_at: null,
    });
  },

  "a comment is written, changed and deleted": async (stage) => {
    const { repository, workflow } = stage;
    const { number } = await openPull(stage);
    const made = await workflow.issues.createComment({ ...repository, issue_number: number, body: "First." });
    const id = { ...repository, comment_id: made.data.id };
    const changed = await workflow.issues.updateComment({ ...id, body: "Second." });
    expect(changed.data).toMatchObject({ id: made.data.id, body: "Second." });
    expect((await workflow.issues.getComment(id)).data.body).toBe("Second.");
    await workflow.issues.deleteComment(id);
    await refused(workflow.issues.getComment(id), 404);
  },

  "130 comments are paged through, 30 at a time unless asked and never more than 100": async (stage) => {
    const { repository, workflow, author } = stage;
    const { number } = await openPull(stage);
    const on = { ...repository, issue_number: number };
    for (let n = 1; n <= 130; n += 1) {
      await (n % 2 ? author : workflow).issues.createComment({ ...on, body: `Comment ${n}` });
    }
    const all = await workflow.paginate(workflow.issues.listComments, { ...on, per_page: 100 });
    expect(all.map((each) => each.body)).toEqual(Array.from({ length: 130 }, (_, index) => `Comment ${index + 1}`));
    const first = await workflow.issues.listComments({ ...on, per_page: 100 });
    expect(first.data).toHaveLength(100);
    expect((await workflow.issues.listComments(on)).data).toHaveLength(30);
    expect((await workflow.issues.listComments({ ...on, per_page: 101 })).data).toHaveLength(100);
    expect(first.headers.link).toMatch(/[?&]page=2[^>]*>; rel="next"/);
    const last = await workflow.issues.listComments({ ...on, per_page: 100, page: 2 });
    expect(last.headers.link).not.toContain('rel="next"');
  },

  "a comment may be as long as GitHub allows and no longer": async (stage) => {
    const { repository, workflow } = stage;
    const { number } = await openPull(stage);
    const on = { ...repository, issue_number: number };
    await workflow.issues.createComment({ ...on, body: "x".repeat(LONGEST_BODY) });
    const message = await refused(workflow.issues.createComment({ ...on, body: "x".repeat(LONGEST_BODY + 1) }), 422);
    expect(message).toContain("too long");
  },

  "a review names the head it saw and can be dismissed": async (stage) => {
    const { repository, reviewer, workflow } = stage;
    const { number, sha } = await openPull(stage);
    const pull = { ...repository, pull_number: number };
    const made = await reviewer.pulls.createReview({ ...pull, event: "APPROVE", commit_id: sha });
    expect(made.data).toMatchObject({ state: "APPROVED", commit_id: sha });
    await reviewer.pulls.dismissReview({ ...pull, review_id: made.data.id, message: "The plan moved." });
    const { data } = await workflow.pulls.listReviews(pull);
    expect(data).toMatchObject([{ id: made.data.id, state: "DISMISSED", commit_id: sha }]);
  },

  "nobody approves their own pull request": async (stage) => {
    const { repository, author } = stage;
    const { number } = await openPull(stage);
    const approval = author.pulls.createReview({ ...repository, pull_number: number, event: "APPROVE" });
    expect(await refused(approval, 422)).toMatch(/own pull request/);
  },

  "a check run begins, ends and is found": async (stage) => {
    const { repository, workflow } = stage;
    const { sha } = await openPull(stage);
    const name = "landline / prod";
    const begun = await workflow.checks.create({ ...repository, name, head_sha: sha, status: "in_progress" });
    expect(begun.data).toMatchObject({ name, head_sha: sha, status: "in_progress", conclusion: null });
    const at = { path: "specs/a.yaml", start_line: 3, end_line: 3, annotation_level: "warning" } as const;
    await workflow.checks.update({
      ...repository,
      check_run_id: begun.data.id,
      status: "completed",
      conclusion: "success",
      external_id: `sha256:${"a".repeat(64)}`,
      output: { title: "2 changes", summary: "**2** changes", annotations: [{ ...at, message: "Look here." }] },
    });
    expect((await workflow.checks.get({ ...repository, check_run_id: begun.data.id })).data.status).toBe("completed");
    const { data } = await workflow.checks.listForRef({ ...repository, ref: sha, check_name: name, filter: "latest" });
    expect(data.check_runs).toMatchObject([
      {
        id: begun.data.id,
        conclusion: "success",
        external_id: `sha256:${"a".repeat(64)}`,
        output: { annotations_count: 1 },
      },
    ]);
  },

  "a check run takes no more than 50 annotations at once": async (stage) => {
    const { repository, workflow } = stage;
    const { sha } = await openPull(stage);
    const one = { path: "a.yaml", start_line: 1, end_line: 1, annotation_level: "notice", message: "One." } as const;
    const run = (count: number) => ({
      ...repository,
      name: "landline / many",
      head_sha: sha,
      status: "completed" as const,
      conclusion: "neutral" as const,
      output: { title: "Many", summary: "Many", annotations: Array(count).fill(one) },
    });
    await workflow.checks.create(run(50));
    await refused(workflow.checks.create(run(51)), 422);
  },

  "a merge commit has both parents and belongs to its pull request": async (stage) => {
    const { repository, reviewer, workflow } = stage;
    const { number, sha } = await openPull(stage);
    const before = await workflow.git.getRef({ ...repository, ref: "heads/main" });
    const merged = await reviewer.pulls.merge({ ...repository, pull_number: number, sha, merge_method: "merge" });
    expect(merged.data.merged).toBe(true);
    const commit = await workflow.repos.getCommit({ ...repository, ref: merged.data.sha });
    expect(commit.data.parents.map((each) => each.sha)).toEqual([before.data.object.sha, sha]);
    const { data } = await workflow.pulls.get({ ...repository, pull_number: number });
    expect(data).toMatchObject({ state: "closed", merged: true, merge_commit_sha: merged.data.sha });
  },

  "the pull request of a commit on main is found": async (stage) => {
    const { repository, reviewer, workflow } = stage;
    const { number, sha } = await openPull(stage);
    const merged = await reviewer.pulls.merge({ ...repository, pull_number: number, sha, merge_method: "squash" });
    const { data } = await workflow.repos.listPullRequestsAssociatedWithCommit({
      ...repository,
      commit_sha: merged.data.sha,
    });
    expect(data.map((each) => each.number)).toEqual([number]);
  },

  "a squash is one commit on main": async (stage) => {
    const { repository, reviewer, workflow } = stage;
    const { number, sha } = await openPull(stage);
    const before = await workflow.git.getRef({ ...repository, ref: "heads/main" });
    const merged = await reviewer.pulls.merge({ ...repository, pull_number: number, sha, merge_method: "squash" });
    const commit = await workflow.repos.getCommit({ ...repository, ref: merged.data.sha });
    expect(commit.data.parents.map((each) => each.sha)).toEqual([before.data.object.sha]);
  },

  "a merge of a head that moved is refused": async (stage) => {
    const { repository, reviewer } = stage;
    const { number } = await openPull(stage);
    const stale = { ...repository, pull_number: number, sha: "0".repeat(40), merge_method: "merge" } as const;
    await refused(reviewer.pulls.merge(stale), 409);
  },
};
