import type { Estate, Live } from "../../model.ts";
import { aliasAddress, endpointAddress, securityGroupAddress } from "../addresses.ts";
import { ingressRule } from "../expand/ingress.ts";
import { accountOfPrincipal } from "../specs/index.ts";
import type { JsonMap } from "../specs/json.ts";
import { sameNamed } from "./arrange.ts";
import { type Context, type Draft, draftNotifications, find, list, Notes } from "./context.ts";

/** The connection that consumes through this endpoint. */
export function draftEndpoint(context: Context, estate: Estate, live: Live, name: string): Draft {
  const notes = new Notes(name);
  const { attributes, id } = live;
  const address = endpointAddress(name);
  const region = context.project.spec.targets[estate.snapshot.target]?.region;
  const privateDns = attributes.privateDnsEnabled === true;
  notes.adopts(address, id);
  const endpoint = {
    ...sameNamed(attributes, "EndpointSpec", context.schema),
    target: estate.snapshot.target,
    service: serviceOf(context, estate, live),
    serviceRegion: attributes.serviceRegion === region ? undefined : attributes.serviceRegion,
    vpc: attributes.vpcId,
    subnets: list(attributes.subnetIds),
    ...draftGroups(context, estate, live, address, notes),
    privateDns,
    ...draftNotifications(estate, id),
    // Left out it follows the address type.
    dnsRecordIpType: attributes.dnsRecordIpType === attributes.ipAddressType ? undefined : attributes.dnsRecordIpType,
    ...draftAliases(context, estate, live, address, notes),
  };
  return {
    name,
    id,
    target: estate.snapshot.target,
    spec: { endpoints: [endpoint], adopt: notes.adopt },
    remarks: notes.remarks,
  };
}

/** By the connection that provides it, where there is one that would let this endpoint in as it stands. */
function serviceOf({ provider }: Context, { snapshot }: Estate, { attributes, state }: Live): JsonMap | string {
  const serviceName = String(attributes.serviceName);
  const service = provider(serviceName);
  if (!service) return serviceName;
  const allowed =
    service.account === snapshot.account ||
    service.principals.some((principal) => principal === "*" || accountOfPrincipal(principal) === snapshot.account);
  // To name the connection is to accept the endpoint, so that one which still asks is left to ask.
  const fits = allowed && state === "available" && (service.privateDns || attributes.privateDnsEnabled !== true);
  return fits ? { connection: service.connection } : serviceName;
}

function draftGroups(context: Context, estate: Estate, live: Live, endpoint: string, notes: Notes): JsonMap {
  const ids = list(live.attributes.securityGroupIds);
  const [id = ""] = ids;
  const group = find(estate, "security-group", id);
  const rules = list(group?.attributes.ingress).map(ruleOf);
  const odd = list(group?.attributes.ingress).find((_, index) => rules[index] === undefined);
  const why =
    context.cannot.get(id) ??
    ids.map((one) => estate.referOnly[one]).find((text) => text !== undefined) ??
    (odd === undefined ? undefined : `it has the rule "${odd}", which a spec cannot say`);
  if (!group || why !== undefined || context.refer) {
    if (why !== undefined) notes.above(["endpoints", 0, "securityGroups"], `only referred to, never changed: ${why}`);
    return { securityGroups: ids };
  }
  notes.adopts(securityGroupAddress(endpoint), id);
  return { securityGroup: { ingress: rules } };
}

const RULE = /^(tcp|udp) (\d+(?:-\d+)?) from (\S+)(?: (".*"))?$/s;

/** The rule that the planner would write as this sentence; undefined when a spec has no form for it. */
function ruleOf(sentence: string): JsonMap | undefined {
  const [, protocol, text = "", from = "", description] = RULE.exec(sentence) ?? [];
  if (protocol !== "tcp" && protocol !== "udp") return undefined;
  const ports = text.includes("-") ? text : Number(text);
  if (ports === 0 || text.startsWith("0-")) return undefined;
  const rule = {
    ports,
    from,
    protocol,
    ...(description ? { description: String(JSON.parse(description)) } : {}),
  } as const;
  return ingressRule(rule) === sentence ? rule : undefined;
}

/** The names of the account that lead to the endpoint, and those in zones of other targets. */
function draftAliases(context: Context, estate: Estate, live: Live, endpoint: string, notes: Notes): JsonMap {
  const seen = new Set<string>();
  const own = (one: Estate) => one.snapshot.account === estate.snapshot.account;
  const aliases = [...context.estates]
    .sort((a, b) => Number(own(b)) - Number(own(a)))
    .flatMap((holder) =>
      holder.snapshot.resources.flatMap((record) => {
        const { attributes, id } = record;
        const leads =
          record.kind === "dns-record" ? leadsTo(estate, live, String(attributes.targetDnsName)) : undefined;
        if (!leads || seen.has(id) || context.cannot.has(id)) return [];
        seen.add(id);
        notes.adopts(aliasAddress(endpoint, String(attributes.name)), id);
        return [
          {
            name: attributes.name,
            zone: attributes.zoneId,
            ...leads,
            ...(own(holder) ? {} : { target: holder.snapshot.target }),
            evaluateTargetHealth: attributes.evaluateTargetHealth,
          },
        ];
      }),
    );
  return aliases.length > 0 ? { aliases } : {};
}

/** The zone of the endpoint that one of its names leads to, none for the name of all; undefined when the name is another's. */
function leadsTo({ snapshot }: Estate, { outputs }: Live, name: string): { readonly azId?: string } | undefined {
  const output = Object.keys(outputs).find((key) => outputs[key] === name);
  if (output === "dnsName") return {};
  const zone = output?.startsWith(ZONAL) ? output.slice(ZONAL.length) : undefined;
  const azId = snapshot.subnets.find(({ az }) => az === zone)?.azId;
  return azId === undefined ? undefined : { azId };
}
const ZONAL = "zonalDnsName/";
