import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** `docs/requirements.md` claims that each demand is met and names what shows it. Here its claims are held against the repository. */
const HOME = new URL("../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, HOME), "utf8");

const PAGE = "docs/requirements.md";
const LAST = 154;

interface Row {
  readonly number: string;
  readonly demand: string;
  readonly answer: string;
  /** What shows it: `` `FILE` "name" ``, `` `FILE` R001 ``, `` `FILE` `` or `` `landline COMMAND` ``. */
  readonly shown: readonly string[];
}

const rows: readonly Row[] = read(PAGE)
  .split("\n")
  .filter((line) => /^\| R\d/.test(line))
  .map((line) => {
    const [, number = "", demand = "", answer = "", shown = "", ...rest] = line
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim());
    if (rest.length !== 1) throw new Error(`${number} does not have four cells`);
    return { number, demand, answer, shown: shown.split("<br>").map((one) => one.trim()) };
  });

/** Texts of a file, without comments: a name in a comment is no test. */
const texts = new Map<string, string>();
function codeOf(path: string): string {
  const known = texts.get(path);
  if (known !== undefined) return known;
  const code = read(path)
    .replace(/^\s*(\/\/|\/?\*).*$/gm, "")
    .replaceAll('\\"', '"');
  texts.set(path, code);
  return code;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whether a text stands in the code as a whole string, or a number at the beginning of one, among other numbers. */
const says = (path: string, name: string): boolean =>
  /^R\d{3}$/.test(name)
    ? new RegExp(`["'\`](?:R\\d{3},? )*${name}(?= |["'\`])`).test(codeOf(path))
    : new RegExp(`["'\`]${escaped(name)}["'\`]`).test(codeOf(path));

const isTest = (path: string): boolean =>
  path.endsWith(".test.ts") ||
  readdirSync(new URL("test/scenarios/guide/", HOME)).some((file) => path.endsWith(`/guide/${file}`));

/** What is wrong with one claim; nothing when it holds. */
function wrongWith(claim: string): string | undefined {
  const command = /^`landline ([^`]+)`$/.exec(claim)?.[1];
  if (command !== undefined) return wrongWithCommand(command);
  const [, path = "", name] = /^`([\w./-]+)`(?: (R\d{3}|".+"))?$/.exec(claim) ?? [];
  if (path === "") return `nobody can tell what ${claim} is`;
  if (!existsSync(new URL(path, HOME))) return `${path} does not exist`;
  if (name === undefined) return undefined;
  if (!isTest(path)) return `${path} holds no tests`;
  return says(path, name.replace(/^"|"$/g, "")) ? undefined : `${path} has no test ${name}`;
}

const CLI = read("src/cli.ts");

/** A command as it is typed: its first word and its options have to exist. */
function wrongWithCommand(line: string): string | undefined {
  const [name = "", ...words] = line.split(" ");
  const start = CLI.search(new RegExp(`\\.command\\("${escaped(name)}"\\)`));
  if (start === -1) return `there is no command ${name}`;
  const rest = CLI.slice(start + 1);
  const end = rest.search(/\.command\(/);
  const here = end === -1 ? rest : rest.slice(0, end);
  const options = words.filter((word) => word.startsWith("--"));
  const unknown = options.filter(
    (word) => !here.includes(`"${word}`) && !(word === "--format" && /format\(/.test(here)),
  );
  return unknown.length === 0 ? undefined : `landline ${name} has no ${unknown.join(", ")}`;
}

describe(PAGE, () => {
  it("has every demand once, in order, each with an answer", () => {
    expect(rows.map(({ number }) => number)).toEqual(
      Array.from({ length: LAST }, (_, index) => `R${String(index + 1).padStart(3, "0")}`),
    );
    expect(rows.filter(({ demand, answer }) => demand.length < 5 || answer.length < 5)).toEqual([]);
  });

  it.each(rows.map((row) => [row.number, row] as const))("%s is shown by what is there", (_number, { shown }) => {
    expect(shown.map(wrongWith).filter((wrong) => wrong !== undefined)).toEqual([]);
  });

  it("names nothing twice in one row", () => {
    expect(rows.filter(({ shown }) => new Set(shown).size !== shown.length).map(({ number }) => number)).toEqual([]);
  });
});

describe("a claim that is not so", () => {
  it.each([
    ["`test/no-such.test.ts` R001", "test/no-such.test.ts does not exist"],
    ["`test/requirements.test.ts` R155", "test/requirements.test.ts has no test R155"],
    ['`test/docs.test.ts` "no test has this name"', "test/docs.test.ts has no test"],
    // Part of a name is no name.
    ['`test/docs.test.ts` "lists the commands"', "test/docs.test.ts has no test"],
    ["`docs/spec.md` R001", "docs/spec.md holds no tests"],
    ["`landline conjure`", "there is no command conjure"],
    ["`landline plan --conjure`", "landline plan has no --conjure"],
    ["see above", "nobody can tell"],
    ["", "nobody can tell"],
  ])("%s", (claim, wrong) => {
    expect(wrongWith(claim)).toContain(wrong);
  });
});

describe("partners are data", () => {
  /** Words of profiles' names that are no partner's. */
  const COMMON = ["generic", "provider", "consumer", "cloud", "commerce", "serverless", "outbound", "elastic"];
  const names = readdirSync(new URL("partners/", HOME))
    .flatMap((file) => file.replace(/\.yaml$/, "").split("-"))
    .filter((word) => !COMMON.includes(word));

  it("of whom the code knows no name", () => {
    expect(names).toEqual(expect.arrayContaining(["sap", "btp", "aiven", "adobe", "emqx"]));
    const files = readdirSync(new URL("src/", HOME), { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const said = new RegExp(`\\b(${names.join("|")}|elastic.cloud|magento)\\b`, "i");
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => said.test(read(`src/${file}`)))).toEqual([]);
  });
});
