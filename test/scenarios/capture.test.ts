import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CaptureOptions, capture } from "../../src/commands/capture.ts";
import { CommandError } from "../../src/commands/options.ts";
import { STRATUS } from "../planner/partners/capture/stratus.ts";
import { applyAll, connect, disconnect } from "./acts.ts";
import { asking } from "./asking.ts";
import { expectNothingToDo, PARTNER, type Said, type Stage, startStage } from "./harness.ts";

/** `landline capture` on a world of the sandbox: the partner's tool prints what it sees, and the spec says it afterwards. */

const FILE = "specs/payments-api.yaml";

async function theStage(): Promise<Stage> {
  const stage = await startStage();
  stage.write("partners/stratus.yaml", STRATUS);
  stage.edit(
    "landline.yaml",
    'specs: ["specs/**/*.yaml"]',
    'specs: ["specs/**/*.yaml"]\npartners: ["partners/*.yaml"]',
  );
  stage.edit(FILE, "service:\n", "partner:\n  profile: stratus # their second account follows\nservice:\n");
  return stage;
}

const spec = (stage: Stage): string => readFileSync(join(stage.folder, FILE), "utf8");

const captured = (stage: Stage, output: string, more: Partial<CaptureOptions> = {}): Promise<Said> =>
  asking(stage, (options, io) =>
    capture({ ...options, name: "payments-api", dryRun: false, format: "json", ...more }, io, async () => output),
  );

async function refused(...of: Parameters<typeof captured>): Promise<string> {
  const error: unknown = await captured(...of).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CommandError)) throw new Error(`it was not refused: ${String(error)}`);
  expect(error.exitCode).toBe(1);
  return error.message;
}

const waiting = (id: string) => `status:     create in progress
message:    Connection from VPC Endpoint ID '${id}' not yet approved at VPC Endpoint Service 'com.amazonaws.vpc.us-east-1.vpce-svc-0d727708b69ad6738'. Waiting for approval.
`;

test("what the partner's tool prints is written into the spec, and the next apply accepts it", async () => {
  const stage = await theStage();
  await applyAll(stage);
  const id = await connect(stage);
  const before = spec(stage);

  const tried = await captured(stage, waiting(id), { dryRun: true });
  expect(JSON.parse(tried.out)).toMatchObject({ wrote: false, accept: id, reported: { is: "awaiting-acceptance" } });
  expect(spec(stage)).toBe(before);

  const reason = "Kim on the phone, NET-52";
  const { exit, out } = await captured(stage, waiting(id), { reason });
  expect(exit).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    wrote: true,
    file: FILE,
    sighting: { asks: true, words: expect.stringContaining(`account ${PARTNER}`) },
  });
  // What was there is still there, line by line.
  const lines = spec(stage).split("\n");
  expect(before.split("\n").filter((line) => !lines.includes(line))).toEqual([]);
  expect(lines).toContainEqual(expect.stringMatching(`endpoint: ${id}, reason: ["']?${reason}`));

  const again = await captured(stage, waiting(id));
  expect(JSON.parse(again.out)).toMatchObject({ wrote: false, found: [{ how: "same" }, { how: "same" }] });

  await applyAll(stage);
  const done = await captured(stage, `status: create succeeded\nmessage: '${id}' is established.\n`, {
    format: "text",
  });
  expect(done.out).toMatch(/~ partner.reported: create succeeded/);
  expect(spec(stage)).toContain("state: create succeeded");
  await expectNothingToDo(stage);
  expect(JSON.parse((await captured(stage, waiting(id))).out)).toMatchObject({ sighting: { asks: false } });
  await disconnect(stage, id);
});

test("an id that does not ask at our service is written, and said to be unknown", async () => {
  const stage = await theStage();
  const early = await captured(stage, waiting("vpce-047f057f38a2e27e1"), { dryRun: true });
  expect(JSON.parse(early.out).sighting).toMatchObject({ asks: false, words: expect.stringMatching(/cannot ask yet/) });
  await applyAll(stage);
  const { out } = await captured(stage, waiting("vpce-047f057f38a2e27e1"), { format: "text" });
  expect(out).toMatch(/vpce-047f057f38a2e27e1 does not ask at our service vpce-svc-/);
  expect(spec(stage)).toContain("vpce-047f057f38a2e27e1");
});

test("nothing is written from a doubtful paste, and it is said why", async () => {
  const stage = await theStage();
  const before = spec(stage);
  const id = "vpce-047f057f38a2e27e1";
  expect(await refused(stage, `${waiting(id)}\n${waiting("vpce-0000000000000000a")}`)).toContain(
    "vpce-0000000000000000a",
  );
  expect(await refused(stage, waiting("vpce-047f0"))).toMatch(/not whole/);
  expect(await refused(stage, "hello")).toMatch(/nothing in the output was recognised[\s\S]*VPC Endpoint ID/);
  expect(await refused(stage, waiting(id), { step: "nothing" })).toMatch(/create, bind/);
  expect(await refused(stage, "x".repeat(300_000))).toMatch(/300000 characters/);
  expect(await refused(stage, waiting(id), { reason: " " })).toMatch(/--reason has to be/);
  expect(await refused(stage, "status: create succeeded", { reason: "Kim" })).toMatch(/the output shows none/);
  expect(await refused(stage, waiting(id), { name: "ledger" })).toMatch(/names no partner/);
  expect(spec(stage)).toBe(before);
});

test("without AWS the id is written all the same", async () => {
  const stage = await theStage();
  await stage.faults({
    service: "ec2",
    effect: "error-before",
    code: "UnauthorizedOperation",
    status: 403,
    times: 1000,
  });
  const { out } = await captured(stage, waiting("vpce-047f057f38a2e27e1"));
  const { sighting, wrote } = JSON.parse(out);
  expect(wrote).toBe(true);
  expect(sighting.asks).toBeUndefined();
  expect(sighting.words).toMatch(/was not looked for/);
});
