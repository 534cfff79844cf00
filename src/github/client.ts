import { setTimeout as sleep } from "node:timers/promises";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import { GitHubError, gitHubErrorOf, pathOf } from "./errors.ts";
import { spaced } from "./pacing.ts";
import { carefulFetch } from "./transport.ts";
import type { Identity, Repository, Run } from "./words.ts";

/** The door to one repository. Every function of this room takes it first; every call through it throws {@link GitHubError} and nothing else. */
export interface GitHub {
  readonly octokit: Octokit;
  readonly repository: Repository;
  /** As whom we post, and so what counts as ours. */
  readonly identity: Identity;
  /** The door for team membership, which the token of a workflow cannot see; the same as `octokit` when there is no other token. */
  readonly teams: Octokit;
  /** Waits; scaled in tests. */
  pause(seconds: number): Promise<void>;
}

export interface Opening {
  readonly run: Pick<Run, "repository" | "apiUrl">;
  readonly token: string;
  /** A token that may read the members of the organization's teams. */
  readonly teamsToken?: string;
  readonly identity?: Identity;
  /** Told about every wait, one line each. */
  readonly log?: (line: string) => void;
  readonly pace?: Partial<Pace>;
}

/** How patient a client is. Tests shorten the second; nothing else should need to. */
export interface Pace {
  /** How long a second of waiting takes, in milliseconds. */
  readonly secondMs: number;
  /** How long one request may take until its last byte, in real milliseconds. */
  readonly timeoutMs: number;
  /** The longest single wait for a limit, in seconds. The primary limit comes back within the hour. */
  readonly longestWait: number;
  /** How often one request waits for a limit before it gives up. */
  readonly waits: number;
}

const PACE: Pace = { secondMs: 1000, timeoutMs: 30_000, longestWait: 65 * 60, waits: 4 };

/** The token of a workflow. */
const WORKFLOW: Identity = { login: "github-actions[bot]", app: "github-actions" };

const Client = Octokit.plugin(retry, throttling);

/** @throws GitHubError when there is no token. Sends nothing. */
export function openGitHub({ run, token, teamsToken, identity, log, pace }: Opening): GitHub {
  const patience = { ...PACE, ...pace };
  const scrub = scrubber([token, teamsToken ?? ""]);
  const open = (auth: string) => clientOf(run.apiUrl, checkedToken(auth), patience, scrub, log ?? (() => {}));
  const octokit = open(token);
  return {
    octokit,
    repository: run.repository,
    identity: identity ?? WORKFLOW,
    teams: teamsToken ? open(teamsToken) : octokit,
    pause: async (seconds) => {
      await sleep(seconds * patience.secondMs);
    },
  };
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of the workflow file.
const NO_TOKEN = "GITHUB_TOKEN is empty or holds blanks. In a workflow: `env: { GITHUB_TOKEN: ${{ github.token }} }`.";

function checkedToken(token: string): string {
  // Anything else would end in fetch's complaint about a header, which quotes it.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new GitHubError("permission", NO_TOKEN);
}

const scrubber =
  (secrets: readonly string[]) =>
  (text: string): string =>
    secrets.filter((secret) => secret !== "").reduce((clean, secret) => clean.replaceAll(secret, "***"), text);

function clientOf(
  baseUrl: string,
  auth: string,
  pace: Pace,
  scrub: (text: string) => string,
  log: (line: string) => void,
): Octokit {
  // Octokit prints every failed request by itself; what a person should know is in the error. Deprecations it tells to both of these.
  const told = { debug() {}, info() {}, error() {}, warn: (line: string) => log(scrub(line)) };
  const octokit = new Client({
    auth,
    baseUrl,
    userAgent: "landline",
    request: { fetch: carefulFetch(pace.timeoutMs), log: told },
    log: told,
    retry: { retryAfterBaseValue: pace.secondMs, doNotRetry: NO_USE_REPEATING },
    throttle: {
      retryAfterBaseValue: pace.secondMs,
      write: spaced(pace.secondMs) as never,
      notifications: spaced(3 * pace.secondMs) as never,
      onRateLimit: waiting("all requests of this hour are used up", pace, log),
      onSecondaryRateLimit: waiting("too many requests in a short time", pace, log),
    },
  });
  // Hooks that come later are further outside, so this comes before the plugins. They note retries in `request`, which all calls share unless
  // each gets its own. A creation whose answer was lost may have happened: creating.ts looks before it repeats.
  octokit.hook.before("request", (options) => {
    options.request = { ...options.request, ...(options.method === "POST" ? { retries: 0 } : {}) };
  });
  octokit.hook.error("request", (error) => {
    throw gitHubErrorOf(error, scrub);
  });
  return octokit;
}

/** Every 4xx but 408: the next answer would be the same. 403 and 429 for a limit are the throttling plugin's. */
const NO_USE_REPEATING = [400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 429, 451];

/** What the throttling plugin calls at a limit: seconds to wait, the request, an Octokit, and how often this request has waited. */
type AtLimit = NonNullable<
  NonNullable<NonNullable<ConstructorParameters<typeof Client>[0]>["throttle"]>["onRateLimit"]
>;

/** Whether to wait for a limit. A refused request did nothing, so this goes for creations too. */
function waiting(why: string, pace: Pace, log: (line: string) => void) {
  return (...[seconds, request, octokit, waited]: Parameters<AtLimit>): boolean => {
    const worthIt = seconds <= pace.longestWait && waited < pace.waits;
    const decision = worthIt
      ? `Waiting ${seconds} s before trying again (${waited + 1} of at most ${pace.waits}).`
      : `Giving up: the wait would be ${seconds} s, after ${waited} waits.`;
    // The request's address still has its `{owner}` and the like.
    log(`GitHub limits ${request.method} ${pathOf(octokit.request.endpoint(request).url)}: ${why}. ${decision}`);
    return worthIt;
  };
}
