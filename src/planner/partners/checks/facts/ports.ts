import type { PortRange } from "../../../specs/forms/ports.ts";
import type { Path } from "../../../specs/problem.ts";
import { portsOf, type ValuesArg } from "../arguments.ts";
import { type CheckSubject, pathOf } from "../subject.ts";
import { type Found, mapped, together } from "../verdict.ts";
import { balancersOf } from "./balancers.ts";
import { ingressPath, ingressRules } from "./ingress.ts";

/** Ports that are in use, and what says so. */
export interface UsedPorts {
  readonly range: PortRange;
  /** How sentences call it: "the listener 443". */
  readonly label: string;
  readonly at: Path;
}

/**
 * The ports that a connection uses: those of a parameter where the args name one with `of`, otherwise those of the service's listeners or of
 * the rules that let clients in to the endpoint.
 */
export function usedPorts(subject: CheckSubject, of: ValuesArg | undefined): Found<readonly UsedPorts[]> {
  if (of !== undefined) {
    const at = ["partner", "params"];
    return mapped(portsOf(of, subject), (ranges) =>
      ranges.map((range) => ({ range, label: `port ${portText(range)} of the parameters`, at })),
    );
  }
  if (subject.half.role === "consumer") {
    const at = ingressPath(subject);
    return mapped(ingressRules(subject), (rules) =>
      rules.map((rule) => ({ range: rule.range, label: `the rule "${rule.text}"`, at })),
    );
  }
  const listeners = together(balancersOf(subject).map((balancer) => balancer.listeners));
  return mapped(listeners, (perBalancer) =>
    perBalancer.flat().map(({ port, at }) => ({ range: { from: port, to: port }, label: `the listener ${port}`, at })),
  );
}

/** Where to look when they are not known. */
export const usedPortsPath = (subject: CheckSubject, of: ValuesArg | undefined): Path =>
  of === undefined ? pathOf(subject.half) : ["partner", "params"];

export const portText = ({ from, to }: PortRange): string => (from === to ? `${from}` : `${from}-${to}`);

export const overlap = (a: PortRange, b: PortRange): boolean => a.from <= b.to && b.from <= a.to;

/** Whether the ranges cover every port of one, side by side or overlapping. */
export function covers(ranges: readonly PortRange[], { from, to }: PortRange): boolean {
  let next = from;
  for (const range of [...ranges].sort((a, b) => a.from - b.from))
    if (range.from <= next && range.to >= next) next = range.to + 1;
  return next > to;
}
