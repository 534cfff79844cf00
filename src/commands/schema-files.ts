import { readdirSync, readFileSync } from "node:fs";
import type { Schemas } from "../planner/specs/index.ts";

/** The schemas lie beside src/ and dist/, which are equally deep, so that one path serves both. */
const FOLDER = new URL("../../schema/", import.meta.url);
const ENDING = ".v1.schema.json";

/** The names under which `landline schema` knows the files: connection, plan, project, ... */
export function schemaNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

/** One schema file as it is. */
export function schemaText(name: string): string {
  return readFileSync(new URL(`${name}${ENDING}`, FOLDER), "utf8");
}

const parsed = (name: string) => JSON.parse(schemaText(name));

let schemas: Schemas | undefined;

/** The schemas that the planner needs to read what people write: the same objects each time, because it compiles every object it has not seen yet. */
export function readSchemas(): Schemas {
  schemas ??= { project: parsed("project"), connection: parsed("connection"), partner: parsed("partner") };
  return schemas;
}
