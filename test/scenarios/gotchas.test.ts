import {
  CreateVpcEndpointCommand,
  type CreateVpcEndpointCommandInput,
  DescribeVpcEndpointsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  ModifyTargetGroupAttributesCommand,
  SetSecurityGroupsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Change, ChangeResourceRecordSetsCommand, CreateHostedZoneCommand } from "@aws-sdk/client-route-53";
import { expect, onTestFinished, test, vi } from "vitest";
import { type Aws, openAws } from "../../src/aws/aws.ts";
import { failureOf } from "../../src/aws/errors.ts";
import { acceptanceKind } from "../../src/kinds/acceptance.ts";
import { dnsRecordKind } from "../../src/kinds/dns-record.ts";
import { endpointServiceKind } from "../../src/kinds/endpoint-service.ts";
import { vpcEndpointKind } from "../../src/kinds/vpc-endpoint.ts";
import type { PlanFile } from "../../src/planner/writers/json.ts";
import { stubReads } from "../aws/stub.ts";
import { clients } from "../sandbox/helper.ts";
import { applyAll, connect, liftProtection, nameInSpec, raiseBrakes } from "./acts.ts";
import { APPS, expectNothingToDo, gist, NETWORK, PARTNER, type Stage, startStage } from "./harness.ts";

/** Fifteen things that automation of PrivateLink gets wrong, each as a story that goes wrong when the care for it is taken out. */

const LEDGER = "specs/ledger.yaml";
const PAYMENTS = "specs/payments-api.yaml";
const OFFER = "specs/offer.yaml";
const USER = "specs/user.yaml";
const BALANCER = "offer/service/nlb/main";
const ZONE = "Z0PRIVATE00000000001";

/** A service on the rich world, open to the applications account. */
const offer = (name = "offer") => `apiVersion: landline/v1
kind: Connection
metadata: { name: ${name} }
service:
  target: network-use1
  loadBalancers:
    - name: main
      subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
      listeners:
        - { port: 443, protocol: TCP, targetGroup: { port: 8443, type: ip, targets: ["10.0.1.10"] } }
  acceptance: automatic
  allowedPrincipals:
    - { principal: "arn:aws:iam::222222222222:root", reason: ours, until: 2027-03-31 }
`;

/** An endpoint to that service. */
const user = `apiVersion: landline/v1
kind: Connection
metadata: { name: user }
endpoints:
  - target: apps-use1
    service: { connection: offer }
    vpc: vpc-0b1b2c3d4e5f60001
    subnets: [subnet-0b1b2c3d4e5f60001]
    securityGroups: [sg-0b1b2c3d4e5f60004]
`;

/** The rich world with these specs only, nothing of them made yet. */
async function stageWith(specs: { readonly [path: string]: string }): Promise<Stage> {
  const stage = await startStage({ fixture: "rich" });
  for (const name of ["event-stream", "ledger", "payments-api", "rich", "rich-udp"]) stage.remove(`specs/${name}.yaml`);
  for (const [path, text] of Object.entries(specs)) stage.write(path, text);
  raiseBrakes(stage);
  return stage;
}

/** Three accounts in two Regions, one service with its consumer and the consumer's name. */
async function accountsStage(): Promise<Stage> {
  const stage = await startStage({ fixture: "three-accounts" });
  for (const name of ["event-stream", "ledger", "payments-api"]) stage.remove(`specs/${name}.yaml`);
  return stage;
}

const nameTwin = (stage: Stage, path: string): void =>
  stage.edit(
    path,
    "  acceptance: automatic\n",
    "  acceptance: automatic\n  privateDns: { name: twin.example.com, zone: Z0PUBLIC000000000001 }\n",
  );

const errorsOf = ({ findings }: PlanFile): string[] =>
  findings.filter(({ severity }) => severity === "error").map(({ id, message }) => `${id}: ${message}`);

/** What EC2 is told to make endpoints of from here on. */
function endpointsAsked(): { readonly inputs: CreateVpcEndpointCommandInput[] } {
  const send = vi.spyOn(EC2Client.prototype, "send");
  onTestFinished(() => send.mockRestore());
  return {
    get inputs() {
      return send.mock.calls.flatMap(([command]) =>
        (command as unknown) instanceof CreateVpcEndpointCommand
          ? [command.input as CreateVpcEndpointCommandInput]
          : [],
      );
    },
  };
}

