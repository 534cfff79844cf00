import type { Params } from "../operation.ts";
import type { Struct } from "../params.ts";
import { readBody } from "./body.ts";

/** Method, path below `/2013-04-01/` and the operation behind them; `{Name}` takes one path segment as that parameter. */
const routes: readonly (readonly [method: string, path: string, action: string])[] = [
  ["GET", "hostedzone", "ListHostedZones"],
  ["POST", "hostedzone", "CreateHostedZone"],
  ["GET", "hostedzonecount", "GetHostedZoneCount"],
  ["GET", "hostedzonesbyname", "ListHostedZonesByName"],
  ["GET", "hostedzonesbyvpc", "ListHostedZonesByVPC"],
  ["GET", "hostedzone/{Id}", "GetHostedZone"],
  ["POST", "hostedzone/{Id}", "UpdateHostedZoneComment"],
  ["DELETE", "hostedzone/{Id}", "DeleteHostedZone"],
  ["GET", "hostedzone/{Id}/dnssec", "GetDNSSEC"],
  ["GET", "hostedzone/{Id}/rrset", "ListResourceRecordSets"],
  ["POST", "hostedzone/{Id}/rrset", "ChangeResourceRecordSets"],
  ["POST", "hostedzone/{Id}/associatevpc", "AssociateVPCWithHostedZone"],
  ["POST", "hostedzone/{Id}/disassociatevpc", "DisassociateVPCFromHostedZone"],
  ["GET", "hostedzone/{Id}/authorizevpcassociation", "ListVPCAssociationAuthorizations"],
  ["POST", "hostedzone/{Id}/authorizevpcassociation", "CreateVPCAssociationAuthorization"],
  ["POST", "hostedzone/{Id}/deauthorizevpcassociation", "DeleteVPCAssociationAuthorization"],
  ["GET", "hostedzonelimit/{Id}/{Type}", "GetHostedZoneLimit"],
  ["GET", "change/{Id}", "GetChange"],
  ["POST", "tags/{ResourceType}", "ListTagsForResources"],
  ["GET", "tags/{ResourceType}/{ResourceId}", "ListTagsForResource"],
  ["POST", "tags/{ResourceType}/{ResourceId}", "ChangeTagsForResource"],
];

/** Query keys under the names that the API's members have. */
const queryNames: Record<string, string> = {
  delegationsetid: "DelegationSetId",
  dnsname: "DNSName",
  hostedzoneid: "HostedZoneId",
  hostedzonetype: "HostedZoneType",
  identifier: "StartRecordIdentifier",
  marker: "Marker",
  maxitems: "MaxItems",
  maxresults: "MaxResults",
  name: "StartRecordName",
  nexttoken: "NextToken",
  type: "StartRecordType",
  vpcid: "VPCId",
  vpcregion: "VPCRegion",
};

/**
 * The operation that a request's method and path name, with its parameters from path, query and body; undefined when there is none. A path may end
 * in a slash, and the order of query and elements does not matter. Numbers stay text.
 */
export function route53(
  method: string,
  path: string,
  query: URLSearchParams,
  body: string,
): { action: string; params: { [name: string]: Params } } | undefined {
  const segments = path
    .replace(/^\/2013-04-01\//, "")
    .replace(/\/$/, "")
    .split("/");
  for (const [routeMethod, routePath, action] of routes) {
    const inPath = routeMethod === method ? match(routePath.split("/"), segments) : undefined;
    if (inPath) return { action, params: { ...readBody(action, body), ...readQuery(query), ...inPath } };
  }
  return undefined;
}

function match(pattern: readonly string[], segments: readonly string[]): Struct | undefined {
  if (pattern.length !== segments.length) return undefined;
  const found: Struct = {};
  for (const [index, part] of pattern.entries()) {
    const segment = decoded(segments[index] ?? "");
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (segment === undefined || segment === "" || (name === undefined && segment !== part)) return undefined;
    if (name !== undefined) found[name] = segment;
  }
  return found;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function readQuery(query: URLSearchParams): Struct {
  return Object.fromEntries([...query].flatMap(([key, value]) => (queryNames[key] ? [[queryNames[key], value]] : [])));
}
