import type {
  Change,
  ConnectionFact,
  Difference,
  Json,
  KindInfo,
  KindInfos,
  Risk,
  Rule,
  TargetSnapshot,
  Value,
} from "../model.ts";
import { canonical } from "./canonical.ts";
import { asSet, compareText } from "./collections.ts";
import { adoptionNote, isUnmarked } from "./findings/adoption.ts";
import type { Ordered } from "./order.ts";
import { renameNote } from "./renames/offers.ts";
import type { SnapshotIndex } from "./snapshot-index.ts";
import { accountOfPrincipal } from "./specs/forms/principal.ts";
import { replacementNotes, replacementRisks } from "./staging/risks.ts";
import {
  after,
  before,
  counted,
  cut,
  type Facts,
  liveConnections,
  remaining,
  type Say,
  trafficRisks,
} from "./traffic.ts";

type Assessed = Pick<Change, "risks" | "notes">;

/** What a change may do to people, from its differences and from what lives now; each risk with a sentence that gives the numbers. */
export function assess(change: Ordered, kinds: KindInfos, facts: Facts): Assessed {
  const said = new Map<Risk, string[]>();
  const say = (risk: Risk, note?: string) => said.set(risk, [...(said.get(risk) ?? []), ...(note ? [note] : [])]);
  if (change.action === "delete" && !change.temporary) say("deletes");
  if (change.live && isUnmarked(change.live)) say("adopts", adoptionNote(change));
  // What goes with a replacement was told by the replacement.
  for (const difference of change.leftover ? [] : change.differences)
    attributeRisks(difference, kinds[change.kind], say);
  byKind[change.kind]?.(change, facts, say);
  replacementRisks(change, facts.cloud, say);
  return {
    risks: [...said.keys()].sort(compareText),
    notes: [...[...said.values()].flat(), ...replacementNotes(change), ...renameNote(change)],
  };
}

/** The risks that a kind's rules declare for attributes, whatever the kind. */
function attributeRisks({ attribute, before, after }: Difference, info: KindInfo, say: Say): void {
  const risk = info.rules[attribute]?.risk;
  if (!risk) return;
  const { added, removed } = membersOf(info.rules[attribute], before, after);
  if (risk.added && added.length > 0) say(risk.added);
  if (risk.removed && removed.length > 0) say(risk.removed);
  if (risk.changed && before !== undefined && after !== undefined) say(risk.changed);
}

function membersOf(
  rule: Rule | undefined,
  before: Json | undefined,
  after: Value | undefined,
): { added: string[]; removed: string[] } {
  const texts = (value: Value | undefined) =>
    rule?.shape === "set" && Array.isArray(value)
      ? asSet(value.map(canonical))
      : value === undefined
        ? []
        : [canonical(value)];
  const [was, will] = [texts(before), texts(after)];
  return { added: will.filter((one) => !was.includes(one)), removed: was.filter((one) => !will.includes(one)) };
}

const ENFORCEMENT = "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic";

/** What only the live facts of a kind can tell. */
const byKind: { readonly [K in Change["kind"]]?: (change: Ordered, facts: Facts, say: Say) => void } = {
  ...trafficRisks,
  "load-balancer": (change, _facts, say) => {
    if (change.action === "delete" && before(change, "deletionProtection") === true)
      say("deletes", "AWS's deletion protection is on; it is switched off first");
    if (after(change, ENFORCEMENT) === "on" && before(change, ENFORCEMENT) === "off")
      say("interrupts", "consumers whose addresses the security groups do not allow are cut off");
  },
  "endpoint-service": (change, facts, say) => {
    if (change.action === "delete" || change.action === "replace") cut(remaining(change, facts), say);
    for (const arn of referredBalancers(change, facts.cloud)) say("internet-facing", `${arn} faces the internet`);
  },
  allowlist: (change, facts, say) => {
    const left = change.action === "update" ? leftConnected(change, facts) : [];
    if (left.length === 0) return;
    const accounts = asSet(left.map(({ owner }) => owner)).join(", ");
    say(
      "revokes-access",
      `${counted(left)} (${accounts}) ${left.length === 1 ? "stays" : "stay"} connected: AWS cuts nobody when a principal is removed; to cut them say disconnect: true with a disconnectReason, or name them under service.connections.reject`,
    );
  },
  acceptance: (change, { cloud }, say) => {
    const { decision, endpointId } = (change.desired?.attributes ?? {}) as { decision?: string; endpointId?: Value };
    const fact = liveConnections(change, cloud, true).find((connection) => connection.endpointId === endpointId);
    if (decision === "accepted")
      say("accepts", fact ? `${fact.endpointId} of account ${fact.owner} may connect` : undefined);
    else if (change.action === "update" && fact) cut([fact], say);
  },
};

/** Live connections of the accounts that lose their last principal, as far as this plan does not cut them. */
function leftConnected(change: Ordered, facts: Facts): ConnectionFact[] {
  const texts = (value: Value | undefined) => (Array.isArray(value) ? value.map(String) : []);
  const [was, will] = [texts(before(change, "principals")), texts(after(change, "principals"))];
  const allows = (principals: readonly string[], { owner }: ConnectionFact) =>
    principals.some((principal) => principal === "*" || accountOfPrincipal(principal) === owner);
  const own = facts.cloud.target(change.target)?.account;
  return remaining(change, facts).filter((fact) => fact.owner !== own && allows(was, fact) && !allows(will, fact));
}

function referredBalancers(change: Ordered, cloud: SnapshotIndex): string[] {
  const facts: TargetSnapshot["loadBalancers"] = cloud.target(change.target)?.loadBalancers ?? [];
  const touched = canonical(after(change, "loadBalancerArns") ?? []);
  return facts.filter(({ arn, scheme }) => scheme === "internet-facing" && touched.includes(arn)).map(({ arn }) => arn);
}
