import {
  CreateTagsCommand,
  CreateVpcEndpointConnectionNotificationCommand,
  CreateVpcEndpointServiceConfigurationCommand,
  DeleteVpcEndpointConnectionNotificationsCommand,
  DeleteVpcEndpointServiceConfigurationsCommand,
  DescribeVpcEndpointConnectionNotificationsCommand,
  DescribeVpcEndpointServiceConfigurationsCommand,
  DescribeVpcEndpointServicePermissionsCommand,
  ModifyVpcEndpointConnectionNotificationCommand,
  ModifyVpcEndpointServiceConfigurationCommand,
  ModifyVpcEndpointServicePayerResponsibilityCommand,
  ModifyVpcEndpointServicePermissionsCommand,
} from "@aws-sdk/client-ec2";
import { CreateLoadBalancerCommand, DeleteLoadBalancerCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import {
  activeLoadBalancer,
  clients,
  consumer,
  endpoint,
  endpointService,
  startTestSandbox,
  subnets,
} from "./helper.ts";

test("a service becomes Available and tells its zones, names and own Region", async () => {
  const sandbox = await startTestSandbox();
  const { ec2 } = clients(sandbox);
  const loadBalancer = await activeLoadBalancer(sandbox);
  const made = await ec2.send(
    new CreateVpcEndpointServiceConfigurationCommand({
      NetworkLoadBalancerArns: [loadBalancer],
      TagSpecifications: [{ ResourceType: "vpc-endpoint-service", Tags: [{ Key: "team", Value: "net" }] }],
    }),
  );
  const ServiceId = made.ServiceConfiguration?.ServiceId ?? "";
  expect(made.ServiceConfiguration?.ServiceState).toBe("Pending");
  expect(ServiceId).toMatch(/^vpce-svc-0[0-9a-f]{16}$/);
  const look = async () => {
    const seen = await ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({ ServiceIds: [ServiceId] }));
    return seen.ServiceConfigurations?.[0];
  };
  expect((await look())?.ServiceState).toBe("Pending");
  expect(await look()).toMatchObject({
    ServiceName: `com.amazonaws.vpce.us-east-1.${ServiceId}`,
    ServiceState: "Available",
    ServiceType: [{ ServiceType: "Interface" }],
    AvailabilityZoneIds: ["use1-az4", "use1-az6"],
    AvailabilityZones: ["us-east-1a", "us-east-1b"],
    AcceptanceRequired: true,
    NetworkLoadBalancerArns: [loadBalancer],
    GatewayLoadBalancerArns: [],
    SupportedIpAddressTypes: ["ipv4"],
    BaseEndpointDnsNames: [`${ServiceId}.us-east-1.vpce.amazonaws.com`],
    PrivateDnsNameConfiguration: {},
    SupportedRegions: [{ Region: "us-east-1", ServiceState: "Available" }],
    RemoteAccessEnabled: false,
    Tags: [{ Key: "team", Value: "net" }],
  });
});

test("a service needs a load balancer that is active and belongs to no other service", async () => {
  const sandbox = await startTestSandbox();
  const { ec2, elbv2 } = clients(sandbox);
  const create = (...NetworkLoadBalancerArns: string[]) =>
    ec2.send(new CreateVpcEndpointServiceConfigurationCommand({ NetworkLoadBalancerArns }));
  await expect(create()).rejects.toMatchObject({
    name: "InvalidParameter",
    message: expect.stringContaining("exactly one of network_load_balancer_arn or gateway_load_balancer_arn"),
  });
  const made = await elbv2.send(
    new CreateLoadBalancerCommand({ Name: "young", Type: "network", Scheme: "internal", Subnets: subnets.provider }),
  );
  const young = made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  await expect(create(young)).rejects.toMatchObject({ message: expect.stringContaining("must be active") });
  const { loadBalancer, ServiceId } = await endpointService(sandbox);
  await expect(create(loadBalancer)).rejects.toMatchObject({ message: expect.stringContaining(ServiceId) });
  const remove = () => elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: loadBalancer }));
  await expect(remove()).rejects.toMatchObject({ name: "ResourceInUseException" });
  await ec2.send(new DeleteVpcEndpointServiceConfigurationsCommand({ ServiceIds: [ServiceId] }));
  await remove();
});

