import {
  AcceptVpcEndpointConnectionsCommand,
  CreateVpcEndpointCommand,
  DeleteSecurityGroupCommand,
  DeleteVpcEndpointServiceConfigurationsCommand,
  DeleteVpcEndpointsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVpcEndpointConnectionsCommand,
  DescribeVpcEndpointServiceConfigurationsCommand,
  DescribeVpcEndpointServicesCommand,
  ModifyVpcEndpointCommand,
  ModifyVpcEndpointServicePermissionsCommand,
  RejectVpcEndpointConnectionsCommand,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import {
  clients,
  consumer,
  endpoint,
  endpointService,
  provider,
  seenEndpoint,
  startTestSandbox,
  statesOf,
  subnets,
} from "./helper.ts";

test("an endpoint waits for its acceptance, then becomes available with its DNS names", async () => {
  const sandbox = await startTestSandbox();
  const service = await endpointService(sandbox);
  const { VpcEndpointId, State, DnsEntries } = await endpoint(sandbox, service.ServiceName);
  expect(State).toBe("pendingAcceptance");
  expect(DnsEntries).toEqual([]);
  expect(await statesOf(sandbox, VpcEndpointId, 3)).toEqual(Array(3).fill("pendingAcceptance"));

  const { ec2 } = clients(sandbox);
  const seen = await ec2.send(new DescribeVpcEndpointConnectionsCommand({}));
  expect(seen.VpcEndpointConnections).toMatchObject([
    {
      ServiceId: service.ServiceId,
      VpcEndpointId,
      VpcEndpointOwner: consumer,
      VpcEndpointState: "pendingAcceptance",
      NetworkLoadBalancerArns: [service.loadBalancer],
      VpcEndpointRegion: "us-east-1",
    },
  ]);
  const accepted = await ec2.send(
    new AcceptVpcEndpointConnectionsCommand({ ServiceId: service.ServiceId, VpcEndpointIds: [VpcEndpointId] }),
  );
  expect(accepted.Unsuccessful).toEqual([]);
  expect(await statesOf(sandbox, VpcEndpointId, 2)).toEqual(["pending", "available"]);

  const names = (await seenEndpoint(sandbox, VpcEndpointId))?.DnsEntries ?? [];
  expect(names).toHaveLength(3);
  const regional = names[0]?.DnsName ?? "";
  expect(regional).toMatch(
    new RegExp(`^${VpcEndpointId}-[0-9a-z]{8}\\.${service.ServiceId}\\.us-east-1\\.vpce\\.amazonaws\\.com$`),
  );
  expect(names.map(({ HostedZoneId }) => HostedZoneId)).toEqual(Array(3).fill("Z7HUB22UULQXV"));
  expect(names[1]?.DnsName).toBe(regional.replace(".vpce-svc", "-us-east-1c.vpce-svc"));
});

test("without acceptance an endpoint connects by itself", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceName } = await endpointService(sandbox, { AcceptanceRequired: false });
  const { VpcEndpointId, State } = await endpoint(sandbox, ServiceName);
  expect(State).toBe("pending");
  expect(await statesOf(sandbox, VpcEndpointId, 3)).toEqual(["pending", "pending", "available"]);
});

test("who is not allowed finds no service", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceId, ServiceName } = await endpointService(sandbox);
  const outsider = clients(sandbox, "333333333333").ec2;
  const look = new DescribeVpcEndpointServicesCommand({ ServiceNames: [ServiceName] });
  await expect(outsider.send(look)).rejects.toMatchObject({ name: "InvalidServiceName" });
  expect((await outsider.send(new DescribeVpcEndpointServicesCommand({}))).ServiceNames).toEqual([]);

  const partner = clients(sandbox, consumer).ec2;
  expect((await partner.send(look)).ServiceDetails).toMatchObject([
    { ServiceName, Owner: provider, AcceptanceRequired: true, AvailabilityZones: ["us-east-1c", "us-east-1d"] },
  ]);
  const RemoveAllowedPrincipals = [`arn:aws:iam::${consumer}:root`];
  await clients(sandbox).ec2.send(
    new ModifyVpcEndpointServicePermissionsCommand({ ServiceId, RemoveAllowedPrincipals }),
  );
  await expect(endpoint(sandbox, ServiceName)).rejects.toMatchObject({ name: "InvalidServiceName" });
});

