import { readFileSync } from "node:fs";
import { readClock } from "../../../src/sandbox/clock.ts";
import type { LoggedRequest } from "../../../src/sandbox/requests.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.ts";
import type { World } from "../../../src/sandbox/world.ts";
import { type Exchange, replay } from "./exchange.ts";
import { type Settings, settingsOf, withIds } from "./settings.ts";
import { GUIDE_DAY, guideWorld } from "./world.ts";

/** One call of the guide that changes something. */
export interface Step {
  /** The CLI command that made it: `elbv2 create-load-balancer`. */
  readonly command: string;
  readonly account: string;
  readonly action: string;
  /** The settings that are other ones after it, in the order in which they are stored. */
  readonly sets: readonly string[];
}

/** The guide, walked through to its end on a sandbox of its own. */
export interface Walk {
  readonly steps: readonly Step[];
  /** What stood before the first command. */
  readonly seeded: World;
  readonly end: World;
}

/** The guide's world, with ids that AWS could have given. */
export const seed = withIds(guideWorld);

const fixture = new URL("../fixtures/guide.json", import.meta.url);

/** Sends what the AWS CLI once sent for each command of the guide, and looks after every call at what it has changed. */
export async function walkThroughGuide(): Promise<Walk> {
  const exchanges = JSON.parse(withIds(readFileSync(fixture, "utf8"))) as Exchange[];
  const sandbox = await startSandbox({ seed, clock: readClock(() => GUIDE_DAY) });
  const seeded = structuredClone(sandbox.world);
  const steps: Step[] = [];
  let before: Settings = new Map();
  for (const [index, exchange] of exchanges.entries()) {
    const { status, body } = await replay(sandbox.url, exchange);
    if (status !== 200) throw new Error(`aws ${exchange.command}: ${body}`);
    const after = settingsOf(sandbox.world, seeded);
    const call = await lastCall(sandbox, index);
    if (call.write) {
      const sets = [...after.keys()].filter((path) => after.get(path) !== before.get(path));
      steps.push({ command: exchange.command, account: call.account, action: call.action, sets });
    }
    before = after;
  }
  const end = structuredClone(sandbox.world);
  await sandbox.close();
  return { steps, seeded, end };
}

async function lastCall({ url }: Sandbox, since: number): Promise<LoggedRequest> {
  const [call] = (await (await fetch(`${url}/_sandbox/requests?since=${since}`)).json()) as LoggedRequest[];
  if (!call) throw new Error(`the sandbox has no call ${since + 1}`);
  return call;
}
