import { compareText } from "../collections.ts";
import { checkTargets } from "./checks/targets.ts";
import type { CompleteProjectSpec, ProjectDocument } from "./documents.ts";
import { type Problem, sortProblems } from "./problem.ts";
import type { ProjectSpec } from "./project.generated.ts";
import type { Schemas } from "./schema.ts";
import { reporter, shape } from "./shape.ts";
import { readYaml, type SourceFile } from "./yaml.ts";

/** Reads the project file. With problems the project is partial, or absent when too little of it could be read. */
export function parseProject(
  file: SourceFile,
  schemas: Pick<Schemas, "project">,
): { project?: ProjectDocument; problems: Problem[] } {
  const { documents, problems } = readYaml(file);
  const [document, ...others] = documents;
  for (const other of others) {
    problems.push({
      code: "file.size",
      message: "a project file holds one document",
      at: other.at([]),
      hint: "connection specs stand in files of their own, which the project file finds through specs",
    });
  }
  if (document === undefined) return { problems: sortProblems(problems) };
  const { shaped, problems: misfits } = shape(document, schemas.project);
  problems.push(...misfits);
  if (shaped.value === undefined) return { problems: sortProblems(problems) };
  // The schema has judged the value: what is left of it is a ProjectSpec.
  const spec = shaped.value as ProjectSpec;
  checkTargets(spec, reporter(shaped, problems));
  const project = { spec: complete(spec), file: file.path, at: shaped.at, partial: problems.length > 0 };
  return { project, problems: sortProblems(problems) };
}

function complete(spec: ProjectSpec): CompleteProjectSpec {
  const { principals, deletions, approvals } = spec.policy ?? {};
  return {
    ...spec,
    specs: spec.specs ?? ["specs/**/*.yaml"],
    targets: Object.fromEntries(Object.entries(spec.targets).sort(([a], [b]) => compareText(a, b))),
    tags: spec.tags ?? {},
    policy: {
      principals: { deny: ["*"], allowAccounts: [], requireReason: true, ...principals },
      deletions: { max: 5, percent: 25, ...deletions },
      approvals: approvals ?? [{ risks: ["any"], count: 1 }],
    },
  };
}
