import { createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { expect, onTestFinished, test } from "vitest";
import { type Network, tryConnection } from "../../src/commands/verify/network.ts";
import { type VerifyOptions, verify } from "../../src/commands/verify.ts";
import type { Answer, Attempt, Check, Verification } from "../../src/planner/verify/index.ts";
import { certificateFor } from "../commands/verify/certificate.ts";
import { STRATUS } from "../planner/partners/capture/stratus.ts";
import { applyAll, connect, nameInSpec } from "./acts.ts";
import { asking } from "./asking.ts";
import { APPS, NETWORK, PARTNER, type Said, type Stage, startStage } from "./harness.ts";

/** `landline verify` on a world of the sandbox; names and connections come from the test, servers are real ones on 127.0.0.1. */

const ALIAS = "ledger.apps.internal.example.com";

const say = (stage: Stage, network: Network, name: string, more: Partial<VerifyOptions> = {}): Promise<Said> =>
  asking(stage, (options, io) =>
    verify({ ...options, connect: false, timeout: 1, format: "json", ...more, name }, io, network),
  );

async function read(...of: Parameters<typeof say>): Promise<Verification & { readonly exit: number }> {
  const { exit, out } = await say(...of);
  return { ...(JSON.parse(out) as Verification), exit };
}

const topic = ({ checks }: Verification, wanted: Check["topic"]) =>
  checks.filter((check) => check.topic === wanted).map(({ result, says }) => `${result} ${says}`);
const failing = ({ checks }: Verification) => checks.filter(({ result }) => result === "fails").map((one) => one.topic);

/** A resolver that knows these names, and connections that go to these ports of 127.0.0.1. */
const network = (
  known: { readonly [name: string]: Answer },
  ports: { readonly [port: number]: number } = {},
): Network => ({
  lookUp: async (_type, name) => known[name] ?? { error: "ENOTFOUND" },
  connect: (attempt: Attempt, address) => tryConnection({ ...attempt, port: ports[attempt.port] ?? 1 }, address, 300),
});

/** The ledger, all there and healthy, and the names as a machine in the VPC would see them. */
async function ledger(): Promise<{ stage: Stage; dnsName: string; inside: { readonly [name: string]: Answer } }> {
  const stage = await startStage();
  await applyAll(stage);
  // Health checks take a few looks.
  for (let looks = 0; looks < 5; looks++) await say(stage, network({}), "ledger");
  const { outputs } = await stage.live("ledger/endpoint/main");
  const dnsName = outputs.dnsName ?? "";
  const answer = { values: ["127.0.0.1"] };
  return { stage, dnsName, inside: { [dnsName]: answer, [ALIAS]: answer } };
}

test("a connection that works, from outside and from inside the VPC", async () => {
  const { stage, dnsName, inside } = await ledger();

  const outside = await read(stage, network({ [dnsName]: { values: ["10.20.0.7"] } }), "ledger");
  expect(outside).toMatchObject({ exit: 0, result: "holds", checklist: [] });
  expect(topic(outside, "dns")).toEqual([
    "holds resolves to 10.20.0.7",
    expect.stringMatching(/^unknown does not resolve from here .*--connect/),
  ]);
  expect(topic(outside, "connect")).toEqual([]);
  expect(topic(outside, "ports")).toContain("holds lets tcp 5432 in from 10.20.0.0/16");
  expect(topic(outside, "targets")).toEqual([expect.stringMatching(/^holds has 1 healthy/)]);
  expect(topic(outside, "requests")).toEqual([`holds of account ${APPS} is connected`]);

  const server = createTlsServer(certificateFor([ALIAS]), (socket) => socket.on("error", () => {}));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const within = await read(stage, network(inside, { 5432: port }), "ledger", { connect: true });
  expect(within).toMatchObject({ exit: 0, result: "holds" });
  expect(topic(within, "dns")).toContain("holds leads to the endpoint: 127.0.0.1");
  expect(topic(within, "connect")).toEqual(["holds accepts connections (127.0.0.1)"]);
  expect(topic(within, "tls")).toEqual([`holds shows a certificate for ${ALIAS}`]);

  const { exit, out } = await say(stage, network(inside, { 5432: port }), "ledger", { connect: true, format: "text" });
  expect(exit).toBe(0);
  expect(out).toContain("0 fail");
  expect(out).not.toContain("What to look at");
});

test("a name that leads elsewhere, a port on which nobody listens, a certificate for somebody else", async () => {
  const { stage, inside } = await ledger();
  const server = createTlsServer(certificateFor(["other.example.com"]), (socket) => socket.on("error", () => {}));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;

  const foreign = await read(stage, network(inside, { 5432: port }), "ledger", { connect: true });
  expect(failing(foreign)).toEqual(["tls"]);
  expect(foreign.exit).toBe(1);

  const closed = createServer();
  await new Promise<void>((done) => closed.listen(0, "127.0.0.1", done));
  const free = closed.address();
  await new Promise((done) => closed.close(done));
  const nobody = typeof free === "object" ? (free?.port ?? 1) : 1;
  const astray = { ...inside, [ALIAS]: { values: ["127.0.0.1", "127.0.0.2"] } };
  const wrong = await read(stage, network(astray, { 5432: nobody }), "ledger", { connect: true });
  expect(failing(wrong)).toEqual(["dns", "connect"]);
  expect(topic(wrong, "dns").at(-1)).toMatch(/^fails resolves to 127.0.0.2, which is not the endpoint/);
  expect(topic(wrong, "connect")).toEqual([expect.stringMatching(/ECONNREFUSED/)]);

  const unresolved = await read(stage, network({}), "ledger", { connect: true });
  expect(failing(unresolved)).toEqual(["dns", "dns", "connect"]);
});

test("a closed security group fails, with the checklist filled in", async () => {
  const { stage, dnsName, inside } = await ledger();
  const group = await stage.live("ledger/endpoint/main/security-group");
  await stage.as(APPS).ec2.send(
    new RevokeSecurityGroupIngressCommand({
      GroupId: group.id,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 5432, ToPort: 5432, IpRanges: [{ CidrIp: "10.20.0.0/16" }] }],
    }),
  );
  const made = await read(stage, network(inside), "ledger");
  expect(made.exit).toBe(1);
  expect(failing(made)).toEqual(["ports"]);
  expect(topic(made, "ports")).toContain(`fails lets nobody in on tcp 5432: no rule of ${group.id} does`);
  const known = JSON.stringify(made.checklist);
  const service = await stage.live("ledger/service");
  for (const id of [service.outputs.serviceName, group.id, dnsName, "10.0.2.20:5432"]) expect(known).toContain(id);
  const commands = made.checklist.flatMap((item) => item.commands);
  expect(commands).toContain(`nc -vz ${dnsName} 5432`);
  expect(commands.some((command) => command.startsWith("netstat -na | grep 5432"))).toBe(true);
  expect(commands.some((command) => command.startsWith("tcpdump"))).toBe(true);
  const { out } = await say(stage, network(inside), "ledger", { format: "text" });
  expect(out).toContain("What to look at");
});

