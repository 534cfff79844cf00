import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { openGitHub } from "../../src/github/client.ts";
import { upsertComment } from "../../src/github/comment.ts";
import { GitHubError } from "../../src/github/errors.ts";
import { marker } from "../../src/github/marker.ts";
import { pullRequest } from "../../src/github/pulls.ts";
import { reviewsOf } from "../../src/github/reviews.ts";
import { openPull, PACE, type Stage, serve, stage, TOKEN, writes } from "./stage.ts";

const MARKER = marker("plan", "landline.yaml");
const put = ({ github }: Pick<Stage, "github">, number: number) =>
  upsertComment(github, { number, marker: MARKER, body: `${MARKER}\nhello` });

const posts = (scene: Stage): number => writes(scene).filter((call) => call.endsWith("/comments")).length;

describe("limits", () => {
  test("a secondary limit is waited for as long as GitHub says, and said", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    scene.server.fault({ kind: "secondary", method: "POST", path: /\/comments$/, retryAfter: 47, times: 2 });
    const began = performance.now();
    const github = scene.door({ pace: { ...PACE, secondMs: 10 } });
    expect((await put({ github }, number)).result).toBe("created");
    expect(performance.now() - began).toBeGreaterThan(2 * 47 * 10);
    expect(posts(scene)).toBe(3);
    expect(scene.server.world.comments).toHaveLength(1);
    expect(scene.log).toHaveLength(2);
    expect(scene.log[0]).toContain("47 s");
    expect(scene.log[0]).toContain(`POST /repos/acme/network/issues/${number}/comments`);
  });

  test("the primary limit is waited for until its hour is over", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    scene.server.fault({ kind: "primary", method: "GET", path: /\/comments$/ });
    // The hour passes while we wait: the local GitHub's clock moves when the wait begins.
    const github = scene.door({ log: () => scene.server.clock.advance(3_601_000) });
    expect((await put({ github }, number)).result).toBe("created");
  });

  test("a wait that is too long is refused with when to come back", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    scene.server.fault({ kind: "primary", method: "GET", path: /\/comments$/ });
    const github = scene.door({ pace: { ...PACE, longestWait: 60 } });
    const failure = await put({ github }, number).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "rate-limit", httpStatus: 403 });
    expect(String(failure)).toMatch(/until \d{4}-\d\d-\d\dT\d\d:\d\d/);
    expect(scene.log).toEqual([expect.stringContaining("Giving up")]);
    expect(posts(scene)).toBe(0);
  });

  test("a limit that never ends ends in an error, not in waiting for ever", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    scene.server.fault({ kind: "secondary", method: "POST", path: /\/comments$/, retryAfter: 1, times: 1000 });
    await expect(put(scene, number)).rejects.toMatchObject({ kind: "rate-limit" });
    expect(posts(scene)).toBe(5);
  });
});

describe("repeating", () => {
  test("reads are tried four times", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    scene.server.fault({ kind: "status-before", method: "GET", path: /\/pulls\/1$/, times: 3, status: 503 });
    expect((await pullRequest(scene.github, number)).number).toBe(number);
    scene.server.fault({ kind: "status-before", method: "GET", path: /\/pulls\/1$/, times: 4, status: 503 });
    await expect(pullRequest(scene.github, number)).rejects.toMatchObject({ kind: "unreachable", httpStatus: 503 });
  });

  test("what GitHub refuses is not tried again", async () => {
    const scene = await stage();
    await expect(pullRequest(scene.github, 77)).rejects.toMatchObject({ kind: "not-found", httpStatus: 404 });
    expect(scene.server.requests().filter(({ path }) => path.endsWith("/pulls/77"))).toHaveLength(1);
  });

  test("a time-out is an error that says how long", async () => {
    const scene = await stage();
    await openPull(scene);
    scene.server.fault({ kind: "timeout-before", method: "GET", times: 10 });
    const github = scene.door({ pace: { secondMs: 1, timeoutMs: 100 } });
    const failure = await pullRequest(github, 1).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "unreachable" });
    expect(String(failure)).toContain("0.1 s");
  });

  test("writes keep their distance", async () => {
    const scene = await stage();
    const { number } = await openPull(scene);
    const { octokit } = scene.door({ pace: { ...PACE, secondMs: 40 } });
    const began = performance.now();
    const at = { owner: "acme", repo: "network", issue_number: number };
    await Promise.all(["a", "b", "c"].map((body) => octokit.rest.issues.createComment({ ...at, body })));
    // Three comments notify people: three seconds between each two.
    expect(performance.now() - began).toBeGreaterThan(2 * 3 * 40 - 5);
  });
});

