import type { ConnectionFact, Finding } from "../../model.ts";
import type { Draft } from "../compare.ts";
import { HOLDING } from "./connected.ts";
import { departures, rejections } from "./detach.ts";
import type { Stage, Stand } from "./stage.ts";

const ATTRIBUTE = "privateDnsName";

/** The step that takes the private DNS name from an endpoint service once nobody is connected. */
const namelessStep = (address: string): string => `${address}#nameless`;

/**
 * AWS takes the private DNS name from no service that anybody is connected to. So whom the plan rejects or deletes goes first, and while there
 * are others it is refused, with their names and the way on.
 */
export const namelessOnceAlone: Stage = (staged, stand) => {
  const ends = new Map([...rejections(staged.drafts), ...departures(staged.drafts)]);
  const findings: Finding[] = [];
  const drafts = staged.drafts.flatMap((draft): Draft[] => {
    const holding = losesName(draft) ? connectionsTo(draft, stand) : [];
    const open = holding.filter(({ endpointId }) => !ends.has(endpointId));
    if (open.length > 0) findings.push(connected(draft, open));
    return holding.length > 0
      ? apart(draft, [...new Set(holding.flatMap((one) => ends.get(one.endpointId) ?? []))])
      : [draft];
  });
  return { ...staged, drafts, findings: [...staged.findings, ...findings] };
};

const losesName = ({ kind, action, differences }: Draft): boolean =>
  kind === "endpoint-service" &&
  action === "update" &&
  differences.some(({ attribute, after }) => attribute === ATTRIBUTE && after === null);

const connectionsTo = ({ live }: Draft, { cloud }: Stand): ConnectionFact[] =>
  live ? cloud.connectionsTo(live.target, live.id).filter(({ state }) => HOLDING.includes(state)) : [];

/** A rejection refers to the service, so it comes after all that its own step does. */
function apart(draft: Draft, first: readonly string[]): Draft[] {
  const { address, behind = [], differences } = draft;
  const name = differences.filter(({ attribute }) => attribute === ATTRIBUTE);
  const others = differences.filter(({ attribute }) => attribute !== ATTRIBUTE);
  const nameless = { ...draft, step: namelessStep(address), differences: name, behind: [...behind, address, ...first] };
  return [...(others.length > 0 ? [{ ...draft, differences: others }] : []), nameless];
}

const SHOWN = 5;

function connected({ address, connection, live, desired }: Draft, open: readonly ConnectionFact[]): Finding {
  const words = open
    .slice(0, SHOWN)
    .map(({ endpointId, owner, state }) => `${endpointId} of account ${owner}, ${state}`);
  const more = open.length > SHOWN ? `; and ${open.length - SHOWN} more` : "";
  const message =
    `${live?.id} keeps its private DNS name: AWS takes it from no service that anybody is connected to, and ${open.length} ${open.length === 1 ? "is" : "are"}: ${words.join("; ")}${more}. ` +
    "Write privateDns back; or name them under service.connections.reject to cut them, or let their owners delete them: once nobody is connected the name goes";
  return {
    id: "private-dns.connected",
    severity: "error",
    connection,
    address,
    message,
    ...(desired ? { at: desired.at } : {}),
  };
}
