// Writes the *.generated.ts of the planner from the schemas; the schemas are the one source of what a file may say.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

/** The kinds of file that people write, each with the place of its types. @type {Record<string, string>} */
const FILES = {
  project: "specs/project",
  connection: "specs/connection",
  partner: "partners/profile",
};

/** Where the types of one kind of file are kept. */
export function generatedFile(/** @type {string} */ kind) {
  return new URL(`../src/planner/${FILES[kind]}.generated.ts`, import.meta.url);
}

/** The TypeScript text for one schema, exactly as it is committed. */
export async function generateTypes(/** @type {string} */ kind) {
  const schema = JSON.parse(await readFile(new URL(`${kind}.v1.schema.json`, import.meta.url), "utf8"));
  return compile(onlyReferences(schema), schema.title, {
    bannerComment: `// Made from schema/${kind}.v1.schema.json by \`npm run schema\`; change the schema, not this file.`,
    additionalProperties: false,
    // A list that must not be empty stays a plain list: a tuple type would make every caller prove what the check has proved.
    ignoreMinAndMaxItems: true,
    style: { printWidth: 120 },
  });
}

/**
 * A description beside a reference is for people; the generator would make a second type of it.
 * @returns {any}
 */
function onlyReferences(/** @type {unknown} */ node) {
  if (Array.isArray(node)) return node.map(onlyReferences);
  if (typeof node !== "object" || node === null) return node;
  if ("$ref" in node) return { $ref: node.$ref };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, onlyReferences(value)]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const kind of Object.keys(FILES)) await writeFile(generatedFile(kind), await generateTypes(kind));
}
