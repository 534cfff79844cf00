import { DescribeVpcEndpointConnectionsCommand, RejectVpcEndpointConnectionsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { acceptanceKind as kind } from "../../src/kinds/acceptance.ts";
import { NotYetError } from "../../src/kinds/kind.ts";
import { addFaults, consumer, loggedRequests } from "../sandbox/helper.ts";
import { type Bench, benchOf, expectAttributes, resolved, settle, startBench } from "./harness.ts";
import { allow, lostAnswers, makeEndpoint, makeService, serviceAddress } from "./provider.ts";

async function startRequest() {
  const bench = await startBench();
  const service = await makeService(bench);
  await allow(bench, service.id, consumer);
  const theirs = benchOf(bench.sandbox, consumer);
  const endpointId = await makeEndpoint(theirs, service.outputs.serviceName ?? "");
  const address = `${serviceAddress}/acceptance/${endpointId}`;
  const wanted = (decision: string) => resolved("acceptance", address, { serviceId: service.id, endpointId, decision });
  return { bench, theirs, service, endpointId, wanted, id: `${service.id}/${endpointId}` };
}

const stateOf = async ({ aws }: Bench, endpointId: string) => {
  const { VpcEndpointConnections } = await aws.ec2.send(new DescribeVpcEndpointConnectionsCommand({}));
  return VpcEndpointConnections?.find(({ VpcEndpointId }) => VpcEndpointId === endpointId)?.VpcEndpointState;
};

describe("acceptance", () => {
  test("a request is none yet; accepted, it is listed; rejected, it is cut", async () => {
    const { bench, wanted, id } = await startRequest();
    const accepted = wanted("accepted");
    expect((await kind.list(bench.reads())).live).toEqual([]);
    expect(await kind.seek(bench.reads(), accepted)).toBeUndefined();
    const asked = await kind.look(bench.reads(), { ...accepted, id });
    expect(asked).toMatchObject({ state: "pendingacceptance", attributes: { decision: "pending" } });
    expect(asked && kind.progress(asked)).toEqual({ is: "moving", state: "pendingacceptance" });

    expect(await kind.create(bench.aws, accepted, "token")).toBe(id);
    const live = await settle(kind, bench, accepted, id);
    expectAttributes(live, accepted.attributes);
    expect(live.state).toBe("available");
    expect((await kind.list(bench.reads())).live).toEqual([live]);
    expect(await kind.seek(bench.reads(), accepted)).toEqual({ live });

    await kind.update(bench.aws, live, wanted("rejected"), new Set(["decision"]));
    const cut = await settle(kind, bench, accepted, id);
    expectAttributes(cut, wanted("rejected").attributes);
    expect((await kind.list(bench.reads())).live).toEqual([cut]);
    expect(kind.progress(cut)).toEqual({ is: "ready" });
  });

  test("a request is rejected outright", async () => {
    const { bench, wanted, id } = await startRequest();
    await kind.create(bench.aws, wanted("rejected"), "token");
    expectAttributes(await settle(kind, bench, wanted("rejected"), id), wanted("rejected").attributes);
  });

  test.each(["accepted", "rejected"])("a lost answer to %s is no failure", async (decision) => {
    const { bench, wanted, id } = await startRequest();
    await addFaults(bench.sandbox, { action: "*VpcEndpointConnections", skip: 1, effect: "drop-after" });
    await kind.create(bench.aws, wanted(decision), "token");
    expect(await lostAnswers(bench)).toEqual([
      decision === "accepted" ? "AcceptVpcEndpointConnections" : "RejectVpcEndpointConnections",
    ]);
    expectAttributes(await settle(kind, bench, wanted(decision), id), wanted(decision).attributes);
  });

  test("what is decided already is not decided again", async () => {
    const { bench, wanted, id } = await startRequest();
    await kind.create(bench.aws, wanted("accepted"), "token");
    await settle(kind, bench, wanted("accepted"), id);
    const since = (await loggedRequests(bench.sandbox)).length;
    await kind.create(bench.aws, wanted("accepted"), "token");
    const actions = (await loggedRequests(bench.sandbox, since)).map(({ action }) => action);
    expect(actions).toEqual(["DescribeVpcEndpointConnections"]);
  });

  test("a request that AWS does not show yet asks for patience", async () => {
    const { bench, service } = await startRequest();
    const endpointId = "vpce-0123456789abcdef0";
    const early = resolved("acceptance", "a/b", { serviceId: service.id, endpointId, decision: "accepted" });
    await expect(kind.create(bench.aws, early, "token")).rejects.toBeInstanceOf(NotYetError);
    expect(await kind.seek(bench.reads(), early)).toBeUndefined();
    expect(await kind.look(bench.reads(), { ...early, id: `${service.id}/${endpointId}` })).toBeUndefined();
  });

  test("what AWS refuses is an error although it answers 200", async () => {
    const { bench, service, endpointId, wanted } = await startRequest();
    const input = { ServiceId: service.id, VpcEndpointIds: [endpointId] };
    await bench.aws.ec2.send(new RejectVpcEndpointConnectionsCommand(input));
    expect(await stateOf(bench, endpointId)).toBe("rejected");
    await expect(kind.create(bench.aws, wanted("accepted"), "token")).rejects.toHaveProperty("Code");
  });

  test("it is never removed", async () => {
    const { bench, wanted, id, endpointId } = await startRequest();
    await kind.create(bench.aws, wanted("accepted"), "token");
    const live = await settle(kind, bench, wanted("accepted"), id);
    await expect(kind.remove(bench.aws, live)).rejects.toThrow(id);
    expect(await stateOf(bench, endpointId)).toBe("available");
  });

  test("--only asks for the connections of its own services", async () => {
    const { bench, wanted, id } = await startRequest();
    await kind.create(bench.aws, wanted("accepted"), "token");
    await settle(kind, bench, wanted("accepted"), id);
    const listed = async (more: object) => (await kind.list(bench.reads(more))).live.map((live) => live.id);
    expect(await listed({ connections: ["payments-api"] })).toEqual([id]);
    expect(await listed({ connections: ["orders"] })).toEqual([]);
    expect(await listed({ connections: ["payments-api"], provides: false })).toEqual([]);
  });
});
