import { beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { apply } from "../../src/commands/apply.ts";
import { iam } from "../../src/commands/iam.ts";
import { plan } from "../../src/commands/plan.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { cloud, common, exampleSeed, type Said, type Workplace, workplace } from "./workplace.ts";

type Mode = "plan" | "apply";
const OURS = ["111111111111", "222222222222"];

/** The statement that `landline iam` prints. */
async function printed(mode: Mode): Promise<{ readonly Action: readonly string[] }> {
  const { out } = await workplace().run((io) => iam({ mode }, io));
  return JSON.parse(out).Statement[0];
}

describe("landline iam", () => {
  it("prints a policy, sorted and without repetition", async () => {
    const { exit, out } = await workplace().run((io) => iam({ mode: "plan" }, io));
    const policy = JSON.parse(out);
    expect(exit).toBe(0);
    expect(policy).toEqual({
      Version: "2012-10-17",
      Statement: [{ Sid: "LandlinePlan", Effect: "Allow", Action: expect.any(Array), Resource: "*" }],
    });
    const [{ Action }] = policy.Statement;
    expect(Action).toEqual([...new Set(Action)].sort());
  });

  it("lets the plan role describe, list and get, and do nothing else", async () => {
    const { Action } = await printed("plan");
    expect(
      Action.filter((action) => !/^(ec2|elasticloadbalancing|route53):(Describe|List|Get)[A-Z]\w+$/.test(action)),
    ).toEqual(["sts:GetCallerIdentity"]);
  });

  it("lets the apply role read what the plan role reads, and names each write; no wildcards", async () => {
    const [read, write] = [(await printed("plan")).Action, (await printed("apply")).Action];
    expect(write).toEqual(expect.arrayContaining([...read]));
    expect(write).toEqual(expect.arrayContaining(["ec2:CreateVpcEndpoint", "route53:ChangeResourceRecordSets"]));
    expect(write.filter((action) => action.includes("*"))).toEqual([]);
  });
});

/** Read actions that planning the example does not need, and who does. */
const NOT_USED_HERE = {
  "ec2:DescribeNetworkInterfaces": "import: who else uses a security group",
  "ec2:DescribeVpcEndpointServices": "endpoints at services of others",
  "ec2:DescribeVpcs": "VPCs by name or tags",
  "elasticloadbalancing:DescribeAccountLimits": "a load balancer that is not there yet",
  "elasticloadbalancing:DescribeListenerAttributes": "listeners with an idle timeout",
  "elasticloadbalancing:DescribeListenerCertificates": "TLS listeners",
  "route53:GetHostedZone": "plan --only",
  "route53:ListHostedZonesByVPC": "endpoints with a private DNS name",
  "route53:ListTagsForResources": "private hosted zones of ours",
  "route53:ListVPCAssociationAuthorizations": "private hosted zones that VPCs of other accounts share",
  "sts:GetCallerIdentity": "nobody: AWS allows it always; it stands there for the reader",
};

/** The example project in an AWS that holds its roles to what `landline iam` prints. */
describe("the printed policies are enough", () => {
  let place: Workplace;
  let sandbox: Sandbox;

  beforeEach(async () => {
    const statements = { plan: await printed("plan"), apply: await printed("apply") };
    const role = (mode: Mode) => ({ policy: { Version: "2012-10-17", Statement: [statements[mode]] } });
    const seed = parse(exampleSeed());
    for (const account of OURS)
      seed.accounts[account].roles = { "landline-plan": role("plan"), "landline-apply": role("apply") };
    const started = await cloud(JSON.stringify(seed));
    sandbox = started.sandbox;
    for (const [name, value] of Object.entries(started.env)) vi.stubEnv(name, value);
    place = workplace();
    return () => vi.unstubAllEnvs();
  });

  const planning = (): Promise<Said> =>
    place.run((io) => plan({ ...common, quiet: true, format: "json", detailedExitcode: true, verbose: false }, io));
  const applying = (): Promise<Said> =>
    place.run((io) => apply({ ...common, quiet: true, format: "json", yes: true, parallel: 8 }, io, undefined));

  /** Takes one action from the plan role of our accounts, or gives it back. */
  function withhold(action: string | undefined, all: readonly string[]) {
    for (const account of OURS) {
      const role = sandbox.world.accounts[account]?.roles["landline-plan"];
      if (role?.policy) role.policy.Statement = [{ Effect: "Allow", Action: all.filter((one) => one !== action) }];
    }
  }

  it("to plan, to apply, and to delete again", async () => {
    expect(await planning()).toMatchObject({ exit: 2, err: "" });
    const made = await applying();
    expect(JSON.parse(made.out).summary).toMatchObject({ failed: 0, refused: 0, skipped: 0, notReached: 0 });
    expect(await planning()).toMatchObject({ exit: 0, err: "" });

    place.edit("landline.yaml", "deletions: { max: 5, percent: 25 }", "deletions: { max: 100, percent: 100 }");
    place.edit("specs/payments-api.yaml", /protect: true.*/, "protect: false");
    expect((await applying()).exit).toBe(0);
    for (const name of ["ledger", "payments-api"]) place.write(`specs/${name}.yaml`, "");
    place.edit("landline.yaml", "specs/**/*.yaml", "specs/event-*.yaml");
    const removed = await applying();
    expect(JSON.parse(removed.out).summary).toMatchObject({ failed: 0, refused: 0, skipped: 0, notReached: 0 });
    expect(await planning()).toMatchObject({ exit: 0, err: "" });
  });

  it("to make a private zone that two accounts share, and to take it away again", async () => {
    const zone = `    hostedZone:
      name: partner.example
      vpcs: [{ vpc: vpc-0a1b2c3d4e5f60001, target: network-use1 }]
      records: [{ name: "*", type: CNAME }]
`;
    place.edit("specs/ledger.yaml", "    aliases:", `${zone}    aliases:`);
    place.edit("landline.yaml", "deletions: { max: 5, percent: 25 }", "deletions: { max: 100, percent: 100 }");
    const made = await applying();
    expect(JSON.parse(made.out).summary).toMatchObject({ failed: 0, refused: 0, skipped: 0, notReached: 0 });
    expect(await planning()).toMatchObject({ exit: 0, err: "" });
    place.edit("specs/ledger.yaml", zone, "");
    const removed = await applying();
    expect(JSON.parse(removed.out).summary).toMatchObject({ failed: 0, refused: 0, skipped: 0, notReached: 0 });
    expect(await planning()).toMatchObject({ exit: 0, err: "" });
  });

  it("and no more than enough: planning breaks, and says what to do, without any one of the actions that it uses", async () => {
    expect((await applying()).exit).toBe(0);
    const { Action } = await printed("plan");
    const spare: string[] = [];
    for (const action of Action) {
      withhold(action, Action);
      const { exit, out, err } = await planning();
      if (exit === 0) spare.push(action);
      // A finding of the plan when the other target can still be read, else the end of the run.
      else
        expect(out + err).toMatch(
          /cannot be read: (UnauthorizedOperation|AccessDenied): .*`landline iam --mode plan` prints/s,
        );
    }
    expect(spare).toEqual(Object.keys(NOT_USED_HERE));
  });
});
