import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeLoadBalancersCommand,
  ModifyTargetGroupCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { NETWORK, type Planned, type Stage, startStage } from "./harness.ts";

/** A load balancer that somebody else manages, held against what a partner demands of it: all is read through the cloud, nothing is written before it fits. */

const profile = `apiVersion: landline/v1
kind: PartnerProfile
metadata:
  name: acme-cloud
  title: Acme Cloud
  checkedOn: 2026-11-20
  sources: [{ id: guide, url: https://docs.example.com/private-connections }]
params:
  zone_ids: { type: list, obtain: the console }
provider:
  principals: { allow: { values: ["arn:aws:iam::402592597372:root"] }, source: guide }
  acceptance: { by: endpoint, source: guide }
  dns: { mode: none, source: guide }
  checks:
    - { id: acme.zones, kind: zones.match, severity: error, args: { how: equals, with: "{{params.zone_ids}}" }, message: Use the same zones as Acme, source: guide }
    - { id: acme.protocol, kind: protocols.allowed, severity: error, args: { protocols: [TCP], targets: [TCP] }, message: Speak TCP, source: guide }
    - { id: acme.check-port, kind: balancer.health-check-port, severity: warning, args: { override: true }, message: Override the port, source: guide }
    - { id: acme.healthy, kind: balancer.healthy, severity: error, message: Mend the targets, source: guide }
`;

const spec = (arn: string, zones: string): string => `apiVersion: landline/v1
kind: Connection
metadata: { name: acme }
partner: { profile: acme-cloud, params: { zone_ids: ${zones} } }
service:
  target: network-use1
  loadBalancers: [{ arn: "${arn}" }]
  allowedPrincipals: [{ principal: "arn:aws:iam::402592597372:root", reason: NET-12, until: 2027-03-31 }]
`;

/** What somebody else has made, by plain calls. */
async function standing(stage: Stage) {
  const { elbv2 } = stage.as(NETWORK);
  const Subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
  const made = await elbv2.send(
    new CreateLoadBalancerCommand({ Name: "theirs", Type: "network", Scheme: "internal", Subnets }),
  );
  const arn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  const { TargetGroups } = await elbv2.send(
    new CreateTargetGroupCommand({
      Name: "theirs",
      Protocol: "TCP",
      Port: 8443,
      VpcId: "vpc-0a1b2c3d4e5f60001",
      TargetType: "ip",
    }),
  );
  const group = TargetGroups?.[0]?.TargetGroupArn ?? "";
  const DefaultActions = [{ Type: "forward", TargetGroupArn: group } as const];
  await elbv2.send(new CreateListenerCommand({ LoadBalancerArn: arn, Protocol: "TCP", Port: 443, DefaultActions }));
  for (let reads = 0; reads < 20; reads++) {
    const { LoadBalancers } = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
    if (LoadBalancers?.[0]?.State?.Code === "active") return { arn, group, elbv2 };
  }
  throw new Error(`${arn} does not become active`);
}

const ofAcme = ({ plan }: Planned): string[] =>
  plan.findings
    .filter(({ id }) => id.startsWith("acme."))
    .map(({ id, severity, deferred }) => `${severity} ${id}${deferred === undefined ? "" : " deferred"}`);
const only = { only: ["acme"] };

test("a load balancer of somebody else is judged by what AWS shows of it, until it fits", async () => {
  const stage = await startStage();
  const { arn, group, elbv2 } = await standing(stage);
  stage.write("partners/acme.yaml", profile);
  stage.edit(
    "landline.yaml",
    'specs: ["specs/**/*.yaml"]',
    'specs: ["specs/**/*.yaml"]\npartners: ["partners/*.yaml"]',
  );
  stage.write("specs/acme.yaml", spec(arn, "[use1-az1, use1-az4]"));

  const refused = await stage.plan(only);
  expect(ofAcme(refused)).toEqual(["error acme.healthy", "error acme.zones", "warning acme.check-port"]);
  expect(refused.plan.changes.every((change) => change.refused !== undefined)).toBe(true);
  const before = (await stage.requests()).length;
  expect((await stage.apply(only)).exit).not.toBe(0);
  expect((await stage.requests(before)).filter(({ write }) => write)).toEqual([]);

  stage.write("specs/acme.yaml", spec(arn, "[use1-az6, use1-az4]"));
  await elbv2.send(new ModifyTargetGroupCommand({ TargetGroupArn: group, HealthCheckPort: "9000" }));
  await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn: group, Targets: [{ Id: "10.0.1.10" }] }));
  const checking = await stage.plan(only);
  expect(ofAcme(checking)).toEqual(["info acme.healthy deferred"]);

  for (let reads = 0; reads < 20 && ofAcme(await stage.plan(only)).length > 0; reads++);
  expect(ofAcme(await stage.plan(only))).toEqual([]);
  const { exit, err } = await stage.apply(only);
  expect(exit, err).toBe(0);
  expect((await stage.plan(only)).plan.changes).toEqual([]);
});

test("what the checks ask of AWS is asked for the connection that names the profile, and for no other", async () => {
  const stage = await startStage();
  const { arn } = await standing(stage);
  stage.write("partners/acme.yaml", profile);
  stage.edit(
    "landline.yaml",
    'specs: ["specs/**/*.yaml"]',
    'specs: ["specs/**/*.yaml"]\npartners: ["partners/*.yaml"]',
  );
  stage.write("specs/acme.yaml", spec(arn, "[use1-az6, use1-az4]"));
  const calls = async (options: { readonly only: string[] }): Promise<string[]> => {
    const before = (await stage.requests()).length;
    await stage.plan(options);
    return (await stage.requests(before)).map(({ action }) => action);
  };
  expect(await calls(only)).toEqual(expect.arrayContaining(["DescribeTargetHealth", "DescribeListeners"]));
  expect(await calls({ only: ["payments-api"] })).not.toContain("DescribeTargetHealth");
});
