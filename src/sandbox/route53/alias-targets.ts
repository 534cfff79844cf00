import { allEndpoints } from "../ec2/attachments.ts";
import { endpointZone } from "../ec2/endpoint-zones.ts";
import { canonicalZone } from "../elbv2/zones.ts";
import type { Call } from "../operation.ts";
import type { EndpointState, RecordSet } from "../world.ts";
import { isWithin, storedName } from "./domain-names.ts";
import { allZones } from "./find.ts";

type Alias = NonNullable<RecordSet["alias"]>;

/** A zone with the records that it will have. */
interface ZoneAfter {
  id: string;
  records: readonly RecordSet[];
}

/** Where an alias points to: whether its name lies in the zone it names, and whether something is there. */
interface Verdict {
  within: boolean;
  found: boolean;
}

/** In these states an endpoint has no DNS names that anything could point to. */
const nameless: readonly EndpointState[] = ["pendingAcceptance", "rejected", "failed", "expired", "deleted"];

/**
 * What is wrong with the target of an alias, in Route 53's words. Targets in hosted zones, load balancers and VPC endpoints are looked up; other AWS
 * services are not part of the sandbox and are believed.
 */
export function aliasProblems(call: Call, record: RecordSet, zoneAfter: ZoneAfter): string[] {
  const { alias, type } = record;
  if (!alias) return [];
  const { within, found } = judge(call, type, alias, zoneAfter);
  const start = `Tried to create an alias that targets ${alias.dnsName}, type ${type} in zone ${alias.hostedZoneId}, but`;
  return [
    ...(within ? [] : [`${start} the alias target name does not lie within the target zone`]),
    ...(found ? [] : [`${start} that target was not found`]),
  ];
}

function judge(call: Call, type: string, alias: Alias, zoneAfter: ZoneAfter): Verdict {
  const hosted = allZones(call.world).find(({ zone }) => zone.id === alias.hostedZoneId)?.zone;
  if (hosted) {
    const records = hosted.id === zoneAfter.id ? zoneAfter.records : hosted.records;
    const found = records.some((each) => each.name === alias.dnsName && each.type === type);
    return { within: isWithin(alias.dnsName, hosted.name), found };
  }
  if (/\.elb\.([a-z0-9-]+\.)?amazonaws\.com\.$/.test(alias.dnsName)) {
    return verdict(alias, loadBalancerZone(call, alias.dnsName));
  }
  if (/\.vpce\.amazonaws\.com\.$/.test(alias.dnsName)) return verdict(alias, endpointZoneOf(call, alias.dnsName));
  return { within: true, found: true };
}

/** AWS looks a target up in the zone that was named: a wrong zone is also a target that is not there. */
function verdict(alias: Alias, zone: string | undefined): Verdict {
  return { within: zone === undefined || zone === alias.hostedZoneId, found: zone === alias.hostedZoneId };
}

/** The zone that owns a load balancer's name; undefined when there is no such load balancer. */
function loadBalancerZone(call: Call, dnsName: string): string | undefined {
  const name = dnsName.replace(/^dualstack\./, "");
  for (const region of Object.values(call.world.accounts).flatMap((account) => Object.values(account.regions))) {
    const found = Object.values(region.loadBalancers).find((each) => storedName(each.dnsName) === name);
    if (found) return canonicalZone(region.name, found.type);
  }
  return undefined;
}

/** The zone that owns an endpoint's regional or zonal name; undefined when no endpoint has it. */
function endpointZoneOf(call: Call, dnsName: string): string | undefined {
  const [label = "", serviceId, region] = dnsName.split(".");
  const found = allEndpoints(call.world).find(
    (each) =>
      label.startsWith(`${each.id}-${each.dnsLabel}`) &&
      each.service?.id === serviceId &&
      each.serviceRegion === region,
  );
  return found && !nameless.includes(found.state) ? endpointZone(found.serviceRegion) : undefined;
}
