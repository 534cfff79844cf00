import type { ConnectionFact, Desired, Live } from "../../model.ts";
import { acceptanceAddress, acceptanceOf, endpointAddress, serviceAddress } from "../addresses.ts";
import { age } from "../dates.ts";
import { type AcceptanceRefusal, acceptancePolicy } from "../partners/acceptance.ts";
import type { ConnectionDocument, ServiceSpec } from "../selectors/resolved-specs.ts";
import type { ConnectionRuleSpec } from "../specs/connection.generated.ts";
import { isNamedBy } from "../specs/rules.ts";
import { type Context, desire, type Expansion } from "./context.ts";
import { cutOff, cutOffElsewhere, isCutOff, reportKept } from "./disconnect.ts";

/** AWS's states of a connection that carries or may carry traffic, and of one that still asks. */
const ASKING = "pendingacceptance";
const CONNECTED = ["pending", "available"];
const isOpen = ({ state }: ConnectionFact): boolean => state === ASKING || CONNECTED.includes(state);

type Decision = "accepted" | "rejected";
interface Entry {
  readonly decision: Decision;
  readonly rule: ConnectionRuleSpec;
  readonly path: readonly (string | number)[];
}

/**
 * Which of the connections to our service are accepted and which rejected. Only what the spec names is ever accepted; a request that
 * nobody names is listed as unexpected, an accepted one that nobody names as undeclared, and neither is touched.
 */
export function expandAcceptances(
  context: Context,
  document: ConnectionDocument,
  service: ServiceSpec,
  into: Expansion,
): void {
  const connection = document.spec.metadata.name;
  const entries: Entry[] = (["reject", "accept"] as const).flatMap((list) =>
    (service.connections?.[list] ?? []).map((rule, index) => ({
      decision: list === "accept" ? ("accepted" as const) : ("rejected" as const),
      rule,
      path: ["service", "connections", list, index],
    })),
  );
  const policy = acceptancePolicy(context, document);
  if (service.acceptance === "automatic") say(policy?.automatic(), document, ["service", "acceptance"], into);
  const unfit = new Set(
    entries.filter(
      ({ decision, rule, path }) => decision === "accepted" && say(policy?.form(rule), document, path, into),
    ),
  );
  const live = context.cloud.at(serviceAddress(connection)).find(({ target }) => target === service.target);
  const facts = live ? context.cloud.connectionsTo(service.target, live.id) : [];
  for (const fact of facts) {
    const own = context.cloud.isOurEndpoint(fact.endpointId);
    // A rejection names what it means; it wins over an acceptance of the whole account.
    const entry = entries.find(({ rule }) => isNamedBy(rule, fact));
    const cut = !own && isOpen(fact) && isCutOff(context, service, fact);
    if (cut && entry?.decision === "accepted") reportKept(document, fact, entry, into);
    // Our own endpoints are accepted by the specs that declare them, unless those know the service only as others do.
    if (entry && unfit.has(entry)) continue;
    if (entry) {
      const doubt = entry.decision === "accepted" && isOpen(fact) ? policy?.request(entry.rule, fact) : undefined;
      if (say(doubt, document, entry.path, into)) continue;
      if (!own || entry.decision === "rejected" || comesAsStranger(context, fact))
        decide(context, document, service, fact, entry, into);
    } else if (cut) cutOff(document, service, fact, { ref: serviceAddress(connection), output: "serviceId" }, into);
    else if (!own || (fact.state === ASKING && comesAsStranger(context, fact)))
      reportUnnamed(context, document, service, fact, into);
  }
  cutOffElsewhere(context, document, service, into);
  for (const entry of entries) {
    if (!facts.some((fact) => isNamedBy(entry.rule, fact))) awaitRequest(document, entry, live, into);
  }
}

/** Tells why nothing is accepted; true when there is such a reason. */
function say(
  refusal: AcceptanceRefusal | undefined,
  document: ConnectionDocument,
  path: Entry["path"],
  into: Expansion,
): boolean {
  if (!refusal) return false;
  into.findings.push({ ...refusal, connection: document.spec.metadata.name, at: document.at(path) });
  return true;
}

