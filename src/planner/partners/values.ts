import type { Profile } from "./profile.ts";

/** What a placeholder may stand for once it is known. */
export type Known = string | number | boolean | readonly (string | number)[];

/** What is known, by the path that placeholders use: `params.landscape`, `endpoint.zones`. What is not in here is not known yet. */
export type Values = ReadonlyMap<string, Known>;

/** A value that a text needs and nobody has told yet. */
export interface Missing {
  /** As the placeholder says it: `params.instance_id`, `tables.sites[params.site].region`. */
  readonly path: string;
  /** Where it comes from, for people. */
  readonly obtain: string;
}

/** The placeholders that every profile may use besides its parameters and tables, and where their values come from. */
export const PLACES = {
  "our.account": { list: false, obtain: "the account of the spec's target" },
  "our.region": { list: false, obtain: "the Region of the spec's target" },
  "service.name": { list: false, obtain: "AWS tells it when our endpoint service is made" },
  "service.id": { list: false, obtain: "AWS tells it when our endpoint service is made" },
  "service.region": { list: false, obtain: "the Region of the service's target" },
  "service.ports": { list: true, obtain: "the listeners of the service's load balancers in the spec" },
  "endpoint.id": { list: false, obtain: "AWS tells it when our endpoint is made" },
  "endpoint.name": { list: false, obtain: "the endpoint's name in the spec" },
  "endpoint.dnsName": { list: false, obtain: "AWS tells it when our endpoint is made" },
  "endpoint.region": { list: false, obtain: "the Region of the endpoint's target" },
  "endpoint.zones": { list: true, obtain: "the Availability Zones of the endpoint's subnets" },
  "connection.name": { list: false, obtain: "metadata.name of the spec" },
  "connection.owner": { list: false, obtain: "metadata.owner of the spec" },
  mode: { list: false, obtain: "the sections of the spec" },
  "request.id": { list: false, obtain: "the partner's endpoint, once it asks" },
  "request.account": { list: false, obtain: "the account of the partner's endpoint, once it asks" },
  changes: { list: false, obtain: "the plan" },
} as const satisfies { readonly [path: string]: { readonly list: boolean; readonly obtain: string } };

/** Where a person finds a value that is missing. */
export function obtainOf(path: string, profile: Profile): string {
  const [, param] = /^params\.(.+)$/.exec(path) ?? [];
  if (param !== undefined) return profile.spec.params?.[param]?.obtain ?? "";
  if (path === "item.port") return "a port at the end of the item, as in sftp:2222";
  const [, table] = /^tables\.([^[]+)/.exec(path) ?? [];
  if (table !== undefined) return `the table ${table} of the profile ${profile.name} has no such entry`;
  return PLACES[path as keyof typeof PLACES]?.obtain ?? "";
}
