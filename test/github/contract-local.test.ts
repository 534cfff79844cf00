import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { routes } from "../../src/sandbox/github/routes.ts";
import { githubContract, githubOpenApi } from "./contract-fixture.ts";
import { type LocalStage, startLocal } from "./contract-local.ts";
import { localScenes } from "./contract-local-scenes.ts";
import { scenes } from "./contract-scenes.ts";

let stage: LocalStage;
let violations: string[] = [];
const played = new Set<string>();

beforeAll(async () => {
  stage = await startLocal((exchange) => {
    violations.push(...githubContract.check(exchange));
    const operation = githubContract.operationOf(exchange);
    if (operation !== undefined && exchange.status < 400) played.add(operation);
  });
});
beforeEach(() => {
  violations = [];
});
// Throws when the server, which checks its exchanges too, saw one that is not as GitHub describes it.
afterAll(() => stage.close());

describe("scenes against the local GitHub, every exchange as GitHub describes it", () => {
  for (const [name, play] of Object.entries({ ...scenes, ...localScenes })) {
    test(name, async () => {
      await play(stage);
      expect(violations).toEqual([]);
    });
  }

  test("it offers the operations of the description and no others", () => {
    const described = Object.entries(githubOpenApi.paths).flatMap(([template, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${template}`),
    );
    expect(routes.map(({ method, template }) => `${method} ${template}`).sort()).toEqual(described.sort());
  });

  test("every operation of the description was played", () => {
    expect(githubContract.operations.filter((operation) => !played.has(operation))).toEqual([]);
  });
});
