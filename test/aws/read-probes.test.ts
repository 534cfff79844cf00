import { describe, expect, it } from "vitest";
import { openReadOnlyAws } from "../../src/aws/aws.ts";
import { anyNetworkLoadBalancer, anyVpc, probedActions, probeRead } from "../../src/aws/read-probes.ts";
import { actionsFor } from "../../src/commands/iam.ts";
import { activeLoadBalancer, addFaults, loggedRequests, provider, startTestSandbox } from "../sandbox/helper.ts";
import { accessTo, closing, roleThatMay } from "./roles.ts";

const places = { region: "us-east-1", account: provider, vpcId: "vpc-0a1b2c3d4e5f60001" };
const reading = (access: Parameters<typeof openReadOnlyAws>[0]) => closing(openReadOnlyAws(access));

describe("read probes", () => {
  it("are there for every action of the plan role; identity is asked about anyhow", () => {
    expect([...probedActions, "sts:GetCallerIdentity"].sort()).toEqual(actionsFor("plan"));
  });

  it.each(probedActions)("%s: allowed to who may only that", async (action) => {
    const { sandbox, access } = await roleThatMay([action]);
    expect(await probeRead(reading(access), action, places)).toEqual({ is: "allowed" });
    expect((await loggedRequests(sandbox)).map((call) => call.action)).toEqual(["AssumeRole", action.split(":")[1]]);
  });

  it("are denied to who may all the others", async () => {
    for (const action of probedActions) {
      const others = probedActions.filter((other) => other !== action);
      const { access } = await roleThatMay(others);
      expect([action, await probeRead(reading(access), action, places)]).toMatchObject([action, { is: "denied" }]);
    }
  });

  it("skip what there is nothing to ask about", async () => {
    const { sandbox, access } = await roleThatMay(["*"]);
    const { vpcId: _, ...without } = places;
    expect(await probeRead(reading(access), "route53:ListHostedZonesByVPC", without)).toEqual({ is: "skipped" });
    expect(await loggedRequests(sandbox)).toEqual([]);
  });

  it("tell an answer that says nothing from a refusal", async () => {
    const sandbox = await startTestSandbox();
    await addFaults(sandbox, { effect: "error-before", code: "OptInRequired", status: 403 });
    expect(await probeRead(reading(accessTo(sandbox)), "ec2:DescribeVpcs", places)).toMatchObject({
      is: "unclear",
      failure: { code: "OptInRequired" },
    });
  });
});

describe("what to ask about", () => {
  it("is a VPC and a network load balancer of the account", async () => {
    const sandbox = await startTestSandbox();
    const aws = reading(accessTo(sandbox));
    expect(await anyNetworkLoadBalancer(aws)).toBeUndefined();
    const arn = await activeLoadBalancer(sandbox);
    expect([await anyVpc(aws), await anyNetworkLoadBalancer(aws)]).toEqual(["vpc-0a1b2c3d4e5f60001", arn]);
  });

  it("is nothing for who may not look", async () => {
    const aws = reading((await roleThatMay(["sts:GetCallerIdentity"])).access);
    expect([await anyVpc(aws), await anyNetworkLoadBalancer(aws)]).toEqual([undefined, undefined]);
  });
});
