import type { App, Issue, Label, User, World } from "./world.ts";

/** GitHub's second name for every object. */
export function nodeId(kind: string, id: number): string {
  return Buffer.from(`${kind}:${id}`).toString("base64url");
}

/** GitHub's `simple-user`. */
export function userView({ api, web }: World, { login, id, type }: User) {
  const url = `${api}/users/${login}`;
  return {
    login,
    id,
    node_id: nodeId("User", id),
    avatar_url: `${web}/avatars/${id}`,
    gravatar_id: "",
    url,
    html_url: type === "Bot" ? `${web}/apps/${login.replace(/\[bot\]$/, "")}` : `${web}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

/** The owner, as events carry organisations. */
export function organizationView({ api, web, home }: World) {
  const { login, id } = home.owner;
  const url = `${api}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId("Organization", id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${web}/avatars/${id}`,
    description: null,
  };
}

export function userOrNull(world: World, user: User | null | undefined) {
  return user ? userView(world, user) : null;
}

/** Whom an e-mail in git belongs to. */
export function userByEmail(world: World, email: string): User | null {
  return world.users.find((user) => user.email.toLowerCase() === email.toLowerCase()) ?? null;
}

/** GitHub's `integration`. */
export function appView(world: World, app: App) {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId("App", app.id),
    owner: userView(world, world.home.owner),
    name: app.slug === "github-actions" ? "GitHub Actions" : app.slug,
    description: null,
    external_url: `${world.web}/apps/${app.slug}`,
    html_url: `${world.web}/apps/${app.slug}`,
    created_at: world.createdAt,
    updated_at: world.createdAt,
    permissions: {},
    events: [],
  };
}

export function appOrNull(world: World, app: App | undefined) {
  return app ? appView(world, app) : null;
}

/** What somebody is to the repository, as GitHub writes beside their words. */
export function association({ permission, type }: User): string {
  if (type === "Bot") return "NONE";
  if (permission === "admin" || permission === "maintain") return "MEMBER";
  return permission === "none" ? "NONE" : permission === "read" ? "CONTRIBUTOR" : "COLLABORATOR";
}

export function labelView(world: World, label: Label) {
  const { id, name, color, description } = label;
  const url = `${repoUrl(world)}/labels/${encodeURIComponent(name)}`;
  return { id, node_id: nodeId("Label", id), url, name, color, default: false, description };
}

/** Address of the repository in the API. */
export function repoUrl({ api, home }: World): string {
  return `${api}/repos/${home.owner.login}/${home.name}`;
}

/** Address of the repository for people. */
export function repoPage({ web, home }: World): string {
  return `${web}/${home.owner.login}/${home.name}`;
}

/** Page of an issue or a pull request. */
export function issuePage(world: World, { number, pull }: Issue): string {
  return `${repoPage(world)}/${pull ? "pull" : "issues"}/${number}`;
}
