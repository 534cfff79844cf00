import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { RunnerError } from "./error.ts";

/**
 * What stands in for the actions of others, which our workflows use. Each knows the inputs that ours give it and refuses the rest, so that a
 * new input is noticed here.
 */
export interface StandIns {
  /** What `aws-actions/configure-aws-credentials` leaves in the environment, for the role and the Region asked for. */
  credentials(asked: {
    readonly role: string;
    readonly session: string;
    readonly region: string;
  }): Record<string, string>;
  /** `actions/upload-artifact`: paths in the artifact to bytes. Called only when there is something. */
  upload(artifact: {
    readonly name: string;
    readonly files: Readonly<Record<string, Uint8Array>>;
    /** An artifact of this name that the run has already goes first. */
    readonly overwrite: boolean;
  }): void | Promise<void>;
}

export interface StepSurroundings {
  readonly workspace: string;
  /** The bare repository that is `origin`. */
  readonly gitDir: string;
  /** The environment of the step: GITHUB_REF and GITHUB_SHA say what to check out. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs the stand-in for an action and answers with what it adds to the environment of the steps after it; undefined for an action not known. */
export async function standIn(
  uses: string,
  inputs: Readonly<Record<string, string>>,
  surroundings: StepSurroundings,
  standIns: StandIns,
): Promise<Record<string, string> | undefined> {
  const [action = ""] = uses.split("@");
  const take = (known: readonly string[]): void => {
    const strange = Object.keys(inputs).filter((name) => !known.includes(name));
    if (strange.length > 0)
      throw new RunnerError(`the stand-in for ${action} does not know the input ${strange.join(", ")}`);
  };
  switch (action) {
    case "actions/checkout":
      take(["fetch-depth", "persist-credentials"]);
      checkout(Number(inputs["fetch-depth"] ?? "1"), surroundings);
      return {};
    case "actions/setup-node":
      take(["node-version", "package-manager-cache"]);
      return {};
    case "aws-actions/configure-aws-credentials": {
      take(["role-to-assume", "role-session-name", "aws-region"]);
      const role = inputs["role-to-assume"] ?? "";
      if (role === "") throw new Error("Credentials could not be loaded: role-to-assume is empty");
      return standIns.credentials({
        role,
        session: inputs["role-session-name"] ?? "GitHubActions",
        region: inputs["aws-region"] ?? "",
      });
    }
    case "actions/upload-artifact": {
      take(["name", "path", "if-no-files-found", "overwrite"]);
      const files = filesUnder(join(surroundings.workspace, inputs.path ?? ""));
      if (Object.keys(files).length > 0)
        await standIns.upload({ name: inputs.name ?? "artifact", files, overwrite: inputs.overwrite === "true" });
      else if (inputs["if-no-files-found"] !== "ignore") throw new Error(`no files found at ${inputs.path}`);
      return {};
    }
    default:
      return undefined;
  }
}

/**
 * As actions/checkout does: with a depth the one commit, with depth 0 the whole history and all branches. A pull request's merge commit is
 * checked out detached, a branch as a branch. No credentials stay behind; the local repository needs none.
 */
function checkout(depth: number, { workspace, gitDir, env }: StepSurroundings): void {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: workspace, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const ref = env.GITHUB_REF ?? "";
  const sha = env.GITHUB_SHA ?? "";
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  const kept = branch === undefined ? ref.replace(/^refs\//, "refs/remotes/") : `refs/remotes/origin/${branch}`;
  mkdirSync(workspace, { recursive: true });
  git("init", "--quiet");
  git("remote", "add", "origin", `file://${gitDir}`);
  if (depth === 0) {
    git("fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*");
    git("fetch", "--quiet", "origin", `+${ref}:${kept}`);
  } else {
    git("fetch", "--quiet", "--no-tags", `--depth=${depth}`, "origin", `+${sha}:${kept}`);
  }
  if (branch === undefined) git("checkout", "--quiet", "--force", "--detach", sha);
  else git("checkout", "--quiet", "--force", "-B", branch, sha);
}

function filesUnder(folder: string): Record<string, Uint8Array> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => [relative(folder, path), readFileSync(path)]),
  );
}
