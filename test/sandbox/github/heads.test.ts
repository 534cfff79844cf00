import { expect, test } from "vitest";
import { readHeads } from "../../../src/sandbox/github/heads.ts";
import { newRepository } from "./helper.ts";

test("heads are what git says, gathered in one file or not", async () => {
  const { git, gitDir, push, sha } = await newRepository();
  const truth = (): Map<string, string> => {
    const lines = git("--git-dir", gitDir, "for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads");
    return new Map(lines.split("\n").map((line): [string, string] => [line.slice(0, -41), line.slice(-40)]));
  };
  await push("ben", "fix/deep/name", { "specs/b.yaml": "b: 1\n" });
  expect(readHeads(gitDir)).toEqual(truth());
  git("--git-dir", gitDir, "pack-refs", "--all");
  expect([...readHeads(gitDir).keys()].sort()).toEqual(["fix/deep/name", "main"]);
  const head = await push("ben", "fix/deep/name", { "specs/b.yaml": "b: 2\n" });
  expect([readHeads(gitDir).get("fix/deep/name"), readHeads(gitDir).get("main")]).toEqual([head, sha("main")]);
  git("push", "--quiet", "origin", ":fix/deep/name");
  expect(readHeads(gitDir)).toEqual(truth());
  expect(readHeads(gitDir).has("fix/deep/name")).toBe(false);
});
