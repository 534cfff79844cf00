import { expect, test } from "vitest";
import { newGitHub } from "./helper.ts";

test.each(["merge", "squash", "rebase"] as const)("%s really moves the base", async (merge_method) => {
  const { ask, propose, repository, server } = await newGitHub();
  const number = await propose("ben", "change", { "specs/b.yaml": "b: 1\n" });
  await repository.push("eve", "change", { "specs/b.yaml": "b: 2\n", "specs/c.yaml": "c: 1\n" });
  await repository.push("ana", "main", { "specs/main.yaml": "main: 1\n" });
  const [base, head] = [repository.sha("main"), repository.sha("change")];
  const { status, body } = await ask("eve", "PUT", `/pulls/${number}/merge`, { merge_method, sha: head });
  expect([status, body.merged, body.sha]).toEqual([200, true, repository.sha("main")]);
  const parents = repository.git("--git-dir", repository.gitDir, "log", "--format=%P", "-1", "main").split(" ");
  const line = repository
    .git("--git-dir", repository.gitDir, "log", "--first-parent", "--format=%an", `${base}..main`)
    .split("\n");
  const expected = { merge: [[base, head], ["eve"]], squash: [[base], ["ben"]], rebase: [undefined, ["eve", "ben"]] };
  const [wantedParents, wantedLine] = expected[merge_method];
  if (wantedParents) expect(parents).toEqual(wantedParents);
  else expect(parents).toHaveLength(1);
  expect(line).toEqual(wantedLine);
  const names = repository.git("--git-dir", repository.gitDir, "ls-tree", "--name-only", "main", "specs/").split("\n");
  expect(names).toEqual(["specs/a.yaml", "specs/b.yaml", "specs/c.yaml", "specs/main.yaml"]);
  const pull = (await ask("run", "GET", `/pulls/${number}`)).body;
  expect(pull).toMatchObject({
    state: "closed",
    merged: true,
    merge_commit_sha: body.sha,
    merged_by: { login: "eve" },
  });
  const activity = (await ask("run", "GET", "/activity?ref=refs/heads/main")).body[0];
  expect(activity).toMatchObject({ activity_type: "pr_merge", before: base, after: body.sha, actor: { login: "eve" } });
  const pulls = (await ask("run", "GET", `/commits/${body.sha}/pulls`)).body;
  expect(pulls.map((one: { number: number }) => one.number)).toEqual([number]);
  const events = server.events().slice(-2);
  expect(events.map(({ name, sha }) => [name, sha])).toEqual([
    ["push", body.sha],
    ["pull_request", body.sha],
  ]);
});

test("only the head that was asked for is merged, only once, and not with a conflict", async () => {
  const { ask, propose, repository } = await newGitHub();
  const number = await propose("ben", "change", { "specs/a.yaml": "a: 2\n" });
  const before = repository.sha("change");
  await repository.push("ben", "change", { "specs/a.yaml": "a: 3\n" });
  const merge = (sha?: string) => ask("eve", "PUT", `/pulls/${number}/merge`, sha === undefined ? {} : { sha });
  expect((await merge(before)).status).toBe(409);
  const main = await repository.push("ana", "main", { "specs/a.yaml": "a: 4\n" });
  for (const merge_method of ["merge", "squash", "rebase"]) {
    expect((await ask("eve", "PUT", `/pulls/${number}/merge`, { merge_method })).status).toBe(405);
  }
  expect(repository.sha("main")).toBe(main);
  await repository.push("ana", "main", { "specs/a.yaml": "a: 1\n" });
  expect((await merge()).status).toBe(200);
  expect((await merge()).status).toBe(405);
});

test("rules hold writers back until checks and approvals are there; administrators pass", async () => {
  const rules = {
    main: { requiredApprovals: 1, dismissStale: true, requiredChecks: [{ context: "landline", appId: 15368 }] },
  };
  const { ask, propose, repository } = await newGitHub({ rules });
  const number = await propose("ben", "change");
  const merge = async (token: string): Promise<number> =>
    (await ask(token, "PUT", `/pulls/${number}/merge`, {})).status;
  const check = (token: string, conclusion: string) =>
    ask(token, "POST", "/check-runs", { name: "landline", head_sha: repository.sha("change"), conclusion });
  expect(await merge("eve")).toBe(405);
  await ask("eve", "POST", `/pulls/${number}/reviews`, { event: "APPROVE" });
  await check("app", "success");
  expect(await merge("eve")).toBe(405);
  await check("run", "failure");
  expect(await merge("eve")).toBe(405);
  await check("run", "success");
  expect(await merge("eve")).toBe(200);
  expect(await ask("run", "GET", `/pulls/${await propose("ben", "other")}`)).toMatchObject({ status: 200 });
  expect((await ask("ana", "PUT", `/pulls/${number + 1}/merge`, {})).status).toBe(200);
});

