import { bodyOf } from "./body.ts";
import { type Answer, type Call, created, type Needs, ok, param, type Route } from "./call.ts";
import { invalid, notFound } from "./errors.ts";
import { issueAt } from "./find.ts";
import { guardIssue } from "./issue-access.ts";
import { page } from "./pages.ts";
import { labelView } from "./user-view.ts";
import type { Label, World } from "./world.ts";

const template = "/repos/{owner}/{repo}/labels";
const either = (level: "read" | "write"): Needs[] => [{ issues: level }, { pull_requests: level }];

/** Labels of the repository, and adding them to an issue. */
export const labelRoutes: Route[] = [
  { method: "GET", template, needs: either("read"), role: "read", handle: list },
  { method: "POST", template, needs: either("write"), role: "triage", handle: create },
  { method: "GET", template: `${template}/{name}`, needs: either("read"), role: "read", handle: get },
  {
    method: "POST",
    template: "/repos/{owner}/{repo}/issues/{issue_number}/labels",
    needs: either("write"),
    role: "triage",
    handle: addToIssue,
  },
];

function list(call: Call): Answer {
  const { world, place } = call;
  return page(call, `/repos/${place.owner.login}/${place.name}/labels`, world.labels, (label) =>
    labelView(world, label),
  );
}

function get(call: Call): Answer {
  const label = find(call.world, param(call, "name"));
  if (!label) throw notFound();
  return ok(labelView(call.world, label));
}

function create(call: Call): Answer {
  const { world } = call;
  const body = bodyOf(call, "Label");
  const name = body.requiredText("name");
  const color = body.text("color") ?? "ededed";
  const description = body.text("description") ?? null;
  if (find(world, name)) throw invalid("Label", "name", "already_exists");
  if (!/^[0-9a-f]{6}$/i.test(color)) throw invalid("Label", "color");
  if (description !== null && [...description].length > 100) {
    throw invalid("Label", "description", "custom", "description is too long (maximum is 100 characters)");
  }
  const label = { id: world.nextId(), name: checked(name), color, description };
  world.labels.push(label);
  return created(labelView(world, label));
}

function addToIssue(call: Call): Answer {
  const issue = issueAt(call);
  guardIssue(call, issue, "write");
  for (const name of bodyOf(call, "Label").texts("labels") ?? []) {
    const label = labelNamed(call.world, name);
    if (!issue.labels.includes(label)) issue.labels.push(label);
  }
  return ok(issue.labels.map((label) => labelView(call.world, label)));
}

/** The label of this name; GitHub makes one when an issue is given a label that is not there. */
export function labelNamed(world: World, name: string): Label {
  const known = find(world, name);
  if (known) return known;
  const label: Label = { id: world.nextId(), name: checked(name), color: "ededed", description: null };
  world.labels.push(label);
  return label;
}

function checked(name: string): string {
  if (name.trim() === "" || [...name].length > 50) throw invalid("Label", "name");
  return name;
}

function find(world: World, name: string): Label | undefined {
  return world.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
}
