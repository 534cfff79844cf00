import { expect, test } from "vitest";
import { newGitHub } from "./helper.ts";

const limit = 65_536;

test("a comment may have 65,536 characters and not one more, whatever their size in bytes", async () => {
  const { ask, propose } = await newGitHub();
  const number = await propose("ben", "change");
  const exact = await ask("run", "POST", `/issues/${number}/comments`, { body: "😀".repeat(limit) });
  const over = await ask("run", "POST", `/issues/${number}/comments`, { body: "x".repeat(limit + 1) });
  const edited = await ask("run", "PATCH", `/issues/comments/${exact.body.id}`, { body: "x".repeat(limit + 1) });
  expect([exact.status, over.status, edited.status]).toEqual([201, 422, 422]);
  expect(over.body).toMatchObject({
    message: "Validation Failed",
    errors: [{ resource: "IssueComment", field: "body", message: "Body is too long (maximum is 65536 characters)" }],
  });
  const kept = await ask("run", "GET", `/issues/comments/${exact.body.id}`);
  expect([...kept.body.body]).toHaveLength(limit);
});

test("lists come in pages of 30, at most 100, with the links of GitHub", async () => {
  const { ask, propose } = await newGitHub({ limits: { creatingPerMinute: 1000, pointsPerMinute: 5000 } });
  const number = await propose("ben", "change");
  const path = `/issues/${number}/comments`;
  for (let index = 0; index < 130; index++) await ask("run", "POST", path, { body: `no. ${index}` });
  const plain = await ask("run", "GET", path);
  const greedy = await ask("run", "GET", `${path}?per_page=500`);
  const second = await ask("run", "GET", `${path}?per_page=50&page=2`);
  const last = await ask("run", "GET", `${path}?per_page=100&page=2`);
  expect([plain, greedy, second, last].map(({ body }) => body.length)).toEqual([30, 100, 50, 30]);
  expect(second.body[0].body).toBe("no. 50");
  expect(rels(plain)).toEqual(["next", "last"]);
  expect(rels(second)).toEqual(["prev", "next", "last", "first"]);
  expect(rels(last)).toEqual(["prev", "first"]);
  const next = /<([^>]+)>; rel="next"/.exec(plain.headers.get("link") ?? "")?.[1] ?? "";
  const followed = await fetch(next, { headers: { authorization: "Bearer run" } });
  expect(await followed.json()).toMatchObject([{ body: "no. 30" }, ...Array.from({ length: 29 }, () => ({}))]);
});

function rels({ headers }: { headers: Headers }): string[] {
  return [...(headers.get("link") ?? "").matchAll(/rel="(\w+)"/g)].map(([, rel = ""]) => rel);
}

test("authors edit their own comments, writers everybody's, readers no others; the author stays", async () => {
  const { ask, propose } = await newGitHub();
  const number = await propose("ben", "change");
  const bot = (await ask("run", "POST", `/issues/${number}/comments`, { body: "plan" })).body;
  const tom = (await ask("tom", "POST", `/issues/${number}/comments`, { body: "hello" })).body;
  const edit = (token: string, id: number, body: string) => ask(token, "PATCH", `/issues/comments/${id}`, { body });
  expect((await edit("tom", bot.id, "forged")).status).toBe(403);
  expect((await edit("tom", tom.id, "hello!")).status).toBe(200);
  expect((await edit("fork", bot.id, "forged")).status).toBe(403);
  const forged = await edit("eve", bot.id, "forged");
  expect(forged.body).toMatchObject({
    body: "forged",
    user: { login: "github-actions[bot]", id: 41898282, type: "Bot" },
  });
  expect((await ask("tom", "DELETE", `/issues/comments/${bot.id}`)).status).toBe(403);
  expect((await ask("eve", "DELETE", `/issues/comments/${bot.id}`)).status).toBe(204);
  expect((await edit("run", bot.id, "plan")).status).toBe(404);
});

test("a comment says which app posted it, and none for a person", async () => {
  const { ask, propose } = await newGitHub();
  const number = await propose("ben", "change");
  for (const token of ["run", "app", "ben"]) await ask(token, "POST", `/issues/${number}/comments`, { body: "x" });
  const { body } = await ask("tom", "GET", `/issues/${number}/comments`);
  const said = body.map((comment: { user: { login: string }; performed_via_github_app: { slug: string } | null }) => [
    comment.user.login,
    comment.performed_via_github_app?.slug,
  ]);
  expect(said).toEqual([
    ["github-actions[bot]", "github-actions"],
    ["landline[bot]", "landline"],
    ["ben", undefined],
  ]);
});
