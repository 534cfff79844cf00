import { suggestion } from "../planner/specs/index.ts";
import type { Io } from "./io.ts";
import { schemaNames, schemaText } from "./schema-files.ts";

/** `landline schema [NAME]`: prints a JSON Schema, or the names there are. */
export async function schema(options: { name?: string }, io: Io): Promise<number> {
  const names = schemaNames();
  if (options.name === undefined) {
    io.out(`${names.join("\n")}\n`);
    return 0;
  }
  if (!names.includes(options.name)) {
    io.err(`there is no schema ${JSON.stringify(options.name)}${suggestion(options.name, names)}\n`);
    io.err(`the schemas are: ${names.join(", ")}\n`);
    return 1;
  }
  io.out(schemaText(options.name));
  return 0;
}
