import { Ajv2020 } from "ajv/dist/2020.js";
import type { Touched } from "../changed/touched.ts";
import type { Problem } from "../specs/problem.ts";
import { clip, visible } from "./visible.ts";

/** What is known of a pull request without any cloud: `schema/offline.v1.schema.json`. */
export interface OfflineFile {
  readonly formatVersion: 1;
  readonly number: number;
  readonly headSha: string;
  readonly problems: readonly Problem[];
  /** Empty while there are problems: then nobody knows what the specs say. */
  readonly connections: readonly Touched[];
}

/** What the schema lets through. Nobody reads more, and the comment counts what it does not show. */
const MOST_PROBLEMS = 2_000;
const MOST_CONNECTIONS = 10_000;
const LONGEST_TEXT = 2_000;
const LONGEST_PATH = 4_096;

/** As JSON text, within the limits of the schema. */
export function offlineToJson({ formatVersion, number, headSha, problems, connections }: OfflineFile): string {
  const file: OfflineFile = {
    formatVersion,
    number,
    headSha,
    problems: problems.slice(0, MOST_PROBLEMS).map(problemToFile),
    connections: connections
      .slice(0, MOST_CONNECTIONS)
      .map(({ name, change, file: path }) => ({ name, change, file: path.slice(0, LONGEST_PATH) })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

function problemToFile({ code, message, at, hint }: Problem): Problem {
  return {
    code,
    message: clip(message, LONGEST_TEXT),
    at: { file: at.file.slice(0, LONGEST_PATH), line: at.line, column: at.column },
    ...(hint === undefined ? {} : { hint: clip(hint, LONGEST_TEXT) }),
  };
}

/** Reads one that anybody may have written. `schema` is the parsed schema. Never throws on bad text. */
export function readOfflineFile(text: string, schema: object): OfflineFile | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: "it is not JSON" };
  }
  const validate = new Ajv2020().compile<OfflineFile>(schema);
  if (validate(value)) return value;
  const [error] = validate.errors ?? [];
  const place = error?.instancePath === "" ? "the whole file" : (error?.instancePath ?? "");
  return { problem: `${clip(visible(place), 120)} ${error?.message ?? "is not as the schema says"}` };
}
