import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createWorld } from "./begin.ts";
import { type Control, createControl } from "./control.ts";
import { dispatch, type Host, type Reply } from "./dispatch.ts";
import { createFaults } from "./faults.ts";
import { createLimits } from "./limits.ts";
import type { GitHubOptions } from "./options.ts";
import { createRouter } from "./router.ts";
import { routes } from "./routes.ts";

/*
 * A strict GitHub of our own, for tests and the demo. It shares no code with the client: the two must be able to disagree.
 *
 *   const server = await startGitHub({
 *     repository: "acme/network", gitDir: "/tmp/x/network.git",          // a bare repository; `git push` there is a push
 *     users: [{ login: "ana", permission: "write" }, { login: "mallory", permission: "none" }],
 *     tokens: {
 *       "t-ana": { login: "ana" },                                        // a person: whatever her role allows
 *       "t-run": { app: "github-actions", permissions: { contents: "read", "pull-requests": "write", checks: "write" } },
 *     },
 *     teams: [{ slug: "network", members: ["ana"] }],
 *     rules: { main: { requiredApprovals: 1, dismissStale: true } },
 *     environments: [{ name: "prod", reviewers: ["ana"], preventSelfReview: true }],
 *     forks: { "mallory/network": "/tmp/x/fork.git" },
 *   });
 *   server.url                            → GITHUB_API_URL (with `basePath: "/api/v3"`, as on Enterprise Server)
 *
 *   server.pushed("ana", "change")        → who did the push that just happened
 *   server.events().at(-1)                → webhook-like: payload for GITHUB_EVENT_PATH, variables from runnerEnvironment(event, …)
 *   server.beginRun, uploadArtifact, approveEnvironment, finishRun; enqueue, landQueue; scheduled, dispatched
 *   server.fault({ kind: "drop-after", method: "POST", path: /comments$/ }), clock.advance(ms), requests(), addToken, revokeToken
 *
 * Pushes are noticed at the next request, or by `refresh()`; who pushed is whoever `pushed(login, branch)` names when it is called right
 * after the push, else the committer of the new head by e-mail (`<login>@users.example`), else nobody.
 * Everything else that people and runners do is in control.ts; all options with their meaning are in options.ts.
 * Not offered: GraphQL. Not prevented: a push to a protected branch, which here means an administrator's push.
 * A request is handled in one piece and waits for git: a test must not block its own process while it asks (no execFileSync of a client).
 */

/** A running GitHub. */
export interface GitHubServer extends Control {
  /** Address of the API, for GITHUB_API_URL. */
  url: string;
  /** Address of the web pages, for GITHUB_SERVER_URL. */
  webUrl: string;
  port: number;
  /** Stops; open connections are cut. */
  close(): Promise<void>;
}

/**
 * Starts a GitHub on 127.0.0.1.
 * @throws Error when the options contradict each other, the git repository is none, or the port is taken
 */
export async function startGitHub(options: GitHubOptions): Promise<GitHubServer> {
  const world = createWorld(options);
  const host: Host = {
    world,
    router: createRouter(routes),
    limits: createLimits(world),
    faults: createFaults(),
    requests: [],
    basePath: options.basePath ?? "",
    latencyMs: options.latencyMs ?? 0,
    onExchange: options.onExchange ?? (() => {}),
    log: options.log ?? (() => {}),
  };
  const server = createServer((request, response) => {
    void serve(host, request, response);
  });
  const port = await listen(server, options.port ?? 0);
  world.web = `http://127.0.0.1:${port}`;
  world.api = `${world.web}${host.basePath}`;
  return {
    ...createControl(host),
    url: world.api,
    webUrl: world.web,
    port,
    close: () => stop(server),
  };
}

async function serve(host: Host, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    if (host.latencyMs > 0) await sleep(host.latencyMs);
    const answer = dispatch(host, {
      method: incoming.method ?? "GET",
      url: new URL(incoming.url ?? "/", "http://127.0.0.1"),
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString("utf8"),
    });
    if (answer.delayMs > 0) await sleep(answer.delayMs);
    send(response, answer);
  } catch (error) {
    host.log(`github: ${error instanceof Error ? error.message : String(error)}`);
    response.destroy();
  }
}

function send(response: ServerResponse, answer: Reply): void {
  if (answer.fate === "silent") return;
  if (answer.fate === "dropped") {
    response.destroy();
    return;
  }
  const length = answer.status === 204 || answer.status === 304 ? {} : { "content-length": answer.body.byteLength };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(answer.body);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
