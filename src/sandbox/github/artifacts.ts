import { type Answer, type Call, type Needs, numberParam, ok, param, type Route } from "./call.ts";
import { signedUrl } from "./downloads.ts";
import { ApiError, notFound } from "./errors.ts";
import { page } from "./pages.ts";
import { runAt } from "./runs.ts";
import { nodeId, repoUrl } from "./user-view.ts";
import type { Artifact, World } from "./world.ts";

const template = "/repos/{owner}/{repo}/actions/artifacts";
const single = `${template}/{artifact_id}`;
const needs: Needs[] = [{ actions: "read" }];

/** What runs left behind. Names are no identity: any run of any branch may use any name. */
export const artifactRoutes: Route[] = [
  { method: "GET", template, needs, role: "read", handle: (call) => list(call, call.world.artifacts, "artifacts") },
  {
    method: "GET",
    template: single,
    needs,
    role: "read",
    handle: (call) => ok(artifactView(call.world, artifactAt(call))),
  },
  { method: "GET", template: `${single}/{archive_format}`, needs, role: "read", handle: archive },
  {
    method: "GET",
    template: "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts",
    needs,
    role: "read",
    handle: ofRun,
  },
];

function ofRun(call: Call): Answer {
  const run = runAt(call);
  const own = call.world.artifacts.filter((artifact) => artifact.run === run);
  return list(call, own, `runs/${run.id}/artifacts`);
}

function list(call: Call, artifacts: readonly Artifact[], path: string): Answer {
  const { world, place, query } = call;
  const name = query.get("name");
  const found = artifacts.filter((artifact) => name === null || artifact.name === name).reverse();
  return page(
    call,
    `/repos/${place.owner.login}/${place.name}/actions/${path}`,
    found,
    (artifact) => artifactView(world, artifact),
    (shown, total_count) => ({ total_count, artifacts: shown }),
  );
}

/** Downloads come from another place, at an address that works for a minute and needs no token. */
function archive(call: Call): Answer {
  const artifact = artifactAt(call);
  if (param(call, "archive_format") !== "zip") throw notFound();
  if (expired(call.world, artifact)) throw new ApiError(410, "Artifact has expired");
  return { status: 302, headers: { location: signedUrl(call.world, artifact.id) } };
}

function artifactAt(call: Call): Artifact {
  const id = numberParam(call, "artifact_id");
  const artifact = call.world.artifacts.find((known) => known.id === id);
  if (!artifact) throw notFound();
  return artifact;
}

function expired(world: World, { expiresAt }: Artifact): boolean {
  return expiresAt <= world.clock.iso();
}

function artifactView(world: World, artifact: Artifact) {
  const { id, name, zip, digest, createdAt, expiresAt, run } = artifact;
  const url = `${repoUrl(world)}/actions/artifacts/${id}`;
  return {
    id,
    node_id: nodeId("Artifact", id),
    name,
    size_in_bytes: zip.byteLength,
    url,
    archive_download_url: `${url}/zip`,
    expired: expired(world, artifact),
    digest,
    created_at: createdAt,
    updated_at: createdAt,
    expires_at: expiresAt,
    workflow_run: {
      id: run.id,
      repository_id: world.home.id,
      head_repository_id: run.headPlace.id,
      head_branch: run.headBranch,
      head_sha: run.headSha,
    },
  };
}
