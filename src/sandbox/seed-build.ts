import { addDefaultGroup, addGroup } from "./groups.ts";
import { accountOf, emptyWorld, regionOf } from "./places.ts";
import type { Seed, SeedRegion, SeedSubnet, SeedVpc } from "./seed-shape.ts";
import { zoneOf } from "./seed-zones.ts";
import type { Path, Problem } from "./shape.ts";
import type { AvailabilityZone, Region, World } from "./world.ts";
import { zonesOf } from "./zones.ts";

/** What every step of building needs. */
interface Site {
  world: World;
  report: (problem: Problem) => void;
  /** Reports an id that is there twice. */
  claim: (id: string, path: Path) => void;
}

/** Builds the world of a seed whose form has been checked; reports what the form cannot say: ids given twice, zones and VPCs that do not exist. */
export function buildWorld(seed: Seed, report: (problem: Problem) => void): World {
  const site: Site = { world: emptyWorld(), report, claim: claims(report) };
  const accounts = Object.entries(seed.accounts ?? {});
  for (const [id, account] of accounts) {
    const built = accountOf(site.world, id);
    for (const [name, role] of Object.entries(account?.roles ?? {})) {
      built.roles[name] = { name, ...(role?.policy ? { policy: role.policy } : {}) };
    }
    if (account?.quotas) built.quotas = { ...account.quotas };
    for (const [name, region] of Object.entries(account?.regions ?? {})) {
      addRegion(site, id, name, region ?? {}, ["accounts", id, "regions", name]);
    }
  }
  // Zones come last: they may name VPCs of any account.
  for (const [id, account] of accounts) {
    for (const [index, zone] of (account?.hostedZones ?? []).entries()) {
      const path = ["accounts", id, "hostedZones", index];
      site.claim(zone.id, [...path, "id"]);
      accountOf(site.world, id).hostedZones[zone.id] = zoneOf(site.world, zone, path, report);
    }
  }
  return site.world;
}

function claims(report: (problem: Problem) => void): Site["claim"] {
  const taken = new Set<string>();
  return (id, path) => {
    if (taken.has(id)) report({ path, message: `'${id}' is there twice` });
    taken.add(id);
  };
}

function addRegion(site: Site, account: string, name: string, seed: SeedRegion, path: Path): void {
  const region = regionOf(site.world, account, name);
  const subnets = (seed.vpcs ?? []).flatMap((vpc) => vpc.subnets ?? []);
  region.availabilityZones = zonesOf(account, name, knownZones(seed, subnets));
  for (const [index, vpc] of (seed.vpcs ?? []).entries()) addVpc(site, region, vpc, [...path, "vpcs", index]);
}

/** The pairs of zone name and zone id that the seed states. */
function knownZones(seed: SeedRegion, subnets: readonly SeedSubnet[]): AvailabilityZone[] {
  const stated = subnets.flatMap(({ az, azId }) => (az && azId ? [{ name: az, id: azId }] : []));
  const known = new Map([...(seed.availabilityZones ?? []), ...stated].map((zone) => [zone.name, zone]));
  return [...known.values()];
}

function addVpc(site: Site, region: Region, seed: SeedVpc, path: Path): void {
  site.claim(seed.id, [...path, "id"]);
  const { id } = seed;
  region.vpcs[id] = {
    id,
    cidr: seed.cidr,
    ...(seed.ipv6Cidr ? { ipv6Cidr: seed.ipv6Cidr } : {}),
    enableDnsSupport: seed.enableDnsSupport ?? true,
    enableDnsHostnames: seed.enableDnsHostnames ?? true,
    tags: seed.tags ?? {},
  };
  for (const [index, subnet] of (seed.subnets ?? []).entries()) {
    addSubnet(site, region, id, subnet, [...path, "subnets", index]);
  }
  const groups = seed.securityGroups ?? [];
  for (const [index, { id: groupId, name, description, tags }] of groups.entries()) {
    site.claim(groupId, [...path, "securityGroups", index, "id"]);
    addGroup(region, { id: groupId, name, description: description ?? name, vpcId: id, tags: tags ?? {} });
  }
  if (!groups.some((group) => group.name === "default")) addDefaultGroup(region, region.vpcs[id]);
}

function addSubnet(site: Site, region: Region, vpcId: string, seed: SeedSubnet, path: Path): void {
  site.claim(seed.id, [...path, "id"]);
  const zone = region.availabilityZones.find(
    ({ name, id }) => name === (seed.az ?? name) && id === (seed.azId ?? id) && Boolean(seed.az ?? seed.azId),
  );
  if (!zone) {
    site.report({ path, message: noSuchZone(region, seed) });
    return;
  }
  region.subnets[seed.id] = {
    id: seed.id,
    vpcId,
    az: zone.name,
    azId: zone.id,
    cidr: seed.cidr,
    ...(seed.ipv6Cidr ? { ipv6Cidr: seed.ipv6Cidr } : {}),
    tags: seed.tags ?? {},
  };
}

function noSuchZone(region: Region, { az, azId }: SeedSubnet): string {
  const zones = region.availabilityZones.map(({ name, id }) => `${name}=${id}`).join(", ");
  if (!az && !azId) return `a subnet needs az or azId; this account's zones are ${zones}`;
  return `no zone ${[az, azId].filter(Boolean).join(" with id ")}; this account's zones are ${zones}`;
}
