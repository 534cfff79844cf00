/** A refused call, as far as it tells which permission would be needed. */
export interface RefusedCall {
  readonly method: string;
  readonly path: string;
  /** Header `x-accepted-github-permissions`: sets separated by `;`, each a list separated by `,`, each entry `pull_requests=write`. */
  readonly accepted?: string;
}

/** What `permissions:` of a workflow knows; everything else needs an App or a token of a person. */
const WORKFLOW_SCOPES: ReadonlySet<string> = new Set([
  "actions",
  "attestations",
  "checks",
  "contents",
  "deployments",
  "discussions",
  "issues",
  "packages",
  "pages",
  "pull-requests",
  "security-events",
  "statuses",
]);

/** Which scope a call of ours needs, when GitHub does not say or offers a choice. The first match counts. */
const SCOPES: readonly (readonly [path: RegExp, scope: string])[] = [
  [/\/issues(\/\d+)?\/comments\b/, "pull-requests"],
  [/\/(issues|labels)\b/, "issues"],
  [/\/pulls\b/, "pull-requests"],
  [/\/check-runs\b/, "checks"],
  [/\/deployments\b/, "deployments"],
  [/\/(actions|environments)\b/, "actions"],
  [/\/branches\/[^/]+\/protection\b/, "administration"],
  [/\/(contents|git|commits|compare|branches|rules|codeowners|activity)\b/, "contents"],
];

/** Tells what to grant, as the exact line for the workflow. */
export function permissionAdvice({ method, path, accepted }: RefusedCall): string {
  const wanted = SCOPES.find(([pattern]) => pattern.test(path))?.[1];
  const lines = accepted === undefined ? guessed(method, wanted) : chosenSet(accepted, wanted);
  if (lines.length === 0) return "The token may not do this; look at the permissions that it was given.";
  const outside = lines.filter((line) => !WORKFLOW_SCOPES.has(line.split(":")[0] ?? ""));
  if (outside.length > 0) {
    return `This needs \`${outside.join("`, `")}\`, which no workflow token can be given: use the token of a GitHub App or of a person.`;
  }
  return (
    `Add \`${lines.join("` and `")}\` under \`permissions:\` of the job in the workflow file. ` +
    "Runs for pull requests from forks get a read-only token whatever the file says."
  );
}

const guessed = (method: string, scope: string | undefined): readonly string[] =>
  scope === undefined ? [] : [`${scope}: ${method === "GET" || method === "HEAD" ? "read" : "write"}`];

/** Of several sets that would do, the one with the scope that the example workflows use. */
function chosenSet(accepted: string, wanted: string | undefined): readonly string[] {
  const sets = accepted.split(";").map((set) =>
    set
      .split(",")
      .map((entry) => entry.trim().replaceAll("_", "-").replace("=", ": "))
      .filter((entry) => entry !== ""),
  );
  return sets.find((set) => set.some((line) => line.startsWith(`${wanted}:`))) ?? sets[0] ?? [];
}
