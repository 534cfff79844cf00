import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { onTestFinished, type TestContext } from "vitest";
import { needs } from "./guide/needs.ts";

const run = promisify(execFile);

/** The folder that holds registry.terraform.io/hashicorp/aws/5.100.0: the provider is too large to be fetched for a test. */
const mirror = process.env.TERRAFORM_MIRROR;

/** Both sides of two private connections, as Terraform's own users write them. */
export const configuration = readFileSync(
  fileURLToPath(new URL("./fixtures/terraform/main.tf", import.meta.url)),
  "utf8",
);

/** Runs one command of Terraform and answers with what it printed. */
export type Terraform = (command: "init" | "apply" | "plan" | "destroy" | "show", ...argv: string[]) => Promise<string>;

/** Terraform on this configuration in a folder of its own, which asks nobody but the mirror and the sandbox. Skips the test where it is missing. */
export async function terraformIn(context: TestContext, endpoint: string, text = configuration): Promise<Terraform> {
  needs(mirror !== undefined, context, "TERRAFORM_MIRROR does not name a folder with Terraform's AWS provider 5.100.0");
  needs(await hasTerraform(), context, "no terraform on the PATH");
  const folder = mkdtempSync(join(tmpdir(), "landline-terraform-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "main.tf"), text);
  const cliConfig = join(folder, "terraformrc");
  writeFileSync(cliConfig, `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`);
  const env = { PATH: process.env.PATH, HOME: folder, TF_CLI_CONFIG_FILE: cliConfig, CHECKPOINT_DISABLE: "1" };
  return async (command, ...argv) => {
    const { stdout } = await run(
      "terraform",
      [command, "-no-color", ...(command === "show" ? [] : ["-input=false"]), ...argv],
      { cwd: folder, env: { ...env, TF_VAR_endpoint: endpoint }, maxBuffer: 64 * 1024 * 1024 },
    );
    return stdout;
  };
}

async function hasTerraform(): Promise<boolean> {
  try {
    await run("terraform", ["version"]);
    return true;
  } catch {
    return false;
  }
}