test("the same client token makes one service", async () => {
  const sandbox = await startTestSandbox();
  const { ec2 } = clients(sandbox);
  const NetworkLoadBalancerArns = [await activeLoadBalancer(sandbox)];
  const create = (ClientToken: string) =>
    ec2.send(new CreateVpcEndpointServiceConfigurationCommand({ NetworkLoadBalancerArns, ClientToken }));
  const first = await create("one");
  expect((await create("one")).ServiceConfiguration?.ServiceId).toBe(first.ServiceConfiguration?.ServiceId);
  await expect(create("two")).rejects.toMatchObject({ name: "InvalidParameter" });
});

test("principals are added and removed as a set, and refused in forms that AWS does not take", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceId } = await endpointService(sandbox);
  const { ec2 } = clients(sandbox);
  const modify = (AddAllowedPrincipals: string[], RemoveAllowedPrincipals: string[] = []) =>
    ec2.send(
      new ModifyVpcEndpointServicePermissionsCommand({ ServiceId, AddAllowedPrincipals, RemoveAllowedPrincipals }),
    );
  const root = `arn:aws:iam::${consumer}:root`;
  const organization = "arn:aws:organizations::111111111111:organization/o-abc123";
  const added = await modify([root, "arn:aws:iam::333333333333:role/Consumer", organization, "*"], [root]);
  expect(added.AddedPrincipals?.map((each) => each.PrincipalType)).toEqual([
    "Account",
    "Role",
    "OrganizationUnit",
    "All",
  ]);
  expect((await modify(["*"], ["arn:aws:iam::444444444444:root"])).AddedPrincipals).toEqual([]);
  for (const wrong of [
    consumer,
    "arn:aws:sts::222222222222:assumed-role/a/b",
    "arn:aws:iam::222222222222:role/path/Name",
    "arn:aws:iam::22222222222:root",
  ]) {
    await expect(modify([wrong]), wrong).rejects.toMatchObject({ name: "InvalidPrincipal" });
  }
  const seen = await ec2.send(new DescribeVpcEndpointServicePermissionsCommand({ ServiceId }));
  const principals = seen.AllowedPrincipals ?? [];
  expect(principals.map((each) => each.Principal)).toContain(root);
  expect(principals).toHaveLength(4);

  const ServicePermissionId = principals[0]?.ServicePermissionId ?? "";
  await ec2.send(new CreateTagsCommand({ Resources: [ServicePermissionId], Tags: [{ Key: "a", Value: "b" }] }));
  const byType = { ServiceId, Filters: [{ Name: "tag:a", Values: ["b"] }] };
  const tagged = await ec2.send(new DescribeVpcEndpointServicePermissionsCommand(byType));
  expect(tagged.AllowedPrincipals).toMatchObject([{ ServicePermissionId, Tags: [{ Key: "a", Value: "b" }] }]);
  const byRole = { ServiceId, Filters: [{ Name: "principal", Values: ["arn:aws:iam::333333333333:role/Consumer"] }] };
  await expect(ec2.send(new DescribeVpcEndpointServicePermissionsCommand(byRole))).rejects.toMatchObject({
    name: "InvalidFilter",
  });
});

test("a load balancer is replaced by adding the new one first; one that carries an endpoint stays", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceId, ServiceName, loadBalancer } = await endpointService(sandbox, { AcceptanceRequired: false });
  const { ec2 } = clients(sandbox);
  const modify = (input: object) => ec2.send(new ModifyVpcEndpointServiceConfigurationCommand({ ServiceId, ...input }));
  const second = await activeLoadBalancer(sandbox, "second");
  await expect(modify({ RemoveNetworkLoadBalancerArns: [loadBalancer] })).rejects.toMatchObject({
    message: expect.stringContaining("at least one load balancer"),
  });
  await modify({ AddNetworkLoadBalancerArns: [second] });
  await endpoint(sandbox, ServiceName);
  await expect(modify({ RemoveNetworkLoadBalancerArns: [loadBalancer] })).rejects.toMatchObject({
    name: "ExistingVpcEndpointConnections",
  });
  await modify({ RemoveNetworkLoadBalancerArns: [second], AcceptanceRequired: true });
  const seen = await ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({ ServiceIds: [ServiceId] }));
  expect(seen.ServiceConfigurations).toMatchObject([
    { NetworkLoadBalancerArns: [loadBalancer], AcceptanceRequired: true },
  ]);
});

