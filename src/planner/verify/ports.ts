import type { Live } from "../../model.ts";
import { loadBalancerAddress } from "../addresses.ts";
import { groupBy } from "../collections.ts";
import { type Rule, ruleOf } from "../partners/checks/facts/ingress.ts";
import { covers, portText } from "../partners/checks/facts/ports.ts";
import { type Check, checker } from "./check.ts";
import { type DeclaredPorts, portsOfEndpoint, portsOfListener } from "./declared-ports.ts";
import { endpointsOf, textsOf, type Verified } from "./subject.ts";

const { holds, fails, unknown } = checker("ports");

/** Whether security groups let the declared ports in: those of our endpoints, and those of our load balancers where they count for PrivateLink. */
export function portChecks(verified: Verified): Check[] {
  return [
    ...endpointsOf(verified).flatMap((placed) =>
      placed.live ? groupChecks(placed.live, portsOfEndpoint(placed, verified), verified) : [],
    ),
    ...balancers(verified),
  ];
}

function balancers(verified: Verified): Check[] {
  const { document, cloud } = verified;
  const { service, metadata } = document.spec;
  return (service?.loadBalancers ?? []).flatMap((balancer) => {
    if ("arn" in balancer) return existing(balancer.arn, service?.target ?? "", verified);
    const [live] = cloud.at(loadBalancerAddress(metadata.name, balancer.name));
    if (!live) return [];
    const enforced = live.attributes.enforceSecurityGroupInboundRulesOnPrivateLinkTraffic;
    if (enforced !== "on") return [open(balancer.name, textsOf(live.attributes.securityGroupIds).length > 0)];
    return groupChecks({ ...live, id: balancer.name }, balancer.listeners.flatMap(portsOfListener), verified);
  });
}

const open = (name: string, hasGroups: boolean): Check =>
  holds(
    name,
    hasGroups
      ? "does not hold PrivateLink traffic against its security groups"
      : "has no security groups that could keep traffic out",
  );

function existing(arn: string, target: string, { cloud }: Verified): Check[] {
  const name = arn.split("/")[2] ?? arn;
  const details = cloud.target(target)?.loadBalancers.find((one) => one.arn === arn)?.details;
  if (details && details.inboundRules !== "on") return [open(name, details.inboundRules === "off")];
  return [
    unknown(
      name,
      "is not managed here, and may hold PrivateLink traffic against its security groups: look at their rules",
    ),
  ];
}

/** The rules of all groups together, which is how AWS reads them. A port is open when one source reaches all of it. */
function groupChecks(live: Live, ports: readonly DeclaredPorts[], verified: Verified): Check[] {
  const ids = textsOf(live.attributes.securityGroupIds);
  if (ids.length === 0) return [unknown(live.id, "shows no security groups")];
  const rules = ids.map((id) => rulesOf(id, live.target, verified));
  const unread = ids.filter((_id, index) => rules[index] === undefined);
  if (ports.length === 0)
    return [unknown(live.id, `has the security groups ${ids.join(", ")}, and nothing declares the ports to look for`)];
  return ports.map((range) =>
    portCheck(
      live.id,
      range,
      ids,
      rules.flatMap((some) => some ?? []),
      unread,
    ),
  );
}

function portCheck(
  about: string,
  range: DeclaredPorts,
  groups: readonly string[],
  rules: readonly Rule[],
  unread: readonly string[],
): Check {
  const words = `${range.protocol} ${portText(range)}`;
  const fitting = rules.filter(({ protocol }) => protocol === range.protocol || protocol === "all");
  const sources = [...groupBy(fitting, ({ source }) => source)].flatMap(([source, own]) =>
    covers(
      own.map((rule) => rule.range),
      range,
    )
      ? [source]
      : [],
  );
  if (sources.length > 0) return holds(about, `lets ${words} in from ${sources.join(", ")}`);
  if (unread.length > 0) return unknown(about, `may let ${words} in: the rules of ${unread.join(", ")} were not read`);
  return fails(about, `lets nobody in on ${words}: no rule of ${groups.join(", ")} does`);
}

/** Of a group that is ours as it lives, of others as AWS shows them. */
function rulesOf(id: string, target: string, { cloud }: Verified): readonly Rule[] | undefined {
  const own = cloud.live.find((live) => live.kind === "security-group" && live.id === id);
  const seen = own
    ? textsOf(own.attributes.ingress)
    : cloud.target(target)?.ingress?.find(({ groupId }) => groupId === id)?.rules;
  return seen?.flatMap(ruleOf);
}