/** Whether an endpoint of ours is declared with the service's AWS name: to its own spec the service is somebody else's. */
const comesAsStranger = ({ cloud, connections }: Context, { endpointId }: ConnectionFact): boolean => {
  const address = cloud.endpoint(endpointId)?.address;
  return [...connections].some(([connection, { spec }]) =>
    (spec.endpoints ?? []).some(
      ({ name = "main", service }) => typeof service === "string" && endpointAddress(connection, name) === address,
    ),
  );
};

function decide(
  context: Context,
  document: ConnectionDocument,
  service: ServiceSpec,
  fact: ConnectionFact,
  entry: Entry,
  into: Expansion,
): void {
  const connection = document.spec.metadata.name;
  const wants = entry.decision;
  const open = isOpen(fact);
  if (wants === "accepted" && !open) {
    into.findings.push({
      id: "connection.ended",
      severity: "warning",
      connection,
      message: `${fact.endpointId} of account ${fact.owner} is ${fact.state} and cannot be accepted again; its owner has to create a new endpoint, whose id then goes here`,
      at: document.at(entry.path),
    });
    return;
  }
  if (open || fact.state === "rejected")
    into.desired.push(acceptance(context, document, service, fact.endpointId, entry));
  if (wants === "accepted" && fact.state === "pending") {
    into.waits.push({
      connection,
      on: "aws",
      for: `${fact.endpointId} of account ${fact.owner} to become available`,
      since: fact.createdAt ?? null,
      until: null,
    });
  }
}

function acceptance(
  context: Context,
  document: ConnectionDocument,
  service: ServiceSpec,
  endpointId: string,
  entry: Entry,
): Desired<"acceptance"> {
  const ref = serviceAddress(document.spec.metadata.name);
  const own = context.cloud.endpoint(endpointId);
  return desire(document, entry.path, {
    kind: "acceptance",
    address: own ? acceptanceOf(own.address) : acceptanceAddress(document.spec.metadata.name, endpointId),
    target: service.target,
    attributes: { serviceId: { ref, output: "serviceId" }, endpointId, decision: entry.decision },
  });
}

function reportUnnamed(
  context: Context,
  document: ConnectionDocument,
  service: ServiceSpec,
  fact: ConnectionFact,
  into: Expansion,
): void {
  const connection = document.spec.metadata.name;
  const at = document.at(["service", "connections"]);
  const address = acceptanceAddress(connection, fact.endpointId);
  const line = `{endpoint: ${fact.endpointId}, reason: "..."}`;
  if (fact.state === ASKING) {
    const since = fact.createdAt ? `, asking for ${age(fact.createdAt, context.now)}` : "";
    const message = `unexpected request: ${fact.endpointId} of account ${fact.owner}${since}; nobody named it, so it is not accepted. To accept it add ${line} under service.connections.accept, to refuse it under reject`;
    into.findings.push({ id: "connection.unexpected", severity: "warning", connection, address, message, at });
  } else if (CONNECTED.includes(fact.state) && service.acceptance !== "automatic") {
    const message = `${fact.endpointId} of account ${fact.owner} is connected, but the spec does not name it; add ${line} under service.connections.accept to keep it on record, or under reject to cut it`;
    into.findings.push({ id: "connection.undeclared", severity: "warning", connection, address, message, at });
  }
}

function awaitRequest(
  document: ConnectionDocument,
  { decision, rule, path }: Entry,
  service: Live | undefined,
  into: Expansion,
): void {
  if (decision === "rejected" || !service) return;
  const who = "endpoint" in rule ? `endpoint ${rule.endpoint}` : `account ${rule.account}`;
  into.waits.push({
    connection: document.spec.metadata.name,
    address: service.address,
    on: "partner",
    for: `a connection request of ${who} to ${service.outputs.serviceName ?? service.id} (${document.at(path).file}:${document.at(path).line})`,
    since: null,
    until: null,
  });
}
