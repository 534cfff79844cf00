import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { CiOptions } from "../../src/commands/ci/open.ts";
import { ciPlan } from "../../src/commands/ci/plan.ts";
import { type Ran, type RunOptions, type Scene, startScene } from "./scene.ts";
import type { Files } from "./scene-git.ts";

/** A pull request of alice's with these files, and the run for it. */
async function planned(
  scene: Scene,
  files: Files,
  run: RunOptions<CiOptions> = {},
): Promise<Ran & { readonly number: number }> {
  scene.push("alice", "change", files);
  const number = await scene.openPull("alice", "change");
  scene.forget();
  return { ...(await scene.run(ciPlan, run)), number };
}

const posted = (scene: Scene): string[] =>
  scene.requests().flatMap(({ creating, method, template }) => (creating ? [`${method} ${template}`] : []));
const COMMENT = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";

const checksOf = (scene: Scene, number: number) =>
  scene.checks(scene.head(number)).map(({ name, conclusion, externalId }) => [name, conclusion, externalId]);

describe("specs with mistakes", () => {
  it("are told in the one comment, and in red checks beside their lines; the next push mends all of it", async () => {
    const scene = await startScene();
    const bad = scene.edited("specs/ledger.yaml", "port: 5432", "port: 99999");
    const ran = await planned(scene, bad);
    expect([ran.exit, ran.outputs, ran.files]).toEqual([1, { verdict: "invalid" }, {}]);
    const [body = ""] = scene.comments(ran.number);
    expect(body.split("\n")[1]).toMatch(/^🔴 \*\*No, do not merge: 1 problem in the specs/);
    expect(body).toContain("specs/ledger.yaml:15:17");
    expect(checksOf(scene, ran.number)).toEqual([
      ["landline / apps-use1", "failure", "no-plan"],
      ["landline / network-use1", "failure", "no-plan"],
    ]);
    expect(scene.checks(scene.head(ran.number))[0]?.annotations).toMatchObject([
      { path: "specs/ledger.yaml", start_line: 15, annotation_level: "failure", title: "value.range" },
    ]);
    // The log shows the line itself.
    expect(ran.err).toContain("port: 99999");
    expect(await scene.awsRequests()).toEqual([]);

    scene.push("alice", "change", scene.edited("specs/ledger.yaml", "port: 5432", "port: 5433"));
    expect((await scene.run(ciPlan)).exit).toBe(0);
    expect(scene.comments(ran.number)).toEqual([expect.stringContaining("0 of 1 approval")]);
  });

  it("are told at the targets of the base when the project file is the one that is broken", async () => {
    const scene = await startScene();
    const ran = await planned(scene, scene.edited("landline.yaml", "kind: Project", "kind: Projekt"));
    expect(ran.exit).toBe(1);
    expect(scene.comments(ran.number)).toHaveLength(1);
    expect(checksOf(scene, ran.number).map(([name, conclusion]) => [name, conclusion])).toEqual([
      ["landline / apps-use1", "failure"],
      ["landline / network-use1", "failure"],
    ]);
  });

  it("are told even of a project that is new and cannot be read at all", async () => {
    const scene = await startScene({ files: { "README.md": "# Network\n" } });
    const ran = await planned(scene, { "landline.yaml": "kind: [\n" });
    expect([ran.exit, scene.comments(ran.number).length, checksOf(scene, ran.number)]).toEqual([1, 1, []]);
  });
});

describe("a plan that is refused", () => {
  it("ends with exit 3 and turns red only the target where it is refused", async () => {
    const scene = await startScene();
    const ran = await planned(scene, scene.edited("specs/payments-api.yaml", "until: 2027-03-31", "until: 2029-03-31"));
    expect([ran.exit, ran.outputs.verdict]).toEqual([3, "refused"]);
    expect(scene.comments(ran.number)[0]?.split("\n")[1]).toMatch(/^🔴 \*\*No, do not merge: /);
    expect(checksOf(scene, ran.number)).toEqual([
      ["landline / apps-use1", "success", ran.outputs["plan-id"]],
      ["landline / network-use1", "failure", ran.outputs["plan-id"]],
    ]);
    const [, red] = scene.checks(scene.head(ran.number));
    expect(red?.annotations).toMatchObject([{ path: "specs/payments-api.yaml", annotation_level: "failure" }]);
  });
});

