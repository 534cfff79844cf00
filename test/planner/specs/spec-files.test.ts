import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadSpecs } from "../../../src/commands/spec-files.ts";
import { brief, PROJECT } from "./support.ts";

const SPEC = `apiVersion: landline/v1
kind: Connection
metadata: {name: NAME}
endpoints:
  - target: prod-use1
    service: pending
    vpc: vpc-0a1b2c3d4e5f60001
    subnets: [subnet-0a1b2c3d4e5f60003]
    securityGroups: [sg-0a1b2c3d4e5f60004]
`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "landline-specs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function spec(path: string, name: string): void {
  put(path, SPEC.replace("NAME", name));
}

function load(paths: string[] = [], cwd = folder) {
  const io = { cwd, now: () => new Date("2026-11-20T12:00:00Z") };
  return loadSpecs({ project: join(folder, "landline.yaml"), paths }, io);
}

const names = () => load().connections.map((connection) => connection.spec.metadata.name);
const withSpecs = (...patterns: string[]) => put("landline.yaml", `${PROJECT}specs: ${JSON.stringify(patterns)}\n`);

describe("which files are read", () => {
  beforeEach(() => {
    spec("specs/one.yaml", "one");
    spec("specs/team/deep/two.yaml", "two");
    spec("specs/team/three.yml", "three");
    put("specs/.hidden.yaml", "not: a spec");
    put("specs/.git/x.yaml", "not: a spec");
    put("specs/node_modules/x.yaml", "not: a spec");
    put("specs/notes.md", "not a spec");
    put("other.yaml", "not: a spec");
  });

  test.each([
    [["specs/**/*.yaml"], ["one", "two"]],
    [["./specs/*.yaml"], ["one"]],
    [
      ["specs/*/three.yml", "specs/one.yaml"],
      ["one", "three"],
    ],
    [
      ["specs/**/*.yaml", "specs/**/*.yml"],
      ["one", "three", "two"],
    ],
    [["specs/**/t*.y*l"], ["three", "two"]],
    [["specs/team/**"], ["three", "two"]],
    [
      ["specs/**/*.yaml", "specs/**/*.json"],
      ["one", "two"],
    ],
  ])("%j finds %j", (patterns, found) => {
    withSpecs(...patterns);
    expect(brief(load().problems)).toEqual([]);
    expect(names()).toEqual(found);
  });

  test("paths in problems are relative to where one stands", () => {
    put("landline.yaml", PROJECT);
    spec("specs/team/deep/two.yaml", "one");
    expect(brief(load([], join(folder, "specs")).problems)).toEqual(["name.duplicate team/deep/two.yaml:3:18"]);
  });

  test("a file named on the command line is read besides", () => {
    put("landline.yaml", PROJECT);
    const loaded = load(["other.yaml"]);
    expect(loaded.files).toBe(3);
    expect(brief(loaded.problems)).toContain("field.unknown other.yaml:1:1");
  });
});

describe("nothing to read is never nothing to do", () => {
  test.each([
    ["no specs folder", [], ["specs.empty specs:1:1"]],
    ["a specs folder without specs", ["specs/notes.md"], ["specs.empty landline.yaml:1:1"]],
  ])("%s", (_what, files, expected) => {
    put("landline.yaml", PROJECT);
    for (const file of files) put(file, "text");
    const { project, connections, problems } = load();
    expect(brief(problems)).toEqual(expected);
    expect({ project, connections }).toEqual({ project: undefined, connections: [] });
  });

  test("each folder that a pattern names must hold a spec", () => {
    spec("specs/one.yaml", "one");
    put("more/notes.md", "text");
    withSpecs("specs/*.yaml", "more/*.yaml");
    expect(brief(load().problems)).toEqual(["specs.empty landline.yaml:8:24"]);
  });

  test("an empty file among others", () => {
    put("landline.yaml", PROJECT);
    spec("specs/one.yaml", "one");
    put("specs/two.yaml", "");
    expect(brief(load().problems)).toEqual(["file.empty specs/two.yaml:1:1"]);
  });

  test("no project file", () => {
    expect(brief(load().problems)).toEqual(["file.unreadable landline.yaml:1:1"]);
  });

  test.each([
    "../specs/*.yaml",
    "/etc/*.yaml",
    "specs/{a,b}.yaml",
    "specs//a.yaml",
    "specs/a**.yaml",
    "specs\\\\a.yaml",
  ])("the pattern %s is refused", (pattern) => {
    withSpecs(pattern);
    expect(brief(load().problems)).toEqual(["specs.pattern landline.yaml:8:9"]);
  });
});

