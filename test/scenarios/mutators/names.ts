import {
  AssociateVPCWithHostedZoneCommand,
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { APPS, NETWORK } from "../harness.ts";
import { edit, type Mutator, type Scene, type Table } from "./scene.ts";

const ALIAS = "rich/endpoint/both/dns/rich.apps.internal.example.com";
const PROOF = "rich/service/private-dns";

async function recordsOf(scene: Scene, account: string, zone: string, names: readonly string[]) {
  const { ResourceRecordSets = [] } = await scene.stage
    .as(account)
    .route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone }));
  return ResourceRecordSets.filter(({ Name = "" }) => names.includes(Name.replace(/\.$/, "").replace("\\052", "*")));
}

const ZONE = "Z0PRIVATE00000000001";
const NAME = "rich.apps.internal.example.com";

/** Takes the record sets at a name with their mark away and puts what `change` makes of each of them somewhere. */
async function moveRecords(
  scene: Scene,
  account: string,
  from: string,
  names: readonly string[],
  change: (set: ResourceRecordSet) => readonly ResourceRecordSet[],
  to = from,
): Promise<void> {
  const { route53 } = scene.stage.as(account);
  const sets = await recordsOf(scene, account, from, names);
  if (sets.length === 0) throw new Error(`nothing at ${names.join(", ")}`);
  const out = sets.map((set) => ({ Action: "DELETE" as const, ResourceRecordSet: set }));
  await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: from, ChangeBatch: { Changes: out } }));
  const into = sets.flatMap(change).map((set) => ({ Action: "CREATE" as const, ResourceRecordSet: set }));
  await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: to, ChangeBatch: { Changes: into } }));
}

const alias = (change: (set: ResourceRecordSet) => readonly ResourceRecordSet[], to?: string): Mutator => ({
  at: ALIAS,
  by: (scene) => moveRecords(scene, APPS, ZONE, [NAME, `_landline.${NAME}`], change, to),
});
const target = (more: Partial<NonNullable<ResourceRecordSet["AliasTarget"]>>) => (set: ResourceRecordSet) => [
  set.AliasTarget ? { ...set, AliasTarget: { ...set.AliasTarget, ...more } } : set,
];

const proofNames = ({ live }: Scene): string[] => {
  const name = String(live.attributes.recordName);
  return [name, `_landline.${name}`];
};
const PUBLIC_ZONE = "Z0PUBLIC000000000001";

const HOSTED = "rich/endpoint/plain/hosted-zone";
const VALUES = "rich/record/rich.example.com/cname";
const VALUE_NAMES = ["rich.example.com", "_landline.rich.example.com"];

const value = (change: (set: ResourceRecordSet) => readonly ResourceRecordSet[], to?: string): Mutator => ({
  at: VALUES,
  by: (scene) => moveRecords(scene, NETWORK, PUBLIC_ZONE, VALUE_NAMES, change, to),
});
const ofCname = (more: Partial<ResourceRecordSet>) => (set: ResourceRecordSet) => [
  set.Type === "CNAME" ? { ...set, ...more } : set,
];

/** DNS records, private zones, and the proof of a private DNS name. */
export const names: Pick<
  Table,
  "private-dns" | "dns-record" | "value-record" | "hosted-zone" | "zone-association" | "zone-authorization"
> = {
  "value-record": {
    zoneId: value((set) => [set], "Z0PUBLIC000000000002"),
    name: value((set) => [{ ...set, Name: String(set.Name).replace("rich.", "poor.") }]),
    type: { at: VALUES, identity: "the type is in the address" },
    values: value(ofCname({ ResourceRecords: [{ Value: "elsewhere.example.net" }] })),
    ttlSeconds: value(ofCname({ TTL: 7 })),
    tags: { at: VALUES, identity: "the mark in the TXT record beside the record" },
  },
  "hosted-zone": {
    name: { at: HOSTED, identity: "AWS never changes the domain of a zone" },
    account: { at: HOSTED, identity: "a zone stays in its account" },
    vpcs: {
      at: HOSTED,
      by: ({ stage, live }) =>
        stage.as(APPS).route53.send(
          new AssociateVPCWithHostedZoneCommand({
            HostedZoneId: live.id,
            VPC: { VPCRegion: "us-east-1", VPCId: "vpc-0b1b2c3d4e5f60009" },
          }),
        ),
    },
    tags: {
      at: HOSTED,
      shows: "tags.cost-center",
      by: ({ stage, live }) =>
        stage.as(APPS).route53.send(
          new ChangeTagsForResourceCommand({
            ResourceType: "hostedzone",
            ResourceId: live.id,
            AddTags: [{ Key: "cost-center", Value: "somebody else's" }],
          }),
        ),
    },
  },
  "zone-association": {
    zoneId: { at: `${HOSTED}/vpc/vpc-0a1b2c3d4e5f60009`, identity: "the association of this VPC with that zone" },
    vpc: { at: `${HOSTED}/vpc/vpc-0a1b2c3d4e5f60009`, identity: "the association of this VPC with that zone" },
  },
  "zone-authorization": {},
  "private-dns": {
    serviceId: { at: PROOF, identity: "the proof of the service that carries the address" },
    zoneId: {
      at: PROOF,
      by: (scene) =>
        moveRecords(scene, NETWORK, PUBLIC_ZONE, proofNames(scene), (set) => [set], "Z0PUBLIC000000000002"),
    },
    name: { at: PROOF, identity: "the name of the service that carries the address" },
    recordName: {
      at: PROOF,
      by: (scene) =>
        moveRecords(scene, NETWORK, PUBLIC_ZONE, proofNames(scene), (set) => [
          { ...set, Name: String(set.Name).replace(/_[^._]*\.api\./, "_elsewhere.api.") },
        ]),
      also: ["state"],
    },
    recordValue: {
      at: PROOF,
      by: (scene) =>
        moveRecords(scene, NETWORK, PUBLIC_ZONE, proofNames(scene), (set) => [
          set.Name?.startsWith("_landline.") ? set : { ...set, ResourceRecords: [{ Value: '"vpce:forged"' }] },
        ]),
      also: ["state"],
    },
    state: {
      at: PROOF,
      by: edit(NETWORK, "endpointServices", (one) =>
        Object.assign(one.privateDnsVerification ?? {}, { state: "failed" }),
      ),
    },
    tags: { at: PROOF, identity: "the mark in the TXT record beside the proof" },
  },
  "dns-record": {
    zoneId: alias((set) => [set], "Z0PRIVATE00000000002"),
    name: alias((set) => [{ ...set, Name: String(set.Name).replace("rich.", "poor.") }]),
    types: alias((set) => (set.Type === "AAAA" ? [] : [set])),
    targetDnsName: {
      at: ALIAS,
      async by(scene) {
        const { dnsName = "" } = (await scene.stage.live("rich/endpoint/plain")).outputs;
        await moveRecords(scene, APPS, ZONE, [NAME], target({ DNSName: dnsName }));
      },
    },
    targetZoneId: {
      at: ALIAS,
      async by({ stage }) {
        const world = stage.world();
        for (const { name, alias: points } of world.accounts[APPS]?.hostedZones[ZONE]?.records ?? [])
          if (points && name === `${NAME}.`) points.hostedZoneId = "Z2FDTNDATAQYW2";
        await stage.putWorld(world);
      },
    },
    evaluateTargetHealth: alias(target({ EvaluateTargetHealth: false })),
    tags: { at: ALIAS, identity: "the mark in the TXT record beside the record" },
  },
};
