import { expect, test } from "vitest";
import { newGitHub, type Place } from "./helper.ts";

const strict = { rules: { main: { requiredApprovals: 1, dismissStale: true } } };

function approve({ ask }: Place, token: string, number: number) {
  return ask(token, "POST", `/pulls/${number}/reviews`, { event: "APPROVE" });
}

async function states({ ask }: Place, number: number): Promise<string[]> {
  const { body } = await ask("run", "GET", `/pulls/${number}/reviews`);
  return body.map((review: { user: { login: string }; state: string }) => `${review.user.login} ${review.state}`);
}

test("nobody approves or refuses their own pull request; commenting is allowed", async () => {
  const place = await newGitHub();
  const number = await place.propose("ben", "change");
  const own = await approve(place, "ben", number);
  expect([own.status, own.body.errors]).toEqual([422, ["Can not approve your own pull request"]]);
  const refused = await place.ask("ben", "POST", `/pulls/${number}/reviews`, { event: "REQUEST_CHANGES", body: "no" });
  const said = await place.ask("ben", "POST", `/pulls/${number}/reviews`, { event: "COMMENT", body: "see below" });
  expect([refused.status, said.status]).toEqual([422, 200]);
  expect(await states(place, number)).toEqual(["ben COMMENTED"]);
});

test("a review is for the head unless it names another commit of the pull request", async () => {
  const place = await newGitHub();
  const number = await place.propose("ben", "change");
  const first = place.repository.sha("change");
  await place.repository.push("ben", "change", { "specs/change.yaml": "change: 2\n" });
  const head = place.repository.sha("change");
  expect((await approve(place, "eve", number)).body.commit_id).toBe(head);
  const older = await place.ask("ana", "POST", `/pulls/${number}/reviews`, { event: "APPROVE", commit_id: first });
  expect(older.body.commit_id).toBe(first);
  const foreign = await place.ask("ana", "POST", `/pulls/${number}/reviews`, {
    event: "APPROVE",
    commit_id: place.repository.sha("main"),
  });
  expect(foreign.status).toBe(422);
});

test("a push that changes the diff ends approvals where the rule says so", async () => {
  const place = await newGitHub(strict);
  const number = await place.propose("ben", "change");
  await approve(place, "eve", number);
  expect(await states(place, number)).toEqual(["eve APPROVED"]);
  await place.repository.push("ben", "change", { "specs/change.yaml": "change: 2\n" });
  expect(await states(place, number)).toEqual(["eve DISMISSED"]);
  expect(place.server.events().at(-2)).toMatchObject({ name: "pull_request_review", payload: { action: "dismissed" } });
});

test("without the rule approvals stay, for the commit that was approved", async () => {
  const place = await newGitHub();
  const number = await place.propose("ben", "change");
  const approved = (await approve(place, "eve", number)).body;
  const head = await place.repository.push("ben", "change", { "specs/change.yaml": "change: 2\n" });
  const { body } = await place.ask("run", "GET", `/pulls/${number}/reviews`);
  expect(body).toMatchObject([{ state: "APPROVED", commit_id: approved.commit_id }]);
  expect(approved.commit_id).not.toBe(head);
});

test("a push that leaves the diff as it was keeps approvals, as on GitHub", async () => {
  const place = await newGitHub(strict);
  const number = await place.propose("ben", "change");
  await approve(place, "eve", number);
  await place.repository.push("ben", "change", {});
  const { body } = await place.ask("run", "GET", `/pulls/${number}`);
  expect(body.head.sha).toBe(place.repository.sha("change"));
  expect(await states(place, number)).toEqual(["eve APPROVED"]);
});

test("writers dismiss reviews, readers do not", async () => {
  const place = await newGitHub();
  const number = await place.propose("ben", "change");
  const { id } = (await approve(place, "eve", number)).body;
  const path = `/pulls/${number}/reviews/${id}/dismissals`;
  expect((await place.ask("tom", "PUT", path, { message: "old" })).status).toBe(403);
  expect((await place.ask("ana", "PUT", path, {})).status).toBe(422);
  expect((await place.ask("ana", "PUT", path, { message: "old" })).body.state).toBe("DISMISSED");
  expect((await place.ask("ana", "PUT", path, { message: "again" })).status).toBe(422);
});
