import type { Report } from "../problem.ts";
import type { ProjectSpec } from "../project.generated.ts";

/** The roles of a target must live in its account, and no place may be named twice: its resources would be read and planned twice. */
export function checkTargets(spec: ProjectSpec, report: Report): void {
  const places = new Map<string, string>();
  for (const [name, target] of Object.entries(spec.targets)) {
    const place = `${target.account}/${target.region}`;
    const first = places.get(place);
    if (first !== undefined) {
      report(["targets", name], {
        code: "target.duplicate",
        message: `the targets "${first}" and "${name}" are the same account and Region`,
        hint: "keep one of them and let all specs name it",
      });
    }
    places.set(place, first ?? name);
    for (const use of ["plan", "apply"] as const) {
      const role = target.roles?.[use];
      const account = role?.split(":")[4];
      if (account === undefined || account === target.account) continue;
      report(["targets", name, "roles", use], {
        code: "target.role",
        message: `this role belongs to account ${account}, but the target is account ${target.account}`,
        hint: "a call acts in the account of the role it uses: name a role of the target's account",
      });
    }
  }
}
