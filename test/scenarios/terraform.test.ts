import { expect, onTestFinished, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { loggedRequests } from "../sandbox/helper.ts";
import { CONSUMER, guideWorld, PROVIDER } from "./guide/world.ts";
import { terraformIn } from "./terraform.ts";

/** Terraform's provider waits by the wall clock, about four minutes in all. */
const timeout = 900_000;

test("Terraform makes both sides of a connection, finds nothing to change, and takes it all away", {
  timeout,
}, async (context) => {
  const sandbox = await startSandbox({ seed: guideWorld });
  onTestFinished(() => sandbox.close());
  const terraform = await terraformIn(context, sandbox.url);
  await terraform("init");
  await terraform("apply", "-auto-approve");
  expect(counts(sandbox)).toEqual({ loadBalancers: 2, targetGroups: 1, listeners: 1, services: 2, endpoints: 2 });
  // With -detailed-exitcode a plan that has changes fails.
  expect(await terraform("plan", "-detailed-exitcode")).toContain("No changes.");
  await terraform("destroy", "-auto-approve");
  expect(counts(sandbox)).toEqual({ loadBalancers: 0, targetGroups: 0, listeners: 0, services: 0, endpoints: 0 });
  const unknown = (await loggedRequests(sandbox)).filter(({ errorCode }) => errorCode === "InvalidAction");
  expect(unknown.map(({ service, action }) => `${service} ${action}`)).toEqual([]);
});

/** What there is in the sandbox, leaving out what has only not been forgotten yet. */
function counts({ world }: Sandbox) {
  const region = (account: string) => world.accounts[account]?.regions["us-east-1"];
  const provider = region(PROVIDER);
  const services = Object.values(provider?.endpointServices ?? {});
  const endpoints = Object.values(region(CONSUMER)?.vpcEndpoints ?? {});
  return {
    loadBalancers: Object.keys(provider?.loadBalancers ?? {}).length,
    targetGroups: Object.keys(provider?.targetGroups ?? {}).length,
    listeners: Object.keys(provider?.listeners ?? {}).length,
    services: services.filter(({ state }) => state !== "Deleted" && state !== "Deleting").length,
    endpoints: endpoints.filter(({ state }) => state !== "deleted").length,
  };
}
