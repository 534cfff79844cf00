import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whether the AWS CLI can be run here. */
export async function hasAwsCli(): Promise<boolean> {
  try {
    await run("aws", ["--version"]);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs one AWS CLI command for an account against an endpoint, untouched by the configuration of this machine.
 * Answers with the parsed output; undefined when there is none.
 * @throws Error with what the CLI printed when it fails
 */
export async function awsCli(endpoint: string, account: string, argv: readonly string[]): Promise<unknown> {
  const { stdout } = await run("aws", argv, { env: { ...ownEnvironment(), ...sandboxEnvironment(endpoint, account) } });
  return stdout.trim() === "" ? undefined : JSON.parse(stdout);
}

/** This process's environment without what would lead the CLI elsewhere. */
function ownEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^AWS_|_proxy$/i.test(name)));
}

function sandboxEnvironment(endpoint: string, account: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: "sandbox",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_DEFAULT_OUTPUT: "json",
    AWS_PAGER: "",
    AWS_MAX_ATTEMPTS: "1",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
