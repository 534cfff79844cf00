import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { loggedRequests } from "../sandbox/helper.ts";
import { needs } from "./guide/needs.ts";
import { CONSUMER, guideWorld, PROVIDER } from "./guide/world.ts";

const run = promisify(execFile);
const configuration = fileURLToPath(new URL("./fixtures/terraform/main.tf", import.meta.url));

/** The folder that holds registry.terraform.io/hashicorp/aws/5.100.0: the provider is too large to be fetched for a test. */
const mirror = process.env.TERRAFORM_MIRROR;

/** Terraform's provider waits by the wall clock, about four minutes in all. */
const timeout = 900_000;

test("Terraform makes both sides of a connection, finds nothing to change, and takes it all away", {
  timeout,
}, async (context) => {
  needs(mirror !== undefined, context, "TERRAFORM_MIRROR does not name a folder with Terraform's AWS provider 5.100.0");
  needs(await hasTerraform(), context, "no terraform on the PATH");
  const sandbox = await startSandbox({ seed: guideWorld });
  onTestFinished(() => sandbox.close());
  const terraform = workspace(sandbox.url, mirror ?? "");
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

async function hasTerraform(): Promise<boolean> {
  try {
    await run("terraform", ["version"]);
    return true;
  } catch {
    return false;
  }
}

/** Terraform in a folder of its own, which asks nobody but the mirror and the sandbox. Answers with what a command printed. */
function workspace(endpoint: string, providers: string): (...argv: string[]) => Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "landline-terraform-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(configuration, join(folder, "main.tf"));
  const cliConfig = join(folder, "terraformrc");
  writeFileSync(cliConfig, `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(providers)} }\n}\n`);
  const env = { PATH: process.env.PATH, HOME: folder, TF_CLI_CONFIG_FILE: cliConfig, CHECKPOINT_DISABLE: "1" };
  return async (...argv) => {
    const { stdout } = await run("terraform", [...argv, "-no-color", "-input=false"], {
      cwd: folder,
      env: { ...env, TF_VAR_endpoint: endpoint },
    });
    return stdout;
  };
}

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
