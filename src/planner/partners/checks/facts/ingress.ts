import { ingressRule } from "../../../expand/ingress.ts";
import type { PortRange } from "../../../specs/forms/ports.ts";
import type { Path } from "../../../specs/problem.ts";
import { type CheckSubject, pathOf, targetOf } from "../subject.ts";
import { type Found, mapped, together } from "../verdict.ts";

/** One rule that lets traffic in to an endpoint. */
export interface Rule {
  /** `tcp`, `udp`, `all`, or another protocol of AWS. */
  readonly protocol: string;
  readonly range: PortRange;
  /** A CIDR, a security group or a prefix list. */
  readonly source: string;
  /** The canonical sentence. */
  readonly text: string;
}

const SENTENCE = /^(\S+)(?: (-?\d+)(?:-(-?\d+))?)? from (\S+)/;
const EVERY: PortRange = { from: 0, to: 65_535 };

/** The rules of the endpoint's security groups (a spec names at least one): of the one that we make as the spec says, of others as AWS shows them. */
export function ingressRules({ cloud, half }: CheckSubject): Found<readonly Rule[]> {
  if (half.role !== "consumer") return { is: [] };
  const { securityGroup, securityGroups = [] } = half.endpoint;
  if (securityGroup) return { is: (securityGroup.ingress ?? []).map(ingressRule).flatMap(ruleOf) };
  const target = targetOf(half);
  const groups = securityGroups.map((id): Found<readonly string[]> => {
    const seen = cloud.target(target)?.ingress?.find(({ groupId }) => groupId === id);
    return seen ? { is: seen.rules } : { waitsFor: `the rules of ${id}, which were not read in target ${target}` };
  });
  return mapped(together(groups), (perGroup) => perGroup.flat().flatMap(ruleOf));
}

/** Where the spec chooses them. */
export function ingressPath({ half }: CheckSubject): Path {
  if (half.role !== "consumer") return pathOf(half);
  return [...pathOf(half), half.endpoint.securityGroups ? "securityGroups" : "securityGroup"];
}

/** A rule without ports is one for all of them. */
export function ruleOf(sentence: string): Rule[] {
  const [, protocol, from, to = from, source] = SENTENCE.exec(sentence) ?? [];
  if (protocol === undefined || source === undefined) return [];
  const range = from === undefined ? EVERY : { from: Number(from), to: Number(to) };
  return [{ protocol, range, source, text: sentence }];
}
