import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { init } from "../../src/commands/init.ts";
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
