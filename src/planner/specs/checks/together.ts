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

/** One name in one zone belongs to one endpoint. The same name may stand in two zones: a public and a private one, say. */
function checkDnsNames({ connections, project }: World, reportFor: ReportFor): void {
  const claims = new Map<string, { endpoint: string; place: () => string; words: string }>();
  for (const connection of connections) {
    for (const [index, endpoint] of (connection.spec.endpoints ?? []).entries()) {
      const who = `${connection.file} ${connection.spec.metadata.name} ${index}`;
      for (const [alias, { name, zone, target = endpoint.target }] of (endpoint.aliases ?? []).entries()) {
        const path = ["endpoints", index, "aliases", alias, "name"];
        // An id is unique in the world, a domain in its account; that both mean one zone is seen once zones have been read.
        const where = zoneText(zone);
        const account = isZoneId(where) ? "" : targetOf(project, target)?.account;
        const claim = `${account} ${where} ${name}`;
        const earlier = claims.get(claim);
        if (earlier === undefined) {
          const words = `endpoint "${endpointName(endpoint)}" of "${connection.spec.metadata.name}"`;
          claims.set(claim, { endpoint: who, place: () => placeOf(connection, path), words });
        } else if (earlier.endpoint !== who) {
          reportFor(connection)(path, {
            code: "dns.claimed",
            message: `${name} in zone ${where} is claimed by ${earlier.words} already, in ${earlier.place()}`,
            hint: "a name leads to one endpoint: choose another name or take one of the two out",
          });
        }
      }
    }
  }
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