describe("files that are not read", () => {
  beforeEach(() => {
    put("landline.yaml", PROJECT);
    spec("specs/one.yaml", "one");
  });

  test("a file over 1 MiB", () => {
    put("specs/big.yaml", `${SPEC.replace("NAME", "big")}#${"x".repeat(1_048_576)}\n`);
    expect(brief(load().problems)).toEqual(["file.size specs/big.yaml:1:1"]);
  });

  test("bytes that are not UTF-8, at their place", () => {
    put("specs/latin.yaml", Buffer.from(SPEC.replace("NAME", "caf\u00e9"), "latin1"));
    expect(brief(load().problems)).toEqual(["file.encoding specs/latin.yaml:3:21"]);
  });

  test("UTF-16", () => {
    put("specs/wide.yaml", Buffer.from(`\ufeff${SPEC}`, "utf16le"));
    expect(brief(load().problems)).toEqual(["file.encoding specs/wide.yaml:1:1"]);
  });

  test("a byte order mark does no harm", () => {
    put("specs/two.yaml", `\ufeff${SPEC.replace("NAME", "two")}`);
    expect(names()).toEqual(["one", "two"]);
  });

  test("a file that is a link out of the specs folder", () => {
    spec("outside.yaml", "outside");
    symlinkSync(join(folder, "outside.yaml"), join(folder, "specs/link.yaml"));
    expect(brief(load().problems)).toEqual(["file.link specs/link.yaml:1:1"]);
  });

  test("a folder that is a link out of the specs folder", () => {
    spec("outside/two.yaml", "outside");
    symlinkSync(join(folder, "outside"), join(folder, "specs/team"));
    expect(brief(load().problems)).toEqual(["file.link specs/team:1:1"]);
  });

  test("a specs folder that is a link out of the project", () => {
    const project = join(folder, "project");
    mkdirSync(project);
    writeFileSync(join(project, "landline.yaml"), PROJECT);
    symlinkSync(join(folder, "specs"), join(project, "specs"));
    const io = { cwd: project, now: () => new Date("2026-11-20T12:00:00Z") };
    expect(brief(loadSpecs({ project: "landline.yaml" }, io).problems)).toEqual(["file.link specs:1:1"]);
  });

  test("a link to nothing", () => {
    symlinkSync(join(folder, "gone.yaml"), join(folder, "specs/link.yaml"));
    expect(brief(load().problems)).toEqual(["file.unreadable specs/link.yaml:1:1"]);
  });

  test("a link inside the specs folder is read as the file it names", () => {
    symlinkSync("one.yaml", join(folder, "specs/link.yaml"));
    expect(brief(load().problems)).toEqual(["name.duplicate specs/one.yaml:3:18"]);
  });
});

test("problems of all files, and of the project file, come in one run", () => {
  put("landline.yaml", `${PROJECT}polcy: {}\n`);
  spec("specs/b.yaml", "BAD");
  put("specs/a.yaml", "a: [");
  put("specs/c.yaml", Buffer.from([0xff]));
  expect(brief(load().problems)).toEqual([
    "field.unknown landline.yaml:8:1",
    "yaml.syntax specs/a.yaml:1:5",
    "value.form specs/b.yaml:3:18",
    "file.encoding specs/c.yaml:1:1",
  ]);
});
