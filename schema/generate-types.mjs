// Writes src/planner/specs/*.generated.ts from the schemas; the schemas are the one source of what a file may say.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const KINDS = ["project", "connection"];

/** Where the types of one kind of file are kept. */
export function generatedFile(/** @type {string} */ kind) {
  return new URL(`../src/planner/specs/${kind}.generated.ts`, import.meta.url);
}

/** The TypeScript text for one schema, exactly as it is committed. */
export async function generateTypes(/** @type {string} */ kind) {
  const schema = JSON.parse(await readFile(new URL(`${kind}.v1.schema.json`, import.meta.url), "utf8"));
  return compile(schema, schema.title, {
    bannerComment: `// Made from schema/${kind}.v1.schema.json by \`npm run schema\`; change the schema, not this file.`,
    additionalProperties: false,
    // A list that must not be empty stays a plain list: a tuple type would make every caller prove what the check has proved.
    ignoreMinAndMaxItems: true,
    style: { printWidth: 120 },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const kind of KINDS) await writeFile(generatedFile(kind), await generateTypes(kind));
}
