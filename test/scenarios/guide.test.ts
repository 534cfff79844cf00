import { readFileSync, writeFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { readClock } from "../../src/sandbox/clock.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { awsCli, hasAwsCli } from "./guide/cli.ts";
import { fillIn, type GuideCommand, type Known, textAt } from "./guide/command.ts";
import { type Exchange, replay, startRecorder } from "./guide/exchange.ts";
import { wireElements, wirePaths } from "./guide/wire-elements.ts";
import { GUIDE_DAY, guideWorld } from "./guide/world.ts";
import { guideCommands } from "./guide-commands.ts";

const fixture = new URL("./fixtures/guide.json", import.meta.url);
const recording = process.env.RECORD === "1";

test("the AWS CLI walks through the whole guide, both accounts, without an error", { timeout: 300_000 }, async ({
  skip,
}) => {
  skip(!(await hasAwsCli()), "no AWS CLI on the PATH: its commands are not run, only its recorded calls are replayed");
  const recorder = await startRecorder((await guideSandbox()).url);
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

test("the calls that the AWS CLI once made get the same answers, byte for byte", async () => {
  const { url } = await guideSandbox();
  for (const [index, exchange] of recorded().entries()) {
    const answer = await replay(url, exchange);
    expect(
      answer,
      `call ${index + 1}, made by aws ${exchange.command}; if the new answer is meant, record anew: RECORD=1 npx vitest run test/scenarios/guide.test.ts`,
    ).toEqual(exchange.response);
  }
});

test.each(Object.entries(wireElements))("%s holds AWS's own element names", (root, expected) => {
  const bodies = recorded().map(({ response }) => response.body);
  const answers = bodies.filter((body) => body.includes(`<${root} `));
  const paths = new Set(answers.flatMap((body) => wirePaths(body)));
  expect(expected.filter((path) => !paths.has(`${root}/${path}`))).toEqual([]);
});

/** A sandbox with the guide's world, in which it is always the same moment. */
async function guideSandbox(): Promise<Sandbox> {
  const sandbox = await startSandbox({ seed: guideWorld, clock: readClock(() => GUIDE_DAY) });
  onTestFinished(() => sandbox.close());
  return sandbox;
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
