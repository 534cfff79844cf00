import type { Call, Tree } from "../operation.ts";
import type { Listener } from "../world.ts";
import { type Attributes, attributesTree, readAttributes } from "./attributes.ts";
import { findListener } from "./find.ts";
import { need } from "./input.ts";

/** Only TCP listeners let their idle timeout be chosen, within 60 to 6000 seconds. */
const tcp: Attributes = {
  "tcp.idle_timeout.seconds": { fallback: "350", allowed: /^([6-9]\d|[1-9]\d\d|[1-5]\d{3}|6000)$/ },
};

function attributesOf(listener: Listener): Attributes {
  return listener.protocol === "TCP" ? tcp : {};
}

/** DescribeListenerAttributes: all of them, set or not. */
export function describeListenerAttributes(call: Call): Tree {
  const listener = findListener(call, need(call.params, "ListenerArn"));
  return attributesTree(attributesOf(listener), listener.attributes);
}

/** ModifyListenerAttributes: keeps what is not named. */
export function modifyListenerAttributes(call: Call): Tree {
  const listener = findListener(call, need(call.params, "ListenerArn"));
  const known = attributesOf(listener);
  listener.attributes = { ...listener.attributes, ...readAttributes(call, "listener", known) };
  return attributesTree(known, listener.attributes);
}
