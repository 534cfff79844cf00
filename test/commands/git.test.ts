import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { commitTree } from "../../src/commands/commit-tree.ts";
import { type Git, openGit } from "../../src/commands/git.ts";
import { CommandError } from "../../src/commands/options.ts";
import { loadSpecs } from "../../src/commands/spec-files.ts";
import { PROJECT } from "../planner/specs/support.ts";
import { type Repository, repository } from "./repository.ts";

/** Git as data: what a commit holds, without a checkout and without running anything that a repository brings along. */

const open = (folder: string): Git => openGit(folder, { PATH: process.env.PATH });
const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
  throw new Error("it was not refused");
};

describe("commits", () => {
  test("names of all sorts lead to a commit; a name that looks like an option is a name", () => {
    const repo = repository();
    const first = repo.commit({ "a.txt": "1" });
    repo.git("tag", "-a", "-m", "one", "v1");
    const second = repo.commit({ "a.txt": "2" });
    const git = open(repo.folder);
    expect([git.commitOf("HEAD"), git.commitOf("main"), git.commitOf("v1"), git.commitOf("HEAD~1")]).toEqual([
      second,
      second,
      first,
      first,
    ]);
    expect(refusal(() => git.commitOf("--all"))).toContain('"--all"');
    expect(refusal(() => git.commitOf("nowhere"))).toContain('"nowhere"');
    expect([git.has(first), git.has("f".repeat(40))]).toEqual([true, false]);
  });

  test("the first parents are the merges of a branch, not what was merged", () => {
    const repo = repository();
    const root = repo.commit({ a: "1" });
    repo.git("checkout", "-q", "-b", "topic");
    const topic = repo.commit({ b: "1" });
    repo.git("checkout", "-q", "main");
    const direct = repo.commit({ c: "1" });
    repo.git("merge", "-q", "--no-ff", "-m", "merge", "topic");
    const git = open(repo.folder);
    const merge = git.commitOf("HEAD");
    expect(git.firstParents(root, "HEAD")).toEqual([direct, merge]);
    expect(git.parentsOf(merge)).toEqual([direct, topic]);
    expect(git.parentsOf(root)).toEqual([]);
    expect(refusal(() => git.firstParents(topic, direct))).toContain("not among the ancestors");
    expect([git.isAncestor(topic, merge), git.isAncestor(merge, merge), git.isAncestor(topic, direct)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(git.isShallow()).toBe(false);
  });

  test("a rename is a deletion and an addition; names are taken as they are", () => {
    const repo = repository();
    const strange = 'with "quotes" and\ttab ü.yaml';
    const from = repo.commit({ "old.yaml": "same\n".repeat(50), "kept.yaml": "1", [strange]: "1" });
    repo.git("mv", "old.yaml", "new.yaml");
    const to = repo.commit({ "kept.yaml": "2", [strange]: "2" });
    expect(open(repo.folder).changedPaths(from, to)).toEqual([
      { path: "kept.yaml", how: "changed" },
      { path: "new.yaml", how: "added" },
      { path: "old.yaml", how: "deleted" },
      { path: strange, how: "changed" },
    ]);
  });

  test("what is not in a clone is fetched; in a shallow one the message says how to get the rest", () => {
    const repo = repository();
    const first = repo.commit({ a: "1" });
    repo.commit({ a: "2" });
    repo.git("checkout", "-q", "-b", "topic");
    const topic = repo.commit({ a: "3" });
    repo.git("update-ref", "refs/pull/7/merge", topic);
    repo.git("checkout", "-q", "main");
    repo.git("branch", "-D", "-q", "topic");
    const clone = join(emptyFolder(), "clone");
    execFileSync("git", ["clone", "-q", "--depth=1", `file://${repo.folder}`, clone]);
    const git = open(clone);
    expect([git.has(first), git.isShallow()]).toEqual([false, true]);
    expect(refusal(() => git.commitOf(first))).toContain("fetch-depth: 0");
    expect(git.fetched(topic, "refs/pull/7/merge")).toBe(topic);
    expect(refusal(() => git.fetched("refs/pull/8/merge"))).toContain("refs/pull/8/merge");
    expect(refusal(() => git.firstParents(topic, "HEAD"))).toContain("fetch-depth: 0");
  });

  test("no repository, and no git at all, are told in one sentence", () => {
    const folder = emptyFolder();
    expect(refusal(() => open(folder))).toContain(`${folder} is not in a git repository`);
    expect(refusal(() => openGit(folder, { PATH: folder }))).toContain("git is not installed");
  });

  test("variables of the surroundings do not lead to another repository", () => {
    const [here, other] = [repository(), repository()];
    const commit = here.commit({ a: "1" });
    other.commit({ a: "2" });
    const git = openGit(here.folder, { PATH: process.env.PATH, GIT_DIR: join(other.folder, ".git") });
    expect(git.commitOf("HEAD")).toBe(commit);
  });
});

test("nothing that a repository brings along is run", () => {
  const repo = repository();
  const trap = join(repo.folder, "trap.sh");
  const witness = join(repo.folder, "sprung");
  writeFileSync(trap, `#!/bin/sh\ntouch '${witness}'\n`);
  chmodSync(trap, 0o755);
  const from = repo.commit({ "a.txt": "1", ".gitattributes": "*.txt diff=trap filter=trap\n" });
  const to = repo.commit({ "a.txt": "2" });
  for (const key of [
    "diff.external",
    "diff.trap.command",
    "diff.trap.textconv",
    "filter.trap.smudge",
    "filter.trap.clean",
  ])
    repo.git("config", key, trap);
  repo.git("config", "core.fsmonitor", trap);
  repo.git("config", "core.pager", trap);
  repo.git("config", "core.hooksPath", "hooks");
  mkdirSync(join(repo.folder, "hooks"));
  for (const hook of ["reference-transaction", "post-checkout", "post-index-change"])
    symlinkSync(trap, join(repo.folder, "hooks", hook));
  repo.git("config", "remote.origin.url", `ext::${trap}`);
  const other = repository();
  const there = other.commit({ b: "1" });
  const git = open(repo.folder);
  git.changedPaths(from, to);
  git.workingPaths();
  const tree = commitTree(git, from, repo.folder);
  expect(tree.read(join(repo.folder, "a.txt")).toString()).toBe("1");
  expect(refusal(() => git.fetched("f".repeat(40)))).toContain("ext");
  repo.git("config", "remote.origin.url", other.folder);
  repo.git("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*");
  expect(git.fetched(there, "main")).toBe(there);
  expect(existsSync(witness)).toBe(false);
});

describe("the specs of a commit", () => {
  const SPEC = (name: string) => `apiVersion: landline/v1
kind: Connection
metadata: {name: ${name}}
endpoints:
  - target: prod-use1
    service: pending
    vpc: vpc-0a1b2c3d4e5f60001
    subnets: [subnet-0a1b2c3d4e5f60003]
    securityGroups: [sg-0a1b2c3d4e5f60004]
`;
  const files = (specs = "specs/**/*.yaml") => ({
    "landline.yaml": `${PROJECT}specs: ["${specs}"]\n`,
    "specs/one.yaml": SPEC("one"),
    "specs/team/two.yaml": SPEC("two"),
    "specs/.hidden.yaml": "not: a spec",
    "specs/node_modules/x.yaml": "not: a spec",
  });
  const load = (repo: Repository, commit: string, cwd = repo.folder) =>
    loadSpecs(
      { project: join(cwd, "landline.yaml") },
      { cwd, now: () => new Date(0) },
      commitTree(open(cwd), commit, cwd),
    );
  const brief = (loaded: ReturnType<typeof load>) => ({
    names: loaded.connections.map(({ spec }) => spec.metadata.name),
    problems: loaded.problems.map(({ code, at }) => `${code} ${at.file}:${at.line}`),
  });

  test("are those that a checkout would give, whatever lies in the working tree", () => {
    const repo = repository();
    const commit = repo.commit(files());
    repo.commit({ "specs/one.yaml": undefined, "specs/three.yaml": SPEC("three") });
    rmSync(join(repo.folder, "specs"), { recursive: true });
    expect(brief(load(repo, commit))).toEqual({ names: ["one", "two"], problems: [] });
  });

  test("also in a folder of the repository, and when the folder is reached through a link", () => {
    const repo = repository();
    const commit = repo.commit(
      Object.fromEntries(Object.entries(files()).map(([path, text]) => [`net/work/${path}`, text])),
    );
    expect(brief(load(repo, commit, join(repo.folder, "net/work"))).names).toEqual(["one", "two"]);
    const link = join(emptyFolder(), "link");
    symlinkSync(repo.folder, link);
    expect(brief(load(repo, commit, join(link, "net/work"))).names).toEqual(["one", "two"]);
  });

  test("have the same problems at the same places", () => {
    const repo = repository();
    const bad = {
      "specs/one.yaml": SPEC("one").replace("vpc-0a1b2c3d4e5f60001", "vpc-1"),
      "specs/big.yaml": "#".repeat(1_048_577),
    };
    const commit = repo.commit({ ...files(), ...bad });
    const here = loadSpecs(
      { project: join(repo.folder, "landline.yaml") },
      { cwd: repo.folder, now: () => new Date(0) },
    );
    expect(load(repo, commit).problems).toEqual(here.problems);
    expect(brief(load(repo, commit)).problems).toEqual(["file.size specs/big.yaml:1", "value.form specs/one.yaml:7"]);
  });

  test("that are links or submodules are refused, also where a working tree would follow them", () => {
    const repo = repository();
    repo.commit(files());
    symlinkSync("one.yaml", join(repo.folder, "specs/link.yaml"));
    repo.commit({});
    repo.git("update-index", "--add", "--cacheinfo", `160000,${"a".repeat(40)},specs/module`);
    repo.git("commit", "-q", "-m", "a submodule");
    const commit = repo.git("rev-parse", "HEAD");
    expect(brief(load(repo, commit)).problems).toEqual(["file.link specs/link.yaml:1", "file.link specs/module:1"]);
  });

  test("whose project file is a link or is not there", () => {
    const repo = repository();
    const { "landline.yaml": _, ...specs } = files();
    repo.commit(specs);
    symlinkSync("specs/one.yaml", join(repo.folder, "landline.yaml"));
    const commit = repo.commit({});
    expect(brief(load(repo, commit)).problems).toEqual(["file.unreadable landline.yaml:1"]);
  });

  test("whose pattern finds nothing", () => {
    const repo = repository();
    const commit = repo.commit(files("connections/*.yaml"));
    expect(brief(load(repo, commit)).problems).toEqual(["specs.empty connections:1"]);
  });
});

function emptyFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "landline-git-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
