import { ModifyVpcEndpointCommand } from "@aws-sdk/client-ec2";
import {
  AssociateVPCWithHostedZoneCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  type CreateHostedZoneCommandInput,
  CreateVPCAssociationAuthorizationCommand,
  DeleteHostedZoneCommand,
  DeleteVPCAssociationAuthorizationCommand,
  DisassociateVPCFromHostedZoneCommand,
  GetChangeCommand,
  GetDNSSECCommand,
  GetHostedZoneCommand,
  GetHostedZoneCountCommand,
  GetHostedZoneLimitCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesByVPCCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourceCommand,
  ListTagsForResourcesCommand,
  ListVPCAssociationAuthorizationsCommand,
  type Route53Client,
  UpdateHostedZoneCommentCommand,
} from "@aws-sdk/client-route-53";
import { describe, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { clients, consumer, endpoint, endpointService, provider, startTestSandbox, statesOf } from "./helper.ts";

const publicZone = "Z0PUBLIC000000000001";
const privateZone = "Z0PRIVATE00000000001";
const providerVpc = { VPCId: "vpc-0a1b2c3d4e5f60001", VPCRegion: "us-east-1" } as const;
const consumerVpc = { VPCId: "vpc-0b1b2c3d4e5f60001", VPCRegion: "us-east-1" } as const;

let references = 0;
async function create(route53: Route53Client, Name: string, input: Partial<CreateHostedZoneCommandInput> = {}) {
  references += 1;
  const { HostedZone } = await route53.send(
    new CreateHostedZoneCommand({ Name, CallerReference: `r${references}`, ...input }),
  );
  return HostedZone?.Id?.replace("/hostedzone/", "") ?? "";
}

describe("hosted zones", () => {
  test("a public one gets four name servers, and NS and SOA records that show them", async () => {
    const { route53 } = clients(await startTestSandbox());
    const made = await route53.send(
      new CreateHostedZoneCommand({
        Name: "Shop.Example.org",
        CallerReference: "once",
        HostedZoneConfig: { Comment: "shop", PrivateZone: false },
      }),
    );
    expect(made.$metadata.httpStatusCode).toBe(201);
    expect(made.Location).toBe(`https://route53.amazonaws.com/2013-04-01${made.HostedZone?.Id}`);
    expect(made.HostedZone).toEqual({
      Id: expect.stringMatching(/^\/hostedzone\/Z[0-9A-F]{20}$/),
      Name: "shop.example.org.",
      CallerReference: "once",
      Config: { Comment: "shop", PrivateZone: false },
      ResourceRecordSetCount: 2,
    });
    const servers = made.DelegationSet?.NameServers ?? [];
    expect(servers).toHaveLength(4);
    const { ResourceRecordSets } = await route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: made.HostedZone?.Id }),
    );
    expect(ResourceRecordSets).toMatchObject([
      {
        Name: "shop.example.org.",
        Type: "NS",
        TTL: 172_800,
        ResourceRecords: servers.map((server) => ({ Value: `${server}.` })),
      },
      { Name: "shop.example.org.", Type: "SOA", TTL: 900 },
    ]);
    const got = await route53.send(new GetHostedZoneCommand({ Id: made.HostedZone?.Id }));
    expect(got).toMatchObject({ HostedZone: made.HostedZone, DelegationSet: { NameServers: servers } });
    const states = [];
    for (let read = 0; read < 4; read += 1) {
      states.push((await route53.send(new GetChangeCommand({ Id: made.ChangeInfo?.Id }))).ChangeInfo?.Status);
    }
    expect([made.ChangeInfo?.Status, ...states]).toEqual(["PENDING", "PENDING", "PENDING", "INSYNC", "INSYNC"]);
  });

  test("a private one shows its VPCs instead", async () => {
    const { route53 } = clients(await startTestSandbox());
    const Id = await create(route53, "corp.example.", { VPC: providerVpc });
    const got = await route53.send(new GetHostedZoneCommand({ Id }));
    expect(got).toMatchObject({
      HostedZone: { Name: "corp.example.", Config: { PrivateZone: true } },
      VPCs: [providerVpc],
    });
    expect(got.DelegationSet).toBeUndefined();
    expect((await route53.send(new GetDNSSECCommand({ HostedZoneId: Id }))).Status?.ServeSignature).toBe("NOT_SIGNING");
  });

  test("the caller reference can be used once", async () => {
    const { route53 } = clients(await startTestSandbox());
    await create(route53, "a.example", { CallerReference: "same" });
    await expect(create(route53, "b.example", { CallerReference: "same" })).rejects.toMatchObject({
      name: "HostedZoneAlreadyExists",
      $metadata: { httpStatusCode: 409 },
    });
  });

  test("no more zones than the quota of the account allows", async () => {
    const sandbox = await startTestSandbox();
    const { route53 } = clients(sandbox);
    const account = sandbox.world.accounts[provider];
    if (account) account.quotas = { MAX_HOSTED_ZONES_BY_OWNER: 2 };
    await create(route53, "a.example");
    await expect(create(route53, "b.example")).rejects.toMatchObject({ name: "TooManyHostedZones" });
  });

  test.each([
    ["an empty label", "a..example", {}, "InvalidDomainName"],
    ["a label of 64 characters", `${"x".repeat(64)}.example`, {}, "InvalidDomainName"],
    ["a space", "a b.example", {}, "InvalidDomainName"],
    ["a VPC of somebody else", "corp.example", { VPC: consumerVpc }, "InvalidVPCId"],
    ["private without a VPC", "corp.example", { HostedZoneConfig: { PrivateZone: true } }, "InvalidInput"],
  ])("refuses %s", async (_what, name, input, code) => {
    const { route53 } = clients(await startTestSandbox());
    await expect(create(route53, name, input)).rejects.toMatchObject({ name: code });
    expect((await route53.send(new GetHostedZoneCountCommand({}))).HostedZoneCount).toBe(1);
  });

  test("an unknown zone is not found; one of another account is forbidden", async () => {
    const { route53 } = clients(await startTestSandbox());
    await expect(route53.send(new GetHostedZoneCommand({ Id: "Z123" }))).rejects.toMatchObject({
      name: "NoSuchHostedZone",
      message: "No hosted zone found with ID: Z123",
      $metadata: { httpStatusCode: 404 },
    });
    await expect(route53.send(new GetHostedZoneCommand({ Id: privateZone }))).rejects.toMatchObject({
      name: "AccessDenied",
      $metadata: { httpStatusCode: 403 },
    });
    await expect(route53.send(new GetChangeCommand({ Id: "C123" }))).rejects.toMatchObject({ name: "NoSuchChange" });
  });

  test("comments change, limits are told, and an empty zone can be deleted", async () => {
    const { route53 } = clients(await startTestSandbox());
    const Id = await create(route53, "short.example");
    const update = (Comment?: string) => route53.send(new UpdateHostedZoneCommentCommand({ Id, Comment }));
    expect((await update("for a while")).HostedZone?.Config?.Comment).toBe("for a while");
    expect((await update()).HostedZone?.Config).toEqual({ PrivateZone: false });
    const limit = (Type: "MAX_RRSETS_BY_ZONE" | "MAX_VPCS_ASSOCIATED_BY_ZONE") =>
      route53.send(new GetHostedZoneLimitCommand({ HostedZoneId: Id, Type }));
    expect(await limit("MAX_RRSETS_BY_ZONE")).toMatchObject({ Limit: { Value: 10_000 }, Count: 2 });
    await expect(limit("MAX_VPCS_ASSOCIATED_BY_ZONE")).rejects.toMatchObject({ name: "HostedZoneNotPrivate" });
    await route53.send(new DeleteHostedZoneCommand({ Id }));
    await expect(route53.send(new DeleteHostedZoneCommand({ Id }))).rejects.toMatchObject({ name: "NoSuchHostedZone" });
  });
});

