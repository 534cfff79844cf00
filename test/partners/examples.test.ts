import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Io } from "../../src/commands/io.ts";
import { validate } from "../../src/commands/validate.ts";

/** The examples are one project, which validates where it lies. */

const FOLDER = fileURLToPath(new URL("../../docs/partners/examples/", import.meta.url));

test("every example is part of the project of the examples, and validates", async () => {
  const project = readFileSync(`${FOLDER}landline.yaml`, "utf8");
  const examples = readdirSync(FOLDER).filter((name) => name !== "landline.yaml");
  expect(examples.filter((name) => !project.includes(`"${name}"`))).toEqual([]);
  let said = "";
  const keep = (text: string): void => {
    said += text;
  };
  const now = () => new Date("2026-11-20T12:00:00.000Z");
  const io: Io = { out: keep, err: keep, color: false, cwd: FOLDER, env: {}, now, isTTY: false };
  const exit = await validate({ project: "landline.yaml", paths: [], format: "text" }, io);
  expect({ exit, said }).toEqual({
    exit: 0,
    said: `${examples.length} connections in ${examples.length} files: no problems\n`,
  });
});
