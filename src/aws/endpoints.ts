import type { VpcEndpoint } from "@aws-sdk/client-ec2";
import type { Json } from "../model.ts";
import { lower } from "./states.ts";

/**
 * An endpoint's name for all its zones, with the hosted zone to alias it through. AWS lists zonal names and the private name beside it in no
 * promised order; the one we want is `<endpoint id>-<random>.<service>.<Region>.vpce.amazonaws.com`. Empty while AWS shows none.
 */
export function regionalEntry(endpoint: VpcEndpoint): { readonly dnsName?: string; readonly dnsZoneId?: string } {
  const shape = new RegExp(`^${endpoint.VpcEndpointId}-[0-9a-z]+\\..+\\.vpce\\.amazonaws\\.com(\\.cn)?$`);
  const entries = (endpoint.DnsEntries ?? []).map(({ DnsName, HostedZoneId }) => ({
    dnsName: lower(DnsName).replace(/\.$/, ""),
    dnsZoneId: HostedZoneId ?? "",
  }));
  return entries.find(({ dnsName, dnsZoneId }) => dnsZoneId && shape.test(dnsName)) ?? {};
}

/**
 * The names that lead to the endpoint's interface in one zone only, `<endpoint id>-<random>-<zone name>.<service>...`, each as the output
 * `zonalDnsName/<zone name>`. They are in the same hosted zone as the regional one.
 */
export function zonalEntries(endpoint: VpcEndpoint): { readonly [output: `zonalDnsName/${string}`]: string } {
  const shape = new RegExp(`^${endpoint.VpcEndpointId}-[0-9a-z]+-([0-9a-z-]+)\\..+\\.vpce\\.amazonaws\\.com(\\.cn)?$`);
  const zonal = (endpoint.DnsEntries ?? []).flatMap(({ DnsName }) => {
    const name = lower(DnsName).replace(/\.$/, "");
    const zone = shape.exec(name)?.[1];
    return zone === undefined ? [] : [[`zonalDnsName/${zone}`, name]];
  });
  return Object.fromEntries(zonal);
}

/** An endpoint policy with its keys sorted; null for the default, one statement that allows everybody everything. */
export function policyOf(document: string | undefined): Json {
  if (!document) return null;
  const policy = parsed(document);
  return isFullAccess(policy) ? null : sortKeys(policy);
}

/** AWS hands back what it was given; should that ever not be JSON, the text itself is shown as a difference. */
function parsed(document: string): Json {
  try {
    return JSON.parse(document) as Json;
  } catch {
    return document;
  }
}

function isFullAccess(policy: Json): boolean {
  if (!isObject(policy)) return false;
  const statements = [policy.Statement ?? []].flat();
  const [statement] = statements;
  if (statements.length !== 1 || !isObject(statement)) return false;
  const { Effect, Action, Resource, Principal, Sid: _, ...more } = statement;
  const who = isObject(Principal) && Object.keys(Principal).length === 1 ? Principal.AWS : Principal;
  return Effect === "Allow" && [Action, Resource, who].every(isStar) && Object.keys(more).length === 0;
}

const isStar = (value: Json | undefined): boolean => value === "*" || (Array.isArray(value) && String(value) === "*");

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function sortKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, sortKeys(member)]));
}
