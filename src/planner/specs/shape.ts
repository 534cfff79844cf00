import { isMap, type JsonMap } from "./json.ts";
import type { Path, Position, Problem, Refusal, Report } from "./problem.ts";
import { prune } from "./prune.ts";
import { fieldsOf, schemaErrors } from "./schema.ts";
import { translate } from "./translate.ts";
import type { YamlDocument } from "./yaml.ts";

/** A document held against its schema: what fits, and where each part of it stands. */
export interface Shaped {
  file: string;
  /** Fits the schema; parts that do not were left out. `undefined` when too little was left. */
  value: unknown;
  /** Whether something was left out. A check that misses something says nothing about a partial document: it may have been left out. */
  partial: boolean;
  /** Whether the document's name could be read. Without one it carries the name `UNNAMED`. */
  named: boolean;
  at(path: Path): Position;
  keyAt(path: Path): Position;
  source(path: Path): string | undefined;
}

/** Not a possible name, so that nothing can refer to it. */
const UNNAMED = "(unnamed)";

/** Holds a document against a schema. Every complaint becomes a problem; the rest of the document stays checkable. */
export function shape(document: YamlDocument, schema: JsonMap): { shaped: Shaped; problems: Problem[] } {
  const complaints = complaintsAbout(schema, document.value, document.source);
  const problems = complaints.map(({ path, atKey, code, message, hint }) => ({
    code,
    message,
    at: atKey ? document.keyAt(path) : document.at(path),
    ...(hint === undefined ? {} : { hint }),
  }));
  const named = !complaints.some(
    ({ prune: path }) => path.length <= 2 && path[0] === "metadata" && path[1] !== "owner",
  );
  const patched = complaints.length === 0 ? document.value : patch(document.value, schema, named);
  const { value, origin, pruned } = prune(patched, (rest) =>
    complaintsAbout(schema, rest, () => undefined).map((complaint) => complaint.prune),
  );
  const shaped: Shaped = {
    file: document.file,
    value,
    partial: pruned || complaints.length > 0,
    named,
    at: (path) => document.at(origin(path)),
    keyAt: (path) => document.keyAt(origin(path)),
    source: (path) => document.source(origin(path)),
  };
  return { shaped, problems };
}

function complaintsAbout(schema: JsonMap, value: unknown, source: (path: Path) => string | undefined) {
  const errors = schemaErrors(schema, value);
  return errors.length === 0 ? [] : translate(errors, value, source);
}

/** A document whose first lines are wrong is still worth reading: those lines are replaced by what they should have been. */
function patch(value: unknown, schema: JsonMap, named: boolean): unknown {
  if (!isMap(value)) return value;
  const constants = Object.entries(fieldsOf(schema)).flatMap(([field, node]) =>
    isMap(node) && "const" in node ? [[field, node.const] as const] : [],
  );
  return { ...value, ...Object.fromEntries(constants), ...(named ? {} : { metadata: { name: UNNAMED } }) };
}

/** Collects what checks report about one document, each at its place. */
export function reporter(document: Pick<Shaped, "at">, problems: Problem[]): Report {
  return (path: Path, refusal: Refusal) => {
    problems.push({ ...refusal, at: document.at(path) });
  };
}
