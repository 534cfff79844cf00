import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { clients, startTestSandbox } from "./helper.ts";

const VpcId = "vpc-0a1b2c3d4e5f60001";

async function group(sandbox: Sandbox, GroupName = "endpoint") {
  const { ec2 } = clients(sandbox);
  const Tags = [{ Key: "team", Value: "net" }];
  const made = await ec2.send(
    new CreateSecurityGroupCommand({
      GroupName,
      Description: "for the endpoint",
      VpcId,
      TagSpecifications: [{ ResourceType: "security-group", Tags }],
    }),
  );
  const GroupId = made.GroupId ?? "";
  const rules = async () => {
    const Filters = [{ Name: "group-id", Values: [GroupId] }];
    const seen = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
    return seen.SecurityGroupRules ?? [];
  };
  return {
    ec2,
    GroupId,
    made,
    ingress: async () => (await rules()).filter((rule) => !rule.IsEgress),
    egress: async () => (await rules()).filter((rule) => rule.IsEgress),
    authorize: (...IpPermissions: IpPermission[]) =>
      ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions })),
  };
}

const https = (...cidrs: string[]): IpPermission => ({
  IpProtocol: "tcp",
  FromPort: 443,
  ToPort: 443,
  IpRanges: cidrs.map((CidrIp) => ({ CidrIp })),
});

test("a new group has its tags and lets everything out", async () => {
  const sandbox = await startTestSandbox();
  const { ec2, GroupId, made, egress, ingress } = await group(sandbox);
  expect(made).toMatchObject({
    Tags: [{ Key: "team", Value: "net" }],
    SecurityGroupArn: expect.stringContaining(GroupId),
  });
  expect(await ingress()).toEqual([]);
  expect(await egress()).toMatchObject([{ IpProtocol: "-1", FromPort: -1, ToPort: -1, CidrIpv4: "0.0.0.0/0" }]);
  const seen = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  expect(seen.SecurityGroups).toMatchObject([
    { GroupName: "endpoint", Description: "for the endpoint", VpcId, IpPermissionsEgress: [{ IpProtocol: "-1" }] },
  ]);
});

test("names are unique in their VPC whatever their case, and of plain characters", async () => {
  const sandbox = await startTestSandbox();
  await group(sandbox);
  await expect(group(sandbox, "Endpoint")).rejects.toMatchObject({ name: "InvalidGroup.Duplicate" });
  await expect(group(sandbox, "sg-mine")).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(group(sandbox, "größe")).rejects.toMatchObject({ name: "InvalidParameterValue" });
});

test("ranges are kept in canonical form, and one rule that exists fails all", async () => {
  const sandbox = await startTestSandbox();
  const { authorize, ingress } = await group(sandbox);
  const made = await authorize({
    ...https("100.68.0.18/18", "10.0.0.5/8"),
    Ipv6Ranges: [{ CidrIpv6: "2001:DB8:0:0:1:0:0:1/64", Description: "six" }],
  });
  expect(made.SecurityGroupRules?.map((rule) => rule.CidrIpv4 ?? rule.CidrIpv6)).toEqual([
    "100.68.0.0/18",
    "10.0.0.0/8",
    "2001:db8::/64",
  ]);
  await expect(authorize(https("10.9.9.9/8", "10.0.0.0/16"))).rejects.toMatchObject({
    name: "InvalidPermission.Duplicate",
    message: 'the specified rule "peer: 10.0.0.0/8, TCP, from port: 443, to port: 443, ALLOW" already exists',
  });
  expect(await ingress()).toHaveLength(3);
  await expect(authorize(https("10.0.0.0/33"))).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(authorize({ ...https("10.0.0.0/8"), FromPort: 500 })).rejects.toMatchObject({
    message: "Invalid TCP port range (500:443)",
  });
});

test("rules are revoked by id or by what they say", async () => {
  const sandbox = await startTestSandbox();
  const { ec2, GroupId, authorize, ingress, egress } = await group(sandbox);
  await authorize(https("10.0.0.0/16", "10.1.0.0/16"), { IpProtocol: "-1", IpRanges: [{ CidrIp: "10.2.0.0/16" }] });
  const rules = await ingress();
  const one = rules.find((rule) => rule.CidrIpv4 === "10.0.0.0/16")?.SecurityGroupRuleId ?? "";
  const byId = await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [one] }));
  expect(byId.RevokedSecurityGroupRules).toMatchObject([{ SecurityGroupRuleId: one, CidrIpv4: "10.0.0.0/16" }]);
  const revoke = (...IpPermissions: IpPermission[]) =>
    ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  await expect(revoke(https("10.1.0.0/16", "10.0.0.0/16"))).rejects.toMatchObject({
    name: "InvalidPermission.NotFound",
  });
  await revoke(https("10.1.0.0/16"));
  expect(await ingress()).toHaveLength(1);
  const SecurityGroupRuleIds = (await egress()).map((rule) => rule.SecurityGroupRuleId ?? "");
  await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds }));
  expect(await egress()).toEqual([]);
});

test("a rule changes in place and keeps its id", async () => {
  const sandbox = await startTestSandbox();
  const { ec2, GroupId, authorize, ingress } = await group(sandbox);
  await authorize(https("10.0.0.0/16", "10.1.0.0/16"));
  const SecurityGroupRuleId = (await ingress()).find((rule) => rule.CidrIpv4 === "10.0.0.0/16")?.SecurityGroupRuleId;
  const modify = (CidrIpv4: string) =>
    ec2.send(
      new ModifySecurityGroupRulesCommand({
        GroupId,
        SecurityGroupRules: [
          { SecurityGroupRuleId, SecurityGroupRule: { IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIpv4 } },
        ],
      }),
    );
  await modify("10.2.0.0/16");
  await expect(modify("10.1.0.0/16")).rejects.toMatchObject({ name: "InvalidPermission.Duplicate" });
  const SecurityGroupRuleDescriptions = [{ SecurityGroupRuleId, Description: "clients" }];
  await ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand({ GroupId, SecurityGroupRuleDescriptions }));
  const after = (await ingress()).find((rule) => rule.SecurityGroupRuleId === SecurityGroupRuleId);
  expect(after).toMatchObject({ CidrIpv4: "10.2.0.0/16", Description: "clients" });
});

test("a group that another one refers to is not deleted, nor is a default group", async () => {
  const sandbox = await startTestSandbox();
  const { ec2, GroupId, authorize } = await group(sandbox);
  const clientsGroup = await group(sandbox, "clients");
  const from = { IpProtocol: "tcp", FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId: clientsGroup.GroupId }] };
  await authorize(from);
  const remove = (id: string) => ec2.send(new DeleteSecurityGroupCommand({ GroupId: id }));
  await expect(remove(clientsGroup.GroupId)).rejects.toMatchObject({ name: "DependencyViolation" });
  await remove(GroupId);
  await remove(clientsGroup.GroupId);
  await expect(remove(GroupId)).rejects.toMatchObject({ name: "InvalidGroup.NotFound" });

  const Filters = [{ Name: "group-name", Values: ["default"] }];
  const seen = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
  await expect(remove(seen.SecurityGroups?.[0]?.GroupId ?? "")).rejects.toMatchObject({ name: "CannotDelete" });
  await expect(authorize({ ...from, UserIdGroupPairs: [{ GroupId: "sg-0000" }] })).rejects.toMatchObject({
    name: "InvalidGroup.NotFound",
  });
});