test("subnets have to be in the service's zones, one for each zone, and in the VPC", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceName } = await endpointService(sandbox);
  const on = (...SubnetIds: string[]) => endpoint(sandbox, ServiceName, { SubnetIds });
  await expect(on(subnets.consumerElsewhere)).rejects.toMatchObject({
    name: "InvalidParameter",
    message: `The VPC endpoint service ${ServiceName} does not support the availability zone of the subnet: ${subnets.consumerElsewhere}.`,
  });
  await expect(on("subnet-0000")).rejects.toMatchObject({ name: "InvalidSubnetID.NotFound" });
  await expect(on(subnets.provider[0] ?? "")).rejects.toMatchObject({ name: "InvalidSubnetID.NotFound" });
});

test("the type of an endpoint is Gateway unless told, which no custom service offers", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceName } = await endpointService(sandbox);
  const ask = clients(sandbox, consumer).ec2.send(
    new CreateVpcEndpointCommand({ VpcId: "vpc-0b1b2c3d4e5f60001", ServiceName }),
  );
  await expect(ask).rejects.toMatchObject({
    message: "Endpoint type (Gateway) does not match available service types ([Interface]).",
  });
});

test("a client token repeats the answer, also when the endpoint is gone", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceName } = await endpointService(sandbox);
  const first = await endpoint(sandbox, ServiceName, { ClientToken: "t1" });
  const again = await endpoint(sandbox, ServiceName, { ClientToken: "t1" });
  expect(again.VpcEndpointId).toBe(first.VpcEndpointId);
  const other = endpoint(sandbox, ServiceName, { ClientToken: "t1", SubnetIds: subnets.consumer.slice(1) });
  await expect(other).rejects.toMatchObject({ name: "IdempotentParameterMismatch" });

  const { ec2 } = clients(sandbox, consumer);
  await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [first.VpcEndpointId] }));
  expect(await statesOf(sandbox, first.VpcEndpointId, 4)).toEqual(["deleting", "deleted", "deleted", undefined]);
  expect((await endpoint(sandbox, ServiceName, { ClientToken: "t1" })).VpcEndpointId).toBe(first.VpcEndpointId);
});

test("changes come one at a time", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceName } = await endpointService(sandbox, { AcceptanceRequired: false });
  const { VpcEndpointId } = await endpoint(sandbox, ServiceName);
  const { ec2 } = clients(sandbox, consumer);
  const change = (input: object) => ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, ...input }));
  await expect(change({ ResetPolicy: true })).rejects.toMatchObject({ name: "OperationInProgress" });
  await statesOf(sandbox, VpcEndpointId, 3);

  await change({ RemoveSubnetIds: [subnets.consumer[0] ?? ""] });
  await expect(change({ ResetPolicy: true })).rejects.toMatchObject({ name: "OperationInProgress" });
  expect(await statesOf(sandbox, VpcEndpointId, 2)).toEqual(["pending", "available"]);
  const after = await seenEndpoint(sandbox, VpcEndpointId);
  expect(after).toMatchObject({ SubnetIds: [subnets.consumer[1]] });
  expect(after?.NetworkInterfaceIds).toHaveLength(1);
  await expect(change({ RemoveSubnetIds: [subnets.consumer[1] ?? ""] })).rejects.toMatchObject({
    name: "InvalidParameter",
  });
});

test("interfaces stand at the addresses that were asked for, and move when others are", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceName } = await endpointService(sandbox, { AcceptanceRequired: false });
  const [SubnetId = ""] = subnets.consumer;
  const at = (Ipv4: string) => ({ SubnetConfigurations: [{ SubnetId, Ipv4 }] });
  await expect(endpoint(sandbox, ServiceName, at("10.9.0.9"))).rejects.toMatchObject({ name: "InvalidParameter" });
  const { VpcEndpointId } = await endpoint(sandbox, ServiceName, at("10.1.0.99"));
  await expect(endpoint(sandbox, ServiceName, at("10.1.0.99"))).rejects.toMatchObject({
    name: "InvalidIPAddress.InUse",
  });
  const { ec2 } = clients(sandbox, consumer);
  const address = async () => {
    const NetworkInterfaceIds = (await seenEndpoint(sandbox, VpcEndpointId))?.NetworkInterfaceIds;
    const seen = await ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds }));
    return (seen.NetworkInterfaces ?? []).find((each) => each.SubnetId === SubnetId)?.PrivateIpAddress;
  };
  expect(await address()).toBe("10.1.0.99");
  await statesOf(sandbox, VpcEndpointId, 2);
  await ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, ...at("10.1.0.100") }));
  expect(await address()).toBe("10.1.0.100");
});

