import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Act, rehearse } from "./acts.ts";
import { again } from "./faults.ts";
import { environmentOf } from "./harness.ts";

/** The command as users have it, in a process of its own that is really killed. */

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** How many times the apply is killed, at points spread over all that it does. */
const KILLS = 8;

let act: Act;
let build: string;

beforeAll(async () => {
  build = mkdtempSync(join(tmpdir(), "landline-build-"));
  for (const part of ["schema", "package.json", "node_modules"]) symlinkSync(join(ROOT, part), join(build, part));
  const compiler = join(ROOT, "node_modules", ".bin", "tsc");
  execFileSync(compiler, ["-p", join(ROOT, "tsconfig.build.json"), "--outDir", join(build, "dist")]);
  act = await rehearse("the first apply");
}, 120_000);
afterAll(async () => {
  await act.close();
  rmSync(build, { recursive: true, force: true });
});

test("an apply that is killed anywhere is ended by the next one", async () => {
  const first = act.calls.find(({ write }) => write)?.place ?? 0;
  const last = act.calls.findLast(({ write }) => write)?.place ?? 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const place = Math.round(first + (kill * (last - first)) / (KILLS - 1));
    await act.stage.putWorld(act.before);
    const since = (await act.stage.requests()).length;
    expect(await applyUntil(since + place)).toBe("SIGKILL");
    await again(act, `a process killed at call ${place} of ${act.calls.length}`);
  }
}, 240_000);

/** Runs the apply and kills it once the sandbox has served so many calls; answers with what ended the process. */
async function applyUntil(served: number): Promise<string | number | null> {
  const { stage } = act;
  const child = spawn(process.execPath, [join(build, "dist", "cli.js"), "apply", "--yes"], {
    cwd: stage.folder,
    env: { ...process.env, ...environmentOf(stage.sandbox) },
    stdio: "ignore",
  });
  const ended = new Promise<string | number | null>((resolve) =>
    child.once("exit", (code, signal) => resolve(signal ?? code)),
  );
  let running = true;
  void ended.then(() => {
    running = false;
  });
  while (running) {
    if ((await stage.requests(served - 1)).length > 0) child.kill("SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return ended;
}
