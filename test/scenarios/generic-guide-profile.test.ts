import { CreateVpcEndpointCommand } from "@aws-sdk/client-ec2";
import { beforeAll, describe, expect, test } from "vitest";
import { handoff } from "../../src/commands/handoff.ts";
import { readClock } from "../../src/sandbox/clock.ts";
import { asking } from "./asking.ts";
import { seed } from "./guide/walk.ts";
import { CONSUMER, GUIDE_DAY } from "./guide/world.ts";
import { openStage, type Stage } from "./harness.ts";

/** What the guide says in words, beside its commands: the generic profiles know it, one for each side. */
const SPEC = "specs/my-api.yaml";

/** Another consumer of the service, which knows no more of it than its name. */
const reader = (service: string): string => `apiVersion: landline/v1
kind: Connection
metadata: { name: reader, owner: team-reader }
partner: { profile: generic-consumer, params: { ports: [443], service_name: ${service} } }
endpoints:
  - target: consumer
    vpc: vpc-0b1b2c3d4e5f60001
    subnets: [subnet-0b1b2c3d4e5f60001, subnet-0b1b2c3d4e5f60002]
    securityGroup: { ingress: [{ ports: 443, from: sg-0b1b2c3d4e5f60002 }] }
`;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ fixture: "generic-guide", seed, clock: readClock(() => GUIDE_DAY) });
  for (const name of ["event-stream", "ledger", "payments-api"]) stage.remove(`specs/${name}.yaml`);
  const first = await stage.apply({ parallel: 1 });
  expect(first.exit, first.err).toBe(0);
  stage.write("specs/reader.yaml", reader(String((await stage.live("my-api/service")).outputs.serviceName)));
  const second = await stage.apply({ parallel: 1 });
  expect(second.exit, second.err).toBe(0);
  return () => stage.close();
});

const said = async (name: string, step: string): Promise<string> =>
  (await asking(stage, (options, io) => handoff({ ...options, name, step, format: "text" }, io))).out;

/** What the profile of the provider's side says of the plan. */
const warned = async (): Promise<string[]> =>
  (await stage.plan()).plan.findings
    .filter(({ connection, severity }) => connection === "my-api" && severity === "warning")
    .map(({ id }) => id);

describe("the provider's side", () => {
  test("R119 is told whose addresses its targets see", async () => {
    const text = await said("my-api", "use");
    expect(text).toContain("the load balancer's private addresses, not the consumer's");
    expect(text).toContain("proxyProtocolV2");
  });

  test("R108 R139 sees who asks, from which account, and accepts nobody by itself", async () => {
    const { outputs } = await stage.live("my-api/service");
    const { VpcEndpoint } = await stage.as(CONSUMER).ec2.send(
      new CreateVpcEndpointCommand({
        VpcEndpointType: "Interface",
        VpcId: "vpc-0b1b2c3d4e5f60001",
        ServiceName: String(outputs.serviceName),
        SubnetIds: ["subnet-0b1b2c3d4e5f60001"],
        SecurityGroupIds: ["sg-0b1b2c3d4e5f60001"],
      }),
    );
    const id = String(VpcEndpoint?.VpcEndpointId);
    await stage.plan();
    const { plan } = await stage.plan();
    const request = plan.findings.find((one) => one.id === "connection.unexpected" && one.message.includes(id));
    expect(request?.message).toContain(`of account ${CONSUMER}`);
    expect(await said("my-api", "approve")).toContain(`- { endpoint: ${id}, reason:`);
    expect(plan.changes).toEqual([]);
  });

  test("R099 is warned of one zone alone", async () => {
    expect(await warned()).not.toContain("generic.zones");
    stage.edit(SPEC, "subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002", "subnet-0a1b2c3d4e5f60001");
    expect(await warned()).toContain("generic.zones");
    stage.edit(SPEC, "[subnet-0a1b2c3d4e5f60001]", "[subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]");
  });
});

describe("the consumer's side", () => {
  test("R121 is told where to see its traffic, with the dimension as AWS spells it", async () => {
    const { id } = await stage.live("reader/endpoint/main");
    expect(await said("reader", "monitor")).toContain(
      `--namespace AWS/PrivateLinkEndpoints --metric-name BytesProcessed --dimensions 'Name=VPC Endpoint Id,Value=${id}'`,
    );
  });

  test("R107 R148 waits for the provider with an endpoint that is there", async () => {
    const { id, state } = await stage.live("reader/endpoint/main");
    expect(state?.toLowerCase()).toBe("pendingacceptance");
    const { plan } = await stage.plan();
    const waits = plan.waits.filter(({ connection, on }) => connection === "reader" && on === "partner");
    expect(waits.map((wait) => wait.for)).toEqual([expect.stringContaining(`to accept ${id}`)]);
    expect(await said("reader", "accept")).toContain(`--vpc-endpoint-ids ${id}`);
    // It knows the service by its name alone, as a stranger does: whoever owns the service is told, and nobody accepts it by itself.
    const asks = plan.findings.filter(
      (finding) => finding.id === "connection.unexpected" && finding.message.includes(id),
    );
    expect(asks.map(({ connection }) => connection)).toEqual(["my-api"]);
    expect(plan.changes).toEqual([]);
  });
});