describe("listing", () => {
  test("pages begin at the marker", async () => {
    const { route53 } = clients(await startTestSandbox());
    const ids = [publicZone];
    for (const name of ["b.example", "a.example"]) ids.push(await create(route53, name));
    const first = await route53.send(new ListHostedZonesCommand({ MaxItems: 2 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: ids[2], MaxItems: 2 });
    const second = await route53.send(new ListHostedZonesCommand({ MaxItems: 2, Marker: first.NextMarker }));
    expect(second).toMatchObject({ IsTruncated: false, HostedZones: [{ Name: "a.example." }] });
    await create(route53, "p.example", { VPC: providerVpc });
    const { HostedZones } = await route53.send(new ListHostedZonesCommand({ HostedZoneType: "PrivateHostedZone" }));
    expect(HostedZones?.map((zone) => zone.Name)).toEqual(["p.example."]);
    await expect(route53.send(new ListHostedZonesCommand({ MaxItems: 0 }))).rejects.toMatchObject({
      name: "InvalidInput",
    });
  });

  test("by name starts at the name, in the order of reversed labels", async () => {
    const { route53 } = clients(await startTestSandbox());
    for (const name of ["b.example.com", "org", "a.b.example.com", "c.example.com"]) await create(route53, name);
    const find = async (DNSName?: string, MaxItems?: number) => {
      const answer = await route53.send(new ListHostedZonesByNameCommand({ DNSName, MaxItems }));
      return { names: answer.HostedZones?.map((zone) => zone.Name), next: answer.NextDNSName };
    };
    expect((await find()).names).toEqual([
      "example.com.",
      "b.example.com.",
      "a.b.example.com.",
      "c.example.com.",
      "org.",
    ]);
    expect((await find("bb.Example.com")).names).toEqual(["c.example.com.", "org."]);
    expect(await find("b.example.com", 1)).toEqual({ names: ["b.example.com."], next: "a.b.example.com." });
  });

  test("by VPC shows zones of other accounts too", async () => {
    const sandbox = await startTestSandbox();
    const mine = await create(clients(sandbox).route53, "shared.example", { VPC: providerVpc });
    await authorizeAndAssociate(sandbox, mine);
    const { route53 } = clients(sandbox, consumer);
    const list = (VPCId: string) => route53.send(new ListHostedZonesByVPCCommand({ VPCId, VPCRegion: "us-east-1" }));
    expect((await list(consumerVpc.VPCId)).HostedZoneSummaries).toEqual([
      { HostedZoneId: mine, Name: "shared.example.", Owner: { OwningAccount: provider } },
      { HostedZoneId: privateZone, Name: "internal.example.com.", Owner: { OwningAccount: consumer } },
    ]);
    await expect(list(providerVpc.VPCId)).rejects.toMatchObject({ name: "AccessDenied" });
  });
});

async function authorizeAndAssociate(sandbox: { url: string }, HostedZoneId: string) {
  await clients(sandbox).route53.send(new CreateVPCAssociationAuthorizationCommand({ HostedZoneId, VPC: consumerVpc }));
  await clients(sandbox, consumer).route53.send(
    new AssociateVPCWithHostedZoneCommand({ HostedZoneId, VPC: consumerVpc }),
  );
}

describe("VPCs of private zones", () => {
  test("another account needs an authorization, which can be taken back", async () => {
    const sandbox = await startTestSandbox();
    const { route53: owner } = clients(sandbox);
    const { route53: other } = clients(sandbox, consumer);
    const HostedZoneId = await create(owner, "shared.example", { VPC: providerVpc });
    const associate = () => other.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId, VPC: consumerVpc }));
    await expect(associate()).rejects.toMatchObject({
      name: "NotAuthorizedException",
      $metadata: { httpStatusCode: 401 },
    });
    await owner.send(new CreateVPCAssociationAuthorizationCommand({ HostedZoneId, VPC: consumerVpc }));
    const list = async () => (await owner.send(new ListVPCAssociationAuthorizationsCommand({ HostedZoneId }))).VPCs;
    expect(await list()).toEqual([consumerVpc]);
    expect((await associate()).ChangeInfo?.Status).toBe("PENDING");
    await expect(associate()).rejects.toMatchObject({ name: "ConflictingDomainExists" });
    const revoke = () => owner.send(new DeleteVPCAssociationAuthorizationCommand({ HostedZoneId, VPC: consumerVpc }));
    await revoke();
    expect(await list()).toEqual([]);
    await expect(revoke()).rejects.toMatchObject({ name: "VPCAssociationAuthorizationNotFound" });
    await other.send(new DisassociateVPCFromHostedZoneCommand({ HostedZoneId, VPC: consumerVpc }));
    const leave = (VPC: typeof providerVpc | typeof consumerVpc) =>
      owner.send(new DisassociateVPCFromHostedZoneCommand({ HostedZoneId, VPC }));
    await expect(leave(consumerVpc)).rejects.toMatchObject({ name: "VPCAssociationNotFound" });
    await expect(leave(providerVpc)).rejects.toMatchObject({ name: "LastVPCAssociation" });
  });

  test("a public zone has none", async () => {
    const { route53 } = clients(await startTestSandbox());
    const associate = new AssociateVPCWithHostedZoneCommand({ HostedZoneId: publicZone, VPC: providerVpc });
    await expect(route53.send(associate)).rejects.toMatchObject({ name: "PublicZoneVPCAssociation" });
  });

  test("a name that another zone or an endpoint's private DNS has in the VPC is taken", async () => {
    const sandbox = await startTestSandbox();
    const { route53 } = clients(sandbox, consumer);
    await expect(create(route53, "internal.example.com", { VPC: consumerVpc })).rejects.toThrow(privateZone);
    const { VpcEndpointId, withPrivateDns } = await connectedEndpoint(sandbox, "*.api.example.com");
    await withPrivateDns(true);
    await expect(create(route53, "api.example.com", { VPC: consumerVpc })).rejects.toMatchObject({
      name: "ConflictingDomainExists",
      message: expect.stringContaining(VpcEndpointId),
    });
    const other = await create(clients(sandbox).route53, "api.example.com", { VPC: providerVpc });
    await expect(authorizeAndAssociate(sandbox, other)).rejects.toMatchObject({ name: "ConflictingDomainExists" });
    await withPrivateDns(false);
    await authorizeAndAssociate(sandbox, other);
  });
});

