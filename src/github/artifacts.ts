import { createHash } from "node:crypto";
import type { GitHub } from "./client.ts";
import { GitHubError } from "./errors.ts";
import { answer, at, commit, flag, id, text, textOrNull } from "./fields.ts";
import { ARTIFACT_LIMITS, type ArtifactLimits, type TextFiles, unzipText } from "./unzip.ts";

/** What a run of a workflow uploaded. */
export interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly runId: number;
  /** The commit that its run was started for: for pull requests the head, not the trial merge. */
  readonly headSha: string;
  readonly headBranch: string | null;
  /** Whether the run was for a branch of this repository, not of a fork. */
  readonly fromThisRepository: boolean;
  /** `sha256:…` of the zip; null from uploaders before version 4, and on older Enterprise servers. */
  readonly digest: string | null;
  readonly size: number;
  readonly createdAt: string | null;
}

/** Which artifact is meant. A name alone says nothing: any branch and any fork can upload under any name. */
export interface ArtifactWanted {
  readonly name: string;
  readonly headSha: string;
  /** When given, the branch must agree too: the same commit may be the head of several. */
  readonly headBranch?: string;
}

/** The artifacts of this name that runs of this repository uploaded for this very commit, the newest coming first; expired ones left out. */
export async function artifactsFor(github: GitHub, wanted: ArtifactWanted): Promise<Artifact[]> {
  const { octokit, repository } = github;
  const { owner, name: repo } = repository;
  const listed = await octokit.paginate(octokit.rest.actions.listArtifactsForRepo, {
    owner,
    repo,
    name: wanted.name,
    per_page: 100,
  });
  return living(listed).filter(
    (artifact) =>
      artifact.name === wanted.name &&
      artifact.fromThisRepository &&
      artifact.headSha === wanted.headSha &&
      (wanted.headBranch === undefined || artifact.headBranch === wanted.headBranch),
  );
}

/** What one run uploaded under a name, the newest coming first. For `workflow_run`, whose run may well be a fork's: its content is hostile. */
export async function artifactsOfRun(
  { octokit, repository }: GitHub,
  runId: number,
  name: string,
): Promise<Artifact[]> {
  const listed = await octokit.paginate(octokit.rest.actions.listWorkflowRunArtifacts, {
    owner: repository.owner,
    repo: repository.name,
    run_id: runId,
    name,
    per_page: 100,
  });
  return living(listed).filter((artifact) => artifact.name === name && artifact.runId === runId);
}

/** Entries without a run were uploaded by nobody that we could judge. */
const living = (listed: readonly unknown[]): Artifact[] =>
  listed
    .filter((data) => !flag(answer(data), "expired") && typeof at(answer(data), "workflow_run.id") === "number")
    .map(plain)
    .sort((a, b) => b.id - a.id);

function plain(data: unknown): Artifact {
  const source = answer(data);
  return {
    id: id(source, "id"),
    name: text(source, "name"),
    runId: id(source, "workflow_run.id"),
    headSha: commit(source, "workflow_run.head_sha"),
    headBranch: textOrNull(source, "workflow_run.head_branch"),
    fromThisRepository: id(source, "workflow_run.repository_id") === at(source, "workflow_run.head_repository_id"),
    digest: textOrNull(source, "digest"),
    size: Number(at(source, "size_in_bytes") ?? 0),
    createdAt: textOrNull(source, "created_at"),
  };
}

/**
 * The text files of an artifact, by their path in it.
 * @throws GitHubError when it is larger than the limits (packed or unpacked), is not what its digest says, is no zip, or holds what is no text.
 */
export async function downloadArtifact(
  github: GitHub,
  artifact: Pick<Artifact, "id" | "name" | "digest" | "size">,
  limits: ArtifactLimits = ARTIFACT_LIMITS,
): Promise<TextFiles> {
  const where = `The artifact ${JSON.stringify(artifact.name)} (${artifact.id})`;
  if (artifact.size > limits.packed) throw tooLarge(where, artifact.size, limits.packed);
  const zip = await fetchZip(where, await addressOf(github, artifact.id), limits.packed);
  const digest = `sha256:${createHash("sha256").update(zip).digest("hex")}`;
  if (artifact.digest !== null && artifact.digest !== digest) {
    throw new GitHubError(
      "invalid",
      `${where} should have the digest ${artifact.digest}, but what came has ${digest}. Run the workflow that uploads it again.`,
    );
  }
  return unzipText(where, zip, limits);
}

/** GitHub answers with a redirect to a signed address elsewhere, good for a minute. */
async function addressOf({ octokit, repository }: GitHub, artifactId: number): Promise<string> {
  const { headers } = await octokit.rest.actions.downloadArtifact({
    owner: repository.owner,
    repo: repository.name,
    artifact_id: artifactId,
    archive_format: "zip",
    request: { redirect: "manual" },
  });
  const { location } = headers;
  if (location !== undefined && URL.canParse(location)) return location;
  throw new GitHubError("invalid", `GitHub does not say where the artifact ${artifactId} is; run again.`);
}

const DOWNLOAD_MS = 60_000;

/** The signed address needs no token, and must not get one. */
async function fetchZip(where: string, address: string, most: number): Promise<Uint8Array> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(DOWNLOAD_MS) });
    if (!response.ok || !response.body) {
      throw new GitHubError("unreachable", `${where} could not be fetched (${response.status}). Run again.`);
    }
    return await atMost(where, response.body, most);
  } catch (error) {
    if (error instanceof GitHubError) throw error;
    throw new GitHubError(
      "unreachable",
      `${where} could not be fetched: the connection broke off or took too long. Run again.`,
    );
  }
}

async function atMost(where: string, body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > most) throw tooLarge(where, size, most);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (where: string, size: number, most: number): GitHubError =>
  new GitHubError("invalid", `${where} has at least ${size} bytes; at most ${most} are read. It was left alone.`);
