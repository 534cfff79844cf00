import type { CheckedConnection, World } from "../documents.ts";
import type { Report } from "../problem.ts";
import { checkAdoptions } from "./adoptions.ts";
import { checkRecords } from "./dns.ts";
import { checkEndpoints } from "./endpoints.ts";
import { checkDisconnect, checkGrants } from "./grants.ts";
import { checkLoadBalancers } from "./load-balancers.ts";
import { checkNotifications } from "./notifications.ts";
import { checkPartner } from "./partner.ts";
import { checkTarget } from "./places.ts";
import { checkRenames } from "./renames.ts";

/** Everything that one connection and the project say about it, without looking at other connections. */
export function checkConnection(connection: CheckedConnection, world: World, report: Report): void {
  const { service, endpoints } = connection.spec;
  if (service === undefined && endpoints === undefined && !connection.partial) {
    report([], {
      code: "connection.empty",
      message: `the connection "${connection.spec.metadata.name}" has neither a service nor endpoints`,
      hint: "say what it provides (service) or what it consumes (endpoints)",
    });
  }
  checkPartner(connection, world, report);
  if (service !== undefined) {
    checkTarget(["service", "target"], service.target, world.project, report);
    checkLoadBalancers(service, world.project, report);
    checkGrants(service, world.today, report);
    checkDisconnect(connection, report);
    checkNotifications(["service", "notifications"], service.notifications, report);
  }
  checkEndpoints(connection, world.project, report);
  checkRecords(connection, world.project, report);
  checkRenames(connection, report);
  checkAdoptions(connection, report);
}
