import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The list of partners leads to every page and names every profile that ships. */

const FOLDER = new URL("../../docs/partners/", import.meta.url);
const index = readFileSync(new URL("README.md", FOLDER), "utf8");
const names = (folder: URL, end: string) =>
  readdirSync(folder).flatMap((file) =>
    file.endsWith(end) && file !== "README.md" ? [file.slice(0, -end.length)] : [],
  );

test("every profile that ships stands in the list, and nothing else does", () => {
  const listed = [...index.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name = ""]) => name);
  expect([...new Set(listed)].sort()).toEqual(names(new URL("../../partners/", import.meta.url), ".yaml").sort());
});

test("every page stands in the list, and every link leads somewhere", () => {
  const links = [...index.matchAll(/\]\(([^)]+)\)/g)].map(([, to = ""]) => to);
  expect(links.filter((to) => !existsSync(new URL(to, FOLDER)))).toEqual([]);
  expect(names(FOLDER, ".md").filter((page) => !links.includes(`${page}.md`))).toEqual([]);
});
