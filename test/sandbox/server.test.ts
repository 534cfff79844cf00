import { DescribeSecurityGroupsCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { readClock, slowClock } from "../../src/sandbox/clock.ts";
import { clients, clientsWith, loggedRequests, provider, startTestSandbox } from "./helper.ts";

const signed = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=${provider}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

async function post(url: string, service: string, form: Record<string, string>) {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: signed(service) },
    body: new URLSearchParams(form),
  });
  return { status: response.status, id: response.headers.get("x-amzn-requestid"), body: await response.text() };
}

test("an unknown action is named in the error shape of its protocol", async () => {
  const { url } = await startTestSandbox();
  const ec2 = await post(url, "ec2", { Action: "RunInstances", Version: "2016-11-15" });
  expect(ec2.status).toBe(400);
  expect(ec2.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(ec2.body).toContain("<Response><Errors><Error><Code>InvalidAction</Code><Message>The action RunInstances ");
  const elbv2 = await post(url, "elasticloadbalancing", { Action: "CreateRule", Version: "2015-12-01" });
  expect(elbv2.body).toContain(
    '<ErrorResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><Error><Type>Sender</Type><Code>InvalidAction</Code>',
  );
  const route53 = await fetch(`${url}/2013-04-01/healthcheck`, { headers: { authorization: signed("route53") } });
  expect(route53.status).toBe(400);
  expect(await route53.text()).toContain("GET /2013-04-01/healthcheck");
  const inherited = await post(url, "ec2", { Action: "constructor", Version: "2016-11-15" });
  expect(inherited.body).toContain("InvalidAction");
});

test("the signing name tells the service when no version does", async () => {
  const { url } = await startTestSandbox();
  const answer = await post(url, "sts", { Action: "GetCallerIdentity" });
  expect(answer).toMatchObject({ status: 200, body: expect.stringContaining(`<Account>${provider}</Account>`) });
});

test("a request without a credential is refused", async () => {
  const { url } = await startTestSandbox();
  const body = new URLSearchParams({ Action: "GetCallerIdentity", Version: "2011-06-15" });
  const response = await fetch(url, { method: "POST", body });
  expect(response.status).toBe(403);
  expect(await response.text()).toContain("MissingAuthenticationToken");
});

test("EC2 has its own code for a key that it does not know", async () => {
  const sandbox = await startTestSandbox();
  const { ec2 } = clientsWith(sandbox, { accessKeyId: "AKIA", secretAccessKey: "x" });
  await expect(ec2.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
    name: "AuthFailure",
    $metadata: { httpStatusCode: 401 },
  });
});

test("the log tells every call, and reset forgets it", async () => {
  const sandbox = await startTestSandbox();
  const { ec2, sts } = clients(sandbox);
  await sts.send(new GetCallerIdentityCommand({}));
  await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: ["sg-0"] })).catch(() => {});
  const log = await loggedRequests(sandbox);
  expect(log).toMatchObject([
    {
      n: 1,
      service: "sts",
      action: "GetCallerIdentity",
      account: provider,
      region: "us-east-1",
      status: 200,
      write: false,
    },
    { n: 2, service: "ec2", action: "DescribeSecurityGroups", status: 400, errorCode: "InvalidGroup.NotFound" },
  ]);
  expect(await loggedRequests(sandbox, 1)).toEqual(log.slice(1));
  await fetch(`${sandbox.url}/_sandbox/reset`, { method: "POST" });
  expect(await loggedRequests(sandbox)).toEqual([]);
});

test("the world can be taken out, changed and put back", async () => {
  const sandbox = await startTestSandbox();
  const state = `${sandbox.url}/_sandbox/state`;
  const world = await (await fetch(state)).text();
  const changed = world.replace('"cidr":"10.0.0.0/16"', '"cidr":"10.99.0.0/16"');
  expect((await fetch(state, { method: "PUT", body: changed })).status).toBe(200);
  const seen = await clients(sandbox).ec2.send(new DescribeVpcsCommand({}));
  expect(seen.Vpcs?.[0]?.CidrBlock).toBe("10.99.0.0/16");
  expect((await fetch(state, { method: "PUT", body: "{}" })).status).toBe(400);
});

test("what the control path does not know it says", async () => {
  const { url } = await startTestSandbox();
  expect(await (await fetch(`${url}/_sandbox/`)).text()).toContain("POST   /_sandbox/faults");
  expect((await fetch(`${url}/_sandbox/nothing`)).status).toBe(404);
});

test("a dry run changes nothing and says that it would have worked", async () => {
  const sandbox = await startTestSandbox();
  await expect(clients(sandbox).ec2.send(new DescribeVpcsCommand({ DryRun: true }))).rejects.toMatchObject({
    name: "DryRunOperation",
    $metadata: { httpStatusCode: 412 },
  });
});

test("latency holds every call up", async () => {
  const sandbox = await startTestSandbox(undefined, { latencyMs: 120 });
  const start = performance.now();
  await clients(sandbox).sts.send(new GetCallerIdentityCommand({}));
  expect(performance.now() - start).toBeGreaterThan(110);
});

test("with throttling a burst is cut, and the bucket refills with time", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const clock = readClock(() => now);
  const sandbox = await startTestSandbox(undefined, { throttle: true, clock });
  const { ec2 } = clients(sandbox);
  const all = () => ec2.send(new DescribeVpcsCommand({}));
  for (let call = 0; call < 50; call += 1) await all();
  await expect(all()).rejects.toMatchObject({ name: "RequestLimitExceeded", $metadata: { httpStatusCode: 503 } });
  await ec2.send(new DescribeVpcsCommand({ MaxResults: 10 }));
  now += 1000;
  await all();
});

test("the slow clock counts seconds, the other one reads", () => {
  let now = 0;
  const slow = slowClock(() => now);
  const minute = slow.settle(60);
  expect(slow.look(minute)).toBe(false);
  now = 6000;
  expect(slow.look(minute)).toBe(true);
  const reads = readClock();
  const long = reads.settle(60);
  expect([reads.look(long), reads.look(long), reads.look(long)]).toEqual([false, false, true]);
  expect(reads.look(reads.settle(3))).toBe(true);
});
