import { styleText } from "node:util";
import { explainField, type FieldExplanation } from "../planner/specs/index.ts";
import type { Io } from "./io.ts";
import { readSchemas } from "./schema-files.ts";

/** What `landline explain FIELD` was asked: a path such as `endpoints.vpc`, or `project.policy.deletions` to name the file's kind. */
export interface ExplainOptions {
  field: string;
  format: "text" | "json";
}

type Kind = "connection" | "project";
const KINDS: readonly Kind[] = ["connection", "project"];

/** `landline explain`: what a field means and what changing it does on AWS. A field that both kinds of file have is told twice. */
export async function explain(options: ExplainOptions, io: Io): Promise<number> {
  const schemas = readSchemas();
  const prefix = KINDS.find((kind) => options.field.startsWith(`${kind}.`));
  const field = prefix === undefined ? options.field : options.field.slice(prefix.length + 1);
  const answers = (prefix === undefined ? KINDS : [prefix]).map((kind) => ({
    kind,
    ...explainField(schemas[kind], field),
  }));
  const found = answers.flatMap((answer) => ("found" in answer ? [{ kind: answer.kind, ...answer.found }] : []));
  if (found.length === 0) {
    io.err(`${unknownText(options.field, answers)}\n`);
    return 1;
  }
  const text =
    options.format === "json" ? JSON.stringify(found, null, 2) : found.map((item) => fieldText(item, io)).join("\n\n");
  io.out(`${text}\n`);
  return 0;
}

type Answer = ReturnType<typeof explainField>;

/** The answer that understood more of the path speaks; a suggestion beats none. */
function unknownText(field: string, answers: readonly Answer[]): string {
  const unknown = answers.flatMap((answer) => ("unknown" in answer ? [answer] : []));
  const meant = unknown.find((answer) => answer.meant !== undefined)?.meant;
  if (meant !== undefined)
    return `no file has a field ${JSON.stringify(field)}; did you mean ${JSON.stringify(meant)}?`;
  const deepest = Math.max(...unknown.map((answer) => answer.unknown.length));
  const known = unknown.filter((answer) => answer.unknown.length === deepest).flatMap((answer) => answer.known);
  return `no file has a field ${JSON.stringify(field)}${known.length === 0 ? "" : `; known are: ${[...new Set(known)].join(", ")}`}`;
}

function fieldText(item: FieldExplanation & { kind: Kind }, io: Io): string {
  const bold = (text: string): string => (io.color ? styleText("bold", text) : text);
  const rows = [
    ["type", `${item.type}${item.required ? ", required" : ""}`],
    ["default", item.default === undefined ? "" : JSON.stringify(item.default)],
    ["example", item.examples.map((example) => JSON.stringify(example)).join("  or  ")],
    ["fields", item.fields.join(", ")],
    ["changing it", item.changing],
  ] as const;
  const shown = rows.filter(([, text]) => text !== "").map(([label, text]) => `  ${label.padEnd(12)} ${text}`);
  return [`${bold(item.field)} (${item.kind} file)`, `  ${item.description}`, ...shown].join("\n");
}
