import { hexOf } from "../ids.ts";
import { AwsError, type Call, type Tree } from "../operation.ts";
import { text, texts } from "../params.ts";
import type { Listener } from "../world.ts";
import { members } from "../xml.ts";
import { findListener, findLoadBalancer } from "./find.ts";
import { here, invalid, need } from "./input.ts";
import { forwardTree } from "./listeners.ts";

/** DescribeRules: a listener of this sandbox has its default rule and no other. */
export function describeRules(call: Call): Tree {
  const listener = text(call.params, "ListenerArn");
  const arns = texts(call.params, "RuleArns");
  if ((listener === undefined) === (arns.length === 0)) {
    throw invalid("You must specify either rule ARNs or a listener ARN");
  }
  const listeners =
    listener === undefined ? arns.map((arn) => listenerOfRule(call, arn)) : [findListener(call, listener)];
  return { Rules: members(listeners.map(defaultRule)) };
}

function listenerOfRule(call: Call, arn: string): Listener {
  const found = Object.values(here(call).listeners).find((listener) => ruleArn(listener) === arn);
  if (!found) throw new AwsError("RuleNotFound", `One or more rules not found: '${arn}'`);
  return found;
}

function ruleArn(listener: Listener): string {
  return `${listener.arn.replace(":listener/", ":listener-rule/")}/${hexOf(listener.arn, 16)}`;
}

function defaultRule(listener: Listener): Tree {
  return {
    RuleArn: ruleArn(listener),
    Priority: "default",
    Conditions: members([]),
    Actions: members([forwardTree(listener)]),
    IsDefault: true,
  };
}

/** DescribeCapacityReservation: nobody reserves capacity here. */
export function describeCapacityReservation(call: Call): Tree {
  findLoadBalancer(call, need(call.params, "LoadBalancerArn"));
  return { DecreaseRequestsRemaining: 2, CapacityReservationState: members([]) };
}