test("one look after the acceptance is enough before the first change", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceId, ServiceName } = await endpointService(sandbox);
  const { VpcEndpointId } = await endpoint(sandbox, ServiceName);
  await clients(sandbox).ec2.send(
    new AcceptVpcEndpointConnectionsCommand({ ServiceId, VpcEndpointIds: [VpcEndpointId] }),
  );
  expect(await statesOf(sandbox, VpcEndpointId, 1)).toEqual(["pending"]);
  await clients(sandbox, consumer).ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, ResetPolicy: true }));
});

test("a policy can be set and reset; what is not JSON is refused", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceName } = await endpointService(sandbox, { AcceptanceRequired: false });
  const { VpcEndpointId, PolicyDocument: full } = await endpoint(sandbox, ServiceName);
  const { ec2 } = clients(sandbox, consumer);
  const change = async (input: object) => {
    await statesOf(sandbox, VpcEndpointId, 3);
    await ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, ...input }));
    return (await seenEndpoint(sandbox, VpcEndpointId))?.PolicyDocument;
  };
  const policy =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"<&>"}]}';
  expect(await change({ PolicyDocument: policy })).toBe(policy);
  expect(await change({ ResetPolicy: true })).toBe(full);
  await expect(change({ PolicyDocument: "{" })).rejects.toMatchObject({ name: "InvalidPolicyDocument" });
});

test("a service with connections is not deleted; rejected ones do not hold it and stay listed", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceId, ServiceName } = await endpointService(sandbox);
  const { VpcEndpointId } = await endpoint(sandbox, ServiceName);
  const { ec2 } = clients(sandbox);
  const remove = () => ec2.send(new DeleteVpcEndpointServiceConfigurationsCommand({ ServiceIds: [ServiceId] }));
  expect((await remove()).Unsuccessful).toMatchObject([
    { ResourceId: ServiceId, Error: { Code: "ExistingVpcEndpointConnections" } },
  ]);
  const VpcEndpointIds = [VpcEndpointId];
  await ec2.send(new RejectVpcEndpointConnectionsCommand({ ServiceId, VpcEndpointIds }));
  const seen = await ec2.send(new DescribeVpcEndpointConnectionsCommand({}));
  expect(seen.VpcEndpointConnections).toMatchObject([{ VpcEndpointId, VpcEndpointState: "rejected" }]);
  expect(await statesOf(sandbox, VpcEndpointId, 2)).toEqual(["rejected", "rejected"]);
  const late = await ec2.send(new AcceptVpcEndpointConnectionsCommand({ ServiceId, VpcEndpointIds }));
  expect(late.Unsuccessful).toMatchObject([{ ResourceId: VpcEndpointId, Error: { Code: "InvalidState" } }]);
  expect((await remove()).Unsuccessful).toEqual([]);
  expect((await remove()).Unsuccessful).toMatchObject([{ Error: { Code: "InvalidVpcEndpointService.NotFound" } }]);
});

test("a security group stays in use for a while after its endpoint is deleted", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceName } = await endpointService(sandbox, { AcceptanceRequired: false });
  const { VpcEndpointId, NetworkInterfaceIds } = await endpoint(sandbox, ServiceName);
  const { ec2 } = clients(sandbox, consumer);
  const interfaces = await ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds }));
  expect(interfaces.NetworkInterfaces).toHaveLength(2);
  expect(interfaces.NetworkInterfaces?.map((each) => each.PrivateIpAddress).sort()).toEqual(["10.1.0.4", "10.1.16.4"]);

  const remove = () => ec2.send(new DeleteSecurityGroupCommand({ GroupId: "sg-0b1b2c3d4e5f60004" }));
  await expect(remove()).rejects.toMatchObject({ name: "DependencyViolation" });
  await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpointId] }));
  await expect(remove()).rejects.toMatchObject({ name: "DependencyViolation" });
  await expect(remove()).rejects.toMatchObject({ name: "DependencyViolation" });
  await remove();
});

