import type { ProjectDocument } from "../documents.ts";
import { type Path, quote, type Report } from "../problem.ts";
import type { TargetSpec } from "../project.generated.ts";
import { suggestion } from "../suggest.ts";

/** The target a section names, or undefined when the project has none of that name. */
export function targetOf(project: ProjectDocument, name: string): TargetSpec | undefined {
  return Object.hasOwn(project.spec.targets, name) ? project.spec.targets[name] : undefined;
}

/** A section must name a target that the project has. */
export function checkTarget(path: Path, name: string, project: ProjectDocument, report: Report): void {
  if (targetOf(project, name) !== undefined || project.partial) return;
  const known = Object.keys(project.spec.targets);
  report(path, {
    code: "target.unknown",
    message: `${project.file} has no target ${quote(name)}${suggestion(name, known)}`,
    hint: `its targets are: ${known.join(", ")}`,
  });
}
