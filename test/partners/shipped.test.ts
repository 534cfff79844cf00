import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadProfiles } from "../../src/planner/partners/load.ts";

/** Every profile that comes with Landline is sound, and called like its file. */

const FOLDER = new URL("../../partners/", import.meta.url);
const schemas = {
  partner: JSON.parse(readFileSync(new URL("../../schema/partner.v1.schema.json", import.meta.url), "utf8")),
};

test.each(readdirSync(FOLDER))("%s loads without a complaint", (file) => {
  const path = `partners/${file}`;
  const { profiles, problems } = loadProfiles(
    { shipped: [], own: [{ path, text: readFileSync(new URL(file, FOLDER), "utf8") }] },
    schemas,
  );
  expect(problems).toEqual([]);
  expect([...profiles.keys()]).toEqual([file.replace(/\.yaml$/, "")]);
});
