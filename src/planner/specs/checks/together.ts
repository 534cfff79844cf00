import { type CheckedConnection, endpointName, type World } from "../documents.ts";
import { isZoneId, zoneText } from "../forms/zone.ts";
import type { Report } from "../problem.ts";
import { checkAdoptedOnce } from "./adoptions.ts";
import { checkCircles } from "./circles.ts";
import { targetOf } from "./places.ts";
import { checkReferences } from "./references.ts";
import { checkRenamedConnections } from "./renames.ts";

/** How reports about one connection are made. */
export type ReportFor = (connection: CheckedConnection) => Report;

/** Everything that takes more than one connection to see. */
export function checkTogether(world: World, reportFor: ReportFor): void {
  checkNames(world, reportFor);
  checkRenamedConnections(world, reportFor);
  checkDnsNames(world, reportFor);
  checkSharedLoadBalancers(world, reportFor);
  checkAdoptedOnce(world, reportFor);
  for (const connection of world.connections) checkReferences(connection, world, reportFor(connection));
  checkCircles(world, reportFor);
}

function checkNames({ connections }: World, reportFor: ReportFor): void {
  const first = new Map<string, CheckedConnection>();
  for (const connection of connections.filter(({ named }) => named)) {
    const { name } = connection.spec.metadata;
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, connection);
      continue;
    }
    reportFor(connection)(["metadata", "name"], {
      code: "name.duplicate",
      message: `another connection is called "${name}" already, in ${placeOf(earlier, ["metadata", "name"])}`,
      hint: "every address begins with the connection's name, so it must be unique in the project",
    });
  }
}

/**
 * One name in one zone belongs to one endpoint or one record; a CNAME leaves room for nothing else. The same name may stand in two zones: a
 * public and a private one, say.
 */
function checkDnsNames({ connections, project }: World, reportFor: ReportFor): void {
  const claims = new Map<string, Claim & { readonly connection: CheckedConnection }>();
  for (const connection of connections) {
    for (const claim of claimsOf(connection)) {
      // An id is unique in the world, a domain in its account; that both mean one zone is seen once zones have been read.
      const account = isZoneId(claim.zone) ? "" : targetOf(project, claim.target)?.account;
      const keys = claim.slots.map((slot) => `${account} ${claim.zone} ${claim.name} ${slot}`);
      const earlier = keys.map((key) => claims.get(key)).find((one) => one !== undefined);
      if (earlier && earlier.who !== claim.who) {
        reportFor(connection)(claim.path, {
          code: "dns.claimed",
          message: `${claim.name} in zone ${claim.zone} is claimed by ${earlier.words} already, in ${placeOf(earlier.connection, earlier.path)}`,
          hint: "a name leads to one endpoint: choose another name or take one of the two out",
        });
      }
      for (const key of keys) if (!claims.has(key)) claims.set(key, { ...claim, connection });
    }
  }
}

interface Claim {
  readonly who: string;
  readonly words: string;
  readonly target: string;
  /** Its id, or its domain. */
  readonly zone: string;
  readonly name: string;
  /** What of the name it takes. */
  readonly slots: readonly ("address" | "text")[];
  readonly path: readonly (string | number)[];
}

function claimsOf({ spec, file }: CheckedConnection): Claim[] {
  const { metadata, service, endpoints = [], records = [] } = spec;
  const own = `${file} ${metadata.name}`;
  const aliases = endpoints.flatMap((endpoint, index) =>
    (endpoint.aliases ?? []).map(({ name, zone, target = endpoint.target }, alias): Claim => {
      const words = `endpoint "${endpointName(endpoint)}" of "${metadata.name}"`;
      const path = ["endpoints", index, "aliases", alias, "name"];
      return { who: `${own} ${index}`, words, target, zone: zoneText(zone), name, slots: ["address"], path };
    }),
  );
  const home = service?.target ?? endpoints[0]?.target ?? "";
  return [
    ...aliases,
    ...records.map(({ name, zone, type, target = home }, index): Claim => {
      const words = `a ${type} record of "${metadata.name}"`;
      const slots = type === "TXT" ? (["text"] as const) : (["address", "text"] as const);
      return {
        who: `${own} record ${index}`,
        words,
        target,
        zone: zoneText(zone),
        name,
        slots,
        path: ["records", index, "name"],
      };
    }),
  ];
}

/** AWS lets a load balancer belong to one endpoint service only. */
function checkSharedLoadBalancers({ connections }: World, reportFor: ReportFor): void {
  const owners = new Map<string, CheckedConnection>();
  for (const connection of connections) {
    for (const [index, balancer] of (connection.spec.service?.loadBalancers ?? []).entries()) {
      if (!("arn" in balancer)) continue;
      const owner = owners.get(balancer.arn);
      if (owner !== undefined && owner !== connection) {
        reportFor(connection)(["service", "loadBalancers", index, "arn"], {
          code: "load-balancer.duplicate",
          message: `the connection "${owner.spec.metadata.name}" has put this load balancer behind its service already`,
          hint: "a load balancer belongs to one endpoint service: make another one",
        });
      }
      owners.set(balancer.arn, owner ?? connection);
    }
  }
}

function placeOf(connection: CheckedConnection, path: readonly (string | number)[]): string {
  const { file, line } = connection.at(path);
  return `${file}:${line}`;
}
