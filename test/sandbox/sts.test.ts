import { CreateSecurityGroupCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { clients, clientsWith, consumer, provider, startTestSandbox, twoAccounts } from "./helper.ts";

/** Assumes a role from an account's own key; answers with clients for the session. */
async function assume(sandbox: Sandbox, RoleArn: string, from = provider) {
  const answer = await clients(sandbox, from).sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "test" }));
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = answer.Credentials ?? {};
  return clientsWith(sandbox, {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  });
}

test("an access key id of 12 digits acts for that account", async () => {
  const sandbox = await startTestSandbox();
  const identity = await clients(sandbox, "333333333333").sts.send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({ Account: "333333333333", Arn: "arn:aws:iam::333333333333:root" });
});

test("any other key is refused with a hint", async () => {
  const sandbox = await startTestSandbox();
  const { sts } = clientsWith(sandbox, { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x" });
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: "InvalidClientTokenId",
    message: expect.stringContaining("12-digit account id"),
  });
});

test("a session acts for the account of its role, also on a sandbox that has just started", async () => {
  const sandbox = await startTestSandbox();
  const session = await assume(sandbox, `arn:aws:iam::${consumer}:role/team/deploy`);
  const identity = await session.sts.send(new GetCallerIdentityCommand({}));
  const Arn = `arn:aws:sts::${consumer}:assumed-role/deploy/test`;
  expect(identity).toMatchObject({ Account: consumer, Arn });
  expect((await session.ec2.send(new DescribeVpcsCommand({}))).Vpcs?.[0]?.OwnerId).toBe(consumer);

  const credentials = await session.sts.config.credentials();
  const restarted = await startTestSandbox();
  const again = await clientsWith(restarted, credentials).sts.send(new GetCallerIdentityCommand({}));
  expect(again.Arn).toBe(Arn);
});

test("what is not the ARN of a role is refused", async () => {
  const sandbox = await startTestSandbox();
  await expect(assume(sandbox, `arn:aws:iam::${provider}:user/me`)).rejects.toMatchObject({ name: "ValidationError" });
});

const withRoles = `${twoAccounts.trimEnd()}
    roles:
      reader:
        policy:
          Version: "2012-10-17"
          Statement:
            - {Effect: Allow, Action: ["ec2:Describe*", "ec2:CreateSecurityGroup"], Resource: "*"}
            - {Effect: Deny, NotAction: "ec2:*", Resource: "*"}
      untagged:
        policy:
          Statement: {Effect: Allow, Action: "EC2:createsecuritygroup", Resource: "*"}
      everything:
`;
const role = (name: string) => `arn:aws:iam::${consumer}:role/${name}`;

test("a role with a policy is held to it", async () => {
  const sandbox = await startTestSandbox(withRoles);
  const reader = await assume(sandbox, role("reader"));
  await reader.ec2.send(new DescribeVpcsCommand({}));
  await expect(reader.elbv2.send(new DescribeLoadBalancersCommand({}))).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining("elasticloadbalancing:DescribeLoadBalancers with an explicit deny"),
    $metadata: { httpStatusCode: 403 },
  });
  expect((await reader.sts.send(new GetCallerIdentityCommand({}))).Account).toBe(consumer);
  const untagged = await assume(sandbox, role("untagged"));
  await expect(untagged.ec2.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
    name: "UnauthorizedOperation",
    message: expect.stringContaining("no identity-based policy allows the ec2:DescribeVpcs action"),
  });
  const everything = await assume(sandbox, role("everything"));
  await everything.elbv2.send(new DescribeLoadBalancersCommand({}));
});

test("tags on create need their own permission", async () => {
  const sandbox = await startTestSandbox(withRoles);
  const { ec2 } = await assume(sandbox, role("untagged"));
  const VpcId = "vpc-0b1b2c3d4e5f60001";
  const create = (GroupName: string, Tags?: { Key: string; Value: string }[]) => {
    const TagSpecifications = Tags && [{ ResourceType: "security-group" as const, Tags }];
    const input = { GroupName, Description: "test", VpcId, ...(TagSpecifications ? { TagSpecifications } : {}) };
    return ec2.send(new CreateSecurityGroupCommand(input));
  };
  await create("plain");
  await expect(create("tagged", [{ Key: "a", Value: "b" }])).rejects.toMatchObject({
    name: "UnauthorizedOperation",
    message: expect.stringContaining("ec2:CreateTags"),
  });
});

test("where an account has roles, no others exist", async () => {
  const sandbox = await startTestSandbox(withRoles);
  await expect(assume(sandbox, role("nobody"))).rejects.toMatchObject({ name: "AccessDenied" });
  await assume(sandbox, `arn:aws:iam::${provider}:role/any`);
});
