import { newHex } from "../ids.ts";
import { AwsError, type Call, type Tree } from "../operation.ts";
import type { Account, HostedZone } from "../world.ts";
import { bareId } from "./find.ts";
import { mine, need } from "./input.ts";

/** About how long Route 53 takes to tell all its servers, in seconds. */
const insyncSeconds = 60;

export type Change = Account["changes"][string];

/** Notes a change of a zone, which every server has yet to learn. */
export function addChange(call: Call, zone: HostedZone): Change {
  const id = `C${newHex(call.world, "change", 20).toUpperCase()}`;
  const change = { id, zone: zone.id, submittedAt: call.clock.now(), settle: call.clock.settle(insyncSeconds) };
  mine(call).changes[id] = change;
  return change;
}

/** A change as the operation that made it shows it: never in sync yet. */
export function changeTree(change: Change, status: "PENDING" | "INSYNC" = "PENDING"): Tree {
  return { Id: `/change/${change.id}`, Status: status, SubmittedAt: change.submittedAt };
}

/** GetChange. @throws AwsError NoSuchChange */
export function getChange(call: Call): Tree {
  const id = bareId(need(call.params, "Id"));
  const change = mine(call).changes[id];
  if (!change) throw new AwsError("NoSuchChange", `Could not find resource with ID: ${id}`, 404);
  return { ChangeInfo: changeTree(change, call.clock.look(change.settle) ? "INSYNC" : "PENDING") };
}
