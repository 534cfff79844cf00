import type { Attributes, Change, Risk } from "../../model.ts";
import type { Ordered } from "../order.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import { blockersOf } from "./connected.ts";
import { isWarmUp } from "./warm-up.ts";

type Say = (risk: Risk, note?: string) => void;

/** What replacing something does to the traffic that flows through it: where AWS forces an interruption, for whom and why. */
export function replacementRisks(change: Ordered, cloud: SnapshotIndex, say: Say): void {
  const rule = change.action === "replace" ? onReplace[change.kind] : undefined;
  rule?.(change, cloud, say);
  if (change.step === `${change.address}#private-dns`) say("interrupts", nameGap(change));
}

const onReplace: { readonly [K in Change["kind"]]?: (change: Ordered, cloud: SnapshotIndex, say: Say) => void } = {
  "load-balancer": ({ live, target }, cloud, say) => {
    if (!live) return;
    const services = cloud.live.filter(
      ({ kind, target: where, attributes }) =>
        kind === "endpoint-service" && where === target && (attributes.loadBalancerArns as string[]).includes(live.id),
    );
    const connected = services.flatMap((service) => blockersOf(cloud, service, [live.id]));
    if (connected.length === 0) return;
    const owners = new Set(connected.map(({ owner }) => owner)).size;
    say(
      "interrupts",
      `${connected.length} connection${connected.length === 1 ? "" : "s"} of ${owners} account${owners === 1 ? "" : "s"} through the old one: AWS moves none to another load balancer, so the old one stays until their owners have replaced these endpoints, which interrupts their clients`,
    );
  },
  "target-group": ({ desired }, _cloud, say) => {
    const { targets, port } = (desired?.attributes ?? {}) as Partial<Attributes["target-group"]>;
    if ((targets ?? []).length > 0) return;
    say(
      "interrupts",
      `the new group begins without targets: clients get no answer until whoever registers them (port ${port}) has registered them there`,
    );
  },
  "vpc-endpoint": ({ differences }, _cloud, say) => {
    // One that has ended carries no traffic.
    if (differences.some(({ attribute }) => attribute === "state")) return;
    say(
      "interrupts",
      "connections open through the old endpoint end when it is deleted; new ones use the new endpoint",
    );
  },
};

function nameGap({ address, live }: Ordered): string {
  return `the old and the new endpoint cannot both own the service's private DNS name in ${String(live?.attributes.vpcId)}: from here until ${address} is available, clients in this VPC that use that name do not reach the service`;
}

/** What a reviewer wants to know of a step that stands apart from the rest of its change. */
export function replacementNotes({ step, address, kind, action, desired, differences }: Ordered): string[] {
  if (isWarmUp(address))
    return action === "delete"
      ? []
      : [
          `stands only during this plan: through it the new targets become healthy before port ${portOf(desired)} is switched to them`,
        ];
  if (step === `${address}#detach`) return ["comes last: the others carry the traffic by then"];
  if (step === `${address}#nameless`) return ["comes when nobody is connected any more: until then AWS keeps the name"];
  const attaches = kind === "endpoint-service" && action === "update" && differences.some(isAttachment);
  return attaches ? ["waits until the targets behind the new load balancer are healthy"] : [];
}

const isAttachment = ({ attribute }: Change["differences"][number]): boolean => attribute === "loadBalancerArns";

/** The port of the listener that a warm-up is for: it stands in the address. */
const portOf = (desired: Ordered["desired"]): string =>
  /\/listener\/(\d+)\/warm-up$/.exec(desired?.address ?? "")?.[1] ?? "";
