import { AwsError, type Call } from "../operation.ts";
import { integer, required, type Struct, structs, text } from "../params.ts";
import type { SecurityGroupRule } from "../world.ts";
import { canonicalCidr4, canonicalCidr6 } from "./cidr.ts";
import { invalidValue, noGroup } from "./errors.ts";
import { findGroup } from "./here.ts";

/** What a rule says, without its identity: protocol, ports and exactly one source or destination. */
export type RuleSpec = Omit<SecurityGroupRule, "id" | "groupId" | "egress" | "tags">;

/** What makes two rules of one group and direction the same rule; the description is not part of it. */
export function identityOf(rule: RuleSpec): string {
  const { protocol, fromPort, toPort, cidrIpv4, cidrIpv6, prefixListId, referencedGroupId } = rule;
  return [protocol, fromPort, toPort, cidrIpv4 ?? cidrIpv6 ?? prefixListId ?? referencedGroupId].join(" ");
}

/** The rules that the `IpPermissions` of a request stand for, or its flat `IpProtocol`, `FromPort`, `ToPort` and `CidrIp`. @throws AwsError */
export function readPermissions(call: Call): RuleSpec[] {
  const permissions = structs(call.params, "IpPermissions");
  if (permissions.length > 0) return permissions.flatMap((permission) => readPermission(call, permission));
  if (call.params.IpProtocol === undefined) return [];
  const range = readRange(call.params);
  return [{ ...range, cidrIpv4: canonicalCidr4(required(call.params, "CidrIp")) }];
}

function readPermission(call: Call, permission: Struct): RuleSpec[] {
  const range = readRange(permission);
  const targets: (Partial<RuleSpec> & { from: Struct })[] = [
    ...structs(permission, "IpRanges").map((from) => ({ from, cidrIpv4: canonicalCidr4(required(from, "CidrIp")) })),
    ...structs(permission, "Ipv6Ranges").map((from) => ({
      from,
      cidrIpv6: canonicalCidr6(required(from, "CidrIpv6")),
    })),
    ...structs(permission, "PrefixListIds").map((from) => ({ from, prefixListId: required(from, "PrefixListId") })),
    ...structs(permission, "Groups").map((from) => ({ from, referencedGroupId: readGroup(call, from) })),
  ];
  if (targets.length === 0) {
    throw new AwsError(
      "InvalidParameterValue",
      "Invalid value 'null' for portRange/source. A permission needs a source.",
    );
  }
  return targets.map(({ from, ...target }) => ({ ...range, ...target, ...describedBy(text(from, "Description")) }));
}

/** The rule of one entry of ModifySecurityGroupRules. @throws AwsError */
export function readRule(call: Call, rule: Struct): RuleSpec {
  const [cidrIpv4, cidrIpv6] = [text(rule, "CidrIpv4"), text(rule, "CidrIpv6")];
  const [prefixListId, group] = [text(rule, "PrefixListId"), text(rule, "ReferencedGroupId")];
  if ([cidrIpv4, cidrIpv6, prefixListId, group].filter((target) => target !== undefined).length !== 1) {
    throw new AwsError(
      "InvalidParameterCombination",
      "A rule has exactly one of CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId",
    );
  }
  if (group !== undefined) findGroup(call, group);
  return {
    ...readRange(rule),
    ...(cidrIpv4 === undefined ? {} : { cidrIpv4: canonicalCidr4(cidrIpv4) }),
    ...(cidrIpv6 === undefined ? {} : { cidrIpv6: canonicalCidr6(cidrIpv6) }),
    ...(prefixListId === undefined ? {} : { prefixListId }),
    ...(group === undefined ? {} : { referencedGroupId: group }),
    ...describedBy(text(rule, "Description")),
  };
}

/** A description that is to be kept. @throws AwsError InvalidParameterValue for characters that EC2 does not take */
export function describedBy(description: string | undefined): { description?: string } {
  if (!description) return {};
  if (description.length <= 255 && plainText.test(description)) return { description };
  throw new AwsError(
    "InvalidParameterValue",
    `Invalid rule description '${description}'. It has at most 255 characters out of a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`,
  );
}

/** The characters that EC2 takes in names and descriptions of security groups. */
export const plainText = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/;

function readGroup(call: Call, from: Struct): string {
  const id = required(from, "GroupId");
  const owner = text(from, "UserId") ?? call.account;
  // A group of another account may be referenced over a peering connection, of which the sandbox knows nothing.
  if (owner !== call.account && !/^sg-/.test(id)) throw noGroup(id);
  return owner === call.account ? findGroup(call, id).id : id;
}

const protocolNames = new Map([
  ["6", "tcp"],
  ["17", "udp"],
  ["1", "icmp"],
  ["58", "icmpv6"],
  ["all", "-1"],
]);

function readRange(from: Struct): Pick<RuleSpec, "protocol" | "fromPort" | "toPort"> {
  const sent = required(from, "IpProtocol").toLowerCase();
  const protocol = protocolNames.get(sent) ?? sent;
  if (!/^(tcp|udp|icmp|icmpv6|-1|\d{1,3})$/.test(protocol)) throw invalidValue(sent, "IpProtocol", "Unknown protocol.");
  const ports = { fromPort: integer(from, "FromPort") ?? -1, toPort: integer(from, "ToPort") ?? -1 };
  if (protocol === "tcp" || protocol === "udp") return { protocol, ...checkPorts(protocol, ports) };
  if (protocol.startsWith("icmp")) return { protocol, ...ports };
  return { protocol, fromPort: -1, toPort: -1 };
}

function checkPorts(
  protocol: string,
  ports: { fromPort: number; toPort: number },
): { fromPort: number; toPort: number } {
  const { fromPort, toPort } = ports;
  if (fromPort >= 0 && fromPort <= toPort && toPort <= 65_535) return ports;
  throw new AwsError("InvalidParameterValue", `Invalid ${protocol.toUpperCase()} port range (${fromPort}:${toPort})`);
}
