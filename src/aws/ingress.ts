import type { IpPermission, SecurityGroupRule, SecurityGroupRuleRequest } from "@aws-sdk/client-ec2";

/** One ingress rule. AWS knows it by all but the description. */
export interface IngressRule {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, a protocol number, or `all`. */
  readonly protocol: string;
  /** Both absent: every port, or a protocol without ports. For ICMP they are type and code. */
  readonly from?: number;
  readonly to?: number;
  /** A CIDR, a security group's id or a prefix list's id. */
  readonly source: string;
  readonly description?: string;
}

const SENTENCE = /^(\S+)(?: (-?\d+)(?:-(-?\d+))?)? from (\S+)(?: (".*"))?$/s;

/** `tcp 443 from 10.0.0.0/16`, `tcp 8000-8100 from sg-0a1b2c3d "from the app"`, `all from 10.0.0.0/8`. */
export function formatIngress({ protocol, from, to = from, source, description }: IngressRule): string {
  const ports = from === undefined ? "" : ` ${from === to ? from : `${from}-${to}`}`;
  return `${protocol}${ports} from ${source}${description === undefined ? "" : ` ${JSON.stringify(description)}`}`;
}

/** The rule that `formatIngress` wrote; throws on any other text, which only a mistake in Landline makes. */
export function parseIngress(sentence: string): IngressRule {
  const [, protocol, from, to = from, source, description] = SENTENCE.exec(sentence) ?? [];
  if (!protocol || !source) throw new Error(`not an ingress rule: ${sentence}`);
  return {
    protocol,
    ...(from === undefined ? {} : { from: Number(from), to: Number(to) }),
    source,
    ...(description === undefined ? {} : { description: String(JSON.parse(description)) }),
  };
}

/** AWS writes "every protocol" as -1, and absent ports as -1 or not at all; only for ICMP is -1 a value of its own. */
export function ingressOf(rule: SecurityGroupRule): IngressRule {
  const { IpProtocol = "-1", FromPort, ToPort, Description } = rule;
  const protocol = IpProtocol === "-1" ? "all" : IpProtocol.toLowerCase();
  const hasPorts = FromPort !== undefined && (FromPort !== -1 || /^icmp/.test(protocol)) && protocol !== "all";
  return {
    protocol,
    ...(hasPorts ? { from: FromPort, to: ToPort ?? FromPort } : {}),
    source: rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId ?? "",
    ...(Description ? { description: Description } : {}),
  };
}

/** What AWS tells two rules apart by. */
export const ingressKey = ({ description: _, ...rule }: IngressRule): string => formatIngress(rule);

/** The rule as AuthorizeSecurityGroupIngress takes it. */
export function permissionOf({ source, description, ...rule }: IngressRule): IpPermission {
  const Description = description === undefined ? {} : { Description: description };
  const base = { IpProtocol: numberOf(rule.protocol), ...portsOf(rule) };
  if (source.startsWith("sg-")) return { ...base, UserIdGroupPairs: [{ GroupId: source, ...Description }] };
  if (source.startsWith("pl-")) return { ...base, PrefixListIds: [{ PrefixListId: source, ...Description }] };
  if (source.includes(":")) return { ...base, Ipv6Ranges: [{ CidrIpv6: source, ...Description }] };
  return { ...base, IpRanges: [{ CidrIp: source, ...Description }] };
}

/** The rule as ModifySecurityGroupRules takes it: always whole, and with an empty description to take one away. */
export function ruleRequestOf({ source, description = "", ...rule }: IngressRule): SecurityGroupRuleRequest {
  const base = { IpProtocol: numberOf(rule.protocol), ...portsOf(rule), Description: description };
  if (source.startsWith("sg-")) return { ...base, ReferencedGroupId: source };
  if (source.startsWith("pl-")) return { ...base, PrefixListId: source };
  return source.includes(":") ? { ...base, CidrIpv6: source } : { ...base, CidrIpv4: source };
}

const numberOf = (protocol: string): string => (protocol === "all" ? "-1" : protocol);

function portsOf({ from, to }: Pick<IngressRule, "from" | "to">): { FromPort?: number; ToPort?: number } {
  return from === undefined || to === undefined ? {} : { FromPort: from, ToPort: to };
}
