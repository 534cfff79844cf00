import * as ec2 from "@aws-sdk/client-ec2";
import * as elbv2 from "@aws-sdk/client-elastic-load-balancing-v2";
import * as route53 from "@aws-sdk/client-route-53";
import * as sts from "@aws-sdk/client-sts";
import { expect, it, onTestFinished } from "vitest";
import { openAws, openReadOnlyAws, WriteDuringPlanError } from "../../src/aws/aws.ts";
import { loggedRequests, provider, startTestSandbox } from "../sandbox/helper.ts";

/** "A plan cannot write": the clients that planning gets refuse everything but Describe, List and Get before it leaves the machine. */

const sdk = { ec2, elbv2, route53, sts };
type Service = keyof typeof sdk;

/** Every command that a client of the SDK has, today's and those of its next release. */
const commandsOf = (service: Service): [string, new (input: object) => never][] =>
  Object.entries(sdk[service] as unknown as Record<string, new (input: object) => never>).filter(
    ([name, exported]) => name.endsWith("Command") && typeof exported === "function" && !name.startsWith("$"),
  );

const reads = /^(Describe|List|Get)/;

async function planning() {
  const sandbox = await startTestSandbox();
  const access = {
    target: "net",
    region: "us-east-1",
    endpoint: sandbox.url,
    credentials: { accessKeyId: provider, secretAccessKey: "any" },
  };
  const [aws, writing] = [openReadOnlyAws(access), openAws(access)];
  onTestFinished(() => {
    aws.close();
    writing.close();
  });
  return { sandbox, aws, writing };
}

it.each(Object.keys(sdk) as Service[])("refuses every write of %s and sends nothing", async (service) => {
  const { sandbox, aws } = await planning();
  const client = aws[service] as unknown as { send(command: never): Promise<unknown> };
  const writes = commandsOf(service).filter(([name]) => !reads.test(name));
  const passed: string[] = [];
  for (const [name, Command] of writes) {
    const answer = await client.send(new Command({})).catch((error: unknown) => error);
    if (!(answer instanceof WriteDuringPlanError)) passed.push(name);
  }
  expect(passed).toEqual([]);
  expect(writes.length).toBeGreaterThan(0);
  expect(await loggedRequests(sandbox)).toEqual([]);
});

it("knows the writes that Landline makes among them", () => {
  const names = (Object.keys(sdk) as Service[]).flatMap((service) => commandsOf(service).map(([name]) => name));
  expect(names).toEqual(
    expect.arrayContaining([
      "CreateVpcEndpointCommand",
      "AcceptVpcEndpointConnectionsCommand",
      "CreateTagsCommand",
      "CreateLoadBalancerCommand",
      "ChangeResourceRecordSetsCommand",
      "AssumeRoleCommand",
    ]),
  );
});

it("says which command it was and that nothing was sent", async () => {
  const { aws } = await planning();
  await expect(aws.ec2.send(new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: ["vpce-1"] }))).rejects.toThrow(
    "DeleteVpcEndpointsCommand is not Describe, List or Get: planning cannot write. Nothing was sent.",
  );
});

it("lets reads through", async () => {
  const { sandbox, aws } = await planning();
  await aws.ec2.send(new ec2.DescribeVpcEndpointsCommand({}));
  await aws.elbv2.send(new elbv2.DescribeLoadBalancersCommand({}));
  await aws.route53.send(new route53.ListHostedZonesCommand({}));
  await aws.sts.send(new sts.GetCallerIdentityCommand({}));
  expect((await loggedRequests(sandbox)).map(({ action, status }) => `${action} ${status}`)).toEqual([
    "DescribeVpcEndpoints 200",
    "DescribeLoadBalancers 200",
    "ListHostedZones 200",
    "GetCallerIdentity 200",
  ]);
});

it("is not in the applier's clients", async () => {
  const { writing } = await planning();
  const made = await writing.ec2.send(
    new ec2.CreateSecurityGroupCommand({ GroupName: "mine", Description: "mine", VpcId: "vpc-0a1b2c3d4e5f60001" }),
  );
  expect(made.GroupId).toMatch(/^sg-/);
});
