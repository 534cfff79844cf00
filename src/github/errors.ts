import { permissionAdvice } from "./permissions.ts";

/** What went wrong, so that a caller can decide without reading words. */
export type GitHubProblem =
  /** The token may not do this, or GitHub does not accept it at all. */
  | "permission"
  /** Not there, or hidden from this token: GitHub answers 404 for both. */
  | "not-found"
  /** A limit of requests that we were not willing to wait for. */
  | "rate-limit"
  /** No answer, or a 5xx: a write may or may not have taken effect. */
  | "unreachable"
  /** GitHub or a file of the runner said something that does not hold together, or GitHub did not like what we sent. */
  | "invalid"
  /** A text over GitHub's limit. */
  | "too-long";

/** Every refusal of this room, in words for a person. Never contains the token. */
export class GitHubError extends Error {
  readonly kind: GitHubProblem;
  /**
   * The HTTP status, when there was an answer. Not called `status`: Octokit's paging takes an error with `status: 409` for the end of a list,
   * and half a list of reviews must never pass for the whole.
   */
  readonly httpStatus: number | undefined;
  constructor(kind: GitHubProblem, message: string, httpStatus?: number) {
    super(message);
    this.name = "GitHubError";
    this.kind = kind;
    this.httpStatus = httpStatus;
  }
}

/** Whether an error is one of ours and of one of these kinds. */
export const isProblem = (error: unknown, ...kinds: readonly GitHubProblem[]): error is GitHubError =>
  error instanceof GitHubError && kinds.includes(error.kind);

/** Turns "not there, or not for this token" into `undefined` and lets every other error through. */
export async function absentOn<T>(kinds: readonly GitHubProblem[], call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isProblem(error, ...kinds)) return undefined;
    throw error;
  }
}

interface Headers {
  readonly [name: string]: string | number | undefined;
}

/** The parts of Octokit's error that are read here; `response` is absent when no answer came. */
interface RequestFailure {
  readonly message?: string;
  readonly request?: { readonly method?: string; readonly url?: string };
  readonly response?: { readonly status: number; readonly headers?: Headers; readonly data?: unknown };
}

/** Octokit's error as ours. `scrub` takes the token out of whatever text came back. */
export function gitHubErrorOf(error: unknown, scrub: (text: string) => string): GitHubError {
  if (error instanceof GitHubError) return error;
  const { message = String(error), request, response } = (error ?? {}) as RequestFailure;
  const call = `${request?.method ?? "A request"} ${pathOf(request?.url)}`.trim();
  const refuse = (kind: GitHubProblem, words: string) => new GitHubError(kind, scrub(words), response?.status);
  if (!response) {
    return refuse("unreachable", `GitHub did not answer ${call}: ${message}. Check GITHUB_API_URL and run again.`);
  }
  const { status, headers = {} } = response;
  const said = saidBy(response.data) ?? message;
  if (status >= 500) return refuse("unreachable", `GitHub failed at ${call} (${status}: ${said}). Run again later.`);
  if (isRateLimit(status, headers, said)) return refuse("rate-limit", rateLimitWords(call, status, headers));
  if (status === 401) return refuse("permission", `GitHub does not accept the token (401, ${call}): ${tokenAdvice}`);
  if (status === 403) return refuse("permission", permissionWords(request, call, said, headers));
  if (status === 404) {
    return refuse("not-found", `${call}: not there, or this token may not see it (404). ${hiddenAdvice}`);
  }
  const kind = /\btoo long\b/i.test(said) ? "too-long" : "invalid";
  return refuse(kind, `GitHub refused ${call} (${status}): ${said}`);
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of the workflow file.
const tokenAdvice = "it has expired or is mistyped. Workflows pass `GITHUB_TOKEN: ${{ github.token }}` in `env:`.";
const hiddenAdvice = "Check the name, and that the token may read this repository.";

/** GitHub marks its primary limit by a header at 0 and its secondary limits by `retry-after` or by words only. */
const isRateLimit = (status: number, headers: Headers, said: string): boolean =>
  status === 429 ||
  (status === 403 &&
    (String(headers["x-ratelimit-remaining"] ?? "") === "0" ||
      headers["retry-after"] !== undefined ||
      /\brate limit\b/i.test(said)));

function rateLimitWords(call: string, status: number, headers: Headers): string {
  const reset = Number(headers["x-ratelimit-reset"]);
  const exhausted = String(headers["x-ratelimit-remaining"] ?? "") === "0";
  const until =
    exhausted && reset > 0
      ? `all requests of this hour are used up until ${new Date(reset * 1000).toISOString()}`
      : `too many requests in a short time; GitHub asks to wait ${headers["retry-after"] ?? 60} s`;
  return `GitHub refused ${call} (${status}): ${until}. Nothing was done by this call; run again after that.`;
}

function permissionWords(request: RequestFailure["request"], call: string, said: string, headers: Headers): string {
  if (/\blocked\b/i.test(said)) return `GitHub refused ${call} (403: ${said}). Unlock the conversation, or let it be.`;
  const accepted = headers["x-accepted-github-permissions"];
  const advice = permissionAdvice({
    method: request?.method ?? "GET",
    path: pathOf(request?.url),
    ...(accepted === undefined ? {} : { accepted: String(accepted) }),
  });
  return `GitHub refused ${call} (403: ${said}). ${advice}`;
}

/** GitHub's words, with those of the list of errors that a 422 carries. */
function saidBy(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !("message" in data) || typeof data.message !== "string") {
    return undefined;
  }
  const errors = "errors" in data && Array.isArray(data.errors) ? data.errors : [];
  return [data.message, ...errors.map(wordsOf)].join("; ");
}

const wordsOf = (error: unknown): string => {
  if (typeof error === "string") return error;
  const { resource, field, code, message } = (error ?? {}) as Record<string, unknown>;
  return [resource, field, code, message].filter((word) => typeof word === "string").join(" ");
};

/** The path without the server, for messages and for the table of permissions. */
export function pathOf(url: string | undefined): string {
  if (url === undefined) return "";
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  return path.replace(/^\/api\/v3(?=\/)/, "");
}
