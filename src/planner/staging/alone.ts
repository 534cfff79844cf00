import type { ConnectionFact, Finding, Live } from "../../model.ts";
import type { Draft } from "../compare.ts";
import { HOLDING } from "./connected.ts";
import { rejections } from "./detach.ts";
import type { Stage, Stand } from "./stage.ts";

/**
 * AWS deletes no service that anybody is connected to. So connections that the plan rejects go first, and while there are others, which are
 * neither rejected nor deleted by it, the deletion is refused, with their names and the way on.
 */
export const deleteOnceAlone: Stage = (staged, stand) => {
  const rejected = rejections(staged.drafts);
  const leaving = new Map(
    staged.drafts.flatMap(({ kind, action, live, step }): [string, string][] =>
      kind === "vpc-endpoint" && action === "delete" && live ? [[live.id, step]] : [],
    ),
  );
  const findings: Finding[] = [];
  const drafts = staged.drafts.map((draft): Draft => {
    const { kind, action, live } = draft;
    if (kind !== "endpoint-service" || action !== "delete" || !live) return draft;
    const holding = stand.cloud.connectionsTo(live.target, live.id).filter(({ state }) => HOLDING.includes(state));
    const open = holding.filter(({ endpointId }) => !rejected.has(endpointId) && !leaving.has(endpointId));
    if (open.length > 0) findings.push(connected(draft, live, open, stand));
    const first = holding.flatMap(({ endpointId }) => rejected.get(endpointId) ?? leaving.get(endpointId) ?? []);
    return first.length > 0 ? { ...draft, behind: [...(draft.behind ?? []), ...first] } : draft;
  });
  return { ...staged, drafts, findings: [...staged.findings, ...findings] };
};

const SHOWN = 5;

function connected(
  { address, connection }: Draft,
  { id }: Live,
  open: readonly ConnectionFact[],
  { cloud }: Stand,
): Finding {
  const words = open.slice(0, SHOWN).map(({ endpointId, owner, state }) => {
    const ours = cloud.endpoint(endpointId)?.address;
    return `${endpointId} of account ${owner}, ${state}${ours ? ` (${ours} of this project, which stays)` : ""}`;
  });
  const more = open.length > SHOWN ? `; and ${open.length - SHOWN} more` : "";
  const accounts = new Set(open.map(({ owner }) => owner)).size;
  const message =
    `${id} is not deleted, because ${open.length} connection${open.length === 1 ? "" : "s"} of ${accounts} account${accounts === 1 ? "" : "s"} would be cut: ${words.join("; ")}${more}. ` +
    'To cut them, keep the service in its spec (bring the file back) with "disconnect: true", a disconnectReason and "allowedPrincipals: []", without their names under connections.accept; apply that, and remove it afterwards. Or let their owners delete them: once nobody is connected the deletion goes through';
  return { id: "service.connected", severity: "error", connection, address, message };
}
