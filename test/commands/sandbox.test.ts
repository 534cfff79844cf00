import { expect, it } from "vitest";
import type { Io } from "../../src/commands/io.ts";
import { sandbox } from "../../src/commands/sandbox.ts";

it("prints what an AWS client needs to reach it", async () => {
  const lines: string[] = [];
  const io: Io = {
    out: (text) => void lines.push(...text.split("\n")),
    err() {},
    color: false,
    cwd: process.cwd(),
    env: {},
    now: () => new Date(0),
    isTTY: false,
  };
  expect(await sandbox({ port: 0, seed: "sandbox.yaml", throttle: false, slow: false }, io, Promise.resolve())).toBe(0);
  const exported = lines.filter((line) => line.startsWith("export ")).flatMap((line) => line.slice(7).split(" "));
  expect(exported).toEqual([
    expect.stringMatching(/^AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+$/),
    "AWS_ACCESS_KEY_ID=111111111111",
    "AWS_SECRET_ACCESS_KEY=sandbox",
    "AWS_REGION=us-east-1",
    "AWS_DEFAULT_REGION=us-east-1",
  ]);
});
