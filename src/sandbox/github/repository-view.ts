import { nodeId, userView } from "./user-view.ts";
import type { Place, World } from "./world.ts";

/** Lists below a repository whose address is simply its name. */
const plain =
  "contributors deployments downloads events forks hooks languages merges stargazers subscribers subscription tags teams".split(
    " ",
  );

/** Lists with a variable part: name → member of the address. */
const variable: Record<string, [member: string, path: string]> = {
  archive: ["archive_url", "/{archive_format}{/ref}"],
  assignees: ["assignees_url", "/assignees{/user}"],
  blobs: ["blobs_url", "/git/blobs{/sha}"],
  branches: ["branches_url", "/branches{/branch}"],
  collaborators: ["collaborators_url", "/collaborators{/collaborator}"],
  comments: ["comments_url", "/comments{/number}"],
  commits: ["commits_url", "/commits{/sha}"],
  compare: ["compare_url", "/compare/{base}...{head}"],
  contents: ["contents_url", "/contents/{+path}"],
  gitCommits: ["git_commits_url", "/git/commits{/sha}"],
  gitRefs: ["git_refs_url", "/git/refs{/sha}"],
  gitTags: ["git_tags_url", "/git/tags{/sha}"],
  issueComment: ["issue_comment_url", "/issues/comments{/number}"],
  issueEvents: ["issue_events_url", "/issues/events{/number}"],
  issues: ["issues_url", "/issues{/number}"],
  keys: ["keys_url", "/keys{/key_id}"],
  labels: ["labels_url", "/labels{/name}"],
  milestones: ["milestones_url", "/milestones{/number}"],
  notifications: ["notifications_url", "/notifications{?since,all,participating}"],
  pulls: ["pulls_url", "/pulls{/number}"],
  releases: ["releases_url", "/releases{/id}"],
  statuses: ["statuses_url", "/statuses/{sha}"],
  trees: ["trees_url", "/git/trees{/sha}"],
};

/** `owner/name`. */
export function fullName({ owner, name }: Place): string {
  return `${owner.login}/${name}`;
}

/** A repository in short, as runs name it: addresses, no settings and no counts. */
export function minimalRepository(world: World, place: Place) {
  const url = `${world.api}/repos/${fullName(place)}`;
  const page = `${world.web}/${fullName(place)}`;
  return {
    id: place.id,
    node_id: nodeId("Repository", place.id),
    name: place.name,
    full_name: fullName(place),
    owner: userView(world, place.owner),
    private: world.private,
    html_url: page,
    description: null,
    fork: place.fork,
    url,
    ...Object.fromEntries(plain.map((name) => [`${name}_url`, `${url}/${name}`])),
    ...Object.fromEntries(Object.values(variable).map(([member, path]) => [member, url + path])),
  };
}

/** GitHub's `repository`, as pull requests and events carry it. */
export function repositoryView(world: World, place: Place) {
  const page = `${world.web}/${fullName(place)}`;
  return {
    ...minimalRepository(world, place),
    visibility: world.private ? "private" : "public",
    git_url: `git:${page.slice(page.indexOf("//"))}.git`,
    ssh_url: `git@127.0.0.1:${fullName(place)}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    default_branch: world.defaultBranch,
    ...settings,
    ...counts,
    open_issues_count: openIssues(world),
    open_issues: openIssues(world),
    created_at: world.createdAt,
    updated_at: world.createdAt,
    pushed_at: world.activity.at(-1)?.timestamp ?? world.createdAt,
    license: null,
    topics: [],
  };
}

/** GitHub's `full-repository`, as a single repository is told. */
export function fullRepositoryView(world: World, place: Place) {
  return { ...repositoryView(world, place), subscribers_count: 0, network_count: 0 };
}

const settings = {
  has_issues: true,
  has_projects: false,
  has_wiki: false,
  has_pages: false,
  has_downloads: true,
  has_discussions: false,
  archived: false,
  disabled: false,
  is_template: false,
  allow_forking: true,
  web_commit_signoff_required: false,
};

const counts = {
  forks_count: 0,
  stargazers_count: 0,
  watchers_count: 0,
  size: 1,
  forks: 0,
  watchers: 0,
};

function openIssues(world: World): number {
  return [...world.issues.values()].filter(({ state }) => state === "open").length;
}
