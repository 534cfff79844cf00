import { AcceptVpcEndpointConnectionsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { applyAll, connect, disconnect, liftProtection, nameInSpec, raiseBrakes } from "./acts.ts";
import { expectNothingToDo, gist, NETWORK, type Stage, startStage } from "./harness.ts";
import { openWitness, untilCalm, type Witness } from "./witness.ts";

/** Every replacement that a spec can ask for, with somebody who looks at each moment whether everybody still gets through. */

interface Watched {
  readonly stage: Stage;
  readonly watch: Witness;
}

/** The rich project as it stands after an apply, with everything healthy, and more specs where a test needs them. */
async function settledStage(more: { readonly [path: string]: string } = {}): Promise<Watched> {
  const watch = openWitness();
  const stage = await startStage({ fixture: "rich", witness: watch.witness });
  for (const [path, text] of Object.entries(more)) stage.write(path, text);
  await applyAll(stage);
  liftProtection(stage);
  raiseBrakes(stage);
  await applyAll(stage);
  await untilCalm(stage);
  watch.start(stage.sandbox.world);
  return { stage, watch };
}

const PAYMENTS = "specs/payments-api.yaml";
const BALANCER = "payments-api/service/nlb/payments";
const GROUP = `${BALANCER}/target-group/443`;
const LISTENER = `${BALANCER}/listener/443`;

describe("a target group that AWS cannot change", () => {
  test.each([
    ["another port", "port: 8443", "port: 9443", ["port", "targets"]],
    ["another protocol", "type: ip", "type: ip\n            protocol: TCP_UDP", ["protocol"]],
    [
      "another type",
      'type: ip\n            targets: ["10.0.1.10", "10.0.17.10"]',
      'type: instance\n            targets: ["i-0a1b2c3d4e5f60001"]',
      ["targetType", "targets"],
    ],
  ])("%s: the new group is healthy before the listener is switched", async (_what, from, to, forced) => {
    const { stage, watch } = await settledStage();
    const old = await stage.live(GROUP);
    stage.edit(PAYMENTS, from, to);
    expect(gist((await stage.plan()).plan)).toEqual([
      `replace ${GROUP} ${forced.join(" ")}`,
      `create ${LISTENER}/warm-up`,
      `update ${LISTENER} targetGroupArn`,
      `delete ${LISTENER}/warm-up#end`,
      `delete ${GROUP}#${old.id}`,
    ]);
    await applyAll(stage);
    expect(watch.seen).toEqual([]);
    expect((await stage.live(GROUP)).id).not.toBe(old.id);
    await expectNothingToDo(stage);
  });
});

const FIRST_GROUP = [
  "    - name: payments\n",
  "    - name: payments\n      securityGroups: [sg-0a1b2c3d4e5f60004]\n",
] as const;

describe("a load balancer that gets its first security group", () => {
  test("nobody is connected: attached when healthy, then the old one is detached and goes", async () => {
    const { stage, watch } = await settledStage();
    const [balancer, group, listener] = await Promise.all([BALANCER, GROUP, LISTENER].map((at) => stage.live(at)));
    stage.edit(PAYMENTS, ...FIRST_GROUP);
    const { plan } = await stage.plan();
    expect(plan.changes.map(({ action, step, address }) => `${action} ${step ?? address}`)).toEqual([
      `replace ${BALANCER}`,
      `replace ${GROUP}`,
      `replace ${LISTENER}`,
      "update payments-api/service",
      "update payments-api/service#detach",
      `delete ${LISTENER}#${listener?.id}`,
      `delete ${GROUP}#${group?.id}`,
      `delete ${BALANCER}#${balancer?.id}`,
    ]);
    expect(plan.changes.flatMap(({ risks }) => risks)).not.toContain("interrupts");
    const since = (await stage.requests()).length;
    await applyAll(stage);
    expect(watch.seen).toEqual([]);
    const modified = (await stage.requests(since)).filter(
      ({ action }) => action === "ModifyVpcEndpointServiceConfiguration",
    );
    expect(modified).toHaveLength(2);
    await expectNothingToDo(stage);
  });

  test("somebody is connected: the new one is attached, the old one stays until the connection is gone", async () => {
    const { stage, watch } = await settledStage();
    const endpoint = await connect(stage);
    await nameInSpec(stage, endpoint);
    await applyAll(stage);
    stage.edit(PAYMENTS, ...FIRST_GROUP);
    const { plan } = await stage.plan();
    expect(gist(plan).filter((line) => /detach|^delete/.test(line))).toEqual([]);
    const replacing = plan.changes.find(({ address }) => address === BALANCER);
    const note = expect.stringContaining("1 connection of 1 account");
    expect(replacing).toMatchObject({ action: "replace", risks: ["interrupts"], notes: [note] });
    const stays = { id: "load-balancer.in-use", severity: "warning", message: expect.stringContaining(endpoint) };
    expect(plan.findings).toContainEqual(expect.objectContaining(stays));
    await applyAll(stage);
    expect(watch.seen).toEqual([]);

    // A resting point: nothing to do, and said why.
    await expectNothingToDo(stage, "both are attached");
    const rests = (await stage.plan()).plan;
    expect(rests.findings).toContainEqual(expect.objectContaining(stays));
    const wait = { on: "partner", address: "payments-api/service", for: expect.stringContaining(endpoint) };
    expect(rests.waits).toContainEqual(expect.objectContaining(wait));
    expect((await stage.live("payments-api/service")).attributes.loadBalancerArns).toHaveLength(2);

    await disconnect(stage, endpoint);
    expect(gist((await stage.plan()).plan)[0]).toBe("update payments-api/service#detach loadBalancerArns");
    await applyAll(stage);
    expect(watch.seen).toEqual([]);
    expect((await stage.live("payments-api/service")).attributes.loadBalancerArns).toHaveLength(1);
    await expectNothingToDo(stage);
  });

  test("rejecting the connection in the same plan lets the old one go after it", async () => {
    const { stage } = await settledStage();
    const endpoint = await connect(stage);
    await nameInSpec(stage, endpoint);
    await applyAll(stage);
    stage.edit(PAYMENTS, ...FIRST_GROUP);
    stage.edit(PAYMENTS, "    accept:\n", "    reject:\n");
    const { plan } = await stage.plan();
    const detach = plan.changes.find(({ step }) => step === "payments-api/service#detach");
    expect(detach?.dependsOn).toContain(`payments-api/service/acceptance/${endpoint}`);
    await applyAll(stage);
    await expectNothingToDo(stage);
  });
});

describe("a replacement that is cut short", () => {
  test.each([
    ["of a target group", ["port: 8443", "port: 9443"]],
    ["of a load balancer", FIRST_GROUP],
  ] as const)(
    "%s is ended by the next apply, wherever it was, and nobody is cut off",
    async (_what, [from, to]) => {
      const { stage, watch } = await settledStage();
      const before = stage.world();
      stage.edit(PAYMENTS, from, to);
      const since = (await stage.requests()).length;
      await applyAll(stage);
      const calls = await stage.requests(since);
      for (const [index, { write, action }] of calls.entries()) {
        if (!write) continue;
        const what = `cut short after call ${index + 1}, ${action}`;
        await stage.putWorld(before);
        watch.start(stage.sandbox.world);
        const nothingMore = { times: 1_000_000, effect: "error-before", code: "InternalError", status: 400 };
        await stage.faults({ skip: index + 1, ...nothingMore });
        await stage.apply();
        await stage.clearFaults();
        const { exit, err } = await stage.apply();
        expect({ what, exit, seen: watch.seen }, err).toEqual({ what, exit: 0, seen: [] });
        await expectNothingToDo(stage, what);
      }
    },
    120_000,
  );
});

const MOVER = `
apiVersion: landline/v1
kind: Connection
metadata: { name: mover }
endpoints:
  - target: apps-use1
    service: { connection: rich }
    vpc: vpc-0b1b2c3d4e5f60001
    subnets: [subnet-0b1b2c3d4e5f60002]
    securityGroups: [sg-0b1b2c3d4e5f60004]
    aliases:
      - { name: mover.apps.internal.example.com, zone: Z0PRIVATE00000000001 }
`;

/** Two services that carry one private DNS name, as a provider has them who moves his consumers from one to the other. */
const twin = (name: string) => `
apiVersion: landline/v1
kind: Connection
metadata: { name: ${name} }
service:
  target: network-use1
  loadBalancers:
    - name: main
      subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
      listeners:
        - { port: 443, protocol: TCP, targetGroup: { port: 8443, type: ip, targets: ["10.0.1.10"] } }
  acceptance: automatic
  allowedPrincipals:
    - { principal: "arn:aws:iam::222222222222:root", reason: "ours", until: 2027-03-31 }
  privateDns: { name: twin.example.com, zone: Z0PUBLIC000000000001 }
`;
const PRIVATE = `
apiVersion: landline/v1
kind: Connection
metadata: { name: mover }
endpoints:
  - target: apps-use1
    service: { connection: rich-two }
    vpc: vpc-0b1b2c3d4e5f60009
    subnets: [subnet-0b1b2c3d4e5f60091]
    securityGroup: { ingress: [{ ports: 443, from: 10.29.0.0/16 }] }
    privateDns: true
`;

describe("an endpoint", () => {
  test("in another VPC: available, its name moved everywhere, then the old one goes", async () => {
    const { stage, watch } = await settledStage();
    stage.edit("specs/ledger.yaml", "vpc: vpc-0b1b2c3d4e5f60001", "vpc: vpc-0b1b2c3d4e5f60009");
    stage.edit(
      "specs/ledger.yaml",
      "[subnet-0b1b2c3d4e5f60001, subnet-0b1b2c3d4e5f60002]",
      "[subnet-0b1b2c3d4e5f60091]",
    );
    await applyAll(stage);
    expect(watch.seen).toEqual([]);
    await expectNothingToDo(stage);
  });

  test("of another service: the same, with its acceptance", async () => {
    const { stage, watch } = await settledStage({ "specs/mover.yaml": MOVER });
    const old = await stage.live("mover/endpoint/main");
    stage.edit("specs/mover.yaml", "connection: rich", "connection: ledger");
    await applyAll(stage);
    expect(watch.seen).toEqual([]);
    expect((await stage.live("mover/endpoint/main")).id).not.toBe(old.id);
    await expectNothingToDo(stage);
  });

  test("at a partner's door: the old one serves until the new one is let in", async () => {
    const foreign = MOVER.replace("{ connection: rich }", "SERVICE");
    const { stage, watch } = await settledStage();
    const names = await Promise.all(
      ["rich/service", "payments-api/service"].map(async (at) => (await stage.live(at)).outputs.serviceName),
    );
    stage.edit(
      PAYMENTS,
      "  allowedPrincipals:\n",
      `  allowedPrincipals:\n    - { principal: "arn:aws:iam::222222222222:root", reason: "NET-30", until: 2027-03-31 }\n`,
    );
    stage.write("specs/mover.yaml", foreign.replace("SERVICE", names[0] ?? ""));
    await applyAll(stage);
    await untilCalm(stage);
    watch.start(stage.sandbox.world);
    const old = await stage.live("mover/endpoint/main");
    stage.write("specs/mover.yaml", foreign.replace("SERVICE", names[1] ?? ""));

    const first = await stage.apply();
    expect(first.exit, first.err).toBe(0);
    expect(watch.seen).toEqual([]);
    await expectNothingToDo(stage, "the new endpoint waits to be accepted");
    const both = (await stage.look()).targets
      .flatMap(({ resources }) => resources)
      .filter(({ address }) => address === "mover/endpoint/main");
    const resting = both.find(({ id }) => id !== old.id);
    expect(both.map(({ state }) => state).sort()).toEqual(["available", "pendingacceptance"]);
    const waits = (await stage.plan()).plan.waits.filter(({ connection }) => connection === "mover");
    expect(waits).toMatchObject([{ on: "partner", for: expect.stringContaining(resting?.id ?? "") }]);

    const { id: ServiceId } = await stage.live("payments-api/service");
    const VpcEndpointIds = [resting?.id ?? ""];
    await stage.as(NETWORK).ec2.send(new AcceptVpcEndpointConnectionsCommand({ ServiceId, VpcEndpointIds }));
    await untilCalm(stage);
    await applyAll(stage);
    expect(watch.seen).toEqual([]);
    expect((await stage.live("mover/endpoint/main")).id).toBe(resting?.id);
    await expectNothingToDo(stage);
  });

  test("with a private DNS name that both would own: the name is free for a moment, and the plan says so", async () => {
    const { stage, watch } = await settledStage({
      "specs/rich-two.yaml": twin("rich-two"),
      "specs/rich-three.yaml": twin("rich-three"),
      "specs/mover.yaml": PRIVATE,
    });
    const old = await stage.live("mover/endpoint/main");
    stage.edit("specs/mover.yaml", "connection: rich-two", "connection: rich-three");
    const { plan } = await stage.plan();
    expect(gist(plan).filter((line) => line.includes("mover"))).toEqual([
      "update mover/endpoint/main#private-dns privateDnsEnabled",
      "replace mover/endpoint/main privateDnsEnabled serviceName",
      `delete mover/endpoint/main#${old.id}`,
    ]);
    const off = plan.changes.find(({ step }) => step === "mover/endpoint/main#private-dns");
    expect(off?.risks).toContain("interrupts");
    expect(off?.notes?.join()).toContain("vpc-0b1b2c3d4e5f60009");
    await applyAll(stage);
    expect(watch.seen).toEqual([]);
    expect(watch.gaps).toEqual(["vpc-0b1b2c3d4e5f60009 twin.example.com"]);
    await expectNothingToDo(stage);
  });
});
