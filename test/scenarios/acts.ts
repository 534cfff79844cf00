import {
  CreateVpcEndpointCommand,
  DeleteVpcEndpointsCommand,
  ModifyVpcEndpointServicePermissionsCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "vitest";
import type { LoggedRequest } from "../../src/sandbox/requests.ts";
import type { World } from "../../src/sandbox/world.ts";
import { essenceOf } from "./essence.ts";
import { gist, NETWORK, openStage, PARTNER, type Stage } from "./harness.ts";

/** One apply of the demo: the world before it, the specs it is to carry out, and how it goes when nothing goes wrong. */
export interface Act {
  readonly stage: Stage;
  readonly before: World;
  /** Every call of the undisturbed run, in order. */
  readonly calls: readonly Call[];
  /** The world after the undisturbed run. */
  readonly end: readonly string[];
  close(): Promise<void>;
}

/** One call, told apart from others by what it is and the how-manieth of its sort it is. */
export interface Call extends LoggedRequest {
  /** 0 for the first call of this action by this account. */
  readonly occurrence: number;
  /** 1 for the first call of the run. */
  readonly place: number;
}

/** Brings the demo to the point before one of its applies, with the files changed for it. */
type Prologue = (stage: Stage) => Promise<void>;

/** An apply of the demo as it goes when nothing goes wrong. */
export async function rehearse(name: keyof typeof acts): Promise<Act> {
  const stage = await openStage();
  await acts[name](stage);
  const before = stage.world();
  const since = (await stage.requests()).length;
  await applyAll(stage);
  const calls = numbered(await stage.requests(since));
  return { stage, before, calls, end: essenceOf(stage.world()), close: () => stage.close() };
}

function numbered(calls: readonly LoggedRequest[]): Call[] {
  const seen = new Map<string, number>();
  return calls.map((call, index) => {
    const sort = `${call.service} ${call.action} ${call.account}`;
    const occurrence = seen.get(sort) ?? 0;
    seen.set(sort, occurrence + 1);
    return { ...call, occurrence, place: index + 1 };
  });
}

/** The demo's applies, each as what comes before it. */
export const acts = {
  "the first apply": async () => {},
  "accepting a partner's endpoint": async (stage) => {
    await applyAll(stage);
    await nameInSpec(stage, await connect(stage));
  },
  "bringing back a principal": async (stage) => {
    await applyAll(stage);
    const { id } = await stage.live("payments-api/service");
    await stage.as(NETWORK).ec2.send(
      new ModifyVpcEndpointServicePermissionsCommand({
        ServiceId: id,
        RemoveAllowedPrincipals: ["arn:aws:iam::402592597372:role/connector"],
      }),
    );
  },
  "taking everything down": async (stage) => {
    await applyAll(stage);
    liftProtection(stage);
    await applyAll(stage);
    removeSpecs(stage);
  },
} satisfies { readonly [name: string]: Prologue };

/** An apply in which every change has to succeed. */
export async function applyAll(stage: Stage): Promise<void> {
  const { exit, err, outcomes } = await stage.apply();
  expect({ exit, bad: outcomes.filter(({ result }) => result !== "done") }, err).toEqual({ exit: 0, bad: [] });
}

/** The partner's account asks payments-api for a connection; answers with the endpoint's id. */
export async function connect(stage: Stage): Promise<string> {
  const { outputs } = await stage.live("payments-api/service");
  const { VpcEndpoint } = await stage.as(PARTNER).ec2.send(
    new CreateVpcEndpointCommand({
      VpcEndpointType: "Interface",
      VpcId: "vpc-0c1b2c3d4e5f60001",
      ServiceName: outputs.serviceName,
      SubnetIds: ["subnet-0c1b2c3d4e5f60001", "subnet-0c1b2c3d4e5f60002"],
      SecurityGroupIds: ["sg-0c1b2c3d4e5f60001"],
    }),
  );
  return VpcEndpoint?.VpcEndpointId ?? "";
}

export async function disconnect(stage: Stage, id: string): Promise<void> {
  await stage.as(PARTNER).ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
}

export async function nameInSpec(stage: Stage, endpoint: string): Promise<void> {
  const rule = `{ endpoint: ${endpoint}, reason: "partner platform, ticket NET-20" }`;
  stage.edit(
    "specs/payments-api.yaml",
    "  acceptance: required\n",
    `  acceptance: required\n  connections:\n    accept:\n      - ${rule}\n`,
  );
}

export const liftProtection = (stage: Stage): void =>
  stage.edit("specs/payments-api.yaml", "protect: true", "protect: false");

/** All that offers or consumes something goes; the connection that only waits stays, because a project without specs is refused. */
export function removeSpecs(stage: Stage): void {
  stage.remove("specs/ledger.yaml");
  stage.remove("specs/payments-api.yaml");
  raiseBrakes(stage);
}

export function raiseBrakes(stage: Stage): void {
  const raised = 'deletions: { max: 20, percent: 100, reason: "closing down" }';
  stage.edit("landline.yaml", "deletions: { max: 5, percent: 25 }", raised);
}

/** Fails unless the world has come to the end that an undisturbed run comes to, and nothing is left to plan. */
export async function expectSameEnd({ stage, end }: Act, what: string): Promise<void> {
  const seen = essenceOf(stage.world());
  const more = seen.filter((line) => !end.includes(line));
  const less = end.filter((line) => !seen.includes(line));
  expect({ what, objects: seen.length, more, less }).toEqual({ what, objects: end.length, more: [], less: [] });
  const { exit, plan, err } = await stage.plan();
  expect({ what, exit, plan: gist(plan) }, err).toEqual({ what, exit: 0, plan: [] });
}
