import { onTestFinished } from "vitest";
import { parse } from "yaml";
import type { Access } from "../../src/aws/aws.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { provider, startTestSandbox, twoAccounts } from "../sandbox/helper.ts";

/** The provider's account with a role that may do exactly this, and how to call as that role. */
export async function roleThatMay(Action: readonly string[]): Promise<{ sandbox: Sandbox; access: Access }> {
  const seed = parse(twoAccounts);
  seed.accounts[provider].roles = {
    tried: { policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] } },
  };
  const sandbox = await startTestSandbox(JSON.stringify(seed));
  return { sandbox, access: accessTo(sandbox, `arn:aws:iam::${provider}:role/tried`) };
}

export const accessTo = (sandbox: { url: string }, arn?: string): Access => ({
  target: "net",
  region: "us-east-1",
  endpoint: sandbox.url,
  credentials: { accessKeyId: provider, secretAccessKey: "any" },
  ...(arn === undefined ? {} : { role: { arn } }),
});

/** Closes a door at the end of the running test. */
export function closing<T extends { close(): void }>(door: T): T {
  onTestFinished(() => door.close());
  return door;
}
