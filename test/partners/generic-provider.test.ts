import { CreateLoadBalancerCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it, test } from "vitest";
import { NETWORK } from "../scenarios/harness.ts";
import { openPage, typed } from "./page.ts";
import {
  applied,
  bodies,
  expectRefused,
  type Partnership,
  partnerAsks,
  partnerLeaves,
  settled,
  startPartnership,
  verdicts,
} from "./stage.ts";

/** An AWS account connects to our service; its side is played by its own plain calls. */

const CONSUMER = "333333333333";
const STRANGER = "444444444444";
const PRINCIPAL = `arn:aws:iam::${CONSUMER}:role/connector`;
/** Calls of a partner in these tests are made as its account's root. */
const ROOT = `arn:aws:iam::${CONSUMER}:root`;
const start = (): Promise<Partnership> =>
  startPartnership({ name: "generic-provider", accounts: [CONSUMER, STRANGER] });

test("R102 R103 R104 R105 R109 R119 from an empty account to a connection, and down again", async () => {
  const stage = await start();
  stage.rewrite(PRINCIPAL, ROOT);
  stage.rewrite(PRINCIPAL, ROOT);
  const page = openPage("generic-provider");
  page.shows("spec", stage.spec());
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  await applied(stage);
  await settled(stage, "waiting-partner");
  const { id, outputs } = await stage.live("generic-provider/service");
  expect([id, outputs.serviceName]).toEqual([
    expect.stringMatching(/^vpce-svc-[0-9a-f]{17}$/),
    `com.amazonaws.vpce.us-east-1.${id}`,
  ]);
  const service = stage.world().accounts[NETWORK]?.regions["us-east-1"]?.endpointServices[id];
  expect(service).toMatchObject({ acceptanceRequired: true, tags: { "landline:connection": "generic-provider" } });
  const [connect] = await bodies(stage);
  expect(connect).toContain(
    `connect: # In the consumer's account. VPC_ID, SUBNET_IDS (one for each Availability Zone) and SECURITY_GROUP_ID are the consumer's own.\naws ec2 describe-vpc-endpoint-services --region us-east-1 --service-names ${outputs.serviceName}\n`,
  );
  page.shows("connect", typed("landline handoff generic-provider", await stage.handoffText()));

  const endpoint = await partnerAsks(stage, CONSUMER);
  await settled(stage, "waiting-us");
  expect(await bodies(stage)).toEqual([expect.stringContaining(`approve: ${endpoint} of account ${CONSUMER} asks`)]);
  page.shows("approve", typed("landline handoff generic-provider", await stage.handoffText()));
  const said = await stage.captured(`    "VpcEndpoint": {\n        "VpcEndpointId": "${endpoint}",\n`, {
    reason: "Kim of Acme on the phone, NET-52",
  });
  page.shows(
    "capture",
    typed("landline capture generic-provider --reason 'Kim of Acme on the phone, NET-52' < output.txt", said),
  );
  await applied(stage);
  await settled(stage, "active");
  const [use] = await stage.handed();
  expect(use).toMatchObject({ id: "use", body: expect.stringContaining(`${endpoint} is connected`) });
  expect(use?.notes?.join(" ")).toContain("The targets see the load balancer's private addresses, not the consumer's");
  page.shows("status", typed("landline status generic-provider", await stage.statusText()));

  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  await expectRefused(stage, "partner.attached");
  expect(await bodies(stage)).toEqual([expect.stringContaining(`--vpc-endpoint-ids ${endpoint}`)]);
  page.shows("remove", typed("landline handoff generic-provider", await stage.handoffText()));
  await partnerLeaves(stage, CONSUMER, endpoint);
  for (let looks = 0; looks < 4; looks++) await stage.states();
  await applied(stage);
  await settled(stage, "absent");
  page.check();
});

test("R150 an account that is the consumer's alone may be accepted as a whole, somebody else's is not", async () => {
  const stage = await start();
  stage.rewrite(PRINCIPAL, ROOT);
  stage.rewrite(PRINCIPAL, ROOT);
  stage.rewrite(
    "  allowedPrincipals:\n",
    `  allowedPrincipals:\n    - { principal: "arn:aws:iam::${STRANGER}:root", reason: "an auditor, NET-53", until: 2027-01-31 }\n`,
  );
  await applied(stage);
  const theirs = await partnerAsks(stage, CONSUMER);
  await partnerAsks(stage, STRANGER);
  stage.rewrite(
    "  acceptance: required\n",
    `  acceptance: required\n  connections: { accept: [{ account: "${STRANGER}", reason: "by mistake" }] }\n`,
  );
  await expectRefused(stage, "partner.accept-account");
  stage.rewrite(`account: "${STRANGER}"`, `account: "${CONSUMER}"`);
  const { plan } = await stage.plan();
  expect(plan.changes.map(({ address }) => address)).toEqual([`generic-provider/service/acceptance/${theirs}`]);
});

