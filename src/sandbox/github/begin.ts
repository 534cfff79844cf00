import { randomUUID } from "node:crypto";
import { createClock } from "./clock.ts";
import { git } from "./git.ts";
import { readHeads } from "./heads.ts";
import type { GitHubOptions, TokenOptions } from "./options.ts";
import type { App, Caller, Place, User, World } from "./world.ts";

/** GitHub's own app behind every workflow token, with its real ids. */
const actions = { slug: "github-actions", id: 15368, userId: 41898282 };

/** What a workflow's token can never have. */
const beyondWorkflows = ["administration", "members", "organization_administration"];

const defaultLimits = { perHour: 1000, creatingPerMinute: 80, creatingPerHour: 500, pointsPerMinute: 900 };

/** The world at the start: people, apps and rules; branches that exist already are no pushes. @throws Error on contradictions */
export function createWorld(options: GitHubOptions): World {
  let last = 1000;
  const nextId = (): number => ++last;
  const clock = createClock(options.now, options.stopped);
  const [ownerLogin = "", name = ""] = options.repository.split("/");
  const owner = organisation(ownerLogin, nextId());
  const apps: App[] = [actions, ...(options.apps ?? []).map(({ slug, id }) => ({ slug, id: id ?? nextId() }))];
  const users = [...people(options, nextId), ...apps.map((app) => bot(app, nextId)), webFlow];
  const forks = Object.entries(options.forks ?? {}).map(([fullName, gitDir]) => {
    const [login = "", forkName = ""] = fullName.split("/");
    return place({
      id: nextId(),
      owner: mustFind(users, login, `the fork ${fullName}`),
      name: forkName,
      gitDir,
      fork: true,
    });
  });
  const world: World = {
    clock,
    home: place({ id: nextId(), owner, name, gitDir: options.gitDir, fork: false }),
    forks,
    defaultBranch: options.defaultBranch ?? "main",
    private: options.private ?? true,
    createdAt: clock.iso(),
    users: [...users, owner],
    apps,
    tokens: new Map(),
    teams: (options.teams ?? []).map((team) => ({ ...team, id: nextId() })),
    rules: new Map(Object.entries(options.rules ?? {})),
    environments: (options.environments ?? []).map((environment) => ({ ...environment, id: nextId() })),
    actionsMayPropose: options.actionsMayPropose ?? true,
    oidcClaims: options.oidcClaims,
    limits: { ...defaultLimits, ...options.limits },
    api: "",
    web: "",
    issues: new Map(),
    labels: [],
    comments: [],
    reviews: [],
    checkRuns: [],
    deployments: [],
    activity: [],
    runs: [],
    artifacts: [],
    events: [],
    queue: [],
    secret: randomUUID(),
    nextId,
  };
  for (const [token, what] of Object.entries(options.tokens ?? {}))
    world.tokens.set(token, callerFor(world, token, what));
  return world;
}

/** Whom a token stands for. @throws Error when that is nobody, or more than GitHub would give */
export function callerFor(world: World, token: string, { login, app: slug, permissions = {} }: TokenOptions): Caller {
  const given = Object.entries(permissions).map(([name, level]): [string, "read" | "write"] => [
    name.replaceAll("-", "_"),
    level,
  ]);
  if (slug === undefined) {
    return { token, user: mustFind(world.users, login ?? "", "a token"), permissions: new Map() };
  }
  const app = world.apps.find((known) => known.slug === slug);
  if (!app) throw new Error(`a token is for the app ${slug}, which is not among the apps`);
  const refused = slug === actions.slug ? given.filter(([name]) => beyondWorkflows.includes(name)) : [];
  if (refused.length > 0)
    throw new Error(`a workflow's token can never have ${refused.map(([name]) => name).join(", ")}`);
  const user = mustFind(world.users, `${slug}[bot]`, "a token");
  return { token, user, app, permissions: new Map([["metadata", "read"], ...given]) };
}

function place(of: Omit<Place, "heads">): Place {
  if (git(of.gitDir, "rev-parse", "--is-bare-repository") !== "true")
    throw new Error(`${of.gitDir} is not a bare repository`);
  return { ...of, heads: readHeads(of.gitDir) };
}

function people({ users = [] }: GitHubOptions, nextId: () => number): User[] {
  return users.map(({ login, id, permission }) => ({
    login,
    id: id ?? nextId(),
    type: "User",
    permission: permission ?? "read",
    email: `${login}@users.example`,
  }));
}

function bot(app: App, nextId: () => number): User {
  const id = app.slug === actions.slug ? actions.userId : nextId();
  const login = `${app.slug}[bot]`;
  return { login, id, type: "Bot", permission: "none", email: `${id}+${login}@users.noreply.github.com` };
}

/** The committer of what is committed through the web or the API. */
const webFlow: User = {
  login: "web-flow",
  id: 19864447,
  type: "User",
  permission: "none",
  email: "noreply@github.com",
};

function organisation(login: string, id: number): User {
  return { login, id, type: "Organization", permission: "none", email: `${login}@users.example` };
}

function mustFind(users: readonly User[], login: string, where: string): User {
  const user = users.find((known) => known.login.toLowerCase() === login.toLowerCase());
  if (!user) throw new Error(`${where} names ${login || "nobody"}, who is not among the users`);
  return user;
}
