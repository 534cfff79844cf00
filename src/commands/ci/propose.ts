import { dirname, resolve } from "node:path";
import { isProblem } from "../../github/errors.ts";
import { propose } from "../../github/proposals.ts";
import { accountOfPrincipal, type ConnectionDocument, editSpec } from "../../planner/specs/index.ts";
import type { ConnectionStatus } from "../../planner/status/index.ts";
import { proposal, proposedReason, requestsOf } from "../../planner/writers/pull-request/index.ts";
import { commitTree } from "../commit-tree.ts";
import type { Specs } from "../specs.ts";
import { proposalBranch } from "./names.ts";
import type { Ci, CiOptions } from "./open.ts";

export interface Proposing {
  readonly branch: string;
  readonly specs: Specs;
  readonly statuses: readonly ConnectionStatus[];
}

/** A request that waits at a service of ours. */
interface Request {
  readonly connection: string;
  readonly endpointId: string;
  readonly account: string;
  readonly region?: string;
  readonly since?: string;
}

/** A pull request for each request that no spec answers. Says in a line each what became of it; one that cannot be proposed stops no other. */
export async function proposeAll(
  ci: Ci,
  options: CiOptions,
  { branch, specs, statuses }: Proposing,
): Promise<string[]> {
  const lines: string[] = [];
  for (const status of statuses) {
    const document = specs.connections.find(({ spec }) => spec.metadata.name === status.connection);
    for (const { endpointId } of requestsOf(status)) {
      const request = requestIn(status, endpointId);
      const result = document && request ? await proposeOne(ci, options, branch, document, status, request) : undefined;
      if (result === undefined) continue;
      ci.io.err(`request of ${endpointId}: ${result}\n`);
      lines.push(`- request of \`${endpointId}\`: ${result}`);
    }
  }
  return lines;
}

function requestIn({ connection, service }: ConnectionStatus, endpointId: string): Request | undefined {
  const found = service?.connections.find((one) => one.endpointId === endpointId);
  if (!found) return undefined;
  const { account, region, since } = found;
  return {
    connection,
    endpointId,
    account,
    ...(region === undefined ? {} : { region }),
    ...(since === undefined ? {} : { since }),
  };
}

async function proposeOne(
  ci: Ci,
  options: CiOptions,
  branch: string,
  { file }: ConnectionDocument,
  { service }: ConnectionStatus,
  request: Request,
): Promise<string> {
  const grants = (service?.grants ?? []).filter(
    ({ principal, allowed, daysLeft = 0 }) =>
      allowed && daysLeft >= 0 && (principal === "*" || accountOfPrincipal(principal) === request.account),
  );
  // It asked while it was allowed to, and is not any more.
  if (grants.length === 0)
    return `not proposed, because no principal of account ${request.account} is allowed any more; allow one first, or reject the request`;
  const edited = editSpec(textAt(ci, options, file), request.connection, [
    {
      path: ["service", "connections", "accept"],
      append: { endpoint: request.endpointId, reason: proposedReason(request) },
    },
  ]);
  if ("problem" in edited) return `not proposed: in ${file} ${edited.problem}`;
  const { title, body } = proposal({
    ...request,
    grants,
    now: ci.io.now().toISOString(),
    startsNothing: ci.github.identity.login === "github-actions[bot]",
  });
  return put(ci, {
    branch: proposalBranch(request.endpointId),
    from: ci.run.sha,
    base: branch,
    files: [{ path: ci.repositoryPath(file), content: edited.text }],
    title,
    body,
  });
}

/** The spec as the commit of this run has it: that is what the branch begins at. */
function textAt({ git, io, run }: Ci, { project }: CiOptions, file: string): string {
  return commitTree(git, run.sha, dirname(resolve(io.cwd, project)))
    .read(resolve(io.cwd, file))
    .toString("utf8");
}

async function put(ci: Ci, wanted: Parameters<typeof propose>[1]): Promise<string> {
  try {
    const { pull, result } = await propose(ci.github, wanted);
    return `${RESULTS[result]} #${pull.number}`;
  } catch (error) {
    // Somebody works on the branch by now: it is theirs.
    if (!isProblem(error, "invalid")) throw error;
    return `left alone: ${error.message}`;
  }
}

const RESULTS = {
  opened: "proposed in",
  updated: "proposed anew in",
  unchanged: "already proposed in",
  declined: "not proposed again after",
  merged: "accepted by",
} as const;
