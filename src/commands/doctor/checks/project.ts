import type { CompleteProjectSpec } from "../../../planner/specs/index.ts";
import { count } from "../../../planner/writers/words.ts";
import { broken, type Check, ok, warning } from "../check.ts";
import type { LocalFacts } from "../look-local.ts";

/** The project file and its specs, as far as they can be judged offline. */
export function checkProject({ project, specs }: Pick<LocalFacts, "project" | "specs">): readonly Check[] {
  if (!project) {
    const [first] = specs.problems;
    const where = first ? `${first.file}:${first.line}: ${first.message}` : "there is none";
    return [
      broken("project.file")("", `the project file cannot be used: ${where}`, "landline validate shows every problem"),
    ];
  }
  const targets = Object.keys(project.spec.targets).length;
  return [
    ok("project.file")(project.file, `project ${project.spec.metadata.name}, ${count(targets, "target")}`),
    checkSpecs(specs),
    ...checkApprovals(project.spec),
    ...checkRoles(project.spec),
  ];
}

function checkSpecs({ connections, problems }: LocalFacts["specs"]): Check {
  const [first] = problems;
  if (!first) return ok("project.specs")("", `${count(connections, "connection")}, no problems`);
  return broken("project.specs")(
    "",
    `${count(problems.length, "problem")} in the specs, the first at ${first.file}:${first.line}: ${first.message}`,
    "landline validate shows every problem",
  );
}

/** A rule that names fewer people than it counts can never be met. A team's size is not known here. */
function checkApprovals({ policy }: CompleteProjectSpec): readonly Check[] {
  const checks = policy.approvals.flatMap(({ risks, count: needed, from }, index): Check[] => {
    const people = new Set((from ?? []).map((name) => name.toLowerCase()));
    const onlyUsers = [...people].every((name) => !name.includes("/"));
    if (from === undefined || !onlyUsers || people.size >= needed) return [];
    return [
      broken("project.approvals")(
        `policy.approvals[${index}]`,
        `asks for ${count(needed, "approval")} for ${risks.join(", ")} but names ${count(people.size, "person", "people")}: no pull request can ever meet it`,
        `lower its count to ${people.size}, or name more people or a team in its from`,
      ),
    ];
  });
  if (checks.length > 0) return checks;
  return [ok("project.approvals")("", `${count(policy.approvals.length, "rule")} for approvals`)];
}

/** Two roles keep the plan from writing; with one, or none, only Landline's own guard does. */
function checkRoles({ targets }: CompleteProjectSpec): readonly Check[] {
  const checks = Object.entries(targets).flatMap(([name, { account, roles }]): Check[] => {
    const line = (mode: string) => `targets.${name}.roles.${mode}: arn:aws:iam::${account}:role/landline-${mode}`;
    const missing = (["plan", "apply"] as const).filter((mode) => roles?.[mode] === undefined);
    if (missing.length > 0)
      return [
        warning("project.roles")(
          name,
          `names no role for ${missing.join(" and ")}: whatever credentials are around are used`,
          ...missing.map(line),
          ...missing.map((mode) => `landline iam --mode ${mode} prints the policy for it`),
        ),
      ];
    if (roles?.plan !== roles?.apply) return [];
    return [
      warning("project.roles")(
        name,
        "plans and applies with the same role: only Landline's own guard keeps a plan from writing",
        line("plan"),
        "landline iam --mode plan prints the policy for it",
      ),
    ];
  });
  if (checks.length > 0) return checks;
  return [ok("project.roles")("", "every target has a role to plan and another to apply")];
}
