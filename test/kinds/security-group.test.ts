import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { securityGroupKind as kind } from "../../src/kinds/security-group.ts";
import { addFaults, clients, loggedRequests } from "../sandbox/helper.ts";
import { type Bench, expectAttributes, ownTags, resolved, settle, startBench } from "./harness.ts";
import { lostAnswers, permittedRoundTrip } from "./provider.ts";

const address = "orders/endpoint/main/security-group";
const vpcId = "vpc-0a1b2c3d4e5f60001";
const name = "orders-main-0a1b2ca";
const wanted = resolved("security-group", address, {
  name,
  vpcId,
  description: "Landline orders/endpoint/main",
  ingress: ["tcp 443 from 10.0.0.0/16", 'tcp 8000-8100 from sg-0a1b2c3d4e5f60004 "from the app"'],
  tags: ownTags(address),
});

const ruleIds = async ({ sandbox }: Bench, id: string) => {
  const Filters = [{ Name: "group-id", Values: [id] }];
  const { SecurityGroupRules } = await clients(sandbox).ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  return new Map(
    SecurityGroupRules?.filter(({ IsEgress }) => !IsEgress).map((rule) => [rule.FromPort, rule.SecurityGroupRuleId]),
  );
};

describe("security-group", () => {
  test("made, changed in every way, removed", async () => {
    await permittedRoundTrip(kind, await startBench(), wanted, [
      { ingress: ["tcp 443 from 10.0.0.0/16"] },
      {
        ingress: [
          "all from 10.0.0.0/8",
          "icmp -1 from 10.0.0.0/16",
          'udp 53 from 2001:db8::/32 "resolvers, both of them"',
        ],
      },
      { ingress: [] },
      { ingress: wanted.attributes.ingress, tags: ownTags(address, { "cost-center": "other" }) },
      { tags: ownTags(address, { "landline:protect": "true" }) },
      { tags: ownTags(address) },
    ]);
  });

  test("a changed description keeps the rule, and new rules come before old ones go", async () => {
    const bench = await startBench();
    const id = await kind.create(bench.aws, wanted, "token");
    const live = await settle(kind, bench, wanted, id);
    const before = await ruleIds(bench, id);
    const ingress = ['tcp 443 from 10.0.0.0/16 "clients"', "tcp 9000 from 10.0.0.0/16"];
    const since = (await loggedRequests(bench.sandbox)).length;
    await kind.update(
      bench.aws,
      live,
      { ...wanted, attributes: { ...wanted.attributes, ingress } },
      new Set(["ingress"]),
    );
    expect((await ruleIds(bench, id)).get(443)).toBe(before.get(443));
    expect((await kind.look(bench.reads(), { ...wanted, id }))?.attributes.ingress).toEqual(ingress);
    const actions = (await loggedRequests(bench.sandbox, since)).map(({ action }) => action);
    expect(actions.filter((action) => !action.startsWith("Describe"))).toEqual([
      "AuthorizeSecurityGroupIngress",
      "ModifySecurityGroupRules",
      "RevokeSecurityGroupIngress",
    ]);
  });

  test("a lost answer to the create leaves one group with its rules", async () => {
    const bench = await startBench();
    await addFaults(bench.sandbox, { action: "CreateSecurityGroup", effect: "drop-after" });
    await addFaults(bench.sandbox, { action: "AuthorizeSecurityGroupIngress", effect: "drop-after" });
    const id = await kind.create(bench.aws, wanted, "token");
    expect(await lostAnswers(bench)).toEqual(["CreateSecurityGroup", "AuthorizeSecurityGroupIngress"]);
    expectAttributes(await settle(kind, bench, wanted, id), wanted.attributes);
    expect((await kind.list(bench.reads())).live).toHaveLength(1);
  });

  test("a run killed between group and rules shows what is missing", async () => {
    const bench = await startBench();
    await addFaults(bench.sandbox, { action: "AuthorizeSecurityGroupIngress", effect: "error-before", status: 400 });
    await expect(kind.create(bench.aws, wanted, "token")).rejects.toThrow();
    expect(await kind.seek(bench.reads(), wanted)).toMatchObject({ live: { address, attributes: { ingress: [] } } });
  });

  test("a rule added by hand is seen, and goes with the next update", async () => {
    const bench = await startBench();
    const id = await kind.create(bench.aws, wanted, "token");
    const IpPermissions = [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];
    await bench.aws.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: id, IpPermissions }));
    const live = await settle(kind, bench, wanted, id);
    expect(live.attributes.ingress).toContain("tcp 22 from 0.0.0.0/0");
    await kind.update(bench.aws, live, wanted, new Set(["ingress"]));
    expectAttributes(await settle(kind, bench, wanted, id), wanted.attributes);
  });

  test("somebody else's under a wanted name is an obstacle", async () => {
    const bench = await startBench(undefined, { securityGroupNames: [name] });
    const TagSpecifications = [
      { ResourceType: "security-group" as const, Tags: [{ Key: "landline:project", Value: "other" }] },
    ];
    const input = { GroupName: name, Description: "theirs", VpcId: vpcId, TagSpecifications };
    const { GroupId: id } = await bench.aws.ec2.send(new CreateSecurityGroupCommand(input));
    const obstacle = { kind: "security-group", place: `${vpcId}/${name}`, id, project: "other" };
    expect(await kind.list(bench.reads())).toEqual({ live: [], obstacles: [obstacle] });
    expect(await kind.list(bench.reads({ securityGroupNames: [] }))).toEqual({ live: [], obstacles: [] });
    expect(await kind.seek(bench.reads(), wanted)).toEqual({ obstacle });
    await expect(kind.create(bench.aws, wanted, "token")).rejects.toMatchObject({ name: "InvalidGroup.Duplicate" });
    const { SecurityGroups } = await bench.aws.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id ?? ""] }));
    expect(SecurityGroups?.[0]?.Description).toBe("theirs");
  });

  test("--only reads its own connections and skips a side that is not asked for", async () => {
    const bench = await startBench();
    await kind.create(bench.aws, wanted, "token");
    const listed = async (more: object) => (await kind.list(bench.reads(more))).live.map((live) => live.address);
    expect(await listed({ connections: ["orders"] })).toEqual([address]);
    expect(await listed({ connections: ["payments-api"] })).toEqual([]);
    expect(await listed({ connections: ["orders"], consumes: false })).toEqual([]);
  });
});