describe("a plan that cannot be made", () => {
  it("is told instead of the plan of an earlier push, with the reason as it is", async () => {
    const scene = await startScene();
    const { number } = await planned(scene, scene.edited("specs/ledger.yaml", "port: 5432", "port: 5433"));
    await denyAws(scene);
    scene.push("alice", "change", scene.edited("specs/ledger.yaml", "port: 5432", "port: 5434"));
    const ran = await scene.run(ciPlan);
    expect([ran.exit, ran.outputs]).toEqual([1, { verdict: "failed" }]);
    expect(scene.comments(number)).toEqual([
      expect.stringMatching(/the plan could not be made[\s\S]*not today \*\*really\*\*/),
    ]);
    // In a fence, where it is nothing but text.
    expect(scene.comments(number)[0]).toMatch(/\n```text\n[\s\S]*\*\*really\*\*[\s\S]*\n```\n/);
    expect(checksOf(scene, number).map(([, conclusion]) => conclusion)).toEqual(["failure", "failure"]);
  });

  it("is refused when a changed pattern loses specs that nobody deleted", async () => {
    const scene = await startScene();
    const ran = await planned(scene, scene.edited("landline.yaml", "specs/**/*.yaml", "specs/p*.yaml"));
    expect(ran.exit).toBe(3);
    expect(scene.comments(ran.number)).toEqual([
      expect.stringMatching(/event-stream[\s\S]*which no pattern of specs matches/),
    ]);
  });

  it("says both when the pull request cannot be told either", async () => {
    const scene = await startScene();
    await denyAws(scene);
    scene.server.fault({ kind: "status-before", status: 422, method: "POST", path: /comments$/, message: "Nope" });
    const ran = await planned(scene, scene.edited("specs/ledger.yaml", "port: 5432", "port: 5433"));
    expect(ran.exit).toBe(1);
    expect(ran.err).toMatch(/not today[\s\S]*could not be told: .*Nope/);
  });
});

describe("what has to be right before anything is planned", () => {
  it("is the checkout: it has to be the merge that the event is about", async () => {
    const scene = await startScene();
    const ran = await planned(scene, scene.edited("specs/ledger.yaml", "port: 5432", "port: 5433"), {
      before: (folder) => {
        execFileSync("git", ["checkout", "-q", "--detach", "HEAD^2"], { cwd: folder });
      },
    });
    expect([ran.exit, posted(scene), await scene.awsRequests()]).toEqual([1, [], []]);
    expect(ran.err).toContain("Check out without `ref:`");
  });

  it("is the depth of the checkout", async () => {
    const scene = await startScene();
    const ran = await planned(scene, scene.edited("specs/ledger.yaml", "port: 5432", "port: 5433"), {
      before: (folder) => {
        const head = execFileSync("git", ["rev-parse", "HEAD"], { cwd: folder, encoding: "utf8" });
        execFileSync("sh", ["-c", 'echo "$1" > .git/shallow', "sh", head.trim()], { cwd: folder });
      },
    });
    expect([ran.exit, posted(scene)]).toEqual([1, []]);
    expect(ran.err).toContain("fetch-depth: 0");
  });

  it("is the token, and the line for it is named", async () => {
    const scene = await startScene();
    const ran = await planned(scene, { "README.md": "# Network\n" }, { env: { GITHUB_TOKEN: "" } });
    expect(ran.exit).toBe(1);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of the workflow file.
    expect(ran.err).toContain("GITHUB_TOKEN: ${{ github.token }}");
  });

  it("is the event", async () => {
    const scene = await startScene();
    scene.push("ada", "main", { "README.md": "# Network\n" });
    const ran = await scene.run(ciPlan, { event: "push" });
    expect(ran.exit).toBe(1);
    expect(ran.err).toMatch(/nothing to do on push: start it on pull_request, /);
  });
});

