import { compareText } from "../collections.ts";
import { withPartnerDns } from "../partners/dns.ts";
import type { Profiles } from "../partners/profile.ts";
import { withServiceNames } from "../partners/service-name.ts";
import { checkConnection } from "./checks/connection.ts";
import { checkTogether } from "./checks/together.ts";
import type { ConnectionSpec } from "./connection.generated.ts";
import type { CheckedConnection, ConnectionDocument, ProjectDocument, World } from "./documents.ts";
import { isMap } from "./json.ts";
import { type Problem, sortProblems } from "./problem.ts";
import type { Schemas } from "./schema.ts";
import { reporter, type Shaped, shape } from "./shape.ts";
import { readYaml, type SourceFile, type YamlDocument } from "./yaml.ts";

/** What specs are held against. */
export interface ParseOptions {
  schemas: Pick<Schemas, "connection">;
  /** YYYY-MM-DD */
  today: string;
  /** The partner profiles that specs may name. */
  profiles: Profiles;
  /** False: some profiles could not be read, so that a name that is not among them is no problem of the spec. */
  profilesComplete?: boolean;
  /** False: `files` is not all there is, so that a reference to nothing known is no problem. */
  complete?: boolean;
}

/**
 * Reads all spec files and checks them, each alone and all together. Connections come sorted by name; when there are problems they may be
 * partial or missing, and nothing may be planned from them.
 */
export function parseConnections(
  files: readonly SourceFile[],
  project: ProjectDocument,
  options: ParseOptions,
): { connections: ConnectionDocument[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const connections: CheckedConnection[] = [];
  let complete = options.complete ?? true;
  for (const file of [...files].sort((a, b) => compareText(a.path, b.path))) {
    const { documents, broken, problems: unreadable } = readYaml(file);
    problems.push(...unreadable);
    if (broken > 0) complete = false;
    for (const document of documents) {
      if (isStray(document, problems)) continue;
      const { shaped, problems: misfits } = shape(document, options.schemas.connection);
      problems.push(...misfits);
      if (shaped.value === undefined || !shaped.named) complete = false;
      if (shaped.value === undefined) continue;
      const named = withServiceNames(connectionOf(shaped), project, options.profiles);
      connections.push(withPartnerDns(named, project, options.profiles));
    }
  }
  const { today, profiles, profilesComplete = true } = options;
  const byName = new Map([...connections].reverse().map((connection) => [connection.spec.metadata.name, connection]));
  const world: World = { project, connections, byName, complete, today, profiles, profilesComplete };
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

/** What else may lie in a project. */
const STRAY = new Map([
  ["Project", { what: "a project file", hint: "move it out of the specs folder, or write kind: Connection" }],
  [
    "PartnerProfile",
    { what: "a partner profile", hint: "move it to a folder of its own, which partners in the project file finds" },
  ],
]);

/** Another kind of file among the specs is one mistake, not twenty. */
function isStray(document: YamlDocument, problems: Problem[]): boolean {
  const stray = isMap(document.value) ? STRAY.get(String(document.value.kind)) : undefined;
  if (!stray) return false;
  const message = `${stray.what} stands among the connection specs`;
  problems.push({ code: "kind.unknown", message, at: document.at(["kind"]), hint: stray.hint });
  return true;
}
