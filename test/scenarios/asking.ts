import { vi } from "vitest";
import type { Io } from "../../src/commands/io.ts";
import { environmentOf, type Said, type Stage } from "./harness.ts";

/** Runs a command of `landline` in the stage's folder, against its sandbox, on the day of all scenarios. */
export async function asking(
  stage: Stage,
  command: (options: typeof common, io: Io) => Promise<number>,
): Promise<Said> {
  const [out, err]: [string[], string[]] = [[], []];
  const io: Io = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    color: false,
    cwd: stage.folder,
    env: {},
    now: () => new Date("2026-11-20T12:00:00.000Z"),
    isTTY: false,
  };
  for (const [name, value] of Object.entries(environmentOf(stage.sandbox))) vi.stubEnv(name, value);
  try {
    const exit = await command(common, io);
    return { exit, out: out.join(""), err: err.join("") };
  } finally {
    vi.unstubAllEnvs();
  }
}

const common = { project: "landline.yaml", sandbox: false, jsonLogs: false, quiet: true } as const;