describe("GitHub", () => {
  it("has to take the comment: without it the run fails, and no check lets the merge go", async () => {
    const scene = await startScene();
    const ran = await planned(scene, scene.edited("specs/ledger.yaml", "port: 5432", "port: 5433"), {
      permissions: { contents: "read", checks: "write", "pull-requests": "read" },
    });
    expect([ran.exit, posted(scene)]).toEqual([1, [COMMENT]]);
    expect(ran.err).toContain("Add `pull-requests: write` under `permissions:`");
    expect(Object.keys(ran.files).sort()).toEqual(["plan.json", "plan.md"]);
  });

  it("may lose answers, ask us to wait and fail: there is one comment all the same", async () => {
    // Whether a check is the one whose answer was lost is told by the time.
    const scene = await startScene({ github: { now: Date.now() } });
    for (const fault of [
      { kind: "drop-after", method: "POST", path: /comments$/ },
      { kind: "status-after", method: "POST", path: /check-runs$/ },
      { kind: "secondary", method: "POST", path: /check-runs$/, skip: 1, retryAfter: 90 },
      { kind: "status-before", method: "GET", path: /comments$/ },
    ] as const)
      scene.server.fault(fault);
    const ran = await planned(scene, scene.edited("specs/ledger.yaml", "port: 5432", "port: 5433"));
    expect(ran.exit).toBe(0);
    expect(scene.comments(ran.number)).toHaveLength(1);
    expect(checksOf(scene, ran.number).map(([name]) => name)).toEqual([
      "landline / apps-use1",
      "landline / network-use1",
    ]);
    expect(ran.err).toContain("Waiting 90 s");
  });

  it("may know us by the name of an app of ours", async () => {
    const scene = await startScene({
      github: { apps: [{ slug: "acme-teams" }, { slug: "other-bot" }, { slug: "acme-landline" }] },
    });
    const app = {
      app: "acme-landline",
      permissions: { contents: "read", checks: "write", "pull-requests": "write" },
    } as const;
    scene.server.addToken("ghs_ofTheApp0123456789", app);
    const env = { LANDLINE_BOT: "acme-landline[bot]", GITHUB_TOKEN: "ghs_ofTheApp0123456789" };
    const { number } = await planned(scene, scene.edited("specs/ledger.yaml", "port: 5432", "port: 5433"), { env });
    scene.push("alice", "change", scene.edited("specs/ledger.yaml", "port: 5432", "port: 5434"));
    expect((await scene.run(ciPlan, { env })).exit).toBe(0);
    expect(scene.comments(number)).toHaveLength(1);
    expect(scene.server.world.comments[0]?.user.login).toBe("acme-landline[bot]");
  });
});

describe("the log", () => {
  it("holds no command to the runner, whatever specs and clouds say", async () => {
    const scene = await startScene();
    const hostile = "::error file=x::owned\n##[error]owned\n\u001b[31m::add-mask::e\n";
    const broken = { "specs/broken.yaml": `metadata: |\n${hostile.replace(/^/gm, "  ")}\n${hostile}` };
    const invalid = await planned(scene, broken);
    expect(invalid.exit).toBe(1);
    scene.push("alice", "change", {
      "specs/broken.yaml": undefined,
      ...scene.edited("specs/ledger.yaml", /description: Ledger.*/, `description: ${JSON.stringify(hostile)}`),
    });
    await denyAws(scene, hostile, LOOKING);
    const half = await scene.run(ciPlan);
    await denyAws(scene, hostile);
    const failed = await scene.run(ciPlan);
    expect([half.exit, failed.exit]).toEqual([3, 1]);
    for (const { out, err } of [invalid, half, failed]) {
      expect(err).toContain("owned");
      const lines = `${out}${err}`.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
      expect(lines.filter((line) => /^[\s\p{Cc}]*(?:\[\d*m)?::/u.test(line) || /##\[/.test(line))).toEqual([]);
    }
  });
});

/** AWS lets nobody take the plan roles, or refuses something else. */
async function denyAws({ aws }: Scene, message = "not today **really**", what: object = ASSUMING): Promise<void> {
  const fault = { effect: "error-before", code: "AccessDenied", status: 403, times: 99, message, ...what };
  await fetch(`${aws.url}/_sandbox/faults`, { method: "POST", body: JSON.stringify([fault]) });
}
const ASSUMING = { service: "sts", action: "AssumeRole" };
const LOOKING = { service: "ec2", action: "Describe*", account: "222222222222" };
