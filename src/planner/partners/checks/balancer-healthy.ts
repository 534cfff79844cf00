import type { HealthFacts, TargetHealthFact } from "../../../model.ts";
import { asSet } from "../../collections.ts";
import { argsSchema } from "./arguments.ts";
import { type Balancer, balancersOf } from "./facts/balancers.ts";
import { type Check, type CheckSubject, PROVIDER, targetOf } from "./subject.ts";
import { fails, HOLDS, listed, type Verdict, waits } from "./verdict.ts";

/**
 * Every target group behind the service's listeners has a healthy target. Deferred while a load balancer or one of its parts is about to
 * change, so that a plan that mends them is not refused for what it mends, and while first health checks run.
 */
export const balancerHealthy: Check = {
  roles: PROVIDER,
  schema: argsSchema(),
  needs: ["health"],
  judge: (_args, subject) => balancersOf(subject).flatMap((balancer) => judgeBalancer(balancer, subject)),
};

function judgeBalancer({ label, address, at }: Balancer, subject: CheckSubject): readonly Verdict[] {
  if (address !== undefined && subject.changes(address))
    return waits(`what this plan does to ${address}, and the health checks after it`, at);
  const arn = address === undefined ? label : subject.cloud.at(address)[0]?.id;
  const health = subject.cloud.target(targetOf(subject.half))?.health;
  const balancer = health?.loadBalancers.find((one) => one.arn === arn);
  if (!health || !balancer) return waits(`the health of the targets of ${label}, which was not read`, at);
  if (balancer.state === "provisioning") return waits(`${label} to be active`, at);
  if (balancer.state === "failed") return fails(`${label} is ${balancer.state}`, at);
  if (balancer.targetGroupArns.length === 0) return fails(`${label} has no listener that sends to targets`, at);
  return balancer.targetGroupArns.flatMap((group) => judgeGroup(health, balancer.arn, group, at));
}

function judgeGroup(
  { targets }: HealthFacts,
  balancer: string,
  group: string,
  at: readonly (string | number)[],
): readonly Verdict[] {
  const own = targets.filter((one) => one.loadBalancerArn === balancer && one.targetGroupArn === group);
  if (own.some(({ state }) => state === "healthy")) return HOLDS;
  if (own.some(({ state }) => state === "initial")) return waits(`the first health checks of ${nameOf(group)}`, at);
  return fails(
    own.length === 0 ? `${nameOf(group)} has no targets` : `no target of ${nameOf(group)} is healthy: ${states(own)}`,
    at,
  );
}

const states = (targets: readonly TargetHealthFact[]): string =>
  listed(asSet(targets.map(({ target, state, reason }) => `${target} is ${state}${reason ? ` (${reason})` : ""}`)));

/** `arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID` is long; people know the name. */
const nameOf = (arn: string): string => `the target group ${arn.split("/")[1] ?? arn}`;
