import type { ChangedFile } from "./diff-git.ts";
import { repoPage, repoUrl } from "./user-view.ts";
import type { World } from "./world.ts";

/** GitHub's `diff-entry`; without `patch`, which GitHub leaves out of large diffs too. */
export function fileView(world: World, head: string, file: ChangedFile) {
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.blob,
    filename: file.path,
    ...(file.previous === undefined ? {} : { previous_filename: file.previous }),
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${repoPage(world)}/blob/${head}/${path}`,
    raw_url: `${repoPage(world)}/raw/${head}/${path}`,
    contents_url: `${repoUrl(world)}/contents/${path}?ref=${head}`,
  };
}
