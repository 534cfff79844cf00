import { AwsError, type Call } from "../operation.ts";
import type { HostedZone, World } from "../world.ts";

/** An id without the `/hostedzone/` or `/change/` that answers put before it. */
export function bareId(id: string): string {
  return id.replace(/^\/?(hostedzone|change)\//, "");
}

/** A zone of the caller. @throws AwsError NoSuchHostedZone, AccessDenied for a zone of somebody else */
export function findZone(call: Call, id: string): HostedZone {
  const { zone, owner } = findAnyZone(call, id);
  if (owner === call.account) return zone;
  throw new AwsError(
    "AccessDenied",
    `User: ${call.callerArn} is not authorized to access this resource: the hosted zone ${zone.id} belongs to another account`,
    403,
  );
}

/** A zone of whichever account, with its owner. @throws AwsError NoSuchHostedZone */
export function findAnyZone(call: Call, id: string): { zone: HostedZone; owner: string } {
  const bare = bareId(id);
  const found = allZones(call.world).find(({ zone }) => zone.id === bare);
  if (!found) throw new AwsError("NoSuchHostedZone", `No hosted zone found with ID: ${bare}`, 404);
  return found;
}

/** Every zone of the world with its owner. */
export function allZones(world: World): { zone: HostedZone; owner: string }[] {
  return Object.values(world.accounts).flatMap((account) =>
    Object.values(account.hostedZones).map((zone) => ({ zone, owner: account.id })),
  );
}
