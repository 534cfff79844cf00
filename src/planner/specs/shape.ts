import { isMap, type JsonMap } from "./json.ts";
import { type Path, type Position, type Problem, pathText, type Refusal, type Report } from "./problem.ts";
import { prune } from "./prune.ts";
import { fieldsOf, schemaErrors } from "./schema.ts";
import { type Complaint, translate } from "./translate.ts";
import type { YamlDocument } from "./yaml.ts";

/** A document held against its schema: what fits, and where each part of it stands. */
export interface Shaped {
  file: string;
  /** Fits the schema; parts that do not were left out. `undefined` when too little was left. */
  value: unknown;
  /** Whether something was left out. A check that misses something says nothing about a partial document: it may have been left out. */
  partial: boolean;
  /** Whether the document's name could be read. Without one it carries a stand-in that nobody may refer to. */
  named: boolean;
  at(path: Path): Position;
  keyAt(path: Path): Position;
  source(path: Path): string | undefined;
}

/** Stands in for a name that cannot be used, so that the rest of the document can be checked. */
const UNNAMED = "unnamed";

/** Holds a document against a schema. Every complaint becomes a problem; the rest of the document stays checkable. */
export function shape(document: YamlDocument, schema: JsonMap): { shaped: Shaped; problems: Problem[] } {
  const complaints = complaintsAbout(schema, document.value, document.source);
  const problems = withoutEchoes(complaints).map(({ path, atKey, code, message, hint }) => ({
    code,
    message,
    at: atKey ? document.keyAt(path) : document.at(path),
    ...(hint === undefined ? {} : { hint }),
  }));
  const named = !complaints.some(spoilsName);
  const { file, at, keyAt, source } = document;
  if (complaints.length === 0) {
    return { shaped: { file, value: document.value, partial: false, named, at, keyAt, source }, problems };
  }
  const { value, origin } = prune(patch(document.value, schema, named), (rest) =>
    complaintsAbout(schema, rest, () => undefined).map((complaint) => complaint.prune),
  );
  const shaped: Shaped = {
    file,
    value,
    partial: true,
    named,
    at: (path) => at(origin(path)),
    keyAt: (path) => keyAt(origin(path)),
    source: (path) => source(origin(path)),
  };
  return { shaped, problems };
}

/** Whether a complaint means that the document's name cannot be read. */
function spoilsName({ prune: path, meant }: Complaint): boolean {
  const place = pathText(path);
  return place === "metadata" || place === "metadata.name" || (place === "" && meant === "metadata");
}

/** What a merge key should have brought along, or what stands there misspelt, is not missing as well. */
function withoutEchoes(complaints: readonly Complaint[]): Complaint[] {
  const merged = new Set<string>();
  const misspelt = new Set<string>();
  for (const { code, path, meant } of complaints) {
    const parent = path.slice(0, -1);
    if (code === "yaml.merge") merged.add(pathText(parent));
    if (code === "field.unknown" && meant !== undefined) misspelt.add(pathText([...parent, meant]));
  }
  return complaints.filter(
    ({ code, path, meant = "" }) =>
      code !== "field.missing" || !(merged.has(pathText(path)) || misspelt.has(pathText([...path, meant]))),
  );
}

function complaintsAbout(schema: JsonMap, value: unknown, source: (path: Path) => string | undefined): Complaint[] {
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
