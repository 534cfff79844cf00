import { CreateTagsCommand, DescribeVpcEndpointServicePermissionsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { allowlistKind as kind } from "../../src/kinds/allowlist.ts";
import { endpointServiceKind } from "../../src/kinds/endpoint-service.ts";
import { addFaults, loggedRequests } from "../sandbox/helper.ts";
import { expectAttributes, settle, startBench } from "./harness.ts";
import { allow, lostAnswers, makeService, wantedAllowlist } from "./provider.ts";

const [two, three] = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:role/Consumer"];

describe("allowlist", () => {
  test("made, changed, emptied", async () => {
    const bench = await startBench();
    const { id } = await makeService(bench);
    const wanted = wantedAllowlist(id, [two]);
    expect(await kind.seek(bench.reads(), wanted)).toBeUndefined();
    expect(await kind.create(bench.aws, wanted, "token")).toBe(id);
    const live = await settle(kind, bench, wanted, id);
    expectAttributes(live, wanted.attributes);
    expect((await kind.list(bench.reads())).live).toEqual([live]);
    expect(await kind.seek(bench.reads(), wanted)).toEqual({ live });
    for (const principals of [[two, three], [three], ["*"], [two]]) {
      const next = wantedAllowlist(id, principals);
      await kind.update(bench.aws, live, next, new Set(["principals"]));
      expectAttributes(await settle(kind, bench, next, id), next.attributes);
    }
    await kind.remove(bench.aws, live);
    expect((await settle(kind, bench, wanted, id)).attributes.principals).toEqual([]);
    await kind.remove(bench.aws, live);
  });

  test("one call takes and gives, none is made when nothing differs", async () => {
    const bench = await startBench();
    const { id } = await makeService(bench);
    await kind.create(bench.aws, wantedAllowlist(id, [two]), "token");
    const since = (await loggedRequests(bench.sandbox)).length;
    await kind.create(bench.aws, wantedAllowlist(id, [three]), "token");
    await kind.create(bench.aws, wantedAllowlist(id, [three]), "token");
    const actions = (await loggedRequests(bench.sandbox, since)).map(({ action }) => action);
    expect(actions.filter((action) => action.startsWith("Modify"))).toHaveLength(1);
  });

  test("a lost answer leaves one entry", async () => {
    const bench = await startBench();
    const { id: ServiceId } = await makeService(bench);
    await addFaults(bench.sandbox, { action: "ModifyVpcEndpointServicePermissions", effect: "drop-after" });
    await kind.create(bench.aws, wantedAllowlist(ServiceId, [two]), "token");
    expect(await lostAnswers(bench)).toEqual(["ModifyVpcEndpointServicePermissions"]);
    const { AllowedPrincipals } = await bench.aws.ec2.send(
      new DescribeVpcEndpointServicePermissionsCommand({ ServiceId }),
    );
    expect(AllowedPrincipals?.map(({ Principal }) => Principal)).toEqual([two]);
  });

  test("it is gone with its service", async () => {
    const bench = await startBench();
    const service = await makeService(bench);
    const wanted = wantedAllowlist(service.id, [two]);
    await kind.create(bench.aws, wanted, "token");
    const live = await settle(kind, bench, wanted, service.id);
    await endpointServiceKind.remove(bench.aws, service);
    for (let reads = 0; reads < 5; reads++) await endpointServiceKind.look(bench.reads(), service);
    expect(await kind.look(bench.reads(), live)).toBeUndefined();
    expect((await kind.list(bench.reads())).live).toEqual([]);
    await kind.remove(bench.aws, live);
  });

  test("what somebody allowed by hand is seen; the service protects its list", async () => {
    const bench = await startBench();
    const { id } = await makeService(bench);
    await allow(bench, id, "444444444444");
    const Tags = [{ Key: "landline:protect", Value: "true" }];
    await bench.aws.ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
    const [live] = (await kind.list(bench.reads())).live;
    expect(live?.attributes.principals).toEqual(["arn:aws:iam::444444444444:root"]);
    expect(live?.protect).toBe(true);
    expect(await kind.look(bench.reads(), { ...wantedAllowlist(id, []), id })).toEqual(live);
  });
});
