import {
  CreateVpcEndpointCommand,
  type CreateVpcEndpointCommandInput,
  CreateVpcEndpointServiceConfigurationCommand,
  type CreateVpcEndpointServiceConfigurationCommandInput,
  DescribeVpcEndpointsCommand,
  EC2Client,
  ModifyVpcEndpointServicePermissionsCommand,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";
import {
  CreateLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
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

/** The subnets of `twoAccounts`: two zones that both accounts share, and a third that only the consumer has. */
export const subnets = {
  provider: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
  consumer: ["subnet-0b1b2c3d4e5f60001", "subnet-0b1b2c3d4e5f60002"],
  consumerElsewhere: "subnet-0b1b2c3d4e5f60003",
};

/** Makes a Network Load Balancer and waits until it is active; answers with its ARN. */
export async function activeLoadBalancer(
  sandbox: { url: string },
  name = "payments",
  Subnets: string[] = subnets.provider,
): Promise<string> {
  const { elbv2 } = clients(sandbox);
  const made = await elbv2.send(
    new CreateLoadBalancerCommand({ Name: name, Type: "network", Scheme: "internal", Subnets }),
  );
  const arn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  for (let reads = 0; reads < 5; reads += 1) {
    const seen = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
    if (seen.LoadBalancers?.[0]?.State?.Code === "active") return arn;
  }
  throw new Error(`${name} did not become active`);
}

/** Makes an endpoint service on a load balancer of its own, open to the consumer's account; answers with its id and name. */
export async function endpointService(
  sandbox: { url: string },
  input: CreateVpcEndpointServiceConfigurationCommandInput = {},
): Promise<{ ServiceId: string; ServiceName: string; loadBalancer: string }> {
  const { ec2 } = clients(sandbox);
  const loadBalancer = await activeLoadBalancer(sandbox);
  const made = await ec2.send(
    new CreateVpcEndpointServiceConfigurationCommand({ NetworkLoadBalancerArns: [loadBalancer], ...input }),
  );
  const { ServiceId = "", ServiceName = "" } = made.ServiceConfiguration ?? {};
  await ec2.send(
    new ModifyVpcEndpointServicePermissionsCommand({
      ServiceId,
      AddAllowedPrincipals: [`arn:aws:iam::${consumer}:root`],
    }),
  );
  return { ServiceId, ServiceName, loadBalancer };
}

/** Makes the consumer's endpoint to a service; answers with what AWS answers. */
export async function endpoint(
  sandbox: { url: string },
  ServiceName: string,
  input: Partial<CreateVpcEndpointCommandInput> = {},
): Promise<VpcEndpoint & { VpcEndpointId: string }> {
  const made = await clients(sandbox, consumer).ec2.send(
    new CreateVpcEndpointCommand({
      VpcEndpointType: "Interface",
      VpcId: "vpc-0b1b2c3d4e5f60001",
      ServiceName,
      SubnetIds: subnets.consumer,
      SecurityGroupIds: ["sg-0b1b2c3d4e5f60004"],
      ...input,
    }),
  );
  return { ...made.VpcEndpoint, VpcEndpointId: made.VpcEndpoint?.VpcEndpointId ?? "" };
}

/** The endpoint as its owner sees it now; undefined when it is gone. */
export async function seenEndpoint(sandbox: { url: string }, id: string): Promise<VpcEndpoint | undefined> {
  const Filters = [{ Name: "vpc-endpoint-id", Values: [id] }];
  const seen = await clients(sandbox, consumer).ec2.send(new DescribeVpcEndpointsCommand({ Filters }));
  return seen.VpcEndpoints?.[0];
}

/** The states that an endpoint shows over so many reads; undefined once it is gone. */
export async function statesOf(sandbox: { url: string }, id: string, reads: number): Promise<(string | undefined)[]> {
  const states: (string | undefined)[] = [];
  for (let at = 0; at < reads; at += 1) states.push((await seenEndpoint(sandbox, id))?.State);
  return states;
}
