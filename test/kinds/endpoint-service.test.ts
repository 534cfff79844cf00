import { CreateTagsCommand, DescribeVpcEndpointServiceConfigurationsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { endpointServiceKind as kind } from "../../src/kinds/endpoint-service.ts";
import { StaleTokenError } from "../../src/kinds/kind.ts";
import { addFaults, consumer, loggedRequests, twoAccounts } from "../sandbox/helper.ts";
import { benchOf, expectAttributes, ownTags, settle, startBench } from "./harness.ts";
import {
  serviceAddress as address,
  allow,
  lostAnswers,
  makeEndpoint,
  makeLoadBalancer,
  makeService,
  permittedRoundTrip,
  wantedService,
  withIpv6,
} from "./provider.ts";

describe("endpoint-service", () => {
  test("made, changed in every way, removed", async () => {
    const bench = await startBench();
    const [first, second] = [await makeLoadBalancer(bench), await makeLoadBalancer(bench, "payments-b")];
    await permittedRoundTrip(kind, bench, wantedService([first]), [
      { acceptanceRequired: false },
      { loadBalancerArns: [first, second].sort() },
      { loadBalancerArns: [second], privateDnsName: "api.example.com" },
      { loadBalancerArns: [first], privateDnsName: null },
      { supportedRegions: ["eu-west-1", "us-west-2"] },
      { supportedRegions: ["us-west-2"] },
      { supportedRegions: [], tags: ownTags(address, { "landline:protect": "true", "cost-center": "other" }) },
      { tags: ownTags(address) },
    ]);
  });

  test("IP address types come and go", async () => {
    const bench = await startBench(withIpv6(twoAccounts));
    const wanted = wantedService([await makeLoadBalancer(bench, "payments", "dualstack")]);
    await permittedRoundTrip(kind, bench, wanted, [{ ipAddressTypes: ["ipv4", "ipv6"] }, { ipAddressTypes: ["ipv4"] }]);
  });

  test("everything at creation", async () => {
    const bench = await startBench();
    const service = await makeService(bench, {
      acceptanceRequired: false,
      privateDnsName: "api.example.com",
      supportedRegions: ["eu-west-1"],
    });
    const { serviceId = "", serviceName, privateDnsRecordName, privateDnsRecordValue } = service.outputs;
    expect(service.attributes).toMatchObject({
      acceptanceRequired: false,
      privateDnsName: "api.example.com",
      supportedRegions: ["eu-west-1"],
    });
    expect(serviceId).toBe(service.id);
    expect(serviceName).toBe(`com.amazonaws.vpce.us-east-1.${service.id}`);
    expect(privateDnsRecordName).toMatch(/^_[^.]+\.api\.example\.com$/);
    expect(privateDnsRecordValue).toMatch(/^vpce:/);
  });

  test("all changes of one service go in one call, tags apart", async () => {
    const bench = await startBench();
    const service = await makeService(bench);
    const next = wantedService([await makeLoadBalancer(bench, "payments-b")], {
      acceptanceRequired: false,
      privateDnsName: "api.example.com",
      supportedRegions: ["eu-west-1"],
    });
    const since = (await loggedRequests(bench.sandbox)).length;
    const touched = new Set(["loadBalancerArns", "acceptanceRequired", "privateDnsName", "supportedRegions"]);
    await kind.update(bench.aws, service, next, touched);
    const actions = (await loggedRequests(bench.sandbox, since)).map(({ action }) => action);
    expect(actions).toEqual(["ModifyVpcEndpointServiceConfiguration"]);
    expectAttributes(await settle(kind, bench, next, service.id), next.attributes);
  });

  test("foreign tags stay", async () => {
    const bench = await startBench();
    const { id } = await makeService(bench);
    const wanted = wantedService([]);
    const Tags = [
      { Key: "owner", Value: "somebody" },
      { Key: "landline:protect", Value: "true" },
    ];
    await bench.aws.ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
    const live = await settle(kind, bench, wanted, id);
    expect(live.protect).toBe(true);
    await kind.update(bench.aws, live, wanted, new Set(["tags.landline:protect"]));
    const after = await settle(kind, bench, wanted, id);
    expect(after.attributes.tags).toEqual(ownTags(address, { owner: "somebody" }));
    expect(after.protect).toBe(false);
  });

  test("a lost answer to the create leaves one service", async () => {
    const bench = await startBench();
    const wanted = wantedService([await makeLoadBalancer(bench)]);
    await addFaults(bench.sandbox, { action: "CreateVpcEndpointServiceConfiguration", effect: "drop-after" });
    const id = await kind.create(bench.aws, wanted, "token");
    expect(await lostAnswers(bench)).toEqual(["CreateVpcEndpointServiceConfiguration"]);
    expectAttributes(await settle(kind, bench, wanted, id), wanted.attributes);
    expect((await kind.list(bench.reads())).live).toHaveLength(1);
    expect(await kind.create(bench.aws, wanted, "token")).toBe(id);
  });

  test("a token whose service has been deleted since is refused", async () => {
    const bench = await startBench();
    const wanted = wantedService([await makeLoadBalancer(bench)]);
    const id = await kind.create(bench.aws, wanted, "token");
    await kind.remove(bench.aws, await settle(kind, bench, wanted, id));
    await expect(kind.create(bench.aws, wanted, "token")).rejects.toBeInstanceOf(StaleTokenError);
    expect(await kind.create(bench.aws, wanted, "another")).not.toBe(id);
  });

  test("connections keep it, and the error says whose", async () => {
    const bench = await startBench();
    const theirs = benchOf(bench.sandbox, consumer);
    const service = await makeService(bench);
    await allow(bench, service.id, consumer);
    const endpoint = await makeEndpoint(theirs, service.outputs.serviceName ?? "");
    await expect(kind.remove(bench.aws, service)).rejects.toMatchObject({
      Code: "ExistingVpcEndpointConnections",
      message: expect.stringContaining(`${endpoint} of account ${consumer}, pendingacceptance`),
    });
    const { ServiceConfigurations } = await bench.aws.ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({}));
    expect(ServiceConfigurations).toHaveLength(1);
  });

  test("what belongs to another project is not listed", async () => {
    const bench = await startBench();
    await makeService(bench, { tags: ownTags(address, { "landline:project": "other" }) });
    expect((await kind.list(bench.reads())).live).toEqual([]);
  });

  test("--only reads its own connections and skips a side that is not asked for", async () => {
    const bench = await startBench();
    await makeService(bench);
    const listed = async (more: object) => (await kind.list(bench.reads(more))).live.map((live) => live.address);
    expect(await listed({ connections: ["payments-api"] })).toEqual([address]);
    expect(await listed({ connections: ["orders"] })).toEqual([]);
    expect(await listed({ connections: ["payments-api"], provides: false })).toEqual([]);
    expect(await listed({ provides: false })).toEqual([address]);
  });
});
