import { expect } from "vitest";
import { aws, type GuideCommand } from "./command.ts";
import { CONSUMER, PROVIDER } from "./world.ts";

const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** A change batch of one UPSERT. */
const upsert = (ResourceRecordSet: object): string =>
  JSON.stringify({ Changes: [{ Action: "UPSERT", ResourceRecordSet }] });

const proof = {
  Name: "{proofName}.myservice.com",
  Type: "TXT",
  TTL: 300,
  ResourceRecords: [{ Value: '"{proofValue}"' }],
};
const alias = {
  Name: "api.myservice.com",
  Type: "A",
  AliasTarget: { HostedZoneId: "{endpointZone}", DNSName: "{endpointName}", EvaluateTargetHealth: true },
};

const change = (Status: string) => ({
  ChangeInfo: { Id: like(/^\/change\/C[0-9A-Z]+$/), Status, SubmittedAt: like(/^2026-01-15T10:00:00/) },
});
const verification = (State: string) => ({
  State,
  Type: "TXT",
  Value: like(/^vpce:[0-9a-z]{20}$/),
  Name: like(/^_[0-9a-z]{20}$/),
});
const dnsEntry = (zone: string) => ({
  DnsName: like(
    new RegExp(`^vpce-[0-9a-f]{17}-[0-9a-z]{8}${zone}\\.vpce-svc-[0-9a-f]{17}\\.us-east-1\\.vpce\\.amazonaws\\.com$`),
  ),
  HostedZoneId: "Z7HUB22UULQXV",
});

const describeProof = aws`ec2 describe-vpc-endpoint-service-configurations --service-ids {service}
  --query ServiceConfigurations[0].PrivateDnsNameConfiguration`;

/** The service's private DNS name, from the wish to the proof. */
export const privateDnsCommands: readonly GuideCommand[] = [
  {
    as: PROVIDER,
    argv: aws`ec2 modify-vpc-endpoint-service-configuration --service-id {service} --private-dns-name api.myservice.com`,
    answer: { Return: true },
  },
  {
    as: PROVIDER,
    argv: describeProof,
    keep: { proofName: "Name", proofValue: "Value" },
    answer: verification("pendingVerification"),
  },
  {
    as: PROVIDER,
    argv: aws`route53 change-resource-record-sets --hosted-zone-id Z1PUBLIC --change-batch ${upsert(proof)}`,
    keep: { proofChange: "ChangeInfo.Id" },
    answer: change("PENDING"),
    beyond: "the TXT record that the guide describes in words",
  },
  {
    as: PROVIDER,
    argv: aws`route53 get-change --id {proofChange}`,
    answer: change("INSYNC"),
    beyond: "a record counts once all name servers have it",
    tries: 5,
  },
  {
    as: PROVIDER,
    argv: aws`ec2 start-vpc-endpoint-service-private-dns-verification --service-id {service}`,
    answer: { ReturnValue: true },
    beyond: "AWS looks for the TXT record when it is asked to",
  },
  { as: PROVIDER, argv: describeProof, answer: verification("verified"), beyond: "the proof takes a while", tries: 5 },
  {
    as: CONSUMER,
    argv: aws`ec2 describe-vpc-endpoint-services --service-names {serviceName}`,
    answer: {
      ServiceDetails: [
        {
          PrivateDnsName: "api.myservice.com",
          PrivateDnsNames: [{ PrivateDnsName: "api.myservice.com" }],
          PrivateDnsNameVerificationState: "verified",
        },
      ],
    },
    beyond: "a look at the name from the other account",
  },
];

/** The consumer's own name for the endpoint. */
export const aliasCommands: readonly GuideCommand[] = [
  {
    as: CONSUMER,
    argv: aws`ec2 describe-vpc-endpoints --vpc-endpoint-ids {endpoint} --query VpcEndpoints[0].DnsEntries`,
    keep: { endpointName: "0.DnsName", endpointZone: "0.HostedZoneId" },
    answer: [dnsEntry(""), dnsEntry("-us-east-1a"), dnsEntry("-us-east-1b")],
  },
  {
    as: CONSUMER,
    argv: aws`route53 change-resource-record-sets --hosted-zone-id Z1CONSUMER --change-batch ${upsert(alias)}`,
    answer: change("PENDING"),
  },
  {
    as: CONSUMER,
    argv: aws`route53 list-resource-record-sets --hosted-zone-id Z1CONSUMER
      --query ${"ResourceRecordSets[?Name=='api.myservice.com.']"}`,
    answer: [
      {
        Name: "api.myservice.com.",
        Type: "A",
        AliasTarget: {
          HostedZoneId: "Z7HUB22UULQXV",
          DNSName: like(/^vpce-.*\.us-east-1\.vpce\.amazonaws\.com\.$/),
          EvaluateTargetHealth: true,
        },
      },
    ],
    beyond: "a look at what was made",
  },
  {
    as: PROVIDER,
    argv: aws`route53 list-resource-record-sets --hosted-zone-id Z1PUBLIC
      --query ${"ResourceRecordSets[?Type=='TXT']"}`,
    answer: [{ Type: "TXT", TTL: 300, ResourceRecords: [{ Value: like(/^"vpce:[0-9a-z]{20}"$/) }] }],
    beyond: "a look at the proof",
  },
];