test("IPv6 needs load balancers with both families; a closed Region lingers as Closed", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceId } = await endpointService(sandbox, { SupportedRegions: ["eu-west-1"] });
  const { ec2 } = clients(sandbox);
  const modify = (input: object) => ec2.send(new ModifyVpcEndpointServiceConfigurationCommand({ ServiceId, ...input }));
  await expect(modify({ AddSupportedIpAddressTypes: ["ipv6"] })).rejects.toMatchObject({ name: "InvalidParameter" });
  await modify({ RemoveSupportedRegions: ["eu-west-1"] });
  const regions = async () => {
    const seen = await ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({ ServiceIds: [ServiceId] }));
    return seen.ServiceConfigurations?.[0]?.SupportedRegions?.map((each) => `${each.Region} ${each.ServiceState}`);
  };
  expect(await regions()).toEqual(["us-east-1 Available", "eu-west-1 Closed"]);
  expect(await regions()).toEqual(["us-east-1 Available"]);
});

test("the payer can be set once and for all", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceId } = await endpointService(sandbox);
  const { ec2 } = clients(sandbox);
  const PayerResponsibility = "ServiceOwner";
  await ec2.send(new ModifyVpcEndpointServicePayerResponsibilityCommand({ ServiceId, PayerResponsibility }));
  const seen = await ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({}));
  expect(seen.ServiceConfigurations).toMatchObject([{ ServiceId, PayerResponsibility }]);
});

test("a service that does not exist", async () => {
  const sandbox = await startTestSandbox();
  const { ec2 } = clients(sandbox);
  const ServiceIds = ["vpce-svc-0123456789abcdef0"];
  await expect(ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({ ServiceIds }))).rejects.toMatchObject({
    name: "InvalidVpcEndpointServiceId.NotFound",
  });
  const Filters = [{ Name: "service-id", Values: ServiceIds }];
  const filtered = await ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({ Filters }));
  expect(filtered.ServiceConfigurations).toEqual([]);
});

test("notifications are made once per token, changed, listed and deleted", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceId } = await endpointService(sandbox);
  const { ec2 } = clients(sandbox);
  const ConnectionNotificationArn = "arn:aws:sns:us-east-1:111111111111:connections";
  const create = () =>
    ec2.send(
      new CreateVpcEndpointConnectionNotificationCommand({
        ServiceId,
        ConnectionNotificationArn,
        ConnectionEvents: ["Connect"],
        ClientToken: "n1",
      }),
    );
  const ConnectionNotificationId = (await create()).ConnectionNotification?.ConnectionNotificationId ?? "";
  expect((await create()).ConnectionNotification?.ConnectionNotificationId).toBe(ConnectionNotificationId);
  const ConnectionEvents = ["Accept", "Reject"];
  await ec2.send(new ModifyVpcEndpointConnectionNotificationCommand({ ConnectionNotificationId, ConnectionEvents }));
  const seen = await ec2.send(new DescribeVpcEndpointConnectionNotificationsCommand({}));
  expect(seen.ConnectionNotificationSet).toMatchObject([
    { ConnectionNotificationId, ServiceId, ConnectionNotificationArn, ConnectionEvents },
  ]);
  const gone = await ec2.send(
    new DeleteVpcEndpointConnectionNotificationsCommand({
      ConnectionNotificationIds: [ConnectionNotificationId, "vpce-nfn-0"],
    }),
  );
  expect(gone.Unsuccessful).toMatchObject([
    { ResourceId: "vpce-nfn-0", Error: { Code: "InvalidConnectionNotification" } },
  ]);
  await expect(
    ec2.send(new DescribeVpcEndpointConnectionNotificationsCommand({ ConnectionNotificationId })),
  ).rejects.toMatchObject({ name: "InvalidConnectionNotification" });
});
