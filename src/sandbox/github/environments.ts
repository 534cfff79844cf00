import { type Answer, type Call, ok, param, type Route } from "./call.ts";
import { notFound } from "./errors.ts";
import { page } from "./pages.ts";
import { nodeId, repoPage, repoUrl, userView } from "./user-view.ts";
import type { Environment, User, World } from "./world.ts";

const template = "/repos/{owner}/{repo}/environments";
const needs = [{ actions: "read" }] as const;

/** Deployment environments with their protection rules. */
export const environmentRoutes: Route[] = [
  { method: "GET", template, needs, role: "read", handle: list },
  { method: "GET", template: `${template}/{environment_name}`, needs, role: "read", handle: get },
];

function list(call: Call): Answer {
  const { world, place } = call;
  return page(
    call,
    `/repos/${place.owner.login}/${place.name}/environments`,
    world.environments,
    (environment) => environmentView(world, environment),
    (environments, total_count) => ({ total_count, environments }),
  );
}

function get(call: Call): Answer {
  const environment = call.world.environments.find(({ name }) => name === param(call, "environment_name"));
  if (!environment) throw notFound();
  return ok(environmentView(call.world, environment));
}

function environmentView(world: World, environment: Environment) {
  const { id, name, branches } = environment;
  return {
    id,
    node_id: nodeId("Environment", id),
    name,
    url: `${repoUrl(world)}/environments/${encodeURIComponent(name)}`,
    html_url: `${repoPage(world)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at: world.createdAt,
    updated_at: world.createdAt,
    protection_rules: protectionRules(world, environment),
    deployment_branch_policy:
      branches === undefined
        ? null
        : { protected_branches: branches === "protected", custom_branch_policies: branches !== "protected" },
  };
}

function protectionRules(world: World, environment: Environment): object[] {
  const { id, waitMinutes, branches, preventSelfReview } = environment;
  const reviewers = reviewersView(world, environment);
  const rule = (offset: number, type: string, more: object = {}) => {
    const ruleId = id * 10 + offset;
    return { id: ruleId, node_id: nodeId("Gate", ruleId), type, ...more };
  };
  return [
    ...(waitMinutes === undefined ? [] : [rule(1, "wait_timer", { wait_timer: waitMinutes })]),
    ...(reviewers.length === 0
      ? []
      : [rule(2, "required_reviewers", { prevent_self_review: preventSelfReview ?? false, reviewers })]),
    ...(branches === undefined ? [] : [rule(3, "branch_policy")]),
  ];
}

/** Reviewers as users and teams. */
export function reviewersView(world: World, { reviewers = [] }: Environment): { type: string; reviewer: object }[] {
  return reviewers.flatMap((name): { type: string; reviewer: object }[] => {
    const team = world.teams.find(({ slug }) => name === `team:${slug}`);
    if (team) return [{ type: "Team", reviewer: teamView(world, team) }];
    const user = world.users.find(({ login }) => login === name);
    return user ? [{ type: "User", reviewer: userView(world, user) }] : [];
  });
}

/** Whether somebody is a reviewer, by name or through a team. */
export function isReviewer(world: World, { reviewers = [] }: Environment, { login }: User): boolean {
  const teams = world.teams.filter(({ members }) => members.includes(login)).map(({ slug }) => `team:${slug}`);
  return reviewers.some((name) => name === login || teams.includes(name));
}

function teamView(world: World, { id, slug }: World["teams"][number]) {
  const url = `${world.api}/organizations/${world.home.owner.id}/team/${id}`;
  return {
    id,
    node_id: nodeId("Team", id),
    name: slug,
    slug,
    description: null,
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "pull",
    type: "organization",
    organization_id: world.home.owner.id,
    url,
    html_url: `${world.web}/orgs/${world.home.owner.login}/teams/${slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    parent: null,
  };
}
