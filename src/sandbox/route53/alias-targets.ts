import { canonicalZone } from "../elbv2/zones.ts";
import type { Call } from "../operation.ts";
import type { RecordSet, Region } from "../world.ts";
import { isWithin, storedName } from "./domain-names.ts";
import { allZones } from "./find.ts";

/** Where an alias points to: whether its name lies in the zone it names, and whether something is there. */
interface Verdict {
  within: boolean;
  found: boolean;
}

/**
 * What is wrong with the target of an alias, in Route 53's words. Targets in hosted zones, load balancers and VPC endpoints are looked up; other AWS
 * services are not part of the sandbox and are believed.
 */
export function aliasProblems(
  call: Call,
  record: RecordSet,
  zoneAfter: { id: string; records: readonly RecordSet[] },
): string[] {
  const { alias, type } = record;
  if (!alias) return [];
  const verdict = judge(call, record.type, alias, zoneAfter);
  const start = `Tried to create an alias that targets ${alias.dnsName}, type ${type} in zone ${alias.hostedZoneId}, but`;
  return [
    ...(verdict.within ? [] : [`${start} the alias target name does not lie within the target zone`]),
    ...(verdict.found ? [] : [`${start} that target was not found`]),
  ];
}

function judge(
  call: Call,
  type: string,
  alias: NonNullable<RecordSet["alias"]>,
  zoneAfter: { id: string; records: readonly RecordSet[] },
): Verdict {
  const hosted = allZones(call.world).find(({ zone }) => zone.id === alias.hostedZoneId)?.zone;
  if (hosted) {
    const records = hosted.id === zoneAfter.id ? zoneAfter.records : hosted.records;
    const found = records.some((each) => each.name === alias.dnsName && each.type === type);
    return { within: isWithin(alias.dnsName, hosted.name), found };
  }
  const balancerZone = loadBalancerZone(call, alias.dnsName);
  if (balancerZone !== undefined) return verdict(balancerZone === alias.hostedZoneId, balancerZone !== "");
  return { within: true, found: !isEndpointName(alias.dnsName) || hasEndpoint(call, alias.dnsName) };
}

/** AWS looks a target up in the zone that was named, so a wrong zone is also a target that is not there. */
function verdict(within: boolean, found: boolean): Verdict {
  return { within, found: within && found };
}

/** The zone that owns a load balancer's name; "" for a load balancer that does not exist; undefined for any other name. */
function loadBalancerZone(call: Call, dnsName: string): string | undefined {
  if (!/\.elb\.([a-z0-9-]+\.)?amazonaws\.com\.$/.test(dnsName)) return undefined;
  const name = dnsName.replace(/^dualstack\./, "");
  for (const region of regions(call)) {
    const found = Object.values(region.loadBalancers).find((each) => storedName(each.dnsName) === name);
    if (found) return canonicalZone(region.name, found.type);
  }
  return "";
}

function isEndpointName(dnsName: string): boolean {
  return /^vpce-[0-9a-f]+-.*\.vpce\.amazonaws\.com\.$/.test(dnsName);
}

function hasEndpoint(call: Call, dnsName: string): boolean {
  const id = /^vpce-[0-9a-f]+/.exec(dnsName)?.[0] ?? "";
  return regions(call).some((region) => {
    const endpoint = region.vpcEndpoints[id];
    return endpoint !== undefined && endpoint.state !== "deleted" && dnsName.startsWith(`${id}-${endpoint.dnsLabel}`);
  });
}

function regions(call: Call): Region[] {
  return Object.values(call.world.accounts).flatMap((account) => Object.values(account.regions));
}