test("R105 the plan tells who is let in and who is let go apart", async () => {
  const stage = await start();
  await applied(stage);
  stage.rewrite(`    principals: ["${PRINCIPAL}"]`, `    principals: ["${ROOT}"]`);
  stage.rewrite(`principal: "${PRINCIPAL}"`, `principal: "${ROOT}"`);
  const { out } = await stage.plan({ format: "text" });
  expect(out).toMatch(new RegExp(`principals\\s+\\+ ${ROOT}\\n\\s+- ${PRINCIPAL}\\n`));
  expect(out).toContain("grants access, revokes access");
});

describe("what is wrong is found before the first write", () => {
  it.each([
    [
      "R105 a principal that is not allowed",
      `    principals: ["${PRINCIPAL}"]`,
      `    principals: ["${PRINCIPAL}", "${ROOT}"]`,
      ["generic.principals"],
    ],
    [
      "R106 everybody, where the project forbids it",
      `principal: "${PRINCIPAL}"`,
      'principal: "*"',
      ["principal.denied", "generic.everybody"],
    ],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start();
    stage.rewrite(from, to);
    const { exit, plan } = await stage.plan();
    const errors = plan.findings.filter(({ severity }) => severity === "error").map(({ id }) => id);
    expect({ exit, errors: errors.toSorted() }).toEqual({ exit: 3, errors: wanted.toSorted() });
    expect((await stage.requests()).filter(({ write }) => write)).toEqual([]);
  });

  it.each([
    [
      "R098 an Application Load Balancer",
      { Type: "application", Scheme: "internal" },
      1,
      "expected the ARN of a Network Load Balancer",
    ],
    [
      "R099 R123 a load balancer that is open to the internet",
      { Type: "network", Scheme: "internet-facing" },
      3,
      "generic.scheme",
    ],
  ] as const)("%s", async (_what, sort, exit, says) => {
    const stage = await start();
    const Subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
    const { LoadBalancers } = await stage
      .as(NETWORK)
      .elbv2.send(new CreateLoadBalancerCommand({ Name: "somebody", Subnets, ...sort }));
    const ours = /loadBalancers:\n[\s\S]*? {2}acceptance/.exec(stage.spec())?.[0] ?? "";
    stage.rewrite(ours, `loadBalancers: [{ arn: "${LoadBalancers?.[0]?.LoadBalancerArn}" }]\n  acceptance`);
    const planned = await stage.plan({ format: "text" });
    expect(planned.exit).toBe(exit);
    expect(planned.out + planned.err).toContain(says);
  });

  it("R099 a single Availability Zone is a warning", async () => {
    const stage = await start();
    stage.rewrite(", subnet-0a1b2c3d4e5f60002, subnet-0a1b2c3d4e5f60003]", "]");
    expect(await verdicts(stage, "generic.")).toEqual(["warning generic.zones", "info generic.healthy deferred"]);
  });

  it("R100 targets that are missing are a warning", async () => {
    const stage = await start();
    stage.rewrite(', targets: ["10.10.1.10"]', "");
    await applied(stage);
    expect(await verdicts(stage, "generic.")).toEqual(["warning generic.healthy"]);
  });

  it("R124 inbound rules of the load balancer that hold for PrivateLink traffic are told", async () => {
    const stage = await start();
    const rules = "      securityGroups: [sg-0a1b2c3d4e5f60001]\n";
    stage.rewrite("      listeners:\n", `${rules}      listeners:\n`);
    expect(await verdicts(stage, "generic.inbound-rules")).toEqual(["info generic.inbound-rules"]);
    stage.rewrite(rules, `${rules}      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: off\n`);
    expect(await verdicts(stage, "generic.inbound-rules")).toEqual([]);
  });

  it("R102 that every connection is approved is the default, and may be switched off", async () => {
    const stage = await start();
    stage.rewrite("  acceptance: required\n", "");
    const { plan } = await stage.plan();
    const service = plan.changes.find(({ address }) => address === "generic-provider/service");
    expect(service?.differences.find(({ attribute }) => attribute === "acceptanceRequired")?.after).toBe(true);
    stage.rewrite("  allowedPrincipals:\n", "  acceptance: automatic\n  allowedPrincipals:\n");
    expect((await stage.plan()).plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});