/** The consumer's endpoint to a service whose private DNS name counts as verified, and a switch for its private DNS. */
async function connectedEndpoint(sandbox: Sandbox, PrivateDnsName: string) {
  const { ServiceId, ServiceName } = await endpointService(sandbox, { AcceptanceRequired: false, PrivateDnsName });
  const { VpcEndpointId } = await endpoint(sandbox, ServiceName);
  const service = sandbox.world.accounts[provider]?.regions["us-east-1"]?.endpointServices[ServiceId];
  if (service?.privateDnsVerification) service.privateDnsVerification.state = "verified";
  const { ec2 } = clients(sandbox, consumer);
  const withPrivateDns = async (PrivateDnsEnabled: boolean) => {
    await statesOf(sandbox, VpcEndpointId, 5);
    await ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, PrivateDnsEnabled }));
  };
  return { VpcEndpointId, withPrivateDns };
}

describe("tags of zones", () => {
  test("are added, removed and read, for ten zones at most", async () => {
    const { route53 } = clients(await startTestSandbox());
    const of = { ResourceType: "hostedzone", ResourceId: publicZone } as const;
    const AddTags = [
      { Key: "team", Value: "net" },
      { Key: "env", Value: "" },
    ];
    await route53.send(new ChangeTagsForResourceCommand({ ...of, AddTags }));
    await route53.send(
      new ChangeTagsForResourceCommand({ ...of, AddTags: [{ Key: "team", Value: "db" }], RemoveTagKeys: ["env"] }),
    );
    const tags = { ...of, Tags: [{ Key: "team", Value: "db" }] };
    expect((await route53.send(new ListTagsForResourceCommand(of))).ResourceTagSet).toEqual(tags);
    const list = (ids: string[]) =>
      route53.send(new ListTagsForResourcesCommand({ ResourceType: "hostedzone", ResourceIds: ids }));
    expect((await list([publicZone])).ResourceTagSets).toEqual([tags]);
    await expect(list(Array.from({ length: 11 }, () => publicZone))).rejects.toMatchObject({ name: "InvalidInput" });
    await expect(list([publicZone, "Z404"])).rejects.toMatchObject({ name: "NoSuchHostedZone" });
    const eleven = Array.from({ length: 10 }, (_, index) => ({ Key: `k${index}`, Value: "" }));
    const tooMany = new ChangeTagsForResourceCommand({ ...of, AddTags: eleven });
    await expect(route53.send(tooMany)).rejects.toThrow("would have 11");
  });
});
