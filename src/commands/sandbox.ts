import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Io } from "./io.ts";
import { CommandError, EXIT } from "./options.ts";

export interface SandboxCommandOptions {
  readonly port: number;
  readonly seed?: string;
  readonly state?: string;
  readonly latency?: number;
  readonly throttle: boolean;
  readonly slow: boolean;
}

/** `landline sandbox`: serves the embedded AWS until it is told to stop. */
export async function sandbox(options: SandboxCommandOptions, io: Io, stopped: Promise<void>): Promise<number> {
  const { startSandbox } = await import("../sandbox/server.ts");
  const running = await startSandbox({
    port: options.port,
    throttle: options.throttle,
    slow: options.slow,
    ...(options.latency === undefined ? {} : { latencyMs: options.latency }),
    ...(options.seed === undefined ? {} : { seed: readSeed(options.seed, io.cwd), seedName: options.seed }),
    ...(options.state === undefined ? {} : { stateFile: resolve(io.cwd, options.state) }),
    log: (line) => io.err(`${line}\n`),
  });
  const accounts = Object.keys(running.world.accounts);
  const region = regionOf(running.world.accounts[accounts[0] ?? ""]) ?? "us-east-1";
  io.out(
    [
      "# The embedded AWS: for learning and testing, not for production. It serves EC2, ELBv2, Route 53 and STS.",
      "# The access key id is the account that a call acts for.",
      `export AWS_ENDPOINT_URL=${running.url}`,
      `export AWS_ACCESS_KEY_ID=${accounts[0] ?? "111111111111"} AWS_SECRET_ACCESS_KEY=sandbox`,
      // Version 1 of the AWS CLI knows only the second name.
      `export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
      ...(accounts.length > 1 ? [`# other accounts in it: ${accounts.slice(1).join(", ")}`] : []),
      `# its calls: ${running.url}/_sandbox/requests   help: ${running.url}/_sandbox/   stop: Ctrl-C`,
      "",
    ].join("\n"),
  );
  await stopped;
  await running.close();
  return EXIT.done;
}

const regionOf = (account: { readonly regions: object } | undefined): string | undefined =>
  Object.keys(account?.regions ?? {})[0];

function readSeed(path: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, path), "utf8");
  } catch (error) {
    throw new CommandError(
      `the seed ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
