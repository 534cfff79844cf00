import fc from "fast-check";
import { expect, test } from "vitest";
import { formatIngress, ingressKey, ingressOf, parseIngress } from "../../src/aws/ingress.ts";

const port = fc.integer({ min: 0, max: 65535 });
const ports = fc.oneof(
  fc.constant({}),
  fc.tuple(port, port).map(([from, to]) => ({ from, to })),
);
const source = fc.constantFrom("10.0.0.0/16", "2001:db8::/32", "sg-0a1b2c3d4e5f60004", "pl-0123456789abcdef0");
const rule = fc
  .record({
    protocol: fc.constantFrom("tcp", "udp", "all", "icmp", "50"),
    ports,
    source,
    description: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
  })
  .map(({ ports: range, description, ...rest }) => ({
    ...rest,
    ...range,
    ...(description === undefined ? {} : { description }),
  }));

test("a sentence says a rule completely", () => {
  fc.assert(
    fc.property(rule, (one) => {
      expect(parseIngress(formatIngress(one))).toEqual(one);
    }),
  );
});

test("the description is not what rules are told apart by", () => {
  const described = parseIngress('tcp 443 from 10.0.0.0/16 "clients"');
  expect(ingressKey(described)).toBe("tcp 443 from 10.0.0.0/16");
});

test.each([
  [{ IpProtocol: "-1", FromPort: -1, ToPort: -1, CidrIpv4: "10.0.0.0/8" }, "all from 10.0.0.0/8"],
  [{ IpProtocol: "icmp", FromPort: 8, ToPort: 0, CidrIpv4: "10.0.0.0/8" }, "icmp 8-0 from 10.0.0.0/8"],
  [{ IpProtocol: "icmpv6", FromPort: -1, ToPort: -1, CidrIpv6: "::/0" }, "icmpv6 -1 from ::/0"],
  [{ IpProtocol: "50", FromPort: -1, ToPort: -1, PrefixListId: "pl-1" }, "50 from pl-1"],
  [{ IpProtocol: "tcp", FromPort: 1, ToPort: 2, ReferencedGroupInfo: { GroupId: "sg-1" } }, "tcp 1-2 from sg-1"],
])("AWS's %j reads %s", (awsRule, sentence) => {
  expect(formatIngress(ingressOf(awsRule))).toBe(sentence);
});

test("anything else is refused", () => {
  expect(() => parseIngress("tcp 443 to 10.0.0.0/16")).toThrow("not an ingress rule: tcp 443 to 10.0.0.0/16");
});
