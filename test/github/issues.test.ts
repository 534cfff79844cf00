import { describe, expect, test } from "vitest";
import { type IssueKind, issuesOf, putIssue, type WantedIssue } from "../../src/github/issues.ts";
import { marker } from "../../src/github/marker.ts";
import { type Stage, stage, writes } from "./stage.ts";

const DRIFT: IssueKind = { label: "landline-drift", what: "drift" };

const wanted = (more: Partial<WantedIssue> = {}): WantedIssue => {
  const { key = "payments-api" } = more;
  return {
    key,
    state: "open",
    title: `Drift: ${key}`,
    body: `${marker("drift", key)}\nThe allow-list differs.\n`,
    ...more,
  };
};

/** As `landline ci drift` does it: look, then put. */
const put = async ({ github }: Pick<Stage, "github">, issue: WantedIssue) =>
  putIssue(github, DRIFT, issue, (await issuesOf(github, DRIFT)).get(issue.key));

const states = ({ server }: Stage) =>
  [...server.world.issues.values()].map(({ state, stateReason, title }) => ({ state, stateReason, title }));

describe("one issue for each key", () => {
  test("is opened, left alone, updated, closed, reopened", async () => {
    const scene = await stage();
    expect((await put(scene, wanted())).result).toBe("opened");
    const steps: [Partial<WantedIssue>, string, number][] = [
      [{}, "unchanged", 0],
      [{ body: `${marker("drift", "payments-api")}\nMore differs.\n` }, "updated", 1],
      [{ title: "Drift: payments-api, still" }, "updated", 1],
      [{ state: "closed" }, "closed", 1],
      [{ state: "closed" }, "unchanged", 0],
      [{}, "reopened", 1],
    ];
    for (const [more, result, cost] of steps) {
      const before = writes(scene).length;
      expect((await put(scene, wanted(more))).result).toBe(result);
      expect(writes(scene)).toHaveLength(before + cost);
    }
    expect(states(scene)).toEqual([{ state: "open", stateReason: "reopened", title: "Drift: payments-api" }]);
  });

  test("is closed as completed", async () => {
    const scene = await stage();
    await put(scene, wanted());
    await put(scene, wanted({ state: "closed" }));
    expect(states(scene)).toMatchObject([{ state: "closed", stateReason: "completed" }]);
  });

  test("is none for what is clean and never had one", async () => {
    const scene = await stage();
    expect(await put(scene, wanted({ state: "closed" }))).toEqual({ issue: undefined, result: "unchanged" });
    expect(writes(scene)).toEqual([]);
  });

  test("is told apart by key", async () => {
    const scene = await stage();
    await put(scene, wanted());
    await put(scene, wanted({ key: "ledger" }));
    const found = await issuesOf(scene.github, DRIFT);
    expect([...found.keys()].sort()).toEqual(["ledger", "payments-api"]);
    expect(found.get("ledger")).toMatchObject({ key: "ledger", title: "Drift: ledger", state: "open" });
  });

  test("stays closed when its text alone is put again; what is closed and differs is left alone", async () => {
    const scene = await stage();
    await put(scene, wanted());
    await put(scene, wanted({ state: "closed" }));
    const before = writes(scene).length;
    expect((await put(scene, wanted({ state: "closed", title: "Other words" }))).result).toBe("unchanged");
    expect(writes(scene)).toHaveLength(before);
  });
});

describe("what counts as ours", () => {
  test.each([
    ["a person", "t-ana"],
    ["another app", "t-other"],
  ])("is not what %s opened with our marker and label", async (_, token) => {
    const scene = await stage();
    const { title, body } = wanted();
    await scene
      .door({ token })
      .octokit.rest.issues.create({ owner: "acme", repo: "network", title, body, labels: [DRIFT.label] });
    expect((await issuesOf(scene.github, DRIFT)).size).toBe(0);
    expect((await put(scene, wanted())).result).toBe("opened");
  });

  test("is not a pull request, and not an issue of another sort", async () => {
    const scene = await stage();
    scene.git.push("ana", "change", { "specs/change.yaml": "name: change\n" });
    const { issues, pulls } = scene.github.octokit.rest;
    const at = { owner: "acme", repo: "network" };
    const { data } = await pulls.create({ ...at, head: "change", base: "main", title: "x", body: wanted().body });
    await issues.update({ ...at, issue_number: data.number, labels: [DRIFT.label] });
    await issues.create({ ...at, title: "x", body: marker("requests", "payments-api"), labels: [DRIFT.label] });
    expect((await issuesOf(scene.github, DRIFT)).size).toBe(0);
  });

  test("of two with one key is the open one, then the newest", async () => {
    const scene = await stage();
    const { issues } = scene.github.octokit.rest;
    const { title, body } = wanted();
    const at = { owner: "acme", repo: "network" };
    const open = () => issues.create({ ...at, title, body, labels: [DRIFT.label] });
    const [first, second] = [(await open()).data.number, (await open()).data.number];
    expect((await issuesOf(scene.github, DRIFT)).get("payments-api")?.number).toBe(second);
    await issues.update({ ...at, issue_number: second, state: "closed" });
    expect((await issuesOf(scene.github, DRIFT)).get("payments-api")?.number).toBe(first);
    await issues.update({ ...at, issue_number: first, state: "closed" });
    expect((await issuesOf(scene.github, DRIFT)).get("payments-api")?.number).toBe(second);
  });

  test("is found behind more than a page", async () => {
    const scene = await stage();
    const { issue } = await put(scene, wanted());
    const { issues, nextId } = scene.server.world;
    const first = issues.get(issue?.number ?? 0);
    for (let number = 1000; first && number < 1105; number += 1) {
      issues.set(number, { ...first, id: nextId(), number, body: marker("drift", `c-${number}`) });
    }
    expect((await issuesOf(scene.github, DRIFT)).size).toBe(106);
  });
});

test.each(["status-after", "drop-after", "timeout-after", "status-before", "drop-before"] as const)(
  "is opened once after %s",
  async (kind) => {
    const scene = await stage();
    scene.server.fault({ kind, method: "POST", path: /\/issues$/ });
    const github = scene.door({ pace: { secondMs: 1, timeoutMs: 300 } });
    expect((await put({ github }, wanted())).result).toBe("opened");
    expect(scene.server.world.issues.size).toBe(1);
  },
);

test("a token that may not open issues is told what it lacks", async () => {
  const scene = await stage({ tokens: { "t-read": { app: "github-actions", permissions: { issues: "read" } } } });
  const failure = await put({ github: scene.door({ token: "t-read" }) }, wanted()).catch((error: unknown) => error);
  expect(failure).toMatchObject({ kind: "permission" });
  expect(String(failure)).toContain("`issues: write`");
});

test("an issue whose label was dropped is an error: it would be opened again every day", async () => {
  const scene = await stage();
  // A reader may open issues, and GitHub drops the labels in silence.
  const github = scene.door({ token: "t-mallory", identity: { login: "mallory", app: "" } });
  await expect(put({ github }, wanted())).rejects.toMatchObject({ kind: "permission" });
});
