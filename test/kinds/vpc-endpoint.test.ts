import { DescribeVpcEndpointsCommand, RejectVpcEndpointConnectionsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { acceptanceKind } from "../../src/kinds/acceptance.ts";
import { StaleTokenError } from "../../src/kinds/kind.ts";
import { privateDnsKind } from "../../src/kinds/private-dns.ts";
import { vpcEndpointKind as kind } from "../../src/kinds/vpc-endpoint.ts";
import { addFaults, consumer, loggedRequests, twoAccounts } from "../sandbox/helper.ts";
import { benchOf, expectAttributes, ownTags, recordTags, resolved, settle, startBench } from "./harness.ts";
import {
  endpointAddress as address,
  allow,
  lostAnswers,
  makeService,
  permittedRoundTrip,
  wantedEndpoint,
  withIpv6,
} from "./provider.ts";

const seed = withIpv6(twoAccounts).replace(
  "name: clients}",
  "name: clients}\n              - {id: sg-0b1b2c3d4e5f60005, name: more}",
);
const [subnetA, subnetB] = ["subnet-0b1b2c3d4e5f60001", "subnet-0b1b2c3d4e5f60002"];

const onlyOurs = {
  Statement: [{ Action: "*", Effect: "Allow", Principal: { AWS: "arn:aws:iam::222222222222:root" }, Resource: "*" }],
  Version: "2012-10-17",
};

async function startService(acceptanceRequired = false, more: Parameters<typeof makeService>[1] = {}) {
  const theirs = await startBench(seed);
  const service = await makeService(theirs, { acceptanceRequired, ...more });
  await allow(theirs, service.id, consumer);
  const bench = benchOf(theirs.sandbox, consumer);
  return { bench, theirs, service, serviceName: service.outputs.serviceName ?? "" };
}

describe("vpc-endpoint", () => {
  test("made, changed in every way, removed", async () => {
    const { bench, serviceName } = await startService();
    await permittedRoundTrip(kind, bench, wantedEndpoint(serviceName), [
      { subnetIds: [subnetA, subnetB] },
      { subnetIds: [subnetB], securityGroupIds: ["sg-0b1b2c3d4e5f60004", "sg-0b1b2c3d4e5f60005"] },
      { securityGroupIds: ["sg-0b1b2c3d4e5f60005"] },
      { policy: onlyOurs },
      { policy: null },
      { tags: ownTags(address, { "landline:protect": "true", "cost-center": "other" }) },
      { tags: ownTags(address) },
    ]);
  });

  test("private DNS goes on once the service's name is verified, and off again", async () => {
    const { bench, theirs, service, serviceName } = await startService(false, { privateDnsName: "api.example.com" });
    const proof = resolved("private-dns", "payments-api/service/private-dns", {
      serviceId: service.id,
      zoneId: "Z0PUBLIC000000000001",
      name: "api.example.com",
      recordName: service.outputs.privateDnsRecordName ?? "",
      recordValue: service.outputs.privateDnsRecordValue ?? "",
      state: "verified",
      tags: recordTags("payments-api/service/private-dns"),
    });
    await privateDnsKind.create(theirs.aws, proof, "token");
    await settle(privateDnsKind, theirs, proof, service.id);
    const wanted = wantedEndpoint(serviceName, { privateDnsEnabled: true });
    await permittedRoundTrip(kind, bench, wanted, [{ privateDnsEnabled: false }, { privateDnsEnabled: true }]);
  });

  test("IP address types change in place", async () => {
    const { bench, serviceName } = await startService(false, { ipAddressTypes: ["ipv4", "ipv6"] });
    const both = { ipAddressType: "dualstack", dnsRecordIpType: "dualstack" };
    const wanted = wantedEndpoint(serviceName, { ...both, policy: onlyOurs });
    await permittedRoundTrip(kind, bench, wanted, [
      { ipAddressType: "ipv4", dnsRecordIpType: "ipv4" },
      { ipAddressType: "dualstack", dnsRecordIpType: "ipv6" },
      { dnsRecordIpType: "service-defined" },
      both,
    ]);
  });

  test("the name for all zones, whatever AWS lists beside it", async () => {
    const { bench, serviceName, service } = await startService();
    const wanted = wantedEndpoint(serviceName, { subnetIds: [subnetA, subnetB] });
    const id = await kind.create(bench.aws, wanted, "token");
    const { outputs, state, createdAt } = await settle(kind, bench, wanted, id);
    expect(outputs.endpointId).toBe(id);
    expect(outputs.dnsName).toMatch(
      new RegExp(`^${id}-[0-9a-z]+\\.${service.id}\\.us-east-1\\.vpce\\.amazonaws\\.com$`),
    );
    expect(outputs.dnsZoneId).toMatch(/^Z/);
    const zonal = Object.keys(outputs).filter((output) => output.startsWith("zonalDnsName/"));
    expect(zonal.sort()).toEqual(["zonalDnsName/us-east-1c", "zonalDnsName/us-east-1d"]);
    for (const output of zonal) expect(outputs[output]).toContain(`-${output.split("/")[1]}.${service.id}.`);
    expect(state).toBe("available");
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test("all changes of one endpoint go in one call", async () => {
    const { bench, serviceName } = await startService();
    const wanted = wantedEndpoint(serviceName);
    const id = await kind.create(bench.aws, wanted, "token");
    const live = await settle(kind, bench, wanted, id);
    const next = wantedEndpoint(serviceName, {
      subnetIds: [subnetB],
      securityGroupIds: ["sg-0b1b2c3d4e5f60005"],
    });
    const since = (await loggedRequests(bench.sandbox)).length;
    await kind.update(bench.aws, live, next, new Set(["subnetIds", "securityGroupIds"]));
    const actions = (await loggedRequests(bench.sandbox, since)).map(({ action }) => action);
    expect(actions).toEqual(["ModifyVpcEndpoint"]);
    expectAttributes(await settle(kind, bench, next, id), next.attributes);
  });

  test("a modification still under way is waited for", async () => {
    const { bench, serviceName } = await startService();
    const wanted = wantedEndpoint(serviceName);
    const id = await kind.create(bench.aws, wanted, "token");
    const live = await settle(kind, bench, wanted, id);
    const busy = { action: "ModifyVpcEndpoint", effect: "error-before", code: "OperationInProgress", status: 400 };
    await addFaults(bench.sandbox, busy);
    const next = wantedEndpoint(serviceName, { subnetIds: [subnetA, subnetB] });
    await kind.update(bench.aws, live, next, new Set(["subnetIds"]));
    expectAttributes(await settle(kind, bench, next, id), next.attributes);
  });

  test("a request rests until it is accepted", async () => {
    const { bench, theirs, service, serviceName } = await startService(true);
    const wanted = wantedEndpoint(serviceName);
    const id = await kind.create(bench.aws, wanted, "token");
    const resting = await settle(kind, bench, wanted, id);
    expect(kind.progress(resting)).toEqual({ is: "resting" });
    expect(resting.state).toBe("pendingacceptance");
    const decision = { serviceId: service.id, endpointId: id, decision: "accepted" };
    await acceptanceKind.create(theirs.aws, resolved("acceptance", "a/b", decision), "token");
    await expect.poll(async () => (await kind.look(bench.reads(), resting))?.state).toBe("available");
    expectAttributes(await settle(kind, bench, wanted, id), wanted.attributes);
  });

  test("a rejected one is shown, not taken for the one that is wanted", async () => {
    const { bench, theirs, service, serviceName } = await startService(true);
    const wanted = wantedEndpoint(serviceName);
    const id = await kind.create(bench.aws, wanted, "token");
    await settle(kind, bench, wanted, id);
    const input = { ServiceId: service.id, VpcEndpointIds: [id] };
    await theirs.aws.ec2.send(new RejectVpcEndpointConnectionsCommand(input));
    const [live] = (await kind.list(bench.reads())).live;
    expect(live).toMatchObject({ id, state: "rejected" });
    expect(live && kind.progress(live)).toMatchObject({ is: "failed", state: "rejected" });
    expect(await kind.seek(bench.reads(), wanted)).toBeUndefined();
  });

  test("the object that a replacement leaves behind is not taken for the new one", async () => {
    const { bench, serviceName } = await startService();
    await kind.create(bench.aws, wantedEndpoint(serviceName), "token");
    const elsewhere = wantedEndpoint(serviceName, { vpcId: "vpc-0b1b2c3d4e5f60009" });
    expect(await kind.seek(bench.reads(), elsewhere)).toBeUndefined();
  });

  test("a lost answer to the create leaves one endpoint", async () => {
    const { bench, serviceName } = await startService();
    const wanted = wantedEndpoint(serviceName);
    await addFaults(bench.sandbox, { action: "CreateVpcEndpoint", effect: "drop-after" });
    const id = await kind.create(bench.aws, wanted, "token");
    expectAttributes(await settle(kind, bench, wanted, id), wanted.attributes);
    expect(await lostAnswers(bench)).toEqual(["CreateVpcEndpoint"]);
    const { VpcEndpoints } = await bench.aws.ec2.send(new DescribeVpcEndpointsCommand({}));
    expect(VpcEndpoints).toHaveLength(1);
  });

  test("a token whose endpoint has been deleted since is refused", async () => {
    const { bench, serviceName } = await startService();
    const wanted = wantedEndpoint(serviceName);
    const id = await kind.create(bench.aws, wanted, "token");
    await kind.remove(bench.aws, await settle(kind, bench, wanted, id));
    await expect(kind.create(bench.aws, wanted, "token")).rejects.toBeInstanceOf(StaleTokenError);
    expect(await kind.create(bench.aws, wanted, "another")).not.toBe(id);
  });

  test("a service that does not exist for this account: the error says what that can mean", async () => {
    const { bench } = await startService();
    const wanted = wantedEndpoint("com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0");
    await expect(kind.create(bench.aws, wanted, "token")).rejects.toMatchObject({
      Code: "InvalidServiceName",
      message: expect.stringMatching(/not allowed as a principal.*another Region.*no such service/),
    });
  });

  test("--only reads its own connections and skips a side that is not asked for", async () => {
    const { bench, serviceName } = await startService();
    await kind.create(bench.aws, wantedEndpoint(serviceName), "token");
    const listed = async (more: object) => (await kind.list(bench.reads(more))).live.map((live) => live.address);
    expect(await listed({ connections: ["orders"] })).toEqual([address]);
    expect(await listed({ connections: ["payments-api"] })).toEqual([]);
    expect(await listed({ connections: ["orders"], consumes: false })).toEqual([]);
  });
});
