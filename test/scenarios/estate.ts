import {
  AcceptVpcEndpointConnectionsCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcEndpointCommand,
  type CreateVpcEndpointCommandInput,
  CreateVpcEndpointServiceConfigurationCommand,
  type CreateVpcEndpointServiceConfigurationCommandInput,
  DescribeVpcEndpointServiceConfigurationsCommand,
  DescribeVpcEndpointsCommand,
  ModifyVpcEndpointServicePermissionsCommand,
  StartVpcEndpointServicePrivateDnsVerificationCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  type CreateListenerCommandInput,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DescribeLoadBalancersCommand,
  ModifyLoadBalancerAttributesCommand,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { ChangeResourceRecordSetsCommand, type ResourceRecordSet } from "@aws-sdk/client-route-53";
import { regionalEntry } from "../../src/aws/endpoints.ts";
import { proofRequestOf } from "../../src/aws/services.ts";
import { APPS, NETWORK, PARTNER, type Stage } from "./harness.ts";

/** An estate that somebody made by hand on the world of the `rich` fixture: two services, three endpoints of ours and one of a partner. */

const VPC = "vpc-0a1b2c3d4e5f60001";
const SUBNETS = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
const APP_VPC = "vpc-0b1b2c3d4e5f60001";
const APP_SUBNETS = ["subnet-0b1b2c3d4e5f60001", "subnet-0b1b2c3d4e5f60002"];
export const PUBLIC_ZONE = "Z0PUBLIC000000000001";
export const PRIVATE_ZONE = "Z0PRIVATE00000000001";
export const SHARED_GROUP = "sg-0b1b2c3d4e5f60004";

const root = (account: string): string => `arn:aws:iam::${account}:root`;

export interface MadeEstate {
  readonly payments: string;
  readonly logs: string;
  readonly paymentsEndpoint: string;
  readonly logsEndpoints: readonly [string, string];
  readonly partnersEndpoint: string;
  readonly balancers: readonly [string, string];
}

/** Makes it all by plain SDK calls. */
export async function makeEstate(stage: Stage): Promise<MadeEstate> {
  const paymentsBalancer = await balancer(stage, "payments-nlb", true);
  await listener(stage, paymentsBalancer, "payments-targets", tlsListener, checkedGroup);
  await listener(stage, paymentsBalancer, "payments-admin", { Port: 5432, Protocol: "TCP" }, { Port: 5432 });
  const logsBalancer = await balancer(stage, "logs-nlb", false);
  await listener(stage, logsBalancer, "logs-targets", { Port: 443, Protocol: "TCP" }, { Port: 8443 });
  const payments = await service(stage, [APPS, PARTNER], "Payments API", {
    NetworkLoadBalancerArns: [paymentsBalancer],
    AcceptanceRequired: true,
    PrivateDnsName: "api.example.com",
  });
  await prove(stage, payments.id);
  const logs = await service(stage, [APPS], "Logs", {
    NetworkLoadBalancerArns: [logsBalancer],
    AcceptanceRequired: false,
  });
  const group = await ownGroup(stage);
  const paymentsEndpoint = await endpoint(stage, APPS, payments.name, { SecurityGroupIds: [group] });
  const partnersEndpoint = await endpoint(stage, PARTNER, payments.name, {
    VpcId: "vpc-0c1b2c3d4e5f60001",
    SubnetIds: ["subnet-0c1b2c3d4e5f60001"],
    SecurityGroupIds: ["sg-0c1b2c3d4e5f60001"],
  });
  await stage.as(NETWORK).ec2.send(
    new AcceptVpcEndpointConnectionsCommand({
      ServiceId: payments.id,
      VpcEndpointIds: [paymentsEndpoint, partnersEndpoint],
    }),
  );
  const logsEndpoints = [
    await endpoint(stage, APPS, logs.name, { SubnetIds: APP_SUBNETS.slice(0, 1) }),
    await endpoint(stage, APPS, logs.name, { SubnetIds: APP_SUBNETS.slice(1) }),
  ] as const;
  for (const id of [paymentsEndpoint, ...logsEndpoints]) await available(stage, APPS, id);
  await available(stage, PARTNER, partnersEndpoint);
  await alias(stage, paymentsEndpoint, "payments.apps.internal.example.com");
  await alias(stage, paymentsEndpoint, "*.payments.apps.internal.example.com");
  return {
    payments: payments.id,
    logs: logs.id,
    paymentsEndpoint,
    logsEndpoints,
    partnersEndpoint,
    balancers: [paymentsBalancer, logsBalancer],
  };
}

const tlsListener: Partial<CreateListenerCommandInput> = {
  Port: 443,
  Protocol: "TLS",
  Certificates: [
    { CertificateArn: "arn:aws:acm:us-east-1:111111111111:certificate/b0000000-0000-4000-8000-000000000001" },
  ],
  SslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
  AlpnPolicy: ["HTTP2Preferred"],
};
const checkedGroup: Partial<CreateTargetGroupCommandInput> = {
  Port: 8443,
  Protocol: "TLS",
  HealthCheckProtocol: "HTTPS",
  HealthCheckPort: "8080",
  HealthCheckPath: "/healthy",
  HealthCheckIntervalSeconds: 20,
};

async function balancer({ as }: Stage, Name: string, crossZone: boolean): Promise<string> {
  const { elbv2 } = as(NETWORK);
  const made = await elbv2.send(
    new CreateLoadBalancerCommand({ Name, Type: "network", Scheme: "internal", Subnets: SUBNETS }),
  );
  const LoadBalancerArn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  const Attributes = [{ Key: "load_balancing.cross_zone.enabled", Value: String(crossZone) }];
  await elbv2.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }));
  await until(async () => {
    const seen = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [LoadBalancerArn] }));
    return seen.LoadBalancers?.[0]?.State?.Code === "active";
  });
  return LoadBalancerArn;
}