/** What the applier writes through, for one account. */
function writesOf({ sandbox }: Stage, account: string): Aws {
  const credentials = { accessKeyId: account, secretAccessKey: "any" };
  const aws = openAws({ target: account, region: "us-east-1", endpoint: sandbox.url, credentials });
  onTestFinished(() => aws.close());
  return aws;
}

const changeRecords = (stage: Stage, Changes: Change[]) =>
  stage.as(APPS).route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: ZONE, ChangeBatch: { Changes } }));

test("gotcha 1: AWS answers 200 and deletes no service while somebody is connected: that is a failure, and is foreseen", async () => {
  const stage = await startStage();
  await applyAll(stage);
  liftProtection(stage);
  await applyAll(stage);
  const endpoint = await connect(stage);
  const aws = writesOf(stage, NETWORK);
  const service = await stage.live("payments-api/service");
  await expect(endpointServiceKind.remove(aws, service as never)).rejects.toMatchObject({
    Code: "ExistingVpcEndpointConnections",
    message: expect.stringContaining(`${endpoint} of account ${PARTNER}`),
  });
  stage.remove(PAYMENTS);
  raiseBrakes(stage);
  const { plan } = await stage.plan();
  expect(errorsOf(plan)).toEqual([expect.stringMatching(`^service.connected: .*${endpoint}`)]);
  expect(plan.changes.filter(({ refused }) => refused === undefined)).toEqual([]);
});

test("gotcha 2: a load balancer behind a service is replaced by making, attaching, detaching and only then deleting", async () => {
  const stage = await stageWith({ [OFFER]: offer() });
  await applyAll(stage);
  stage.edit(OFFER, "    - name: main\n", "    - name: main\n      securityGroups: [sg-0a1b2c3d4e5f60004]\n");
  const since = (await stage.requests()).length;
  await applyAll(stage);
  const writes = (await stage.requests(since)).filter(({ write }) => write);
  expect(writes.filter(({ errorCode }) => errorCode === "ResourceInUse")).toEqual([]);
  expect(writes.map(({ action }) => action).filter((action) => /LoadBalancer$|ServiceConfig/.test(action))).toEqual([
    "CreateLoadBalancer",
    "ModifyVpcEndpointServiceConfiguration",
    "ModifyVpcEndpointServiceConfiguration",
    "DeleteLoadBalancer",
  ]);
  await expectNothingToDo(stage);
});

test("gotcha 3: a removed principal leaves its connections, which only a step of the plan cuts", async () => {
  const stage = await startStage();
  await applyAll(stage);
  liftProtection(stage);
  const endpoint = await connect(stage);
  await nameInSpec(stage, endpoint);
  await applyAll(stage);
  const state = () => stage.world().accounts[PARTNER]?.regions["us-east-1"]?.vpcEndpoints[endpoint]?.state;

  stage.edit(PAYMENTS, '"arn:aws:iam::402592597372:', '"arn:aws:iam::222222222222:');
  const { changes } = (await stage.plan()).plan;
  expect(changes.find(({ kind }) => kind === "allowlist")?.notes?.join()).toContain(
    `1 live connection of 1 account (${PARTNER}) stays connected`,
  );
  await applyAll(stage);
  expect(state()).toBe("available");
  stage.edit(PAYMENTS, "    accept:\n", "    reject:\n");
  const cut = (await stage.plan()).plan;
  expect(gist(cut)).toEqual([`update payments-api/service/acceptance/${endpoint} decision`]);
  expect(cut.changes[0]?.risks).toContain("disconnects");
  await applyAll(stage);
  expect(state()).toBe("rejected");
  await expectNothingToDo(stage);
});

test("gotcha 4: all changes of one endpoint go in one call, its tags afterwards, each when AWS is done with the one before", async () => {
  const stage = await stageWith({ [OFFER]: offer(), [USER]: user });
  await applyAll(stage);
  stage.edit(USER, "[subnet-0b1b2c3d4e5f60001]", "[subnet-0b1b2c3d4e5f60001, subnet-0b1b2c3d4e5f60002]");
  stage.edit(USER, "[sg-0b1b2c3d4e5f60004]", "[sg-0b1b2c3d4e5f60005]");
  stage.edit("landline.yaml", "cost-center: network", "cost-center: apps");
  const busy = { effect: "error-before", code: "OperationInProgress", status: 400 };
  await stage.faults({ action: "ModifyVpcEndpoint", ...busy }, { action: "CreateTags", account: APPS, ...busy });
  const since = (await stage.requests()).length;
  await applyAll(stage);
  const writes = (await stage.requests(since)).filter(({ write, account }) => write && account === APPS);
  expect(writes.map(({ action, errorCode = "done" }) => `${action} ${errorCode}`)).toEqual([
    "ModifyVpcEndpoint OperationInProgress",
    "ModifyVpcEndpoint done",
    "CreateTags OperationInProgress",
    "CreateTags done",
  ]);
  await expectNothingToDo(stage);
});

