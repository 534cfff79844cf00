import fc from "fast-check";
import { expect, test } from "vitest";
import type { IngressFact, Snapshot } from "../../../../src/model.ts";
import { covers } from "../../../../src/planner/partners/checks/facts/ports.ts";
import { emptyCloud, SUBNETS } from "../../builders.ts";
import { consumed, partnerService, provided, table } from "./support.ts";

const listening = (...ports: readonly number[]): object =>
  provided({
    loadBalancers: [
      {
        name: "main",
        subnets: SUBNETS,
        listeners: ports.map((port) => ({
          port,
          protocol: "TCP",
          targetGroup: { port: 8443, type: "ip", targets: ["10.0.1.10"] },
        })),
      },
    ],
  });
const open = (...ingress: readonly object[]): object => consumed({ securityGroup: { ingress } });
const GROUP = "sg-0b1b2c3d4e5f60001";
const OTHER = "sg-0b1b2c3d4e5f60002";
const referring = consumed({ securityGroup: undefined, securityGroups: [GROUP] });
const rules = (...ingress: readonly IngressFact[]): Snapshot =>
  emptyCloud({ app: { services: [partnerService()], ingress } });

table("ports.allowed", [
  { why: "the only port is the listener's", args: { ports: [443] } },
  { why: "ranges count too", args: { ports: ["400-500"] } },
  { why: "a port listed by a parameter", args: { ports: "{{params.ports}}" }, params: { ports: [443] } },
  {
    why: "one listener of two is not allowed",
    args: { ports: [443, "8000-8100"] },
    spec: listening(443, 22),
    fails: "the listener 22 is not among 443, 8000-8100. ",
    at: "{",
  },
  { why: "which ports are allowed is not known", args: { ports: "{{params.ports}}" }, waits: "params.ports" },
  { why: "an endpoint's rules within the allowed ports", role: "consumer", args: { ports: ["400-500"] } },
  {
    why: "a rule that lets in more",
    role: "consumer",
    args: { ports: [443] },
    spec: open({ ports: "443-444", from: "10.0.0.0/8" }),
    fails: 'the rule "tcp 443-444 from 10.0.0.0/8" is not among 443. ',
    at: "{",
  },
  {
    why: "the rules of an existing group",
    role: "consumer",
    args: { ports: [443] },
    spec: referring,
    cloud: rules({ groupId: GROUP, rules: ["all from 10.0.0.0/8"] }),
    fails: 'the rule "all from 10.0.0.0/8" is not among 443. ',
  },
  {
    why: "the rules of a group that was not read",
    role: "consumer",
    args: { ports: [443] },
    spec: referring,
    waits: GROUP,
  },
  {
    why: "the ports of a parameter instead, each with the name of what it serves",
    args: { ports: [443, 2222], of: "{{params.pairs}}" },
    params: { pairs: ["sftp:2222", "ssh:22"] },
    fails: "port 22 of the parameters is not among 443, 2222. ",
    at: "{",
  },
  {
    why: "a parameter without ports in it",
    args: { ports: [443], of: "{{params.pairs}}" },
    params: { pairs: ["sftp"] },
    waits: 'a port or a range of ports in place of "sftp"',
  },
]);

table("ports.forbidden", [
  { why: "another port", args: { ports: [22] } },
  {
    why: "a forbidden port",
    args: { ports: [22] },
    spec: listening(22),
    fails: "the listener 22 uses port 22. ",
    at: "{",
  },
  { why: "within a forbidden range", args: { ports: ["400-500"] }, fails: "the listener 443 uses port 400-500. " },
  {
    why: "two forbidden ports are two findings",
    args: { ports: [22, 443] },
    spec: listening(22, 443, 8080),
    fails: ["the listener 22 uses port 22. ", "the listener 443 uses port 443. "],
  },
  {
    why: "a rule that lets a forbidden port in among others",
    role: "consumer",
    args: { ports: [22] },
    spec: open({ ports: "20-30", from: "10.0.0.0/8" }),
    fails: 'the rule "tcp 20-30 from 10.0.0.0/8" uses port 22. ',
  },
  {
    why: "the parameter's ports, whatever the listeners",
    args: { ports: [443], of: "{{params.pairs}}" },
    params: { pairs: ["web:8443"] },
  },
  { why: "the parameter is not known", args: { ports: [443], of: "{{params.pairs}}" }, waits: "params.pairs" },
]);

