import { expect, test } from "vitest";
import { policyOf, regionalEntry } from "../../src/aws/endpoints.ts";
import { proofRequestOf, regionOfService } from "../../src/aws/services.ts";

const id = "vpce-0aa11bb22cc33dd44";
const tail = "vpce-svc-0123456789abcdef0.us-east-1.vpce.amazonaws.com";

test("the regional entry is told by its shape, not by its place", () => {
  const DnsEntries = [
    { DnsName: "api.example.com", HostedZoneId: "ZPRIVATE" },
    { DnsName: `${id}-a1b2c3d4-us-east-1a.${tail}`, HostedZoneId: "Z7HUB22UULQXV" },
    { DnsName: `${id}-a1b2c3d4.${tail}`, HostedZoneId: "Z7HUB22UULQXV" },
  ];
  const regional = { dnsName: `${id}-a1b2c3d4.${tail}`, dnsZoneId: "Z7HUB22UULQXV" };
  expect(regionalEntry({ VpcEndpointId: id, DnsEntries })).toEqual(regional);
  expect(regionalEntry({ VpcEndpointId: id, DnsEntries: DnsEntries.slice(0, 2) })).toEqual({});
  expect(regionalEntry({ VpcEndpointId: id })).toEqual({});
});

const allowAll = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };

test.each([
  { Statement: [allowAll] },
  { Version: "2008-10-17", Statement: allowAll },
  { Statement: [{ ...allowAll, Principal: { AWS: ["*"] }, Action: ["*"], Sid: "all" }] },
])("%j is AWS's default", (policy) => {
  expect(policyOf(JSON.stringify(policy))).toBeNull();
});

test.each([
  { Statement: [{ ...allowAll, Effect: "Deny" }] },
  { Statement: [{ ...allowAll, Condition: {} }] },
  { Statement: [{ ...allowAll, Action: "s3:*" }] },
  { Statement: [{ ...allowAll, Principal: { AWS: "arn:aws:iam::222222222222:root" } }] },
  { Statement: [allowAll, allowAll] },
  { Statement: [] },
])("%j is not", (policy) => {
  expect(policyOf(JSON.stringify(policy))).toEqual(policy);
});

test("a policy comes with its keys sorted, all the way down", () => {
  const statement = '{"Effect":"Allow","Action":["b","a"],"Principal":{"AWS":"x"}}';
  const policy = policyOf(`{"Version":"2012-10-17","Statement":[${statement}]}`);
  const sorted = '{"Statement":[{"Action":["b","a"],"Effect":"Allow","Principal":{"AWS":"x"}}],"Version":"2012-10-17"}';
  expect(JSON.stringify(policy)).toBe(sorted);
  expect(policyOf(undefined)).toBeNull();
  expect(policyOf("not json")).toBe("not json");
});

test.each([
  ["com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0", "eu-west-1"],
  ["com.amazonaws.us-gov-east-1.s3", "us-gov-east-1"],
  ["aws.sagemaker.us-west-2.notebook", "us-west-2"],
  ["com.example.service", undefined],
])("the Region of %s is %s", (name, region) => {
  expect(regionOfService(name)).toBe(region);
});

test.each([
  ["_6e86a", "api.example.com", "_6e86a.api.example.com"],
  ["_6e86a", "*.example.com", "_6e86a.example.com"],
  ["_6e86a.api.example.com.", "api.example.com", "_6e86a.api.example.com"],
])("the record %s of %s is %s", (Name, PrivateDnsName, recordName) => {
  const PrivateDnsNameConfiguration = { Name, Value: "vpce:AbC", State: "pendingVerification" as const, Type: "TXT" };
  expect(proofRequestOf({ PrivateDnsName, PrivateDnsNameConfiguration })).toEqual({
    name: PrivateDnsName,
    recordName,
    recordValue: "vpce:AbC",
    state: "pendingverification",
  });
});

test("a service without a private DNS name asks for no record", () => {
  expect(proofRequestOf({ PrivateDnsNameConfiguration: {} })).toBeUndefined();
  expect(proofRequestOf({})).toBeUndefined();
});
