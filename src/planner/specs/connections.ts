import { compareText } from "../collections.ts";
import { checkConnection } from "./checks/connection.ts";
import { checkTogether } from "./checks/together.ts";
import type { ConnectionSpec } from "./connection.generated.ts";
import type { CheckedConnection, ConnectionDocument, ProjectDocument, World } from "./documents.ts";
import { isMap } from "./json.ts";
import { type Problem, sortProblems } from "./problem.ts";
import type { Schemas } from "./schema.ts";
import { reporter, type Shaped, shape } from "./shape.ts";
import { readYaml, type SourceFile, type YamlDocument } from "./yaml.ts";

/**
 * Reads all spec files and checks them, each alone and all together. Connections come sorted by name; when there are problems they may be
 * partial or missing, and nothing may be planned from them. `complete: false` says that `files` is not all there is, so that a reference
 * to nothing known is no problem.
 */
export function parseConnections(
  files: readonly SourceFile[],
  project: ProjectDocument,
  options: { schemas: Schemas; today: string; profiles: readonly string[]; complete?: boolean },
): { connections: ConnectionDocument[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const connections: CheckedConnection[] = [];
  let complete = options.complete ?? true;
  for (const file of [...files].sort((a, b) => compareText(a.path, b.path))) {
    const { documents, broken, problems: unreadable } = readYaml(file);
    problems.push(...unreadable);
    if (broken > 0) complete = false;
    for (const document of documents) {
      if (strayProject(document, problems)) continue;
      const { shaped, problems: misfits } = shape(document, options.schemas.connection);
      problems.push(...misfits);
      if (shaped.value === undefined || !shaped.named) complete = false;
      if (shaped.value !== undefined) connections.push(connectionOf(shaped));
    }
  }
  const { today, profiles } = options;
  const byName = new Map([...connections].reverse().map((connection) => [connection.spec.metadata.name, connection]));
  const world: World = { project, connections, byName, complete, today, profiles };
  for (const connection of connections) checkConnection(connection, world, reporter(connection, problems));
  checkTogether(world, (connection) => reporter(connection, problems));
  return {
    connections: connections
      .filter(({ named }) => named)
      .sort((a, b) => compareText(a.spec.metadata.name, b.spec.metadata.name)),
    problems: sortProblems(problems),
  };
}

function connectionOf({ value, file, at, source, partial, named }: Shaped): CheckedConnection {
  // The schema has judged the value: what is left of it is a ConnectionSpec.
  return { spec: value as ConnectionSpec, file, at, source, partial, named };
}

/** A project file among the specs is one mistake, not twenty. */
function strayProject(document: YamlDocument, problems: Problem[]): boolean {
  if (!isMap(document.value) || document.value.kind !== "Project") return false;
  problems.push({
    code: "kind.unknown",
    message: "a project file stands among the connection specs",
    at: document.at(["kind"]),
    hint: "move it out of the specs folder, or write kind: Connection",
  });
  return true;
}
