import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { withCredentials } from "../../src/commands/ci/git-credentials.ts";
import { ciPlan } from "../../src/commands/ci/plan.ts";
import { openGit } from "../../src/commands/git.ts";
import { repository } from "../commands/repository.ts";
import { startScene } from "./scene.ts";

const TOKEN = "ghs_Zq83nvP0x7Lw2sKd91bT";
const BASIC = `basic ${Buffer.from(`x-access-token:${TOKEN}`).toString("base64")}`;

/** Serves a folder of bare repositories until the test ends. */
async function gitServer(folder: string, wanted?: string): Promise<{ readonly url: string; sent(): string[][] }> {
  const work = mkdtempSync(join(tmpdir(), "landline-git-server-"));
  const log = join(work, "log");
  const script = fileURLToPath(new URL("./git-server.mjs", import.meta.url));
  const words = [script, folder, log, ...(wanted === undefined ? [] : [wanted])];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(async () => {
    child.kill();
    await once(child, "close");
    rmSync(work, { recursive: true, force: true });
  });
  const [port] = await once(child.stdout, "data");
  return {
    url: `http://127.0.0.1:${String(port).trim()}`,
    sent: () =>
      existsSync(log)
        ? readFileSync(log, "utf8")
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line))
        : [],
  };
}

const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

/** A bare repository in a folder of its own, and a clone that has it as origin under an address. */
function bare(): { readonly folder: string; readonly commit: string } {
  const source = repository();
  const commit = source.commit({ "README.md": "# Network\n" });
  source.git("clone", "-q", "--bare", ".", "network.git");
  return { folder: source.folder, commit };
}

describe("git in a run of GitHub Actions", () => {
  it("fetches with the run's token from the run's server", async () => {
    const { folder, commit } = bare();
    const server = await gitServer(folder, BASIC);
    const clone = repository();
    clone.git("remote", "add", "origin", `${server.url}/network.git`);
    expect(() => openGit(clone.folder, env).fetched("main")).toThrow();
    const git = openGit(clone.folder, withCredentials(env, { serverUrl: server.url, token: TOKEN }));
    expect(git.fetched("main")).toBe(commit);
  });

  it("sends the token nowhere else", async () => {
    const { folder, commit } = bare();
    const server = await gitServer(folder);
    const clone = repository();
    for (const url of [`${server.url}/network.git`, join(folder, "network.git")]) {
      clone.git("remote", "add", "origin", url);
      const git = openGit(clone.folder, withCredentials(env, { serverUrl: "http://127.0.0.1:1", token: TOKEN }));
      expect(git.fetched("main", "main")).toBe(commit);
      clone.git("remote", "remove", "origin");
    }
    expect(server.sent().length).toBeGreaterThan(0);
    expect(server.sent().flat()).toEqual([]);
  });

  it("sends one header even where the checkout has kept another, and keeps what the environment configures", async () => {
    const { folder, commit } = bare();
    const server = await gitServer(folder, BASIC);
    const clone = repository();
    clone.git("remote", "add", "origin", "somewhere:network.git");
    clone.git("config", `http.${server.url}/.extraheader`, "AUTHORIZATION: basic b2xk");
    const before = {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `url.${server.url}/.insteadOf`,
      GIT_CONFIG_VALUE_0: "somewhere:",
    };
    const git = openGit(clone.folder, withCredentials({ ...env, ...before }, { serverUrl: server.url, token: TOKEN }));
    expect(git.fetched("main")).toBe(commit);
    expect(server.sent().every((sent) => sent.length === 1)).toBe(true);
  });

  it("leaves no token in the clone, and none in the words of git", async () => {
    const { folder } = bare();
    const server = await gitServer(folder, "basic somebody-else");
    const clone = repository();
    clone.git("remote", "add", "origin", `${server.url}/network.git`);
    const git = openGit(clone.folder, withCredentials(env, { serverUrl: server.url, token: TOKEN }));
    expect(() => git.fetched("main")).toThrow(/git fetch origin main/);
    expect(() => git.fetched("main")).not.toThrow(new RegExp(`${TOKEN}|${BASIC.slice(6)}`));
    expect(readFileSync(join(clone.folder, ".git", "config"), "utf8")).not.toContain(BASIC.slice(6));
  });

  it("reads the trial merge from a server that asks who we are, for pull_request_target", async () => {
    const scene = await startScene();
    scene.push("alice", "change", scene.edited("specs/ledger.yaml", "port: 5432", "port: 5433"));
    const number = await scene.openPull("alice", "change");
    scene.server.addToken(TOKEN, { app: "github-actions", permissions: { checks: "write", "pull-requests": "write" } });
    const server = await gitServer(dirname(scene.gitDir), BASIC);
    const ran = await scene.run(ciPlan, {
      as: "pull_request_target",
      env: { GITHUB_TOKEN: TOKEN, GITHUB_SERVER_URL: server.url },
      before: (folder) => {
        execFileSync("git", ["remote", "set-url", "origin", `${server.url}/network.git`], { cwd: folder });
      },
    });
    expect({ exit: ran.exit, err: ran.err }).toEqual({ exit: 0, err: expect.stringContaining("comment created") });
    expect(server.sent().length).toBeGreaterThan(0);
    expect(scene.comments(number)).toHaveLength(1);
  });
});
