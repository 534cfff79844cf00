import { expect, test } from "vitest";
import { ownedServices } from "../../src/aws/services.ts";
import { startBench } from "../kinds/harness.ts";
import { makeService, serviceAddress } from "../kinds/provider.ts";
import { loggedRequests } from "../sandbox/helper.ts";

test("a run limited to more connections than EC2 takes filter values asks in several calls and finds each object once", async () => {
  const bench = await startBench();
  await makeService(bench);
  const before = (await loggedRequests(bench.sandbox)).length;
  const others = Array.from({ length: 399 }, (_, index) => `conn-${index}`);
  const services = await ownedServices(bench.reads({ connections: [...others, "payments-api"] }));
  expect(services.map(({ owner }) => owner.address)).toEqual([serviceAddress]);
  const calls = await loggedRequests(bench.sandbox, before);
  // One value is the project's, so 199 names fit into a call.
  expect(calls.map(({ action, status }) => `${action} ${status}`)).toEqual(
    Array(3).fill("DescribeVpcEndpointServiceConfigurations 200"),
  );
});
