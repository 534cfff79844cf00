import { describe, expect, test } from "vitest";
import { branchSha, ourBranch, putFile } from "../../src/github/branches.ts";
import { type Proposal, propose } from "../../src/github/proposals.ts";
import { type Stage, stage, writes } from "./stage.ts";

const NAME = "landline/accept-vpce-1";
const FILE = { path: "specs/new/payments.yaml", content: "name: payments\n# ü\n" };

async function proposal(scene: Stage, more: Partial<Proposal> = {}): Promise<Proposal> {
  return {
    branch: NAME,
    from: scene.git.run("rev-parse", "origin/main"),
    base: "main",
    files: [FILE],
    title: "Accept a connection request",
    body: "Merging accepts it.",
    ...more,
  };
}

const at = { owner: "acme", repo: "network" };

describe("a proposal", () => {
  test("is a branch, a commit and a pull request; the same again changes nothing", async () => {
    const scene = await stage();
    const wanted = await proposal(scene);
    const first = await propose(scene.github, wanted);
    expect(first).toMatchObject({ result: "opened", pull: { author: "github-actions[bot]", head: { ref: NAME } } });
    scene.git.run("fetch", "-q");
    expect(scene.git.run("show", `origin/${NAME}:${FILE.path}`)).toBe(FILE.content.trimEnd());
    const before = writes(scene).length;
    expect(await propose(scene.github, wanted)).toMatchObject({
      result: "unchanged",
      pull: { number: first.pull.number },
    });
    expect(writes(scene)).toHaveLength(before);
  });

  test("is updated by a commit when its files change", async () => {
    const scene = await stage();
    await propose(scene.github, await proposal(scene));
    const before = writes(scene).length;
    const again = await propose(
      scene.github,
      await proposal(scene, { files: [{ ...FILE, content: "name: other\n" }] }),
    );
    expect(again.result).toBe("updated");
    expect(writes(scene).slice(before)).toEqual([expect.stringMatching(/^PUT .*contents/)]);
  });

  test("that somebody closed stays closed", async () => {
    const scene = await stage();
    const { pull } = await propose(scene.github, await proposal(scene));
    await scene
      .door({ token: "t-ana" })
      .octokit.rest.issues.update({ ...at, issue_number: pull.number, state: "closed" });
    const before = writes(scene).length;
    expect((await propose(scene.github, await proposal(scene))).result).toBe("declined");
    expect(writes(scene)).toHaveLength(before);
  });

  test("does not touch a branch with somebody else's commits", async () => {
    const scene = await stage();
    scene.git.push("mallory", NAME, { "specs/evil.yaml": "name: evil\n" });
    const before = writes(scene).length;
    await expect(propose(scene.github, await proposal(scene))).rejects.toMatchObject({ kind: "invalid" });
    expect(writes(scene)).toHaveLength(before);
  });

  test("is none of somebody else's pull request from a branch of that name", async () => {
    const scene = await stage();
    scene.git.push("ana", NAME, { "specs/x.yaml": "name: x\n" });
    await scene.door({ token: "t-ana" }).octokit.rest.pulls.create({ ...at, head: NAME, base: "main", title: "Mine" });
    await expect(propose(scene.github, await proposal(scene))).rejects.toMatchObject({ kind: "invalid" });
  });

  test.each([
    [/\/git\/refs$/, "POST"],
    [/\/contents\//, "PUT"],
    [/\/pulls$/, "POST"],
  ])("is whole and made once when the answer to %s is lost", async (path, method) => {
    for (const kind of ["drop-after", "drop-before", "status-after"] as const) {
      const scene = await stage();
      scene.server.fault({ kind, method, path });
      expect((await propose(scene.github, await proposal(scene))).result).toBe("opened");
      expect(scene.server.world.issues.size).toBe(1);
      scene.git.run("fetch", "-q");
      expect(scene.git.run("rev-list", "--count", `origin/main..origin/${NAME}`)).toBe("1");
    }
  });
});

test("a pull request that somebody else closed is no answer to ours", async () => {
  const scene = await stage();
  const { issues, pulls } = scene.door({ token: "t-ana" }).octokit.rest;
  scene.git.push("ana", NAME, { "specs/x.yaml": "name: x\n" });
  const { data } = await pulls.create({ ...at, head: NAME, base: "main", title: "Mine" });
  await issues.update({ ...at, issue_number: data.number, state: "closed" });
  scene.git.run("push", "-q", "origin", `:${NAME}`);
  expect((await propose(scene.github, await proposal(scene))).result).toBe("opened");
});

describe("our branch", () => {
  test("may be there already at where it begins", async () => {
    const scene = await stage();
    const from = scene.git.run("rev-parse", "origin/main");
    expect(await branchSha(scene.github, NAME)).toBeUndefined();
    expect(await ourBranch(scene.github, { branch: NAME, from })).toBe("created");
    expect(await branchSha(scene.github, NAME)).toBe(from);
    expect(await ourBranch(scene.github, { branch: NAME, from })).toBe("reused");
  });

  test("may have been made by another run between our look and our write", async () => {
    const scene = await stage();
    const from = scene.git.run("rev-parse", "origin/main");
    await ourBranch(scene.github, { branch: NAME, from });
    scene.server.fault({ kind: "status-before", method: "GET", path: /\/git\/ref\//, status: 404 });
    expect(await ourBranch(scene.github, { branch: NAME, from })).toBe("reused");
  });

  test("needs a commit that is there", async () => {
    const scene = await stage();
    await expect(ourBranch(scene.github, { branch: NAME, from: "a".repeat(40) })).rejects.toMatchObject({
      kind: "invalid",
    });
  });
});

test("a folder where the file should be is left alone", async () => {
  const scene = await stage();
  scene.git.push("ana", "main", { "specs/a/b.yaml": "x\n" });
  const file = { branch: "main", path: "specs/a", content: "x", message: "m" };
  await expect(putFile(scene.github, file)).rejects.toMatchObject({ kind: "invalid" });
});
