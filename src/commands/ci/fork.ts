import { artifactsOfRun, downloadArtifact } from "../../github/artifacts.ts";
import { pullRequest } from "../../github/pulls.ts";
import { touchedBetween } from "../../planner/changed/index.ts";
import { type OfflineFile, offlineToJson, readOfflineFile } from "../../planner/writers/offline-file.ts";
import { forkComment } from "../../planner/writers/pull-request/index.ts";
import { CommandError, EXIT } from "../options.ts";
import { schemaText } from "../schema-files.ts";
import { type CiOnPull, mergeAsData } from "./merge-result.ts";
import { OFFLINE_FILE, PLAN_ARTIFACT } from "./names.ts";
import type { Ci, CiOn, CiOptions } from "./open.ts";
import { postComment, writeFiles, writeOutputs } from "./post.ts";
import { loadBase, readMerge } from "./read-merge.ts";

/**
 * A pull request from a fork: its specs are validated, and no cloud is asked, because its author could make the plan role look at anything.
 * A run on `pull_request` may not write, so it leaves what it found to the run that `workflow_run` starts; on `pull_request_target` it may.
 */
export async function planFork(ci: CiOnPull, options: CiOptions): Promise<number> {
  const offline = validate(ci, options);
  tell(ci, offline);
  writeOutputs(ci, { verdict: offline.problems.length > 0 ? "invalid" : "offline" });
  if (ci.run.event.name === "pull_request_target") await comment(ci, offline);
  else writeFiles(options, ci, { [OFFLINE_FILE]: offlineToJson(offline) });
  return offline.problems.length > 0 ? EXIT.error : EXIT.done;
}

function validate(ci: CiOnPull, options: CiOptions): OfflineFile {
  const { number, head } = ci.run.event.pull;
  const merge = mergeAsData(ci, options);
  const about = { formatVersion: 1, number, headSha: head.sha } as const;
  const read = readMerge(ci, merge, options);
  if ("problems" in read) return { ...about, problems: read.problems, connections: [] };
  const { connections } = loadBase(ci, merge.base, options);
  return { ...about, problems: [], connections: touchedBetween(connections, read.specs.connections) };
}

/** The token may not post a check, but the runner puts notes beside the lines all the same. */
function tell(ci: CiOnPull, { problems, connections }: OfflineFile): void {
  for (const { code, message, at } of problems) ci.annotate({ level: "error", title: code, message, ...at });
  for (const { change, name, file } of connections) ci.io.out(`${change} ${name} (${file})\n`);
  ci.io.err("a pull request from a fork: the specs were validated, no cloud was asked\n");
}

const comment = (ci: Pick<Ci, "github" | "io" | "marker">, { number, problems, connections }: OfflineFile) =>
  postComment(ci, number, forkComment({ marker: ci.marker, problems, connections }));

/** After the run for a fork: makes the comment of what it left, which is foreign from the first to the last byte. */
export async function commentOnFork(ci: CiOn<"workflow_run">): Promise<number> {
  const { run } = ci.run.event;
  const { owner, name } = ci.run.repository;
  if (run.headRepository?.toLowerCase() === `${owner}/${name}`.toLowerCase()) {
    ci.io.err(`run ${run.id} was for a branch of this repository and has commented by itself\n`);
    return EXIT.done;
  }
  const offline = await leftBy(ci);
  await refuseOthers(ci, offline);
  await comment(ci, offline);
  return EXIT.done;
}

async function leftBy({ github, run: { event } }: CiOn<"workflow_run">): Promise<OfflineFile> {
  const [artifact] = await artifactsOfRun(github, event.run.id, PLAN_ARTIFACT);
  if (!artifact)
    throw new CommandError(
      `run ${event.run.id} left no artifact ${PLAN_ARTIFACT}: its log says why; nothing was posted`,
    );
  const files = await downloadArtifact(github, artifact, LIMITS);
  const text = files.get(OFFLINE_FILE);
  if (text === undefined) throw refused(`the artifact of run ${event.run.id} holds no ${OFFLINE_FILE}`);
  const read = readOfflineFile(text, JSON.parse(schemaText("offline")));
  if ("problem" in read)
    throw refused(`${OFFLINE_FILE} of run ${event.run.id} is not what Landline writes: ${read.problem}`);
  return read;
}

/** A twentieth of what a plan may have: there is no plan in it. */
const LIMITS = { packed: 1_000_000, unpacked: 8_000_000, files: 10 };

/** The number is what the run says; that the run was for that pull request, as it is now, only GitHub can tell. */
async function refuseOthers({ github, run: { event } }: CiOn<"workflow_run">, offline: OfflineFile): Promise<void> {
  const { id, headSha, headRepository } = event.run;
  const pull = await pullRequest(github, offline.number);
  const same = headRepository !== null && pull.head.repository?.toLowerCase() === headRepository.toLowerCase();
  if (!same || pull.head.sha !== headSha || offline.headSha !== headSha)
    throw refused(
      `run ${id} was for ${headSha.slice(0, 12)} of ${headRepository ?? "a repository that is gone"}, ` +
        `which is not the head of pull request ${offline.number} (${pull.head.sha.slice(0, 12)} of ${pull.head.repository ?? "a repository that is gone"})`,
    );
  if (pull.state !== "open") throw refused(`pull request ${offline.number} is closed`);
}

const refused = (why: string): CommandError => new CommandError(`${why}; nothing was posted`, EXIT.refused);
