import { readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readClock } from "../../src/sandbox/clock.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { awsCli, hasAwsCli } from "./guide/cli.ts";
import { fillIn, type GuideCommand, type Known, textAt } from "./guide/command.ts";
import { type Exchange, replay, startRecorder } from "./guide/exchange.ts";
import { needs } from "./guide/needs.ts";
import { wireElements, wirePaths } from "./guide/wire-elements.ts";
import { GUIDE_DAY, guideWorld } from "./guide/world.ts";
import { guideCommands } from "./guide-commands.ts";

const fixture = new URL("./fixtures/guide.json", import.meta.url);
/** RECORD=1 writes the fixture anew from what the CLI does. */
const recording = process.env.RECORD === "1";
const ifMeant = "If the new answer is meant, record it: RECORD=1 npx vitest run test/scenarios/guide.test.ts";

test("the AWS CLI walks through the whole guide, both accounts, without an error", {
  timeout: 300_000,
}, async (context) => {
  needs(await hasAwsCli(), context, "no AWS CLI on the PATH, so that only its recorded calls are replayed");
  const sandbox = await guideSandbox();
  onTestFinished(() => sandbox.close());
  const recorder = await startRecorder(sandbox.url);
  onTestFinished(() => recorder.close());
  let known: Known = {};
  for (const command of guideCommands) {
    recorder.startCommand(command.argv.slice(0, 2).join(" "));
    const answer = await carryOut(recorder.url, command, known);
    const kept = Object.entries(command.keep ?? {}).map(([name, path]) => [name, textAt(answer, path)]);
    known = { ...known, ...Object.fromEntries(kept) };
  }
  if (recording) writeFileSync(fixture, `${JSON.stringify(recorder.exchanges, null, 1)}\n`);
});

describe("the calls that the AWS CLI once made", () => {
  let answers: Exchange["response"][] = [];
  beforeAll(async () => {
    answers = await replayAll();
  });

  test("get the same answers, byte for byte", () => {
    for (const [index, { command, response }] of recorded().entries()) {
      expect(answers[index], `call ${index + 1}, made by aws ${command}. ${ifMeant}`).toEqual(response);
    }
  });

  test.each(Object.entries(wireElements))("are answered in AWS's own element names: %s", (root, expected) => {
    const bodies = answers.map(({ body }) => body).filter((body) => body.includes(`<${root} `));
    const paths = new Set(bodies.flatMap((body) => wirePaths(body)));
    expect(expected.filter((path) => !paths.has(`${root}/${path}`))).toEqual([]);
  });
});

async function replayAll(): Promise<Exchange["response"][]> {
  const sandbox = await guideSandbox();
  const answers: Exchange["response"][] = [];
  for (const exchange of recorded()) answers.push(await replay(sandbox.url, exchange));
  await sandbox.close();
  return answers;
}

/** A sandbox with the guide's world, in which it is always the same moment. */
function guideSandbox(): Promise<Sandbox> {
  return startSandbox({ seed: guideWorld, clock: readClock(() => GUIDE_DAY) });
}

/** Runs a command, again while its answer may still move, and holds the last answer against what is expected. */
async function carryOut(url: string, command: GuideCommand, known: Known): Promise<unknown> {
  const argv = fillIn(command.argv, known);
  for (let left = command.tries ?? 1; ; left -= 1) {
    const answer = await awsCli(url, command.as, argv);
    try {
      expectAnswer(answer, command, argv);
      return answer;
    } catch (mismatch) {
      if (left <= 1) throw mismatch;
    }
  }
}

function expectAnswer(answer: unknown, command: GuideCommand, argv: readonly string[]): void {
  const said = expect(answer, `aws ${argv.join(" ")}`);
  if (command.answer === undefined) said.toBeUndefined();
  else said.toMatchObject(Object(command.answer));
}

function recorded(): Exchange[] {
  return JSON.parse(readFileSync(fixture, "utf8")) as Exchange[];
}
