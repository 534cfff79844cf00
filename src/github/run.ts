import { GitHubError } from "./errors.ts";
import { eventOf } from "./events.ts";
import type { Source } from "./fields.ts";
import type { Repository, Run } from "./words.ts";

/** The environment of a process: `process.env`, or what a test makes up. */
export interface Environment {
  readonly [name: string]: string | undefined;
}

/**
 * Where this run of GitHub Actions stands, from the environment that every job has.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 * @param readFile reads the event's payload; throws when the file is not there.
 * @throws GitHubError naming the variable or the field, and what is expected there.
 */
export function readRun(env: Environment, readFile: (path: string) => string): Run {
  const fullName = checked(env, "GITHUB_REPOSITORY", /^[\w.-]+\/[\w.-]+$/, "`owner/name`");
  const apiUrl = apiUrlOf(env);
  const serverUrl = serverUrlOf(env, apiUrl);
  const id = Number(checked(env, "GITHUB_RUN_ID", /^[1-9]\d{0,15}$/, "the number of the run"));
  // Attempts came to Actions later than the rest, and some Enterprise servers and local runners do not tell them.
  const attempt = Number(env.GITHUB_RUN_ATTEMPT ? checked(env, "GITHUB_RUN_ATTEMPT", /^[1-9]\d{0,6}$/, "a number") : 1);
  return {
    repository: repositoryOf(fullName),
    apiUrl,
    serverUrl,
    event: eventOf(required(env, "GITHUB_EVENT_NAME"), payloadOf(env, readFile), fullName),
    sha: checked(env, "GITHUB_SHA", /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "a full commit hash"),
    ref: required(env, "GITHUB_REF"),
    id,
    attempt,
    ...(env.GITHUB_STEP_SUMMARY ? { summaryFile: env.GITHUB_STEP_SUMMARY } : {}),
    ...(env.GITHUB_OUTPUT ? { outputFile: env.GITHUB_OUTPUT } : {}),
    url: `${serverUrl}/${fullName}/actions/runs/${id}${attempt > 1 ? `/attempts/${attempt}` : ""}`,
  };
}

/** `owner/name` in its parts. */
export function repositoryOf(fullName: string): Repository {
  const [owner = "", name = ""] = fullName.split("/");
  return { owner, name };
}

function required(env: Environment, name: string): string {
  const value = env[name];
  if (value) return value;
  throw new GitHubError(
    "invalid",
    `${name} is not set. GitHub Actions sets it in every job; outside of Actions, set it yourself.`,
  );
}

function checked(env: Environment, name: string, form: RegExp, expected: string): string {
  const value = required(env, name);
  if (form.test(value)) return value;
  throw new GitHubError("invalid", `${name} should be ${expected}, but is ${JSON.stringify(value.slice(0, 100))}.`);
}

/** Where the token goes: https, or this machine. */
export function apiUrlOf(env: Environment): string {
  return webAddress(env, "GITHUB_API_URL", "the address of GitHub's API, `https://api.github.com` for github.com");
}

/** Enterprise servers have their API under `/api/v3` of the same address. */
function serverUrlOf(env: Environment, apiUrl: string): string {
  if (env.GITHUB_SERVER_URL) return webAddress(env, "GITHUB_SERVER_URL", "GitHub's address");
  return apiUrl === "https://api.github.com" ? "https://github.com" : apiUrl.replace(/\/api\/v3$/, "");
}

const LOCAL = new Set(["127.0.0.1", "[::1]", "localhost"]);

function webAddress(env: Environment, name: string, expected: string): string {
  const value = required(env, name);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const safe = url?.protocol === "https:" || (url?.protocol === "http:" && LOCAL.has(url.hostname));
  if (url && safe && !url.username && !url.password && !url.search) return value.replace(/\/+$/, "");
  throw new GitHubError(
    "invalid",
    `${name} should be ${expected}, with https (http only on this machine: the token travels there).`,
  );
}

function payloadOf(env: Environment, readFile: (path: string) => string): Source {
  const path = required(env, "GITHUB_EVENT_PATH");
  const where = "The event's payload (GITHUB_EVENT_PATH)";
  let content: string;
  try {
    content = readFile(path);
  } catch {
    throw new GitHubError("invalid", `${where}: there is no file to read at ${JSON.stringify(path)}.`);
  }
  try {
    return { where, value: JSON.parse(content) };
  } catch {
    throw new GitHubError("invalid", `${where}: ${JSON.stringify(path)} is not JSON.`);
  }
}