const halves = [
  { ports: "10000-20000", from: "10.0.0.0/8" },
  { ports: "20001-31000", from: "10.0.0.0/8" },
];
table("ports.ingress", [
  { why: "the port is open", role: "consumer", args: { ports: [443] } },
  {
    why: "the port is not open",
    role: "consumer",
    args: { ports: [443, 9243] },
    fails: "the endpoint's security groups let nobody in on tcp 9243. ",
    at: "{",
  },
  {
    why: "a range in two parts of one source",
    role: "consumer",
    args: { ports: ["10000-31000"] },
    spec: open(...halves),
  },
  {
    why: "a range in two parts of different sources is of use to nobody",
    role: "consumer",
    args: { ports: ["10000-31000"] },
    spec: open({ ...halves[0], from: "10.1.0.0/16" }, { ...halves[1] }),
    fails: "let nobody in on tcp 10000-31000. ",
  },
  {
    why: "a range with a hole",
    role: "consumer",
    args: { ports: ["10000-31000"] },
    spec: open({ ...halves[0], ports: "10000-19999" }, { ...halves[1] }),
    fails: "tcp 10000-31000",
  },
  {
    why: "another protocol does not help",
    role: "consumer",
    args: { ports: [443] },
    spec: open({ ports: 443, from: "10.0.0.0/8", protocol: "udp" }),
    fails: "tcp 443",
  },
  {
    why: "unless it is the one that is asked for",
    role: "consumer",
    args: { ports: [443], protocol: "udp" },
    spec: open({ ports: 443, from: "10.0.0.0/8", protocol: "udp" }),
  },
  { why: "no rules at all", role: "consumer", args: { ports: [443] }, spec: open(), fails: "tcp 443" },
  {
    why: "the partner tells its ports later",
    role: "consumer",
    args: { ports: "{{params.told}}" },
    waits: "params.told (the ticket)",
  },
  {
    why: "an existing group that lets everything in",
    role: "consumer",
    args: { ports: ["10000-31000"] },
    spec: referring,
    cloud: rules({ groupId: GROUP, rules: ["all from 10.0.0.0/8"] }),
  },
  {
    why: "an existing group that does not let it in",
    role: "consumer",
    args: { ports: [443] },
    spec: referring,
    cloud: rules({ groupId: GROUP, rules: ["tcp 22 from 10.0.0.0/8", "icmp 8--1 from 10.0.0.0/8"] }),
    fails: "tcp 443",
    at: "[",
  },
  { why: "groups that were not read", role: "consumer", args: { ports: [443] }, spec: referring, waits: GROUP },
  {
    why: "one group of two that was not read",
    role: "consumer",
    args: { ports: [443] },
    spec: consumed({ securityGroup: undefined, securityGroups: [GROUP, OTHER] }),
    cloud: rules({ groupId: GROUP, rules: ["tcp 443 from 10.0.0.0/8"] }),
    waits: OTHER,
  },
]);

test("ranges cover a range exactly when they cover each of its ports", () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 10 })).map(([from, more]) => ({
    from,
    to: from + more,
  }));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 6 }), range, (ranges, wanted) => {
      const every = Array.from({ length: wanted.to - wanted.from + 1 }, (_, n) => wanted.from + n);
      const each = every.every((port) => ranges.some(({ from, to }) => from <= port && port <= to));
      expect(covers(ranges, wanted)).toBe(each);
    }),
  );
});
