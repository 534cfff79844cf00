import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import type { GitHubServer } from "../../src/sandbox/github/server.ts";

/** Everything that stands on GitHub in somebody's words, one text for each thing. */
export function textsOn({ world }: Pick<GitHubServer, "world">): string[] {
  const { comments, issues, checkRuns, deployments } = world;
  return [
    ...comments.map(({ body }) => body),
    ...[...issues.values()].map(({ title, body }) => `${title}\n${body}`),
    ...checkRuns.map(({ title, summary, text, annotations, externalId }) =>
      [title, summary, text, externalId, JSON.stringify(annotations)].join("\n"),
    ),
    ...deployments.map(({ payload, description, statuses }) =>
      [description, JSON.stringify(payload), ...statuses.map((one) => `${one.description} ${one.logUrl}`)].join("\n"),
    ),
  ];
}

/** What processes left on disk, but for git's objects, which are packed and hold what was pushed. */
export function filesUnder(folder: string): { readonly path: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => !path.includes(`.git${sep}objects`))
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => ({ path, text: readFileSync(join(folder, path), "latin1") }));
}