async function listener(
  { as }: Stage,
  LoadBalancerArn: string,
  Name: string,
  listens: Partial<CreateListenerCommandInput>,
  sends: Partial<CreateTargetGroupCommandInput>,
): Promise<void> {
  const { elbv2 } = as(NETWORK);
  const made = await elbv2.send(
    new CreateTargetGroupCommand({ Name, VpcId: VPC, Protocol: "TCP", TargetType: "ip", ...sends }),
  );
  const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn ?? "";
  const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "120" }];
  await elbv2.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
  const Targets = [{ Id: "10.0.1.10" }, { Id: "10.0.17.10", Port: 9443 }];
  await elbv2.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
  await elbv2.send(
    new CreateListenerCommand({ LoadBalancerArn, DefaultActions: [{ Type: "forward", TargetGroupArn }], ...listens }),
  );
}

async function service(
  { as }: Stage,
  accounts: readonly string[],
  Name: string,
  input: CreateVpcEndpointServiceConfigurationCommandInput,
): Promise<{ readonly id: string; readonly name: string }> {
  const { ec2 } = as(NETWORK);
  const TagSpecifications = [{ ResourceType: "vpc-endpoint-service" as const, Tags: [{ Key: "Name", Value: Name }] }];
  const made = await ec2.send(new CreateVpcEndpointServiceConfigurationCommand({ ...input, TagSpecifications }));
  const { ServiceId = "", ServiceName = "" } = made.ServiceConfiguration ?? {};
  await until(async () => (await configuration({ as }, ServiceId))?.ServiceState === "Available");
  await ec2.send(
    new ModifyVpcEndpointServicePermissionsCommand({ ServiceId, AddAllowedPrincipals: accounts.map(root) }),
  );
  return { id: ServiceId, name: ServiceName };
}

async function configuration({ as }: Pick<Stage, "as">, ServiceId: string) {
  const seen = await as(NETWORK).ec2.send(
    new DescribeVpcEndpointServiceConfigurationsCommand({ ServiceIds: [ServiceId] }),
  );
  return seen.ServiceConfigurations?.[0];
}

/** The TXT record that AWS asks for, and the verification. */
async function prove(stage: Stage, ServiceId: string): Promise<void> {
  const asked = await configuration(stage, ServiceId);
  const proof = asked && proofRequestOf(asked);
  if (!proof) throw new Error("AWS asks for no proof");
  await record(stage, NETWORK, PUBLIC_ZONE, {
    Name: proof.recordName,
    Type: "TXT",
    TTL: 300,
    ResourceRecords: [{ Value: JSON.stringify(proof.recordValue) }],
  });
  await stage.as(NETWORK).ec2.send(new StartVpcEndpointServicePrivateDnsVerificationCommand({ ServiceId }));
  await until(async () => (await configuration(stage, ServiceId))?.PrivateDnsNameConfiguration?.State === "verified");
}

async function ownGroup({ as }: Stage): Promise<string> {
  const { ec2 } = as(APPS);
  const { GroupId = "" } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: "payments-clients", Description: "who may pay", VpcId: APP_VPC }),
  );
  const IpPermissions = [
    {
      IpProtocol: "tcp",
      FromPort: 443,
      ToPort: 443,
      IpRanges: [{ CidrIp: "10.20.0.0/16", Description: "applications" }],
    },
    { IpProtocol: "tcp", FromPort: 5432, ToPort: 5433, UserIdGroupPairs: [{ GroupId: SHARED_GROUP }] },
  ];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  return GroupId;
}

async function endpoint(
  { as }: Stage,
  account: string,
  ServiceName: string,
  input: Partial<CreateVpcEndpointCommandInput>,
): Promise<string> {
  const made = await as(account).ec2.send(
    new CreateVpcEndpointCommand({
      VpcEndpointType: "Interface",
      VpcId: APP_VPC,
      ServiceName,
      SubnetIds: APP_SUBNETS,
      SecurityGroupIds: [SHARED_GROUP],
      PrivateDnsEnabled: false,
      ...input,
    }),
  );
  return made.VpcEndpoint?.VpcEndpointId ?? "";
}

const seenEndpoint = async ({ as }: Stage, account: string, id: string) =>
  (await as(account).ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }))).VpcEndpoints?.[0];

const available = (stage: Stage, account: string, id: string): Promise<void> =>
  until(async () => (await seenEndpoint(stage, account, id))?.State?.toLowerCase() === "available");

async function alias(stage: Stage, id: string, Name: string): Promise<void> {
  const seen = await seenEndpoint(stage, APPS, id);
  const { dnsName: DNSName = "", dnsZoneId: HostedZoneId = "" } = seen ? regionalEntry(seen) : {};
  await record(stage, APPS, PRIVATE_ZONE, {
    Name,
    Type: "A",
    AliasTarget: { DNSName, HostedZoneId, EvaluateTargetHealth: true },
  });
}

async function record(
  { as }: Stage,
  account: string,
  HostedZoneId: string,
  ResourceRecordSet: ResourceRecordSet,
): Promise<void> {
  const ChangeBatch = { Changes: [{ Action: "CREATE" as const, ResourceRecordSet }] };
  await as(account).route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch }));
}

/** The sandbox moves on with each look at it. */
async function until(look: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) if (await look()) return;
  throw new Error("it does not come about");
}
