import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { init } from "../../src/commands/init.ts";
import { WORKFLOWS } from "../../src/commands/init-github.ts";
import type { Io } from "../../src/commands/io.ts";
import { validate } from "../../src/commands/validate.ts";
import { parseSeed } from "../../src/sandbox/seed.ts";

let folder: string;
const io = (): Io => ({
  out() {},
  err() {},
  color: false,
  cwd: folder,
  env: {},
  now: () => new Date("2026-11-20T00:00:00Z"),
  isTTY: false,
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "landline-init-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("writes a project that validates", async () => {
  await init({ name: "a-network" }, io());
  expect(await validate({ project: "landline.yaml", paths: [], format: "text" }, io())).toBe(0);
});

it.each(["us-east-1", "eu-central-1", "us-gov-west-1"])(
  "writes a world for %s that the sandbox takes",
  async (region) => {
    await init({ region, account: "333333333333" }, io());
    const world = parseSeed(readFileSync(join(folder, "sandbox.yaml"), "utf8"));
    expect(Object.keys(world.accounts["333333333333"]?.regions ?? {})).toEqual([region]);
  },
);

it("writes over nothing", async () => {
  await init({}, io());
  await expect(init({}, io())).rejects.toThrow("landline.yaml, specs/example.yaml, sandbox.yaml exists already");
});

describe("--github", () => {
  const action = `acme/landline@${"0123456789".repeat(4)}`;
  const written = (name: string): string =>
    readFileSync(join(folder, ".github/workflows", `landline-${name}.yml`), "utf8");

  it("writes the workflows with the action, pinned, and the branch that is applied", async () => {
    expect(await init({ github: true, action, branch: "trunk" }, io())).toBe(0);
    expect(readdirSync(join(folder, ".github/workflows")).sort()).toEqual(
      WORKFLOWS.map((name) => `landline-${name}.yml`).sort(),
    );
    for (const name of WORKFLOWS) {
      expect(written(name)).toContain(`uses: ${action}\n`);
      expect(written(name)).not.toContain("uses: ./");
    }
    expect(parse(written("apply")).on).toEqual({ push: { branches: ["trunk"] } });
  });

  it("writes no project, and the project no workflows", async () => {
    await init({ github: true, action }, io());
    expect(readdirSync(folder)).toEqual([".github"]);
    await init({}, io());
    expect(existsSync(join(folder, "landline.yaml"))).toBe(true);
  });

  it("writes over nothing, and then none of them", async () => {
    mkdirSync(join(folder, ".github/workflows"), { recursive: true });
    writeFileSync(join(folder, ".github/workflows/landline-drift.yml"), "mine");
    await expect(init({ github: true, action }, io())).rejects.toThrow(".github/workflows/landline-drift.yml exists");
    expect(written("drift")).toBe("mine");
    expect(readdirSync(join(folder, ".github/workflows"))).toEqual(["landline-drift.yml"]);
  });

  it.each([
    ["no action", { github: true }, "--action OWNER/REPO@COMMIT"],
    ["a tag, which may move", { github: true, action: "acme/landline@v1.2.3" }, "40 hex digits"],
    ["a short hash", { github: true, action: "acme/landline@0123456" }, "40 hex digits"],
    ["a second line", { github: true, action: `${action}\n        with: {}` }, "40 hex digits"],
    ["a branch that is a pattern", { github: true, action, branch: "*" }, '--branch "*"'],
    ["a branch that ends the string", { github: true, action, branch: 'main"]' }, "--branch"],
    ["options of the project", { github: true, action, name: "a-network" }, "--name is for the project"],
    ["options of the workflows without --github", { action }, "--action is for the workflows"],
  ])("refuses %s", async (_, options, said) => {
    await expect(init(options, io())).rejects.toThrow(said);
    expect(readdirSync(folder)).toEqual([]);
  });
});