test("gotcha 5: states are read in any case; waiting to be accepted is rest, and pending after it not yet the end", async () => {
  const stage = await startStage();
  await applyAll(stage);
  liftProtection(stage);
  const { outputs } = await stage.live("payments-api/service");
  const grant = '    - { principal: "arn:aws:iam::222222222222:root", reason: "NET-30", until: 2027-03-31 }\n';
  stage.edit(PAYMENTS, "  allowedPrincipals:\n", `  allowedPrincipals:\n${grant}`);
  await applyAll(stage);
  stage.edit("specs/event-stream.yaml", "service: pending", `service: ${outputs.serviceName}`);
  await applyAll(stage);
  await expectNothingToDo(stage, "the endpoint rests at the partner's door");
  const resting = await stage.live("event-stream/endpoint/main");
  expect(resting.state).toBe("pendingacceptance");
  const { waits } = (await stage.plan()).plan;
  expect(waits.map((wait) => wait.for).join()).toContain(`to accept ${resting.id}`);

  await nameInSpec(stage, resting.id);
  await applyAll(stage);
  expect(stage.world().accounts[APPS]?.regions["us-east-1"]?.vpcEndpoints[resting.id]?.state).toBe("available");
  const way = ["pendingacceptance", "pending", "available"].map((state) => ({ ...resting, state }) as never);
  expect(way.map((live) => acceptanceKind.progress(live).is)).toEqual(["moving", "moving", "ready"]);
  await expectNothingToDo(stage);
});

test("gotcha 6: a private DNS name is taken from its service by the word for it, once no endpoint is connected", async () => {
  const stage = await stageWith({ [OFFER]: offer(), [USER]: user });
  nameTwin(stage, OFFER);
  stage.edit(USER, "    subnets:", "    privateDns: true\n    subnets:");
  await applyAll(stage);
  const nameOf = async () => (await stage.live("offer/service")).attributes.privateDnsName;
  expect(await nameOf()).toBe("twin.example.com");
  const { id } = await stage.live("user/endpoint/main");
  stage.edit(OFFER, "  privateDns: { name: twin.example.com, zone: Z0PUBLIC000000000001 }\n", "");
  stage.edit(USER, "    privateDns: true\n", "");
  expect(errorsOf((await stage.plan()).plan)).toEqual([expect.stringMatching(`^private-dns.connected: .*${id}`)]);
  const cut = `  connections: { reject: [{ endpoint: ${id}, reason: moved away }] }\n`;
  stage.edit(OFFER, "  acceptance: automatic\n", `  acceptance: automatic\n${cut}`);
  expect(errorsOf((await stage.plan()).plan)).toEqual([]);
  stage.edit(OFFER, cut, "");
  stage.remove(USER);
  const { changes } = (await stage.plan()).plan;
  expect(
    changes.find(({ differences }) => differences.some(({ attribute }) => attribute === "privateDnsName")),
  ).toMatchObject({
    dependsOn: ["user/endpoint/main"],
    notes: [expect.stringContaining("nobody is connected any more")],
  });
  await applyAll(stage);
  expect(await nameOf()).toBeNull();
  await expectNothingToDo(stage);
});

test("gotcha 7: what AWS has a default for is said out loud, and what the spec leaves out is not taken for false", async () => {
  const stage = await startStage();
  const asked = endpointsAsked();
  await applyAll(stage);
  expect(asked.inputs).toMatchObject([
    {
      VpcEndpointType: "Interface",
      PrivateDnsEnabled: false,
      IpAddressType: "ipv4",
      DnsOptions: { DnsRecordIpType: "ipv4" },
    },
  ]);
  // The other options of DnsOptions are refused for everything but S3.
  expect(Object.keys(asked.inputs[0]?.DnsOptions ?? {})).toEqual(["DnsRecordIpType"]);

  const group = await stage.live("ledger/service/nlb/ledger/target-group/5432");
  const Attributes = [{ Key: "preserve_client_ip.enabled", Value: "true" }];
  await stage.as(NETWORK).elbv2.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: group.id, Attributes }));
  await expectNothingToDo(stage, "the spec does not say preserveClientIp");
  stage.edit(LEDGER, "{ port: 5432, type: ip,", "{ port: 5432, preserveClientIp: false, type: ip,");
  expect(gist((await stage.plan()).plan)).toEqual([`update ${group.address} preserveClientIp`]);
});

