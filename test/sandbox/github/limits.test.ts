import { expect, test } from "vitest";
import { newGitHub } from "./helper.ts";

const minute = 60_000;

test("the primary limit belongs to the token and comes back after an hour", async () => {
  const { ask, server } = await newGitHub({ stopped: true, limits: { perHour: 3 } });
  const remaining: (string | null)[] = [];
  for (let index = 0; index < 3; index++)
    remaining.push((await ask("run", "GET", "/pulls")).headers.get("x-ratelimit-remaining"));
  expect(remaining).toEqual(["2", "1", "0"]);
  const refused = await ask("run", "GET", "/pulls");
  expect([refused.status, refused.headers.get("x-ratelimit-remaining")]).toEqual([403, "0"]);
  expect(refused.body.message).toMatch(/^API rate limit exceeded/);
  expect(Number(refused.headers.get("x-ratelimit-reset")) * 1000).toBe(
    Math.ceil(server.clock.now() / 1000) * 1000 + 60 * minute,
  );
  expect((await ask("fork", "GET", "/pulls")).status).toBe(200);
  server.clock.advance(60 * minute - 1);
  expect((await ask("run", "GET", "/pulls")).status).toBe(403);
  server.clock.advance(1);
  expect((await ask("run", "GET", "/pulls")).status).toBe(200);
});

test("80 creations a minute and user, then 403 with retry-after until the minute is over", async () => {
  const { ask, server } = await newGitHub({ stopped: true });
  const create = (token = "run") => ask(token, "POST", "/issues", { title: "x" });
  for (let index = 0; index < 79; index++) await create();
  server.clock.advance(20_000);
  expect((await create()).status).toBe(201);
  const refused = await create();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([403, "40"]);
  expect(refused.body.message).toMatch(/secondary rate limit/);
  expect((await create("fork")).status).toBe(403);
  expect((await create("ben")).status).toBe(201);
  expect((await ask("run", "GET", "/issues")).status).toBe(200);
  server.clock.advance(40_000);
  expect((await create()).status).toBe(201);
  expect(server.world.issues.size).toBe(82);
});

test("500 creations an hour", async () => {
  const { ask, server } = await newGitHub({ stopped: true, limits: { creatingPerHour: 5 } });
  const create = () => ask("run", "POST", "/issues", { title: "x" });
  for (let index = 0; index < 5; index++) {
    await create();
    server.clock.advance(2 * minute);
  }
  const refused = await create();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([403, String(50 * 60)]);
});

test("a read costs one point, a write five", async () => {
  const { ask, server } = await newGitHub({ stopped: true, limits: { pointsPerMinute: 7 } });
  expect((await ask("run", "POST", "/issues", { title: "x" })).status).toBe(201);
  const reads = [
    await ask("run", "GET", "/issues"),
    await ask("run", "GET", "/issues"),
    await ask("run", "GET", "/issues"),
  ];
  expect(reads.map(({ status }) => status)).toEqual([200, 200, 403]);
  server.clock.advance(minute);
  expect((await ask("run", "GET", "/issues")).status).toBe(200);
});

test("what the caller has already is not sent again and costs nothing", async () => {
  const { ask } = await newGitHub();
  await ask("run", "POST", "/issues", { title: "x" });
  const first = await ask("run", "GET", "/issues");
  const etag = first.headers.get("etag") ?? "";
  const again = await ask("run", "GET", "/issues", undefined, { "if-none-match": etag });
  expect([again.status, again.body, again.headers.get("etag")]).toEqual([304, undefined, etag]);
  expect(again.headers.get("x-ratelimit-remaining")).toBe(first.headers.get("x-ratelimit-remaining"));
  await ask("run", "PATCH", "/issues/1", { title: "y" });
  const changed = await ask("run", "GET", "/issues", undefined, { "if-none-match": etag });
  expect([changed.status, changed.body[0].title]).toEqual([200, "y"]);
});
