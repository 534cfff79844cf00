import { type Struct, struct, structs, text } from "../params.ts";
import type { RecordSet } from "../world.ts";
import { storedName } from "./domain-names.ts";
import { bareId } from "./find.ts";
import { invalidInput, need } from "./input.ts";

const actions = ["CREATE", "DELETE", "UPSERT"] as const;
const types = "SOA A TXT NS CNAME MX NAPTR PTR SRV SPF AAAA CAA DS TLSA SSHFP SVCB HTTPS".split(" ");

/** Members of a routing policy; a record set with a set identifier has exactly one of them. */
const policies = [
  "Weight",
  "Region",
  "Failover",
  "MultiValueAnswer",
  "GeoLocation",
  "GeoProximityLocation",
  "CidrRoutingConfig",
];

/** One change of a batch, in stored form. */
export interface Change {
  action: (typeof actions)[number];
  /** The name as it was sent: what is wrong with it is told in that spelling. */
  sentName: string;
  record: RecordSet;
}

/** Reads a change and refuses a form that Route 53 does not know. @throws AwsError InvalidInput */
export function readChange(params: Struct): Change {
  const sent = need(params, "Action");
  const action = actions.find((each) => each === sent);
  if (!action) throw invalidInput(`Invalid value '${sent}' for Action: it is one of ${actions.join(", ")}`);
  const set = struct(params, "ResourceRecordSet") ?? {};
  const sentName = need(set, "Name");
  const type = need(set, "Type");
  if (!types.includes(type)) throw invalidInput(`Invalid value '${type}' for Type: it is one of ${types.join(", ")}`);
  const record: RecordSet = {
    name: storedName(sentName),
    type,
    ...readTarget(set, action),
    ...readRouting(set, action),
  };
  return { action, sentName, record };
}

/** Either an alias, or a TTL with values. */
function readTarget(set: Struct, action: string): Partial<RecordSet> {
  const alias = struct(set, "AliasTarget");
  const ttl = text(set, "TTL");
  const values = structs(set, "ResourceRecords").map((each) => text(each, "Value") ?? "");
  const kinds = [alias !== undefined, ttl !== undefined || values.length > 0].filter(Boolean).length;
  if (kinds !== 1) {
    const found = kinds === 0 ? "none" : "more than one";
    throw invalidChange(
      set,
      action,
      `Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${found}`,
    );
  }
  if (alias) return { alias: readAlias(alias) };
  if (ttl === undefined) throw invalidChange(set, action, "Missing field 'TTL'");
  if (values.length === 0) throw invalidChange(set, action, "Missing field 'ResourceRecords'");
  if (!/^\d{1,10}$/.test(ttl) || Number(ttl) > 2_147_483_647) throw invalidInput(`Invalid TTL value: '${ttl}'`);
  return { ttl: Number(ttl), values };
}

function readAlias(alias: Struct): NonNullable<RecordSet["alias"]> {
  const health = need(alias, "EvaluateTargetHealth");
  if (health !== "true" && health !== "false") throw invalidInput(`Invalid value '${health}' for EvaluateTargetHealth`);
  return {
    hostedZoneId: bareId(need(alias, "HostedZoneId")),
    dnsName: storedName(need(alias, "DNSName")),
    evaluateTargetHealth: health === "true",
  };
}

function readRouting(set: Struct, action: string): Partial<RecordSet> {
  const setIdentifier = text(set, "SetIdentifier");
  const routing = leaves(
    Object.fromEntries(
      [...policies, "HealthCheckId"].flatMap((name) => (name in set ? [[name, set[name] ?? ""]] : [])),
    ),
  );
  const count = policies.filter((name) => name in set).length;
  if (setIdentifier !== undefined && count !== 1) {
    throw invalidChange(
      set,
      action,
      `Expected exactly one of [${policies.join(", ")}], but found ${count === 0 ? "none" : "more than one"}`,
    );
  }
  if (setIdentifier === undefined && count > 0) throw invalidChange(set, action, "Missing field 'SetIdentifier'");
  return {
    ...(setIdentifier === undefined ? {} : { setIdentifier }),
    ...(Object.keys(routing).length === 0 ? {} : { routing }),
  };
}

/** Nested members under dotted names: `GeoLocation.CountryCode`. */
function leaves(params: Struct, prefix = ""): Record<string, string> {
  const found = Object.entries(params).flatMap(([name, value]) => {
    if (typeof value === "string") return [[`${prefix}${name}`, value]];
    return Array.isArray(value) ? [] : Object.entries(leaves(value, `${prefix}${name}.`));
  });
  return Object.fromEntries(found);
}

function invalidChange(set: Struct, action: string, problem: string) {
  const identifier = text(set, "SetIdentifier") ?? "null";
  const at = `[Action=${action}, Name=${text(set, "Name")}, Type=${text(set, "Type")}, SetIdentifier=${identifier}]`;
  return invalidInput(`Invalid request: ${problem} in Change with ${at}`);
}

/** The name of the record set's routing policy; undefined for a simple one. */
export function policyOf(record: RecordSet): string | undefined {
  return policies.find((policy) => Object.keys(record.routing ?? {}).some((key) => key.split(".")[0] === policy));
}