test("gotcha 8: a private DNS name is proved before an endpoint gets it, has one owner in a VPC, and changes hands old one first", async () => {
  const accounts = await accountsStage();
  const steps = (await accounts.plan()).plan.changes.map(({ address, step = address }) => step);
  const wanted = [
    "orders/service/private-dns",
    "orders/endpoint/main",
    "orders/endpoint/main/acceptance",
    "orders/endpoint/main#private-name",
  ];
  expect(steps.filter((step) => wanted.includes(step))).toEqual(wanted);
  const VPC = { VPCId: "vpc-0b1b2c3d4e5f60001", VPCRegion: "eu-west-1" as const };
  await clients(accounts.sandbox, APPS, "eu-west-1").route53.send(
    new CreateHostedZoneCommand({ Name: "orders.example.com", CallerReference: "theirs", VPC }),
  );
  expect(errorsOf((await accounts.plan()).plan)).toEqual([expect.stringMatching(/^private-dns.conflict: .*Z/)]);

  const next = "specs/next.yaml";
  const stage = await stageWith({ [OFFER]: offer(), [next]: offer("next"), [USER]: user });
  for (const path of [OFFER, next]) nameTwin(stage, path);
  stage.edit(USER, "    subnets:", "    privateDns: true\n    subnets:");
  await applyAll(stage);
  stage.edit(USER, "connection: offer", "connection: next");
  const since = (await stage.requests()).length;
  await applyAll(stage);
  const writes = (await stage.requests(since)).filter(({ write, action }) => write && action.includes("VpcEndpoint"));
  expect(writes.map(({ action, errorCode = "done" }) => `${action} ${errorCode}`)).toEqual([
    "ModifyVpcEndpoint done",
    "CreateVpcEndpoint done",
    "DeleteVpcEndpoints done",
  ]);
  await expectNothingToDo(stage);
});

test("gotcha 9: Availability Zones are compared by id, because their names differ between accounts", async () => {
  const stage = await startStage();
  // One zone by two names: us-east-1b over there is us-east-1a here.
  stage.edit(LEDGER, "[subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]", "[subnet-0a1b2c3d4e5f60002]");
  stage.edit(LEDGER, "[subnet-0b1b2c3d4e5f60001, subnet-0b1b2c3d4e5f60002]", "[subnet-0b1b2c3d4e5f60001]");
  expect(errorsOf((await stage.plan()).plan)).toEqual([]);
  // Two zones by one name.
  stage.edit(LEDGER, "[subnet-0b1b2c3d4e5f60001]", "[subnet-0b1b2c3d4e5f60002]");
  const { exit, plan } = await stage.plan();
  expect(exit).toBe(3);
  expect(errorsOf(plan)).toEqual([expect.stringMatching(/^zone.mismatch: .*use1-az4.*use1-az6/)]);
  await stage.apply();
  expect(stage.world().accounts[APPS]?.regions["us-east-1"]?.vpcEndpoints).toEqual({});
});

test("gotcha 10: across Regions the service's Region is said, and zones that AWS does not tell are not taken for none", async () => {
  const stage = await accountsStage();
  const asked = endpointsAsked();
  const { plan } = await stage.plan();
  expect(errorsOf(plan)).toEqual([]);
  await applyAll(stage);
  expect(asked.inputs).toMatchObject([{ ServiceRegion: "us-east-1" }]);
  const { attributes, outputs } = await stage.live("orders/endpoint/main");
  expect(attributes.serviceRegion).toBe("us-east-1");
  // The same through the eyes of a consumer who knows the service by its name only.
  stage.write(
    USER,
    `apiVersion: landline/v1
kind: Connection
metadata: { name: user }
endpoints:
  - target: apps-euw1
    service: ${String(attributes.serviceName)}
    serviceRegion: us-east-1
    vpc: { name: apps }
    subnets: { tags: { tier: private } }
    securityGroups: [{ name: app }]
`,
  );
  expect(errorsOf((await stage.plan()).plan)).toEqual([]);
  await applyAll(stage);
  expect(asked.inputs.map(({ ServiceRegion }) => ServiceRegion)).toEqual(["us-east-1", "us-east-1"]);
  expect(outputs.dnsName).toContain(".us-east-1.vpce.");
  await expectNothingToDo(stage);
});

