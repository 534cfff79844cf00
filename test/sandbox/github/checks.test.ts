import { expect, test } from "vitest";
import { newGitHub, type Place } from "./helper.ts";

function post({ ask, repository }: Place, token: string, more: object) {
  return ask(token, "POST", "/check-runs", { name: "landline", head_sha: repository.sha("main"), ...more });
}

const annotation = { path: "specs/a.yaml", start_line: 1, end_line: 1, annotation_level: "warning", message: "look" };

test("people cannot write check runs, nor one app another's", async () => {
  const place = await newGitHub();
  expect((await post(place, "ana", { conclusion: "success" })).status).toBe(403);
  const { body } = await post(place, "run", { status: "in_progress", external_id: "p1" });
  expect(body).toMatchObject({
    status: "in_progress",
    conclusion: null,
    external_id: "p1",
    app: { slug: "github-actions", id: 15368 },
  });
  const path = `/check-runs/${body.id}`;
  expect((await place.ask("app", "PATCH", path, { conclusion: "success" })).status).toBe(403);
  expect((await place.ask("ana", "PATCH", path, { conclusion: "success" })).status).toBe(403);
  expect((await place.ask("run", "PATCH", path, { conclusion: "failure" })).body).toMatchObject({
    status: "completed",
    conclusion: "failure",
  });
});

test("texts have 65,535 characters, annotations come fifty at a time and add up", async () => {
  const place = await newGitHub();
  const output = (more: object) => ({ conclusion: "success", output: { title: "t", summary: "s", ...more } });
  const long = "x".repeat(65_535);
  const exact = await post(place, "run", output({ summary: long, text: long }));
  expect(exact.status).toBe(201);
  expect((await post(place, "run", output({ summary: `${long}x` }))).status).toBe(422);
  expect((await post(place, "run", output({ text: `${long}x` }))).status).toBe(422);
  expect((await post(place, "run", output({ annotations: Array(51).fill(annotation) }))).status).toBe(422);
  const fifty = await post(place, "run", output({ annotations: Array(50).fill(annotation) }));
  const more = await place.ask("run", "PATCH", `/check-runs/${fifty.body.id}`, output({ annotations: [annotation] }));
  expect(more.body.output.annotations_count).toBe(51);
});

test.each([
  { conclusion: "fine" },
  { status: "completed" },
  { output: { title: "t" } },
  { output: { title: "t", summary: "s", annotations: [{ ...annotation, annotation_level: "bad" }] } },
  { output: { title: "t", summary: "s", annotations: [{ ...annotation, end_line: 0 }] } },
  { head_sha: "0".repeat(40) },
])("%j is refused and leaves nothing", async (wrong) => {
  const place = await newGitHub();
  expect((await post(place, "run", wrong)).status).toBe(422);
  expect(place.server.world.checkRuns).toEqual([]);
});

test("lists show the newest of each name and app, or all", async () => {
  const place = await newGitHub();
  await post(place, "run", { conclusion: "failure" });
  await post(place, "run", { conclusion: "success" });
  await post(place, "app", { conclusion: "neutral" });
  await post(place, "run", { name: "other", conclusion: "success" });
  const list = async (query: string) => {
    const { body } = await place.ask("run", "GET", `/commits/main/check-runs${query}`);
    expect(body.total_count).toBe(body.check_runs.length);
    return body.check_runs.map((run: { name: string; conclusion: string }) => `${run.name} ${run.conclusion}`);
  };
  expect(await list("")).toEqual(["other success", "landline neutral", "landline success"]);
  expect(await list("?filter=all&check_name=landline")).toEqual([
    "landline neutral",
    "landline success",
    "landline failure",
  ]);
  expect(await list("?app_id=15368&check_name=landline")).toEqual(["landline success"]);
});