test("what is not there yet fails", async () => {
  const stage = await startStage();
  const made = await read(stage, network({}), "ledger");
  expect(failing(made)).toEqual(["service", "endpoint"]);
  expect(made.exit).toBe(1);
});

test("the partner's tests are printed with real names, and who is not accepted fails", async () => {
  const stage = await startStage();
  stage.write("partners/stratus.yaml", STRATUS);
  stage.edit(
    "landline.yaml",
    'specs: ["specs/**/*.yaml"]',
    'specs: ["specs/**/*.yaml"]\npartners: ["partners/*.yaml"]',
  );
  stage.edit("specs/payments-api.yaml", "service:\n", "partner:\n  profile: stratus\nservice:\n");
  await applyAll(stage);
  const { id } = await stage.live("payments-api/service");
  const alone = await read(stage, network({}), "payments-api");
  expect(alone.tests).toEqual([
    {
      run: `curl -v telnet://${id}:80`,
      from: "partner",
      good: "^\\* Connected to",
      bad: "Connection timed out|refused",
    },
  ]);
  expect(failing(alone)).toContain("requests");
  const endpoint = await connect(stage);
  const asked = await read(stage, network({}), "payments-api");
  expect(topic(asked, "requests")).toEqual([
    `fails of account ${PARTNER} asks to be accepted, and the spec names it neither under accept nor under reject`,
  ]);
  await nameInSpec(stage, endpoint);
  await applyAll(stage);
  for (let looks = 0; looks < 5; looks++) await say(stage, network({}), "payments-api");
  const done = await read(stage, network({}), "payments-api");
  expect(done).toMatchObject({ exit: 0, result: "holds" });
  const { out } = await say(stage, network({}), "payments-api", { format: "text" });
  expect(out).toContain(`curl -v telnet://${id}:80`);
  expect(out.endsWith("0 fail\n")).toBe(true);
});

test("a load balancer's security groups count as long as it holds PrivateLink traffic against them", async () => {
  const stage = await startStage();
  const { ec2 } = stage.as(NETWORK);
  const VpcId = "vpc-0a1b2c3d4e5f60001";
  const { GroupId = "" } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "balancer", Description: "balancer", VpcId }),
  );
  const subnets = "subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]\n";
  stage.edit("specs/ledger.yaml", subnets, `${subnets}      securityGroups: [${GroupId}]\n`);
  await applyAll(stage);
  expect(topic(await read(stage, network({}), "ledger"), "ports")).toContain(
    `fails lets nobody in on tcp 5432: no rule of ${GroupId} does`,
  );
  const IpPermissions = [{ IpProtocol: "tcp", FromPort: 5000, ToPort: 6000, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  expect(topic(await read(stage, network({}), "ledger"), "ports")).toContain("holds lets tcp 5432 in from 10.0.0.0/8");
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  stage.edit(
    "specs/ledger.yaml",
    subnets,
    `${subnets}      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off"\n`,
  );
  await applyAll(stage);
  expect(topic(await read(stage, network({}), "ledger"), "ports")).toContain(
    "holds does not hold PrivateLink traffic against its security groups",
  );
});
