import { describe, expect, it } from "vitest";
import type { AwsFacts, RoleFacts } from "../../src/commands/doctor/aws-facts.ts";
import { seen, unseen } from "../../src/commands/doctor/check.ts";
import { checkAws } from "../../src/commands/doctor/checks/aws.ts";

const failure = { code: "AccessDenied", message: "no. Encoded authorization failure message: abc", status: 403 };
const caller = { arn: "arn:aws:sts::999999999999:assumed-role/ci/run-1", account: "999999999999" };
const denied = { is: "denied", failure } as const;
const unclear = { is: "unclear", failure: { code: "OptInRequired", message: "what?", status: 403 } } as const;
const allowed = { is: "allowed" } as const;

const inside = (account = "111111111111") => ({
  is: "in" as const,
  identity: { arn: `arn:aws:sts::${account}:assumed-role/landline-plan/landline`, account },
  reads: { "ec2:DescribeVpcs": allowed, "route53:ListHostedZonesByVPC": { is: "skipped" as const } },
  writes: { "ec2:CreateVpcEndpoint": denied, "ec2:DeleteVpcEndpoints": denied },
});
const role = (mode: "plan" | "apply", changed: Partial<RoleFacts> = {}): RoleFacts => ({
  target: "net",
  mode,
  account: "111111111111",
  arn: `arn:aws:iam::111111111111:role/landline-${mode}`,
  entry: inside(),
  ...changed,
});
const applying = { ...inside(), writes: { "ec2:CreateVpcEndpoint": allowed } };
const refused = { is: "refused", failure } as const;

const judge = (one: RoleFacts, changed: Partial<AwsFacts> = {}) =>
  checkAws({ caller: seen(caller), roles: [one], sandbox: false, ...changed });
const states = (one: RoleFacts, changed?: Partial<AwsFacts>): string[] =>
  judge(one, changed)
    .slice(1)
    .map(({ id, state }) => `${id} ${state}`);

const WELL = ["aws.role ok", "aws.reads ok", "aws.writes ok"];

describe("roles", () => {
  it("cannot be looked at without credentials", () => {
    const checks = checkAws({ caller: unseen("nobody", "sign in"), roles: [], sandbox: false });
    expect(checks).toMatchObject([{ id: "aws.credentials", state: "unknown", mend: ["sign in"] }]);
  });

  it.each<[string, RoleFacts, Partial<AwsFacts>, string[]]>([
    ["plans as it should", role("plan"), {}, WELL],
    ["applies as it should", role("apply", { entry: applying }), {}, WELL],
    ["is of another account", role("plan", { entry: inside("222222222222") }), {}, ["aws.role broken"]],
    ["plans but lets nobody in", role("plan", { entry: refused }), {}, ["aws.role broken"]],
    [
      "plans but lets no pull request in",
      role("plan", { entry: refused }),
      { event: "pull_request" },
      ["aws.role broken"],
    ],
    ["applies and lets a person not in", role("apply", { entry: refused }), {}, ["aws.role unknown"]],
    ["applies but lets the merge not in", role("apply", { entry: refused }), { event: "push" }, ["aws.role broken"]],
    [
      "applies and lets no pull request in",
      role("apply", { entry: refused }),
      { event: "pull_request" },
      ["aws.role ok"],
    ],
    [
      "applies and lets the schedule not in",
      role("apply", { entry: refused }),
      { event: "schedule" },
      ["aws.role unknown"],
    ],
    ["applies and lets no queue in", role("apply", { entry: refused }), { event: "merge_group" }, ["aws.role ok"]],
    [
      "applies and lets a pull request in",
      role("apply", { entry: applying }),
      { event: "pull_request" },
      ["aws.role broken", ...WELL.slice(1)],
    ],
    ["applies and lets the merge in", role("apply", { entry: applying }), { event: "push" }, WELL],
    ["plans and lets a pull request in", role("plan"), { event: "pull_request" }, WELL],
    ["cannot be asked", role("plan", { entry: { is: "unreachable", failure } }), {}, ["aws.role unknown"]],
    [
      "may not read",
      role("plan", { entry: { ...inside(), reads: { "ec2:DescribeVpcs": denied } } }),
      {},
      ["aws.role ok", "aws.reads broken", "aws.writes ok"],
    ],
    [
      "may perhaps read",
      role("plan", { entry: { ...inside(), reads: { "ec2:DescribeVpcs": unclear } } }),
      {},
      ["aws.role ok", "aws.reads unknown", "aws.writes ok"],
    ],
    [
      "plans and may write",
      role("plan", { entry: applying }),
      {},
      ["aws.role ok", "aws.reads ok", "aws.writes broken"],
    ],
    [
      "plans and may write, on the embedded AWS",
      role("plan", { entry: applying }),
      { sandbox: true },
      ["aws.role ok", "aws.reads ok", "aws.writes warning"],
    ],
    [
      "plans and may perhaps write",
      role("plan", { entry: { ...inside(), writes: { "ec2:CreateVpcEndpoint": unclear } } }),
      {},
      ["aws.role ok", "aws.reads ok", "aws.writes unknown"],
    ],
    ["applies and may not write", role("apply"), {}, ["aws.role ok", "aws.reads ok", "aws.writes broken"]],
    [
      "applies and may perhaps write",
      role("apply", { entry: { ...inside(), writes: { "ec2:CreateVpcEndpoint": unclear } } }),
      {},
      ["aws.role ok", "aws.reads ok", "aws.writes unknown"],
    ],
  ])("one that %s", (_, facts, changed, expected) => {
    expect(states(facts, changed)).toEqual(expected);
  });

  it("where none is named, ambient credentials that write are no news", () => {
    const { arn: _, ...ambient } = role("plan", { entry: applying });
    expect(states(ambient)).toEqual(["aws.role ok", "aws.reads ok", "aws.writes warning"]);
    const { arn: __, ...apply } = role("apply", { entry: applying });
    expect(states(apply, { event: "pull_request" })).toEqual(WELL);
  });

  it("names whom to trust: the caller's role, not the session that ends", () => {
    const mend = judge(role("plan", { entry: refused }))[1]?.mend.join("\n");
    expect(mend).toContain("arn:aws:iam::999999999999:role/ci");
    expect(mend).not.toContain("run-1");
  });

  it("leaves out the part of AWS's words that nobody can read", () => {
    expect(judge(role("plan", { entry: refused }))[1]?.found).not.toContain("Encoded");
  });

  it("says what to do exactly when something is to be done", () => {
    for (const entry of [inside(), refused, applying])
      for (const mode of ["plan", "apply"] as const)
        for (const { state, mend } of judge(role(mode, { entry }))) expect(mend.length === 0).toBe(state === "ok");
  });
});