test("approval of the last push by somebody else", async () => {
  const { ask, propose, repository, server } = await newGitHub({
    rules: { main: { requiredApprovals: 1, requireLastPushApproval: true } },
  });
  const number = await propose("ben", "change");
  await repository.push("eve", "change", { "specs/change.yaml": "change: 2\n" });
  server.pushed("eve", "change");
  await ask("eve", "POST", `/pulls/${number}/reviews`, { event: "APPROVE" });
  expect((await ask("ben", "PUT", `/pulls/${number}/merge`, {})).status).toBe(405);
  await ask("ana", "POST", `/pulls/${number}/reviews`, { event: "APPROVE" });
  expect((await ask("ben", "PUT", `/pulls/${number}/merge`, {})).status).toBe(200);
});

test("the merge queue builds each entry on those before it and lands them together", async () => {
  const rules = { main: { mergeQueue: true, requiredChecks: [{ context: "landline" }] } };
  const { ask, propose, repository, server } = await newGitHub({ rules });
  const base = repository.sha("main");
  const [one, two] = [await propose("ben", "one"), await propose("eve", "two")];
  expect((await ask("ben", "PUT", `/pulls/${one}/merge`, {})).status).toBe(405);
  const first = server.enqueue(one, "ben");
  const second = server.enqueue(two, "eve", "squash");
  expect(second.group).toMatchObject({
    baseSha: first.group.headSha,
    ref: `refs/heads/gh-readonly-queue/main/pr-${two}-${first.group.headSha}`,
  });
  expect(repository.sha(second.group.ref)).toBe(second.group.headSha);
  expect(second.event).toMatchObject({
    name: "merge_group",
    sha: second.group.headSha,
    ref: second.group.ref,
    payload: {
      action: "checks_requested",
      merge_group: { base_sha: first.group.headSha, base_ref: "refs/heads/main" },
    },
  });
  expect(() => server.landQueue(two)).toThrow(/landline/);
  await ask("run", "POST", "/check-runs", { name: "landline", head_sha: second.group.headSha, conclusion: "success" });
  expect(server.landQueue(two)).toBe(second.group.headSha);
  expect(repository.sha("main")).toBe(second.group.headSha);
  const merged = [(await ask("run", "GET", `/pulls/${one}`)).body, (await ask("run", "GET", `/pulls/${two}`)).body];
  expect(merged.map((pull) => [pull.merged, pull.merge_commit_sha])).toEqual([
    [true, first.group.headSha],
    [true, second.group.headSha],
  ]);
  for (const [sha, number] of [
    [first.group.headSha, one],
    [second.group.headSha, two],
  ]) {
    const { body } = await ask("run", "GET", `/commits/${sha}/pulls`);
    expect(body.map((pull: { number: number }) => pull.number)).toEqual([number]);
  }
  const activity = (await ask("run", "GET", "/activity?ref=main&activity_type=merge_queue_merge")).body;
  expect(activity).toMatchObject([{ before: base, after: second.group.headSha }]);
  expect(repository.git("ls-remote", "origin", "refs/heads/gh-readonly-queue/*")).toBe("");
});

test("an entry that leaves the queue is not in the heads after it", async () => {
  const { propose, repository, server } = await newGitHub();
  const [one, two] = [await propose("ben", "one"), await propose("eve", "two")];
  server.enqueue(one, "ben");
  server.enqueue(two, "eve");
  server.dequeue(one);
  const groups = server.events().filter(({ name }) => name === "merge_group");
  const rebuilt = groups.at(-1)?.sha ?? "";
  expect(groups).toHaveLength(3);
  const names = repository.git("--git-dir", repository.gitDir, "ls-tree", "--name-only", rebuilt, "specs/").split("\n");
  expect(names).toEqual(["specs/a.yaml", "specs/two.yaml"]);
});
