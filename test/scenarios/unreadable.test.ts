import { describe, expect, test } from "vitest";
import { handoff } from "../../src/commands/handoff.ts";
import { asking } from "./asking.ts";
import { APPS, expectNothingToDo, gist, NETWORK, type Stage, startStage } from "./harness.ts";

/** Targets that cannot be read, on a real wire: a role without rights, a role of another account, nobody at home. */

const SERVICES_ONLY = "specs/payments-api.yaml";
const seen = (stage: Stage) => JSON.stringify(stage.world().accounts[APPS]);

/** Takes the rights of the plan role in the applications' account away. */
function withoutRights(stage: Stage): void {
  const roles = stage.sandbox.world.accounts[APPS]?.roles ?? {};
  roles["landline-plan"] = {
    name: "landline-plan",
    policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["sts:*"], Resource: "*" }] },
  };
}

const ways: { readonly [why: string]: { break(stage: Stage): void; says: RegExp } } = {
  "a role without rights": {
    break: withoutRights,
    says: /^target apps-use1 \(account 222222222222, us-east-1\) cannot be read: (UnauthorizedOperation|AccessDenied): .*`landline iam --mode plan` prints/,
  },
  "credentials of another account": {
    // Without roles the ambient credentials are used, and those belong to the network's account.
    break: (stage) => {
      stage.edit("landline.yaml", "      plan: arn:aws:iam::222222222222:role/landline-plan\n", "");
      stage.edit("landline.yaml", "    roles:\n      apply: arn:aws:iam::222222222222:role/landline-apply\n", "");
    },
    says: /^target apps-use1 is account 222222222222, but the credentials belong to account 111111111111/,
  },
};

describe.each(Object.entries(ways))("%s", (_why, { break: breakIt, says }) => {
  test("fails the connections of that target with the reason; the others are applied, and nothing of it is touched", async () => {
    const stage = await startStage();
    expect((await stage.apply()).exit).toBe(0);
    await expectNothingToDo(stage);
    breakIt(stage);
    stage.edit(SERVICES_ONLY, "crossZone: true", "crossZone: false");
    stage.edit("specs/ledger.yaml", "from: 10.20.0.0/16", "from: 10.21.0.0/16");
    const before = seen(stage);

    const { exit, plan } = await stage.plan();
    expect(exit).toBe(3);
    expect(gist(plan).filter((line) => !line.startsWith("error"))).toEqual([
      "update payments-api/service/nlb/payments crossZone",
    ]);
    const errors = plan.findings.filter(({ severity }) => severity === "error");
    expect(errors.map(({ id, connection }) => `${id} ${connection}`)).toEqual([
      "target.unreadable event-stream",
      "target.unreadable ledger",
    ]);
    for (const { message } of errors) expect(message).toMatch(says);

    const since = (await stage.requests()).length;
    const applied = await stage.apply();
    expect(applied.exit).toBe(4);
    expect(applied.outcomes.map(({ step, result }) => `${result} ${step}`)).toEqual([
      "done payments-api/service/nlb/payments",
    ]);
    expect((await stage.requests(since)).filter(({ write, account }) => write && account !== NETWORK)).toEqual([]);
    expect(seen(stage)).toBe(before);
    expect((await stage.apply()).exit).toBe(3);
  });
});

test("when no target can be read the run ends with every reason", async () => {
  const stage = await startStage();
  stage.edit("landline.yaml", "role/landline-plan", "role/nobody");
  withoutRights(stage);
  await stage.faults({ action: "AssumeRole", times: 1000, effect: "error-before", status: 403, code: "AccessDenied" });
  for (const { exit, out, err } of [await stage.plan(), await stage.apply()]) {
    expect({ exit, out }).toEqual({ exit: 1, out: "" });
    expect(err).toContain("target network-use1 (account 111111111111, us-east-1) cannot be read: AccessDenied");
    expect(err).toContain("target apps-use1 (account 222222222222, us-east-1) cannot be read: AccessDenied");
  }
});

test("a hand-off that cannot be made is not taken for none", async () => {
  const stage = await startStage();
  withoutRights(stage);
  const handing = asking(stage, (options, io) => handoff({ ...options, name: "ledger", format: "text" }, io));
  await expect(handing).rejects.toThrow(/^target apps-use1 .* cannot be read: .* Nothing of ledger is planned/);
});
