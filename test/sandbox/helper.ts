import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Route53Client } from "@aws-sdk/client-route-53";
import { STSClient } from "@aws-sdk/client-sts";
import { onTestFinished } from "vitest";
import type { LoggedRequest } from "../../src/sandbox/requests.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/server.ts";

/** The provider's account of `twoAccounts`. */
export const provider = "111111111111";
/** The consumer's account of `twoAccounts`. */
export const consumer = "222222222222";

/** Two accounts in us-east-1, each with a VPC on the same two physical zones under different names. */
export const twoAccounts = `
accounts:
  "${provider}":
    regions:
      us-east-1:
        vpcs:
          - id: vpc-0a1b2c3d4e5f60001
            cidr: 10.0.0.0/16
            subnets:
              - {id: subnet-0a1b2c3d4e5f60001, az: us-east-1a, azId: use1-az4, cidr: 10.0.0.0/20}
              - {id: subnet-0a1b2c3d4e5f60002, az: us-east-1b, azId: use1-az6, cidr: 10.0.16.0/20}
            securityGroups:
              - {id: sg-0a1b2c3d4e5f60004, name: app}
    hostedZones:
      - {id: Z0PUBLIC000000000001, name: example.com}
  "${consumer}":
    regions:
      us-east-1:
        vpcs:
          - id: vpc-0b1b2c3d4e5f60001
            cidr: 10.1.0.0/16
            subnets:
              - {id: subnet-0b1b2c3d4e5f60001, az: us-east-1c, azId: use1-az4, cidr: 10.1.0.0/20}
              - {id: subnet-0b1b2c3d4e5f60002, az: us-east-1d, azId: use1-az6, cidr: 10.1.16.0/20}
              - {id: subnet-0b1b2c3d4e5f60003, az: us-east-1e, azId: use1-az1, cidr: 10.1.32.0/20}
            securityGroups:
              - {id: sg-0b1b2c3d4e5f60004, name: clients}
    hostedZones:
      - {id: Z0PRIVATE00000000001, name: internal.example.com, vpcs: [vpc-0b1b2c3d4e5f60001]}
`;

/** A sandbox that lives as long as the running test. */
export async function startTestSandbox(seed: string = twoAccounts, options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ seed, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** SDK clients that act for an account in a Region and never retry by themselves. */
export function clients(sandbox: { url: string }, account: string = provider, region = "us-east-1") {
  return clientsWith(sandbox, { accessKeyId: account, secretAccessKey: "any" }, region);
}

/** SDK clients with the given credentials; `attempts` counts the first one too. */
export function clientsWith(
  sandbox: { url: string },
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
  region = "us-east-1",
  attempts = 1,
) {
  const config = { endpoint: sandbox.url, region, credentials, maxAttempts: attempts };
  return {
    ec2: new EC2Client(config),
    elbv2: new ElasticLoadBalancingV2Client(config),
    route53: new Route53Client(config),
    sts: new STSClient(config),
  };
}

/** The calls that the sandbox logged after number `since`. */
export async function loggedRequests(sandbox: { url: string }, since = 0): Promise<LoggedRequest[]> {
  const response = await fetch(`${sandbox.url}/_sandbox/requests?since=${since}`);
  return (await response.json()) as LoggedRequest[];
}

/** Adds faults to the sandbox. */
export async function addFaults(sandbox: { url: string }, ...faults: object[]): Promise<void> {
  await fetch(`${sandbox.url}/_sandbox/faults`, { method: "POST", body: JSON.stringify(faults) });
}
