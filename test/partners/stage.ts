import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateVpcEndpointCommand, DeleteVpcEndpointsCommand } from "@aws-sdk/client-ec2";
import { expect, onTestFinished } from "vitest";
import { type CaptureOptions, capture } from "../../src/commands/capture.ts";
import { type HandoffOptions, handoff } from "../../src/commands/handoff.ts";
import { type StatusOptions, status } from "../../src/commands/status.ts";
import type { Network } from "../../src/commands/verify/network.ts";
import { type VerifyOptions, verify } from "../../src/commands/verify.ts";
import type { Handoff } from "../../src/model.ts";
import type { ConnectionStatus } from "../../src/planner/status/index.ts";
import { readClock } from "../../src/sandbox/clock.ts";
import { asking } from "../scenarios/asking.ts";
import { type Applied, expectNothingToDo, openStage, type Said, type Stage } from "../scenarios/harness.ts";
import { worldWith } from "./world.ts";

/** The moment at which a scenario with a partner takes place, on the sandbox too; commands run at noon of the same day. */
export const MORNING = "2026-11-20T09:30:00.000Z";

/** A connection with a partner: its example spec in the project of the examples, and an empty account on each side. */
export interface Partnership extends Stage {
  readonly name: string;
  /** The spec as it is now. */
  spec(): string;
  /** Changes the spec; throws when it does not say `from`. */
  rewrite(from: string, to: string): void;
  /** Adds lines at its end. */
  append(text: string): void;
  /** `landline capture NAME < output.txt` as it prints; throws what it refuses. */
  captured(output: string, more?: Partial<CaptureOptions>): Promise<Said>;
  /** What the sandbox takes for now, from here on. */
  setClock(iso: string): void;
  /** The ids of the hand-offs that are due, and their texts. */
  handed(more?: Partial<HandoffOptions>): Promise<readonly Handoff[]>;
  /** `landline handoff NAME` as it prints. */
  handoffText(more?: Partial<HandoffOptions>): Promise<Said>;
  /** The state of the connection, then those of its halves. */
  states(): Promise<string[]>;
  /** `landline verify NAME` as it prints, from a place that resolves no name. */
  verifiedText(more?: Partial<VerifyOptions>): Promise<Said>;
  /** `landline status NAME` as it prints. */
  statusText(more?: Partial<StatusOptions>): Promise<Said>;
}

export interface PartnershipOptions {
  /** The profile's name, which is the example's too. */
  readonly name: string;
  /** The partner's account, and those of strangers. */
  readonly accounts: readonly string[];
  /** What the sandbox takes for now at the beginning. */
  readonly clock?: string;
}

/** Begins a scenario with nothing but VPCs in every account, for as long as the running test. */
export async function startPartnership({ name, accounts, clock = MORNING }: PartnershipOptions): Promise<Partnership> {
  let now = clock;
  const stage = await openStage({ seed: worldWith(accounts), clock: readClock(() => Date.parse(now)) });
  onTestFinished(() => stage.close());
  for (const file of ["event-stream", "ledger", "payments-api"]) stage.remove(`specs/${file}.yaml`);
  // The project of the examples names each of them; here is one, in a folder of its own.
  stage.write("landline.yaml", example("landline").replace(/^specs:\n {2}\[[^\]]*\]$/m, 'specs: ["specs/**/*.yaml"]'));
  const path = `specs/${name}.yaml`;
  const spec = (): string => readFileSync(join(stage.folder, path), "utf8");
  stage.write(path, example(name));
  const handoffText: Partnership["handoffText"] = (more = {}) =>
    asking(stage, (options, io) => handoff({ ...options, name, format: "text", ...more }, io));
  const statusText: Partnership["statusText"] = (more = {}) =>
    asking(stage, (options, io) => status({ ...options, name, format: "text", ...more }, io));
  return {
    ...stage,
    name,
    spec,
    rewrite(from, to) {
      if (!spec().includes(from)) throw new Error(`the spec does not say ${from}`);
      stage.write(
        path,
        spec().replace(from, () => to),
      );
    },
    append: (more) => stage.write(path, `${spec().trimEnd()}\n${more}\n`),
    captured: (output, more = {}) =>
      asking(stage, (options, io) =>
        capture({ ...options, name, dryRun: false, format: "text", ...more }, io, async () => output),
      ),
    setClock: (iso) => {
      now = iso;
    },
    handed: async (more) => JSON.parse((await handoffText({ ...more, format: "json" })).out) as Handoff[],
    handoffText,
    async states() {
      const [one]: ConnectionStatus[] = JSON.parse((await statusText({ format: "json" })).out).connections;
      return [one?.state ?? "", ...(one?.halves ?? []).map((half) => half.state)];
    },
    statusText,
    verifiedText: (more = {}) =>
      asking(stage, (options, io) =>
        verify({ ...options, name, connect: false, timeout: 1, format: "text", ...more }, io, NOWHERE),
      ),
  };
}

