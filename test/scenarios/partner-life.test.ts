import {
  AcceptVpcEndpointConnectionsCommand,
  CreateVpcEndpointCommand,
  CreateVpcEndpointServiceConfigurationCommand,
  DeleteVpcEndpointsCommand,
  ModifyVpcEndpointServicePermissionsCommand,
} from "@aws-sdk/client-ec2";
import { CreateLoadBalancerCommand, DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { type HandoffOptions, handoff } from "../../src/commands/handoff.ts";
import { status } from "../../src/commands/status.ts";
import type { Handoff } from "../../src/model.ts";
import type { ConnectionSpec } from "../../src/planner/specs/connection.generated.ts";
import type { ConnectionStatus } from "../../src/planner/status/index.ts";
import { NIMBUS } from "../planner/partners/nimbus.ts";
import { applyAll, raiseBrakes } from "./acts.ts";
import { asking } from "./asking.ts";
import { APPS, expectNothingToDo, gist, PARTNER, type Said, type Stage, startStage } from "./harness.ts";

/** An invented partner in both directions, from an empty account to traffic and down again; its side is played by plain calls of its own account. */

const SUBNETS = ["subnet-0c1b2c3d4e5f60001", "subnet-0c1b2c3d4e5f60002"];

/** The spec as it changes on the way. */
class Spec {
  readonly stage: Stage;
  body: Omit<ConnectionSpec, "apiVersion" | "kind" | "metadata">;

  constructor(stage: Stage) {
    this.stage = stage;
    const until = "2027-06-30";
    this.body = {
      partner: { profile: "nimbus", params: { instance: "orders" } },
      service: {
        target: "network-use1",
        loadBalancers: [
          {
            name: "one",
            subnets: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
            listeners: [
              { port: 443, protocol: "TCP", targetGroup: { port: 8443, type: "ip", targets: ["10.0.1.10"] } },
            ],
          },
        ],
        allowedPrincipals: [{ principal: `arn:aws:iam::${PARTNER}:root`, reason: "Nimbus", until }],
      },
      endpoints: [
        {
          target: "apps-use1",
          vpc: "vpc-0b1b2c3d4e5f60001",
          subnets: ["subnet-0b1b2c3d4e5f60001"],
          securityGroup: { ingress: [{ ports: 443, from: "10.20.0.0/16" }] },
        },
      ],
    };
    this.say({});
  }

  say(more: Partial<typeof this.body>): void {
    this.body = { ...this.body, ...more };
    const document = { apiVersion: "landline/v1", kind: "Connection", metadata: { name: "nimbus" }, ...this.body };
    this.stage.write("specs/nimbus.yaml", JSON.stringify(document, null, 2));
  }

  partner(more: Partial<NonNullable<ConnectionSpec["partner"]>>): void {
    const { profile = "nimbus", params } = this.body.partner ?? {};
    this.say({ partner: { ...this.body.partner, profile, ...more, params: { ...params, ...more.params } } });
  }
}

async function theStage(): Promise<Stage> {
  const stage = await startStage();
  raiseBrakes(stage);
  for (const file of ["payments-api", "ledger"]) stage.remove(`specs/${file}.yaml`);
  stage.write("partners/nimbus.yaml", NIMBUS);
  stage.edit(
    "landline.yaml",
    'specs: ["specs/**/*.yaml"]',
    'specs: ["specs/**/*.yaml"]\npartners: ["partners/*.yaml"]',
  );
  return stage;
}

async function state(stage: Stage): Promise<string[]> {
  const { out } = await asking(stage, (options, io) => status({ ...options, name: "nimbus", format: "json" }, io));
  const [one]: ConnectionStatus[] = JSON.parse(out).connections;
  return [one?.state ?? "", ...(one?.halves ?? []).map((half) => half.state)];
}

const handed = (stage: Stage, more: Partial<HandoffOptions> = {}): Promise<Said> =>
  asking(stage, (options, io) => handoff({ ...options, name: "nimbus", format: "json", ...more }, io));
const texts = async (stage: Stage): Promise<string[]> =>
  (JSON.parse((await handed(stage)).out) as Handoff[]).map(({ id, stage: moment, body }) => `${id} ${moment}: ${body}`);

/** The partner makes its endpoint at our service; answers with its id. */
async function request(stage: Stage): Promise<string> {
  const { outputs } = await stage.live("nimbus/service");
  const { VpcEndpoint } = await stage.as(PARTNER).ec2.send(
    new CreateVpcEndpointCommand({
      VpcEndpointType: "Interface",
      VpcId: "vpc-0c1b2c3d4e5f60001",
      ServiceName: outputs.serviceName,
      SubnetIds: SUBNETS,
      SecurityGroupIds: ["sg-0c1b2c3d4e5f60001"],
    }),
  );
  return VpcEndpoint?.VpcEndpointId ?? "";
}

/** The partner makes a service of its own and allows our account. */
async function offer(stage: Stage): Promise<{ readonly id: string; readonly name: string }> {
  const { ec2, elbv2 } = stage.as(PARTNER);
  const made = await elbv2.send(
    new CreateLoadBalancerCommand({ Name: "nimbus", Type: "network", Scheme: "internal", Subnets: SUBNETS }),
  );
  const arn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  for (;;) {
    const { LoadBalancers } = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
    if (LoadBalancers?.[0]?.State?.Code === "active") break;
  }
  const { ServiceConfiguration } = await ec2.send(
    new CreateVpcEndpointServiceConfigurationCommand({ NetworkLoadBalancerArns: [arn], AcceptanceRequired: true }),
  );
  const { ServiceId = "", ServiceName = "" } = ServiceConfiguration ?? {};
  await ec2.send(
    new ModifyVpcEndpointServicePermissionsCommand({
      ServiceId,
      AddAllowedPrincipals: [`arn:aws:iam::${APPS}:root`],
    }),
  );
  return { id: ServiceId, name: ServiceName };
}

/** Each look lets a little time pass on the other side. */
async function settled(stage: Stage, wanted: readonly string[]): Promise<void> {
  for (let looks = 0; looks < 5; looks++) if (JSON.stringify(await state(stage)) === JSON.stringify(wanted)) break;
  expect(await state(stage)).toEqual(wanted);
  await expectNothingToDo(stage, wanted.join(" "));
}

test("from an empty account to traffic in both directions, and down again", async () => {
  const stage = await theStage();
  const spec = new Spec(stage);
  expect(await texts(stage)).toEqual([`enable start: Please allow ${APPS} for nimbus.`]);

  await applyAll(stage);
  await settled(stage, ["waiting-partner", "waiting-partner", "waiting-partner"]);
  const { outputs, id: serviceId } = await stage.live("nimbus/service");
  expect(await texts(stage)).toContain(`create service-ready: nimbus create orders --service ${outputs.serviceName}`);

  const asks = await request(stage);
  await settled(stage, ["waiting-partner", "waiting-us", "waiting-partner"]);
  expect((await stage.plan()).plan.findings.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["connection.unexpected", "partner.deadline"]),
  );
  expect(await texts(stage)).toContain(`approve requested: Approve ${asks} of ${PARTNER}.`);
  spec.say({
    service: { ...spec.body.service, connections: { accept: [{ endpoint: asks, reason: "NET-12" }] } } as never,
  });
  await applyAll(stage);
  await settled(stage, ["waiting-partner", "active", "waiting-partner"]);

  const { id: theirs, name } = await offer(stage);
  spec.partner({ params: { service_name: name } });
  await applyAll(stage);
  await settled(stage, ["awaiting-acceptance", "active", "awaiting-acceptance"]);
  const { id: ours } = await stage.live("nimbus/endpoint/main");
  expect(await texts(stage)).toContain(`register endpoint-created: POST /endpoints {"id":"${ours}"}`);
  await stage
    .as(PARTNER)
    .ec2.send(new AcceptVpcEndpointConnectionsCommand({ ServiceId: theirs, VpcEndpointIds: [ours] }));
  await settled(stage, ["active", "active", "active"]);
  expect(await texts(stage)).toEqual(["bind active: nimbus bind orders", "test active: Test nimbus."]);

  spec.say({ state: "absent" });
  const since = (await stage.requests()).length;
  const refused = await stage.apply();
  expect(refused.exit).toBe(3);
  expect((await stage.requests(since)).filter(({ write }) => write)).toEqual([]);
  const errors = gist((await stage.plan()).plan).filter((line) => line.startsWith("error"));
  expect(errors.map((line) => /^error ([^:]+)/.exec(line)?.[1]).toSorted()).toEqual([
    "nimbus.ticket",
    "nimbus.unused",
    "partner.attached",
    "partner.reported-state",
  ]);
  expect(errors.find((line) => line.includes("attached"))).toContain(`${serviceId} stays`);
  expect((await state(stage))[0]).toBe("deleting");
  expect(await texts(stage)).toEqual(["remove removing: nimbus delete orders", "leave removing: End main."]);

  await stage.as(PARTNER).ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [asks] }));
  spec.partner({
    confirm: [
      { id: "nimbus.unused", reason: "all apps unbound, NET-14" },
      { id: "nimbus.ticket", reason: "answered, NET-15" },
    ],
    reported: { state: "deleted", on: "2026-11-20" },
  });
  for (let looks = 0; looks < 5; looks++) if ((await stage.plan()).exit !== 3) break;
  await applyAll(stage);
  await settled(stage, ["absent", "absent", "absent"]);
  stage.remove("specs/nimbus.yaml");
  await expectNothingToDo(stage, "the file may go");
});

test("a file that goes before its time takes nothing along", async () => {
  const stage = await theStage();
  const spec = new Spec(stage);
  await applyAll(stage);
  stage.remove("specs/nimbus.yaml");
  const { exit, plan } = await stage.plan();
  expect(exit).toBe(3);
  expect(plan.findings.find(({ id }) => id === "partner.removal")?.message).toContain("nimbus");
  expect(plan.changes.filter(({ refused }) => refused === undefined)).toEqual([]);
  spec.partner({
    confirm: [{ id: "nimbus.unused", reason: "nobody has ever asked" }],
    reported: { state: "deleted", on: "2026-11-20" },
  });
  spec.say({ state: "absent" });
  await applyAll(stage);
  await settled(stage, ["absent", "absent", "absent"]);
});

test("a hand-off by its id, and what there is when it has none", async () => {
  const stage = await theStage();
  new Spec(stage);
  const look = await handed(stage, { step: "look", format: "text" });
  expect(look).toEqual({ exit: 0, out: "Look at the instance (cli, by us)\n\nnimbus show orders\n", err: "" });
  await expect(handed(stage, { step: "none" })).rejects.toThrow(
    /create, approve, bind, remove, look, register, leave, enable, change, test|enable, create/,
  );
});
