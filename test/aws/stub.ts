import { onTestFinished } from "vitest";
import { type Aws, openAws } from "../../src/aws/aws.ts";
import { openReads, type Reads } from "../../src/aws/reads.ts";
import type { Wanted } from "../../src/model.ts";

/** One call that reached the stub: the command's name without `Command`, and its input. */
export interface Call {
  readonly command: string;
  readonly input: { readonly [name: string]: unknown };
}

/** What AWS answers to a call; throw what AWS would refuse with. */
export type Answer = (call: Call) => object;

/** Reads on the SDK's own clients and paginators, with an AWS that is one function: for what the sandbox is too small for. */
export function stubReads(
  answer: Answer,
  wanted: Partial<Wanted> = {},
): { readonly reads: Reads; readonly calls: Call[] } {
  const calls: Call[] = [];
  const aws = openAws({
    target: "net",
    region: "us-east-1",
    credentials: { accessKeyId: "111111111111", secretAccessKey: "any" },
  });
  onTestFinished(() => aws.close());
  for (const client of [aws.ec2, aws.elbv2, aws.route53, aws.sts] as unknown as Stubbed[]) {
    client.middlewareStack.add(
      (_next, context) => async (args) => {
        const call = { command: (context.commandName ?? "").replace(/Command$/, ""), input: { ...args.input } };
        calls.push(call);
        // Calls that are under way together are answered later than they were asked.
        await new Promise((done) => setImmediate(done));
        return { output: { $metadata: {}, ...answer(call) }, response: {} };
      },
      { step: "initialize", name: "stub", priority: "low" },
    );
  }
  return {
    calls,
    reads: openReads(aws satisfies Aws, { project: "acme", target: "net", wanted: { ...nothing, ...wanted } }),
  };
}

interface Stubbed {
  readonly middlewareStack: {
    add(
      middleware: (
        next: unknown,
        context: { readonly commandName?: string },
      ) => (args: { readonly input: Call["input"] }) => Promise<{ output: object; response: object }>,
      options: object,
    ): void;
  };
}

/** A refusal as the SDK throws it. */
export const refusal = (code: string): Error =>
  Object.assign(new Error(`AWS says ${code}`), { name: code, Code: code });

const nothing: Wanted = {
  subnetIds: [],
  loadBalancerNames: [],
  targetGroupNames: [],
  targetGroupsWithTargets: [],
  listenersWithIdleTimeout: [],
  elbAddresses: [],
  nearLimits: false,
  securityGroupNames: [],
  loadBalancerArns: [],
  services: [],
  zoneIds: [],
  records: [],
  provides: true,
  consumes: true,
};