const NOWHERE: Network = {
  lookUp: () => Promise.resolve({ error: "ENOTFOUND" }),
  connect: () => Promise.resolve({ error: "ECONNREFUSED" }),
};

const example = (name: string): string =>
  readFileSync(new URL(`../../docs/partners/examples/${name}.yaml`, import.meta.url), "utf8");

/** What `landline handoff` would have somebody do now: `id: body`, one for each. */
export const bodies = async (stage: Partnership): Promise<string[]> =>
  (await stage.handed()).map(({ id, body }) => `${id}: ${body}`);

/** An apply in which every change succeeds, one after the other, so that every run hands out the same ids. */
export async function applied(stage: Partnership): Promise<Applied> {
  const said = await stage.apply({ parallel: 1 });
  expect({ exit: said.exit, bad: said.outcomes.filter(({ result }) => result !== "done") }, said.err).toEqual({
    exit: 0,
    bad: [],
  });
  return said;
}

/** Each look lets a little time pass on the other side; where it rests the plan is empty and writes nothing. */
export async function settled(stage: Partnership, ...wanted: readonly string[]): Promise<void> {
  for (let looks = 0; looks < 6; looks++) if (JSON.stringify(await stage.states()) === JSON.stringify(wanted)) break;
  expect(await stage.states()).toEqual(wanted);
  await expectNothingToDo(stage, wanted.join(" "));
}

/** The partner's account makes an interface endpoint to our service; answers with its id. */
export async function partnerAsks(stage: Partnership, account: string, subnets?: readonly string[]): Promise<string> {
  const { outputs } = await stage.live(`${stage.name}/service`);
  const { vpc, group, subnets: all } = placeOf(stage, account);
  const { VpcEndpoint } = await stage.as(account).ec2.send(
    new CreateVpcEndpointCommand({
      VpcEndpointType: "Interface",
      VpcId: vpc,
      ServiceName: outputs.serviceName,
      SubnetIds: [...(subnets ?? all)],
      SecurityGroupIds: [group],
    }),
  );
  return VpcEndpoint?.VpcEndpointId ?? "";
}

/** The first VPC of an account in us-east-1, and all that is in it. */
export function placeOf(stage: Stage, account: string): { vpc: string; group: string; subnets: string[] } {
  const region = stage.world().accounts[account]?.regions["us-east-1"];
  const [vpc] = Object.keys(region?.vpcs ?? {});
  const [group] = Object.values(region?.securityGroups ?? {}).filter(({ vpcId }) => vpcId === vpc);
  if (!region || vpc === undefined || !group) throw new Error(`account ${account} has no VPC in us-east-1`);
  const subnets = Object.values(region.subnets).filter(({ vpcId }) => vpcId === vpc);
  return { vpc, group: group.id, subnets: subnets.map(({ id }) => id) };
}

/** The partner deletes its endpoint. */
export async function partnerLeaves(stage: Partnership, account: string, endpoint: string): Promise<void> {
  await stage.as(account).ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [endpoint] }));
}

/** `state: absent`: refused while the partner is attached, and down to nothing once it has left. */
export async function takenDown(stage: Partnership, account: string, ...endpoints: readonly string[]): Promise<void> {
  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  await expectRefused(stage, "partner.attached");
  for (const endpoint of endpoints) await partnerLeaves(stage, account, endpoint);
  for (let looks = 0; looks < 5 && (await stage.plan()).exit === 3; looks++);
  await applied(stage);
  await settled(stage, "absent");
}

/** What the partner's checks say of the spec as it is: severity, id, and whether it has to wait. Fails when the plan wrote anything. */
export async function verdicts(stage: Partnership, prefix: string): Promise<string[]> {
  const before = (await stage.requests()).length;
  const { plan, err } = await stage.plan();
  expect(plan.planId, err).not.toBe("");
  expect((await stage.requests(before)).filter(({ write }) => write)).toEqual([]);
  return plan.findings
    .filter(({ id }) => id.startsWith(prefix))
    .map(({ id, severity, deferred, waived }) => {
      const how = deferred === undefined ? (waived === undefined ? "" : " waived") : " deferred";
      return `${severity} ${id}${how}`;
    });
}

/** Fails unless the spec is refused with exactly these errors, by plan and by apply, before anything is written. */
export async function expectRefused(stage: Partnership, ...ids: readonly string[]): Promise<void> {
  const { exit, plan, err } = await stage.plan();
  const errors = plan.findings.filter(({ severity, waived }) => severity === "error" && waived === undefined);
  const found = [...new Set(errors.map(({ id }) => id))].toSorted();
  expect({ exit, found }, err).toEqual({ exit: 3, found: ids.toSorted() });
  const before = (await stage.requests()).length;
  expect((await stage.apply()).exit).toBe(3);
  expect((await stage.requests(before)).filter(({ write }) => write)).toEqual([]);
}
