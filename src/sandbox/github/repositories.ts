import { mayAs } from "./access.ts";
import { type Answer, type Call, ok, param, type Route } from "./call.ts";
import { ApiError, notFound } from "./errors.ts";
import { page } from "./pages.ts";
import { fullRepositoryView } from "./repository-view.ts";
import { userView } from "./user-view.ts";
import type { User, World } from "./world.ts";

const template = "/repos/{owner}/{repo}";

/** The repository itself and who may do what in it. */
export const repositoryRoutes: Route[] = [
  { method: "GET", template, needs: [{ metadata: "read" }], role: "read", forks: true, handle: get },
  {
    method: "GET",
    template: `${template}/collaborators/{username}/permission`,
    needs: [{ metadata: "read" }],
    role: "read",
    handle: permission,
  },
  {
    method: "GET",
    template: `${template}/actions/oidc/customization/sub`,
    needs: [{ actions: "read" }],
    role: "read",
    handle: ({ world }) =>
      ok({
        use_default: world.oidcClaims === undefined,
        ...(world.oidcClaims === undefined ? {} : { include_claim_keys: world.oidcClaims }),
      }),
  },
  {
    method: "GET",
    template: "/orgs/{org}/teams/{team_slug}/memberships/{username}",
    needs: [{ members: "read" }],
    role: "read",
    handle: membership,
  },
  {
    method: "GET",
    template: "/orgs/{org}/teams/{team_slug}/members",
    needs: [{ members: "read" }],
    role: "read",
    handle: members,
  },
];

function get({ world, place, caller }: Call): Answer {
  return ok({ ...fullRepositoryView(world, place), permissions: permissionsOf(world, caller.user) });
}

function permissionsOf(world: World, { permission }: User) {
  const may = (role: "admin" | "maintain" | "write" | "triage" | "read"): boolean => mayAs(world, permission, role);
  return {
    admin: may("admin"),
    maintain: may("maintain"),
    push: may("write"),
    triage: may("triage"),
    pull: may("read"),
  };
}

/** `permission` knows four words only; `role_name` has the finer ones. */
function permission(call: Call): Answer {
  const { world } = call;
  const user = personAt(call);
  const legacy = {
    maintain: "write",
    triage: "read",
    admin: "admin",
    write: "write",
    read: "read",
    none: "none",
  } as const;
  const role = user.permission === "none" && !world.private ? "read" : user.permission;
  return ok({
    permission: legacy[role],
    role_name: role,
    user: { ...userView(world, user), permissions: permissionsOf(world, user), role_name: role },
  });
}

function personAt(call: Call): User {
  const login = param(call, "username");
  const user = call.world.users.find((known) => known.login.toLowerCase() === login.toLowerCase());
  if (!user) throw notFound();
  return user;
}

function teamAt(call: Call): World["teams"][number] | undefined {
  const { world, caller } = call;
  // Outsiders of the organisation do not see its teams.
  if (!caller.app && caller.user.permission === "none")
    throw new ApiError(403, "You must be a member of the organization.");
  return world.teams.find(({ slug }) => slug === param(call, "team_slug"));
}

function members(call: Call): Answer {
  const { world } = call;
  const team = teamAt(call);
  if (!team) throw notFound();
  const people = world.users.filter(({ login }) => team.members.includes(login));
  const path = `/organizations/${world.home.owner.id}/team/${team.id}/members`;
  return page(call, path, people, (user) => userView(world, user));
}

function membership(call: Call): Answer {
  const { world } = call;
  const team = teamAt(call);
  const { login } = personAt(call);
  const state = team?.members.includes(login) ? "active" : team?.pending?.includes(login) ? "pending" : undefined;
  if (!team || state === undefined) throw notFound();
  const url = `${world.api}/organizations/${world.home.owner.id}/team/${team.id}/memberships/${login}`;
  return ok({ url, role: "member", state });
}
