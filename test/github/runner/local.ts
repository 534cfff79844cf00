import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GitHubServer } from "../../../src/sandbox/github/server.ts";
import { type RunnerOptions, type RunReport, runWorkflow } from "../workflow-runner.ts";
import type { EventPayload, Permissions } from "./files.ts";

/** One of the local GitHub's events. */
export type LocalEvent = ReturnType<GitHubServer["events"]>[number];

/** What is left to say when the local GitHub and its event say the rest. */
export interface LocalRun extends Pick<RunnerOptions, "workflow" | "home" | "gitDir" | "folder" | "credentials"> {
  readonly server: GitHubServer;
  readonly event: LocalEvent;
  /** The workflow's file in the repository: `.github/workflows/landline-plan.yml`. */
  readonly path: string;
  /** For `workflow_run`: the name of the workflow that ended, which the local GitHub does not know. */
  readonly follows?: string;
  readonly vars?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** More for the environment of every process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** As in the runner, with the run's id, which an approval needs. Left out: every environment lets everybody in. */
  enter?(environment: string, runId: number): boolean | Promise<boolean>;
  /** An earlier run, to be run again. */
  readonly again?: number;
}

/**
 * Runs a workflow for an event of the local GitHub: begins and ends the run there, gives each job a token with its permissions, writes the
 * payload to a file, uploads artifacts. A pull request from a fork gets what GitHub gives it: a token that reads, and no secrets.
 */
export async function runLocally(run: LocalRun): Promise<RunReport & { readonly runId: number }> {
  const { server, event, folder } = run;
  mkdirSync(folder, { recursive: true });
  const eventPath = join(folder, "event.json");
  writeFileSync(eventPath, JSON.stringify(event.payload));
  const head = headOf(event);
  const runId = run.again ?? server.beginRun({ event: event.name, actor: event.actor, path: run.path, ...head });
  const attempt = run.again === undefined ? 1 : server.rerun(run.again);
  const repository = String((event.payload.repository as { full_name: string }).full_name);
  const stranger = event.name.startsWith("pull_request") && head.headRepository !== repository;
  const report = await runWorkflow({
    ...run,
    payload: event.payload as EventPayload & { readonly [name: string]: unknown },
    environment: { ...server.runnerEnvironment(event, { runId, attempt, eventPath }), ...run.environment },
    secrets: stranger ? {} : (run.secrets ?? {}),
    token({ permissions }) {
      const token = `ghs_${randomBytes(18).toString("hex")}`;
      server.addToken(token, { app: "github-actions", permissions: ofApi(permissions, stranger) });
      return token;
    },
    credentials(asked) {
      if (stranger) throw new Error("a pull request from a fork gets no OIDC token");
      return run.credentials(asked);
    },
    upload({ name, files, overwrite }) {
      const { artifacts } = server.world;
      const old = artifacts.findIndex((artifact) => artifact.run.id === runId && artifact.name === name);
      if (overwrite && old >= 0) artifacts.splice(old, 1);
      server.uploadArtifact(runId, name, files);
    },
    enter: (environment) => run.enter?.(environment, runId) ?? true,
  });
  if (report.triggered) server.finishRun(runId, report.conclusion);
  return { ...report, runId };
}

/** `id-token` is no permission of the API. */
const ofApi = (permissions: Permissions, stranger: boolean): Record<string, "read" | "write"> =>
  Object.fromEntries(
    Object.entries(permissions)
      .filter(([name]) => name !== "id-token")
      .map(([name, level]) => [name, stranger || level !== "write" ? "read" : "write"]),
  );

interface Head {
  readonly headSha: string;
  readonly headBranch?: string;
  readonly headRepository?: string;
}

function headOf({ sha, ref, payload }: LocalEvent): Head {
  const pull = payload.pull_request as
    | {
        readonly head: {
          readonly sha: string;
          readonly ref: string;
          readonly repo: { readonly full_name: string } | null;
        };
      }
    | undefined;
  if (!pull)
    return { headSha: sha, headBranch: ref.replace(/^refs\/heads\//, ""), headRepository: fullNameOf(payload) };
  const { head } = pull;
  return { headSha: head.sha, headBranch: head.ref, ...(head.repo ? { headRepository: head.repo.full_name } : {}) };
}

const fullNameOf = ({ repository }: LocalEvent["payload"]): string =>
  (repository as { readonly full_name: string }).full_name;
