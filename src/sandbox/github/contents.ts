import { asObject, bodyOf } from "./body.ts";
import { type Answer, type Call, ok, param, type Route } from "./call.ts";
import { gitCommit } from "./commit-view.ts";
import { commitOf, type Signature, writeCommit } from "./commits-git.ts";
import { ApiError, invalid, notFound, unprocessable } from "./errors.ts";
import { moveRef, resolveCommit } from "./git.ts";
import { treeWithFile } from "./merges-git.ts";
import { look } from "./pushes.ts";
import { type Entry, entryAt, readBlob } from "./tree-git.ts";
import { repoPage, repoUrl } from "./user-view.ts";
import type { User, World } from "./world.ts";

const template = "/repos/{owner}/{repo}/contents/{path}";

/** Larger files come without their content. */
const largestContent = 1024 * 1024;

/** Files as they are at a commit, and one commit that changes one file. */
export const contentRoutes: Route[] = [
  { method: "GET", template, needs: [{ contents: "read" }], role: "read", forks: true, handle: get },
  { method: "PUT", template, needs: [{ contents: "write" }], role: "write", handle: put },
];

function get(call: Call): Answer {
  const { world, query, place } = call;
  const ref = query.get("ref") ?? world.defaultBranch;
  const commit = resolveCommit(place.gitDir, ref);
  if (commit === undefined) throw new ApiError(404, `No commit found for the ref ${ref}`);
  const path = cleanPath(call);
  const entry = entryAt(place.gitDir, commit, path);
  if (!entry) throw notFound();
  if (entry.type === "file") return ok(fileView(call, entry, ref));
  return ok((entry.entries ?? []).map((child) => entryView(world, child, ref)));
}

function fileView(call: Call, entry: Entry, ref: string) {
  const large = entry.size > largestContent;
  const content = large ? "" : readBlob(call.place.gitDir, entry.sha).toString("base64");
  // GitHub breaks the lines of base64 as git's mail tools do.
  const lines = content.replace(/.{60}/g, "$&\n");
  return {
    ...entryView(call.world, entry, ref),
    encoding: large ? "none" : "base64",
    content: content === "" ? "" : `${lines}\n`,
  };
}

function entryView(world: World, { path, sha, size, type }: Entry, ref: string) {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const url = `${repoUrl(world)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const html = `${repoPage(world)}/${type === "file" ? "blob" : "tree"}/${ref}/${encoded}`;
  const git = `${repoUrl(world)}/git/${type === "file" ? "blobs" : "trees"}/${sha}`;
  return {
    name: path.split("/").at(-1) ?? path,
    path,
    sha,
    size,
    type,
    url,
    html_url: html,
    git_url: git,
    download_url: type === "file" ? `${repoPage(world)}/raw/${ref}/${encoded}` : null,
    _links: { self: url, git, html },
  };
}

/** Creates or replaces a file on a branch; the blob that is replaced must be named, so that nothing is overwritten unseen. */
function put(call: Call): Answer {
  const { world } = call;
  const { gitDir } = world.home;
  const body = bodyOf(call, "Content");
  const branch = body.text("branch") ?? world.defaultBranch;
  const path = cleanPath(call);
  const message = body.requiredText("message");
  const content = decoded(body.requiredText("content"));
  const parent = world.home.heads.get(branch);
  if (parent === undefined) throw new ApiError(404, `Branch ${branch} not found`);
  const present = entryAt(gitDir, parent, path);
  checkSha(path, present, body.text("sha"));
  const at = Math.floor(world.clock.now() / 1000);
  const sha = writeCommit(gitDir, {
    tree: treeWithFile(gitDir, parent, path, content),
    parents: [parent],
    author: author(call, at),
    committer: { name: "GitHub", email: "noreply@github.com", at },
    message,
  });
  if (!moveRef(gitDir, `refs/heads/${branch}`, parent, sha))
    throw new ApiError(409, `${branch} was modified meanwhile`);
  look(world, { user: call.caller.user, place: world.home, branch });
  const entry = entryAt(gitDir, sha, path);
  if (!entry) throw new Error(`git lost ${path}`);
  const answer = { content: entryView(world, entry, branch), commit: gitCommit(world, commitOf(gitDir, sha)) };
  return { status: present ? 200 : 201, body: answer };
}

function checkSha(path: string, present: Entry | undefined, given: string | undefined): void {
  if (present?.type === "dir") throw unprocessable(`${path} is a directory`);
  if (present && given === undefined) throw new ApiError(422, `Invalid request.\n\n"sha" wasn't supplied.`);
  if (given !== undefined && given !== present?.sha) throw new ApiError(409, `${path} does not match ${given}`);
}

function author(call: Call, at: number): Signature {
  const given = asObject(call.body.author);
  if (given === undefined) return signatureOf(call.caller.user, at);
  const { name, email } = given;
  if (typeof name !== "string" || typeof email !== "string") throw invalid("Content", "author");
  return { name, email, at };
}

/** Somebody as git writes them. */
export function signatureOf({ login, email }: User, at: number): Signature {
  return { name: login, email, at };
}

function decoded(content: string): Buffer {
  if (!/^[A-Za-z0-9+/=\s]*$/.test(content)) throw unprocessable("content is not valid Base64");
  return Buffer.from(content, "base64");
}

function cleanPath(call: Call): string {
  const path = param(call, "path").replace(/^\/+|\/+$/g, "");
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".." || part === ".git")) {
    throw unprocessable("path contains a malformed path component");
  }
  return path;
}