describe("answers that are none", () => {
  const REVIEW = {
    user: { login: "ana" },
    state: "APPROVED",
    commit_id: "a".repeat(40),
    submitted_at: "2026-01-01T00:00:00Z",
  };

  test.each<[string, RequestListener]>([
    [
      "a list that breaks off",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": 1000 });
        response.write(JSON.stringify([REVIEW]).slice(0, 40));
        setTimeout(() => response.destroy(), 20);
      },
    ],
    [
      "half a list with a whole length",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify([REVIEW]).slice(0, 40));
      },
    ],
    [
      "a page for people",
      (_, response) => {
        response.writeHead(200, { "content-type": "text/html" });
        response.end("<h1>Sign in</h1>");
      },
    ],
    [
      "null",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end("null");
      },
    ],
    [
      "nothing at all",
      (_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end();
      },
    ],
    [
      "a conflict in the middle of the pages, which Octokit takes for the end",
      (request, response) => {
        const second = request.url?.includes("page=2") === true;
        const next = `<http://${request.headers.host}${request.url}&page=2>; rel="next"`;
        response.writeHead(second ? 409 : 200, {
          "content-type": "application/json",
          ...(second ? {} : { link: next }),
        });
        response.end(second ? JSON.stringify({ message: "Conflict" }) : JSON.stringify([REVIEW]));
      },
    ],
  ])("%s is no list of reviews", async (_, listener) => {
    const github = openGitHub({
      run: { repository: { owner: "o", name: "r" }, apiUrl: await serve(listener) },
      token: TOKEN,
      pace: PACE,
    });
    await expect(reviewsOf(github, 1)).rejects.toBeInstanceOf(GitHubError);
  });

  test("a review without a state or with half a commit is refused, not guessed", async () => {
    const answers = [
      { ...REVIEW, state: undefined },
      { ...REVIEW, commit_id: "abc1234" },
    ];
    for (const answer of answers) {
      const url = await serve((_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify([answer]));
      });
      const github = openGitHub({
        run: { repository: { owner: "o", name: "r" }, apiUrl: url },
        token: TOKEN,
        pace: PACE,
      });
      await expect(reviewsOf(github, 1)).rejects.toMatchObject({ kind: "invalid" });
    }
  });
});

describe("the token", () => {
  test("is in nothing that is thrown or said, even when the server echoes it", async () => {
    const said: string[] = [];
    const url = await serve((request, response) => {
      response.writeHead(request.url?.endsWith("/1") ? 403 : 422, { "content-type": "application/json" });
      response.end(JSON.stringify({ message: `no: ${request.headers.authorization}`, errors: [{ message: TOKEN }] }));
    });
    const open = (apiUrl: string, token: string) =>
      openGitHub({
        run: { repository: { owner: "o", name: "r" }, apiUrl },
        token,
        pace: PACE,
        log: (line) => said.push(line),
      });
    const failures = [
      await pullRequest(open(url, TOKEN), 1).catch((error: unknown) => error),
      await pullRequest(open(url, TOKEN), 2).catch((error: unknown) => error),
      await pullRequest(open("http://127.0.0.1:9", TOKEN), 1).catch((error: unknown) => error),
    ];
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(GitHubError);
      const everything = [
        String(failure),
        JSON.stringify(failure),
        (failure as Error).stack,
        String((failure as Error).cause),
      ];
      expect(everything.join("\n")).not.toContain(TOKEN);
    }
    expect(said.join()).not.toContain(TOKEN);
    expect(String(failures[1])).toContain("***");
  });

  test("is not in what Octokit says about deprecations, which goes to our log and not to the console", async () => {
    const said: string[] = [];
    const apiUrl = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/json", deprecation: "true", sunset: TOKEN });
      response.end("[]");
    });
    const log = (line: string) => said.push(line);
    const github = openGitHub({
      run: { repository: { owner: "o", name: "r" }, apiUrl },
      token: TOKEN,
      pace: PACE,
      log,
    });
    expect(await reviewsOf(github, 1)).toEqual([]);
    expect(said).toEqual([expect.stringMatching(/deprecated.*\*\*\*/)]);
    expect(said.join()).not.toContain(TOKEN);
  });

  test.each(["", " ", "two words", "line\nbreak"])("%j is none, and is not quoted", (token) => {
    const opening = () =>
      openGitHub({ run: { repository: { owner: "o", name: "r" }, apiUrl: "https://api.github.com" }, token });
    expect(opening).toThrow(GitHubError);
    expect(opening).toThrow(/GITHUB_TOKEN/);
  });

  test("that GitHub does not know is told apart from one that may not", async () => {
    const scene = await stage();
    await expect(pullRequest(scene.door({ token: "ghs_unknown" }), 1)).rejects.toMatchObject({
      kind: "permission",
      httpStatus: 401,
    });
  });
});