test("gotcha 11: security groups come with the load balancer, and whether they hold for PrivateLink traffic is said and kept", async () => {
  const stage = await stageWith({ [OFFER]: offer() });
  stage.edit(OFFER, "    - name: main\n", "    - name: main\n      securityGroups: [sg-0a1b2c3d4e5f60004]\n");
  const { plan } = await stage.plan();
  expect(plan.findings).toContainEqual(
    expect.objectContaining({
      id: "load-balancer.enforcement",
      message: expect.stringContaining("have to allow the consumers' own addresses"),
    }),
  );
  await applyAll(stage);
  const balancer = await stage.live(BALANCER);
  const ATTRIBUTE = "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic";
  expect(balancer.attributes).toMatchObject({ securityGroupIds: ["sg-0a1b2c3d4e5f60004"], [ATTRIBUTE]: "on" });
  await stage.as(NETWORK).elbv2.send(
    new SetSecurityGroupsCommand({
      LoadBalancerArn: balancer.id,
      SecurityGroups: ["sg-0a1b2c3d4e5f60004"],
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
    }),
  );
  expect(gist((await stage.plan()).plan)).toEqual([`update ${BALANCER} ${ATTRIBUTE}`]);
  stage.edit(OFFER, "      securityGroups: [sg-0a1b2c3d4e5f60004]\n", "");
  expect(gist((await stage.plan()).plan)[0]).toMatch(new RegExp(`^replace ${BALANCER} .*securityGroupIds`));
});

test("gotcha 12: principals are whole ARNs of accounts and roles, and compared on this side", async () => {
  const stage = await startStage();
  const wrong = [
    ["402592597372", "arn:aws:iam::402592597372:root"],
    ["arn:aws:sts::402592597372:assumed-role/connector/me", "arn:aws:iam::402592597372:role/connector"],
  ] as const;
  for (const [written, right] of wrong) {
    stage.edit(PAYMENTS, '"arn:aws:iam::402592597372:root"', `"${written}"`);
    const { exit, err } = await stage.plan();
    expect({ exit, err }).toEqual({ exit: 1, err: expect.stringContaining(right) });
    stage.edit(PAYMENTS, `"${written}"`, '"arn:aws:iam::402592597372:root"');
  }
  await applyAll(stage);
  await expectNothingToDo(stage, "a role is found among those that are allowed");
  stage.edit(PAYMENTS, '"arn:aws:iam::402592597372:root"', '"arn:aws:iam::222222222222:root"');
  await applyAll(stage);
  const { id } = await stage.live("payments-api/service");
  const { principals = {} } = stage.world().accounts[NETWORK]?.regions["us-east-1"]?.endpointServices[id] ?? {};
  expect(
    Object.values(principals)
      .map(({ principal }) => principal)
      .sort(),
  ).toEqual(["arn:aws:iam::222222222222:root", "arn:aws:iam::402592597372:role/connector"]);
});

test("gotcha 13: an endpoint's security group goes once AWS has let go of the endpoint's network interfaces", async () => {
  const stage = await startStage();
  await applyAll(stage);
  stage.remove(LEDGER);
  raiseBrakes(stage);
  const since = (await stage.requests()).length;
  await applyAll(stage);
  const tries = (await stage.requests(since)).filter(({ action }) => action === "DeleteSecurityGroup");
  expect(new Set(tries.slice(0, -1).map(({ errorCode }) => errorCode))).toEqual(new Set(["DependencyViolation"]));
  expect(tries.at(-1)?.status).toBe(200);
});

