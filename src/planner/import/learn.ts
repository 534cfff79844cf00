import type { Change, Plan } from "../../model.ts";
import { isUnmarked, onlyMarks } from "../findings/adoption.ts";

/**
 * What a plan made from drafts shows that they do not say as it lives: why, by the id of what is better referred to or left out. Empty when
 * the plan adopts and does nothing else to what it adopts.
 */
export function learn({ changes }: Pick<Plan, "changes">): Map<string, string> {
  const cannot = new Map<string, string>();
  for (const change of changes) {
    if (!change.live || !isUnmarked(change.live) || onlyMarks(change)) continue;
    for (const id of standIns(change)) if (!cannot.has(id)) cannot.set(id, reason(change));
  }
  return cannot;
}

/** A listener or target group is referred to through its load balancer; a proof goes with its service. */
function standIns({ kind, live }: Change): string[] {
  const { loadBalancerArn, serviceId } = live?.attributes ?? {};
  if (kind === "listener" || kind === "target-group")
    return typeof loadBalancerArn === "string" ? [loadBalancerArn] : [];
  if (kind === "private-dns") return [String(serviceId)];
  return live && ["load-balancer", "security-group", "dns-record"].includes(kind) ? [live.id] : [];
}

function reason({ kind, differences, live }: Change): string {
  const words = differences
    .filter(({ attribute }) => !attribute.startsWith("tags."))
    .map(({ attribute, before }) => `${attribute} ${JSON.stringify(before ?? null)}`);
  return `${kind} ${live?.id} has ${words.join(", ")}, which a spec cannot say together with the rest`;
}
