import type { ConnectionFact, Live } from "../../model.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";

/** A connection that keeps a service from letting go of a load balancer. */
export type Blocker = Pick<ConnectionFact, "endpointId" | "owner" | "createdAt">;

/** States in which an endpoint holds on to its service. */
export const HOLDING = ["pendingacceptance", "pending", "available"];

/**
 * The connections to a service that may go through one of these load balancers. AWS does not tell which one a connection goes through; it
 * cannot be one that is younger than the connection.
 */
export function blockersOf(cloud: SnapshotIndex, service: Live | undefined, arns: readonly string[]): Blocker[] {
  if (!service) return [];
  const made = arns.map((arn) => cloud.live.find(({ id }) => id === arn)?.createdAt ?? bornOf(cloud, service, arn));
  const connections = cloud.connectionsTo(service.target, service.id).filter(({ state }) => HOLDING.includes(state));
  return connections.filter(({ createdAt }) =>
    made.some((born) => born === undefined || createdAt === undefined || born <= createdAt),
  );
}

/** Of a load balancer that is not ours the facts about the target tell. */
const bornOf = (cloud: SnapshotIndex, { target }: Live, arn: string): string | undefined =>
  cloud.target(target)?.loadBalancers.find((one) => one.arn === arn)?.createdAt;