test("gotcha 14: an alias leads to the name for all zones, told by its shape, through the zone that AWS names, once there is one", async () => {
  const id = "vpce-0123456789abcdef0";
  const service = "vpce-svc-0123456789abcdef0.us-east-1.vpce.amazonaws.com";
  const HostedZoneId = "Z0REGIONAL";
  const entries = [
    { DnsName: "api.example.com", HostedZoneId: "Z0HIDDEN" },
    { DnsName: `${id}-abcd1234-us-east-1a.${service}`, HostedZoneId },
    { DnsName: `${id}-abcd1234.${service}`, HostedZoneId },
  ];
  const endpoint = { VpcEndpointId: id, VpcEndpointType: "Interface", State: "available" };
  const outputsWith = async (DnsEntries: typeof entries) => {
    const { reads } = stubReads(() => ({ VpcEndpoints: [{ ...endpoint, DnsEntries }] }));
    const known = { kind: "vpc-endpoint", address: "a/endpoint/main", connection: "a", target: "net", id } as const;
    return (await vpcEndpointKind.look(reads, known))?.outputs;
  };
  expect(await outputsWith(entries)).toMatchObject({ dnsName: entries[2]?.DnsName, dnsZoneId: HostedZoneId });
  expect(await outputsWith(entries.slice(0, 2))).not.toHaveProperty("dnsName");

  const stage = await startStage();
  await applyAll(stage);
  const made = await stage.live("ledger/endpoint/main");
  const { VpcEndpoints = [] } = await stage
    .as(APPS)
    .ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [made.id] }));
  const record = await stage.live("ledger/endpoint/main/dns/ledger.apps.internal.example.com");
  const { DnsName, HostedZoneId: zone } = VpcEndpoints[0]?.DnsEntries?.[0] ?? {};
  expect(record.attributes).toMatchObject({ targetDnsName: DnsName, targetZoneId: zone });
});

test("gotcha 15: records go name by name, are never taken from others, change their type, and errors keep their text", async () => {
  const stage = await startStage();
  const alias = (name: string) => `      - { name: ${name}.apps.internal.example.com, zone: ${ZONE} }\n`;
  const set = (name: string, Type: "A" | "CNAME", Value: string) => ({
    Name: `${name}.apps.internal.example.com`,
    Type,
    TTL: 60,
    ResourceRecords: [{ Value }],
  });
  const [ledger, second] = ["ledger", "second"].map(
    (name) => `ledger/endpoint/main/dns/${name}.apps.internal.example.com`,
  );
  stage.edit(LEDGER, "    aliases:\n", `    aliases:\n${alias("second")}`);
  // A change that Route 53 refuses leaves the one of the other name alone.
  await stage.faults({
    action: "ChangeResourceRecordSets",
    effect: "error-before",
    code: "InvalidInput",
    message: "Invalid XML",
    status: 400,
  });
  const { outcomes } = await stage.apply();
  const records = outcomes.filter(({ address }) => address === ledger || address === second);
  expect(records.map(({ result }) => result).sort()).toEqual(["done", "failed"]);
  await applyAll(stage);

  // Our alias turned into a CNAME by hand: a delete and a create.
  const live = await stage.live(second ?? "");
  const { targetDnsName, targetZoneId } = live.attributes;
  await changeRecords(stage, [
    {
      Action: "DELETE",
      ResourceRecordSet: {
        Name: "second.apps.internal.example.com",
        Type: "A",
        AliasTarget: {
          DNSName: String(targetDnsName),
          HostedZoneId: String(targetZoneId),
          EvaluateTargetHealth: false,
        },
      },
    },
    { Action: "CREATE", ResourceRecordSet: set("second", "CNAME", "elsewhere.example.com") },
  ]);
  await applyAll(stage);
  await expectNothingToDo(stage);

  // Somebody else's record is never written over, not even when it appears right before the call.
  await changeRecords(stage, [{ Action: "CREATE", ResourceRecordSet: set("third", "A", "10.9.9.9") }]);
  stage.edit(LEDGER, "    aliases:\n", `    aliases:\n${alias("third")}`);
  expect(errorsOf((await stage.plan()).plan)).toEqual([expect.stringMatching(/^not-ours: .*third/)]);
  const wanted = {
    ...live,
    project: "acme-network",
    attributes: { ...live.attributes, name: "third.apps.internal.example.com" },
  };
  await expect(dnsRecordKind.create(writesOf(stage, APPS), wanted as never, "token")).rejects.toMatchObject({
    Code: "NotOurs",
  });
  const zone = stage.world().accounts[APPS]?.hostedZones[ZONE];
  expect(zone?.records.find(({ name }) => name.startsWith("third."))?.values).toEqual(["10.9.9.9"]);

  const Message = "Tried to delete resource record set [name='a.', type='A'] but it was not found";
  for (const error of [
    { name: "InvalidChangeBatch", message: "", messages: [Message] },
    { name: "Unknown", message: "UnknownError", Messages: { Message } },
  ])
    expect(failureOf(error)).toMatchObject({ code: "InvalidChangeBatch", message: Message });
});