test("an endpoint that does not exist cannot be deleted, which only the list says", async () => {
  const sandbox = await startTestSandbox();
  const gone = await clients(sandbox).ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: ["vpce-0123"] }));
  expect(gone.Unsuccessful).toMatchObject([
    { ResourceId: "vpce-0123", Error: { Code: "InvalidVpcEndpoint.NotFound" } },
  ]);
});

test("a consumer in another Region needs the service's Region, and the service has to support its own", async () => {
  const seed = `
accounts:
  "${provider}":
    regions:
      us-east-1:
        vpcs: [{id: vpc-0a1b2c3d4e5f60001, cidr: 10.0.0.0/16, subnets: [{id: subnet-0a1b2c3d4e5f60001, azId: use1-az4, cidr: 10.0.0.0/20}, {id: subnet-0a1b2c3d4e5f60002, azId: use1-az6, cidr: 10.0.16.0/20}]}]
  "${consumer}":
    regions:
      eu-west-1:
        vpcs: [{id: vpc-0c1b2c3d4e5f60001, cidr: 10.2.0.0/16, subnets: [{id: subnet-0c1b2c3d4e5f60001, azId: euw1-az2, cidr: 10.2.0.0/20}]}]
`;
  const sandbox = await startTestSandbox(seed);
  const { ServiceId, ServiceName } = await endpointService(sandbox, { SupportedRegions: ["eu-west-1"] });
  const { ec2 } = clients(sandbox, consumer, "eu-west-1");
  const input = {
    VpcEndpointType: "Interface" as const,
    VpcId: "vpc-0c1b2c3d4e5f60001",
    ServiceName,
    SubnetIds: ["subnet-0c1b2c3d4e5f60001"],
  };
  const create = (more = {}) => ec2.send(new CreateVpcEndpointCommand({ ...input, ...more }));
  await expect(create()).rejects.toMatchObject({ name: "InvalidServiceName" });
  await expect(create({ ServiceRegion: "us-east-1" })).rejects.toMatchObject({ name: "InvalidServiceName" });

  const provide = clients(sandbox).ec2;
  const serviceRegions = async () => {
    const look = new DescribeVpcEndpointServiceConfigurationsCommand({ ServiceIds: [ServiceId] });
    const [service] = (await provide.send(look)).ServiceConfigurations ?? [];
    return Object.fromEntries((service?.SupportedRegions ?? []).map((each) => [each.Region, each.ServiceState]));
  };
  expect(await serviceRegions()).toEqual({ "us-east-1": "Available", "eu-west-1": "Pending" });
  expect(await serviceRegions()).toEqual({ "us-east-1": "Available", "eu-west-1": "Available" });
  const seen = await ec2.send(new DescribeVpcEndpointServicesCommand({ ServiceRegions: ["us-east-1"] }));
  expect(seen.ServiceDetails).toMatchObject([{ ServiceName, ServiceRegion: "us-east-1", AvailabilityZones: [] }]);
  const made = await create({ ServiceRegion: "us-east-1" });
  expect(made.VpcEndpoint).toMatchObject({ State: "pendingAcceptance", ServiceRegion: "us-east-1" });
  const Filters = [{ Name: "vpc-endpoint-region", Values: ["cross-region"] }];
  const connections = await provide.send(new DescribeVpcEndpointConnectionsCommand({ Filters }));
  expect(connections.VpcEndpointConnections).toMatchObject([{ VpcEndpointRegion: "eu-west-1" }]);
});

test("records are made only for addresses that the endpoint has", async () => {
  const sandbox = await startTestSandbox();
  const service = await endpointService(sandbox, { AcceptanceRequired: false });
  const { VpcEndpointId } = await endpoint(sandbox, service.ServiceName);
  await statesOf(sandbox, VpcEndpointId, 3);
  expect((await seenEndpoint(sandbox, VpcEndpointId))?.DnsOptions?.DnsRecordIpType).toBe("ipv4");
  const { ec2 } = clients(sandbox, consumer);
  for (const DnsRecordIpType of ["dualstack", "ipv6", "service-defined"] as const) {
    const change = ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, DnsOptions: { DnsRecordIpType } }));
    await expect(change).rejects.toMatchObject({ name: "InvalidParameter" });
  }
});
