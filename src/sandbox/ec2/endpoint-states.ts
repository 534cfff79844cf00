import { settled } from "../clock.ts";
import type { Call } from "../operation.ts";
import type { EndpointState, VpcEndpoint } from "../world.ts";
import { homeOf } from "./attachments.ts";

/** About how many seconds AWS takes for each step of an endpoint's life. */
const seconds = { connect: 60, accept: 20, modify: 10, delete: 20, forget: 10 };

/** From its creation, or its acceptance, until traffic flows. */
export function connect(call: Call, endpoint: VpcEndpoint, why: "connect" | "accept"): void {
  move(call, endpoint, "pending", "available", seconds[why]);
}

/** A change keeps the endpoint from being changed again for a moment. */
export function change(call: Call, endpoint: VpcEndpoint): void {
  move(call, endpoint, "pending", "available", seconds.modify);
}

/** A rejected endpoint stays as it is until its owner deletes it. */
export function reject(endpoint: VpcEndpoint): void {
  endpoint.state = "rejected";
  delete endpoint.next;
}

/** From the delete call until it is listed as deleted, and then no more. */
export function remove(call: Call, endpoint: VpcEndpoint): void {
  move(call, endpoint, "deleting", "deleted", seconds.delete);
}

function move(call: Call, endpoint: VpcEndpoint, now: EndpointState, then: EndpointState, after: number): void {
  endpoint.state = now;
  endpoint.next = { state: then, settle: call.clock.settle(after) };
}

/** One look at an endpoint, by its owner or by the owner of its service: moves it on when its time has come. */
export function lookAtEndpoint(call: Call, endpoint: VpcEndpoint): void {
  if (!endpoint.next || !call.clock.look(endpoint.next.settle)) return;
  const before = endpoint.state;
  endpoint.state = endpoint.next.state;
  delete endpoint.next;
  if (before === "deleted") delete homeOf(call.world, endpoint).vpcEndpoints[endpoint.id];
  else if (endpoint.state === "deleted") move(call, endpoint, "deleted", "deleted", seconds.forget);
}

/** Moves on an endpoint whose time has come although nobody has looked since; takes no read off. For calls that change something. */
export function catchUp(call: Call, endpoint: VpcEndpoint): void {
  if (endpoint.next && settled(endpoint.next.settle, call.clock)) lookAtEndpoint(call, endpoint);
}

/** Whether an endpoint is still listed. */
export function isListed(call: Call, endpoint: VpcEndpoint): boolean {
  return homeOf(call.world, endpoint).vpcEndpoints[endpoint.id] !== undefined;
}
