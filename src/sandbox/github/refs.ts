import { bodyOf } from "./body.ts";
import { type Answer, type Call, created, ok, param, type Route } from "./call.ts";
import { notFound, unprocessable } from "./errors.ts";
import { resolveCommit, run, setRef } from "./git.ts";
import { look } from "./pushes.ts";
import { nodeId, repoUrl } from "./user-view.ts";
import type { World } from "./world.ts";

const template = "/repos/{owner}/{repo}/git";

/** Branches as git refs. */
export const refRoutes: Route[] = [
  {
    method: "GET",
    template: `${template}/ref/{ref}`,
    needs: [{ contents: "read" }],
    role: "read",
    forks: true,
    handle: get,
  },
  { method: "POST", template: `${template}/refs`, needs: [{ contents: "write" }], role: "write", handle: create },
];

function get(call: Call): Answer {
  const ref = `refs/${param(call, "ref")}`;
  const sha = resolveCommit(call.place.gitDir, ref);
  if (sha === undefined) throw notFound();
  return ok(refView(call.world, ref, sha));
}

function create(call: Call): Answer {
  const { world } = call;
  const { gitDir } = world.home;
  const body = bodyOf(call, "Reference");
  const [ref, sha] = [body.requiredText("ref"), body.requiredText("sha")];
  const form = /^refs\/.+\/?.+$/.test(ref) && run(gitDir, ["check-ref-format", ref]).status === 0;
  if (!form || ref.split("/").length < 3)
    throw unprocessable("Reference name must start with 'refs/' and contain at least two slashes");
  if (!/^[0-9a-f]{40}$/.test(sha) || resolveCommit(gitDir, sha) === undefined)
    throw unprocessable("Object does not exist");
  if (resolveCommit(gitDir, ref) !== undefined) throw unprocessable("Reference already exists");
  setRef(gitDir, ref, sha);
  look(world, { user: call.caller.user, place: world.home, branch: ref.replace(/^refs\/heads\//, "") });
  return created(refView(world, ref, sha));
}

function refView(world: World, ref: string, sha: string) {
  return {
    ref,
    node_id: nodeId("Ref", Number.parseInt(sha.slice(0, 8), 16)),
    url: `${repoUrl(world)}/git/${ref}`,
    object: { type: "commit", sha, url: `${repoUrl(world)}/git/commits/${sha}` },
  };
}
