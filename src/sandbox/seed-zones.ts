import { canonicalName } from "./names.ts";
import type { SeedRecord, SeedZone } from "./seed-shape.ts";
import type { Path, Problem } from "./shape.ts";
import type { HostedZone, RecordSet, World } from "./world.ts";

type Report = (problem: Problem) => void;

/** Name servers as Route 53 would hand them out. */
const nameServers = [
  "ns-1.awsdns-01.com.",
  "ns-513.awsdns-00.net.",
  "ns-1025.awsdns-00.org.",
  "ns-1537.awsdns-00.co.uk.",
];

/** The hosted zone of a seed, with the NS and SOA records that every zone has. A zone with VPCs is private. */
export function zoneOf(world: World, seed: SeedZone, path: Path, report: Report): HostedZone {
  const vpcs = (seed.vpcs ?? []).map((vpc, index) => locateVpc(world, vpc, [...path, "vpcs", index], report));
  const name = canonicalName(seed.name);
  const records = (seed.records ?? []).map((record, index) =>
    recordOf(record, name, [...path, "records", index], report),
  );
  return {
    id: seed.id,
    name,
    private: vpcs.length > 0,
    vpcs,
    ...(seed.comment ? { comment: seed.comment } : {}),
    callerReference: `seed-${seed.id}`,
    records: [...apex(name), ...records],
    tags: seed.tags ?? {},
  };
}

function locateVpc(
  world: World,
  vpc: string | { id: string; region: string },
  path: Path,
  report: Report,
): { id: string; region: string } {
  if (typeof vpc !== "string") return { id: vpc.id, region: vpc.region };
  const regions = Object.values(world.accounts).flatMap((account) => Object.values(account.regions));
  const holder = regions.find((region) => region.vpcs[vpc]);
  if (!holder)
    report({ path, message: `no VPC ${vpc} in this seed; write {id: ${vpc}, region: ...} for one outside of it` });
  return { id: vpc, region: holder?.name ?? "" };
}

function apex(name: string): RecordSet[] {
  const [first = ""] = nameServers;
  return [
    { name, type: "NS", ttl: 172_800, values: [...nameServers] },
    { name, type: "SOA", ttl: 900, values: [`${first} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`] },
  ];
}

function recordOf(seed: SeedRecord, zone: string, path: Path, report: Report): RecordSet {
  const name = canonicalName(seed.name);
  if (name !== zone && !name.endsWith(`.${zone}`))
    report({ path, message: `'${seed.name}' is not in the zone ${zone}` });
  if (Boolean(seed.alias) === Boolean(seed.values)) report({ path, message: "a record has either values or an alias" });
  const { alias } = seed;
  if (!alias) return { name, type: seed.type, ttl: seed.ttl ?? 300, values: seed.values ?? [] };
  return {
    name,
    type: seed.type,
    alias: {
      hostedZoneId: alias.hostedZoneId,
      dnsName: canonicalName(alias.dnsName),
      evaluateTargetHealth: alias.evaluateTargetHealth ?? false,
    },
  };
}
