import {
  AcceptVpcEndpointConnectionsCommand,
  DescribeVpcEndpointServiceConfigurationsCommand,
  ModifyVpcEndpointCommand,
  ModifyVpcEndpointServiceConfigurationCommand,
  type ServiceConfiguration,
  StartVpcEndpointServicePrivateDnsVerificationCommand,
} from "@aws-sdk/client-ec2";
import { ChangeResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { clients, consumer, endpoint, endpointService, seenEndpoint, startTestSandbox, statesOf } from "./helper.ts";

async function look(sandbox: Sandbox): Promise<ServiceConfiguration> {
  const seen = await clients(sandbox).ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({}));
  return seen.ServiceConfigurations?.[0] ?? {};
}

async function verify(sandbox: Sandbox, ServiceId: string): Promise<string[]> {
  await clients(sandbox).ec2.send(new StartVpcEndpointServicePrivateDnsVerificationCommand({ ServiceId }));
  const states = [await look(sandbox), await look(sandbox)];
  return states.map((state) => state.PrivateDnsNameConfiguration?.State ?? "");
}

async function publishProof(sandbox: Sandbox): Promise<void> {
  const { Name, Value } = (await look(sandbox)).PrivateDnsNameConfiguration ?? {};
  const ResourceRecordSet = {
    Name: `${Name}.example.com`,
    Type: "TXT" as const,
    TTL: 300,
    ResourceRecords: [{ Value: `"${Value}"` }],
  };
  await clients(sandbox).route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: "Z0PUBLIC000000000001",
      ChangeBatch: { Changes: [{ Action: "CREATE", ResourceRecordSet }] },
    }),
  );
}

test("a private DNS name is verified only when its TXT record is there", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceId } = await endpointService(sandbox, { PrivateDnsName: "api.example.com" });
  const proof = (await look(sandbox)).PrivateDnsNameConfiguration;
  expect(proof).toMatchObject({ State: "pendingVerification", Type: "TXT" });
  expect(proof?.Name).toMatch(/^_[0-9a-z]{20}$/);
  expect(proof?.Value).toMatch(/^vpce:[0-9a-z]{20}$/);

  expect(await verify(sandbox, ServiceId)).toEqual(["pendingVerification", "failed"]);
  await publishProof(sandbox);
  expect(await verify(sandbox, ServiceId)).toEqual(["pendingVerification", "verified"]);

  const { ec2 } = clients(sandbox);
  const modify = (input: object) => ec2.send(new ModifyVpcEndpointServiceConfigurationCommand({ ServiceId, ...input }));
  await modify({ PrivateDnsName: "" });
  expect((await look(sandbox)).PrivateDnsName).toBe("api.example.com");
  await modify({ PrivateDnsName: "other.example.com" });
  const renamed = await look(sandbox);
  expect(renamed.PrivateDnsNameConfiguration?.State).toBe("pendingVerification");
  expect(renamed.PrivateDnsNameConfiguration?.Value).not.toBe(proof?.Value);
  await modify({ RemovePrivateDnsName: true });
  const { PrivateDnsName, PrivateDnsNameConfiguration } = await look(sandbox);
  expect([PrivateDnsName, PrivateDnsNameConfiguration]).toEqual([undefined, {}]);
  await expect(modify({ PrivateDnsName: "API.example.com" })).rejects.toMatchObject({ name: "InvalidParameter" });
});

test("an endpoint gets the private name once the name is verified, the connection accepted and the name free", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceId, ServiceName } = await endpointService(sandbox);
  const on = { PrivateDnsEnabled: true };
  await expect(endpoint(sandbox, ServiceName, on)).rejects.toMatchObject({
    message: `Private DNS can't be enabled because the service ${ServiceName} does not provide a private DNS name.`,
  });
  const { ec2 } = clients(sandbox);
  await ec2.send(new ModifyVpcEndpointServiceConfigurationCommand({ ServiceId, PrivateDnsName: "api.example.com" }));
  await expect(endpoint(sandbox, ServiceName, on)).rejects.toMatchObject({
    message: expect.stringContaining("has not verified the private DNS name"),
  });
  await publishProof(sandbox);
  await verify(sandbox, ServiceId);
  await expect(endpoint(sandbox, ServiceName, on)).rejects.toMatchObject({
    message: expect.stringContaining("only be enabled after the endpoint connection is accepted"),
  });

  const ids = [await endpoint(sandbox, ServiceName), await endpoint(sandbox, ServiceName)].map((e) => e.VpcEndpointId);
  const [first = "", second = ""] = ids;
  await ec2.send(new AcceptVpcEndpointConnectionsCommand({ ServiceId, VpcEndpointIds: ids }));
  await Promise.all(ids.map((id) => statesOf(sandbox, id, 3)));
  const enable = (VpcEndpointId: string) =>
    clients(sandbox, consumer).ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, ...on }));
  await enable(first);
  const names = (await seenEndpoint(sandbox, first))?.DnsEntries?.map((entry) => entry.DnsName);
  expect(names).toContain("api.example.com");
  await expect(enable(second)).rejects.toMatchObject({
    name: "InvalidParameter",
    message:
      "private-dns-enabled cannot be set because there is already a conflicting DNS domain for api.example.com in the VPC vpc-0b1b2c3d4e5f60001",
  });
});

test("a private hosted zone of the VPC keeps its name from endpoints", async () => {
  const sandbox = await startTestSandbox();
  const { ServiceId, ServiceName } = await endpointService(sandbox, {
    AcceptanceRequired: false,
    PrivateDnsName: "internal.example.com",
  });
  await publishProof(sandbox);
  expect(await verify(sandbox, ServiceId)).toContain("verified");
  await expect(endpoint(sandbox, ServiceName, { PrivateDnsEnabled: true })).rejects.toMatchObject({
    message: expect.stringContaining("conflicting DNS domain"),
  });
});
