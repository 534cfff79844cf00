import type { Change, Finding, HealthFacts, Live, TargetHealthFact, VerificationFact, Wait } from "../../model.ts";
import { asSet } from "../collections.ts";
import type { CommonState } from "../partners/states.ts";

/** The state of a connection in one word, worst first where several are true: the same words over all partners (R147). */
export type ConnectionState = CommonState;

/** What one connection shows. */
export interface Seen {
  /** Whether a spec still wants it. */
  readonly declared: boolean;
  /** Its spec says that all of it is to go: how many objects are left. */
  readonly going?: number;
  /** Whether each service and endpoint that the spec wants is there. */
  readonly complete: boolean;
  /** Its live endpoint service and endpoints. */
  readonly main: readonly Live[];
  /** Requests at our service that wait for our answer. */
  readonly requests: readonly { readonly endpointId: string; readonly account: string }[];
  readonly changes: readonly Change[];
  readonly waits: readonly Wait[];
  readonly findings: readonly Finding[];
  readonly loadBalancers: HealthFacts["loadBalancers"];
  readonly targets: readonly TargetHealthFact[];
  readonly verification: VerificationFact | undefined;
  /** With a partner profile: what tells the steps between apart. */
  readonly partner?: PartnerSeen;
}

/** What is known of the partner's side. */
export interface PartnerSeen {
  /** What people call it. */
  readonly title: string;
  /** What the spec still has to say before anything can be handed over, in sentences. */
  readonly lacks: readonly string[];
  /** Endpoints of the partner that are accepted and not available yet. */
  readonly connecting: readonly string[];
}

export interface Judged {
  readonly state: ConnectionState;
  /** A sentence for everything that is open, that of the state first; empty exactly when it is active. */
  readonly reasons: readonly string[];
}

/** The first rule that finds something gives the state; what the others find is told after it. */
export function judge(seen: Seen): Judged {
  const found = RULES.map(([state, rule]) => ({ state, reasons: rule(seen) })).filter(
    ({ reasons }) => reasons.length > 0,
  );
  const first = found[0];
  if (!first) return { state: "active", reasons: [] };
  return { state: first.state, reasons: [...new Set(found.flatMap(({ reasons }) => reasons))] };
}

type Rule = (seen: Seen) => string[];

/** AWS never brings these back. */
const ENDED = ["failed", "rejected", "expired"];
const UNHEALTHY = ["unhealthy", "unhealthy.draining", "unused", "unavailable"];

const deleting: Rule = ({ declared, changes, going }) => {
  const left = changes.filter(({ action }) => action === "delete").length;
  if (going) return [`its spec says "state: absent"; ${left} to delete`];
  return declared ? [] : [`no spec wants it any more; ${left} to delete`];
};

const absent: Rule = ({ going }) => (going === 0 ? ["nothing is left of it, as its spec says; the spec may go"] : []);

const unread: Rule = ({ findings }) =>
  findings.flatMap(({ id, message }) => (id === "target.unreadable" ? [`not known: ${message}`] : []));

const failed: Rule = ({ main, loadBalancers, complete, findings }) => [
  ...main.flatMap(({ id, state = "" }) => (ENDED.includes(state) ? [`${id} is ${state}`] : [])),
  ...loadBalancers.flatMap(({ arn, state }) => (state === "failed" ? [`${nameOf(arn)} is failed`] : [])),
  ...findings.flatMap(({ id, message }) => (id === "partner.deadline-passed" ? [message] : [])),
  ...(complete ? [] : blocking(findings).map(({ message }) => message)),
];

/** Nothing can be handed over before the spec says more. */
const draft: Rule = ({ partner, main }) => (main.length === 0 ? [...(partner?.lacks ?? [])] : []);

const awaitingAcceptance: Rule = ({ partner, main }) =>
  partner
    ? main.flatMap(({ kind, id, state }) =>
        kind === "vpc-endpoint" && state === "pendingacceptance"
          ? [`${id} waits to be accepted by ${partner.title}`]
          : [],
      )
    : [];

const connecting: Rule = ({ partner, main }) => {
  if (!partner) return [];
  const ours = main.filter(({ kind, state }) => kind === "vpc-endpoint" && state === "pending").map(({ id }) => id);
  return [...ours, ...partner.connecting].map((id) => `${id} is on its way to being available`);
};

/** Whether everything that carries traffic is there and ready. */
const whole = ({ complete, main }: Seen): boolean => complete && main.every(({ state }) => state === "available");

const partnerFirst: Rule = (seen) => (whole(seen) ? [] : waitsOn(seen, "partner"));

const usFirst: Rule = (seen) => (whole(seen) ? [] : [...waitsOn(seen, "us"), ...ownAcceptances(seen)]);

const creating: Rule = (seen) => {
  const { main, changes, complete, loadBalancers, targets, verification } = seen;
  const coming = changes.filter(({ action, temporary }) => action === "create" && !temporary).length;
  return [
    ...(complete || coming === 0 ? [] : [`${coming} to create`]),
    ...(complete || coming > 0 ? [] : ["not all of it is there"]),
    ...main.flatMap(({ id, state = "" }) =>
      ["pending", "pendingacceptance"].includes(state) ? [`${id} is ${state}`] : [],
    ),
    ...loadBalancers.flatMap(({ arn, state }) => (state === "provisioning" ? [`${nameOf(arn)} is provisioning`] : [])),
    ...(starting(targets) ? ["no target has passed its health checks yet"] : []),
    ...(verification?.state === "pendingverification" ? [`${verification.name} is not verified yet`] : []),
  ];
};

/** Nobody is healthy, and at least one has not had the time. */
const starting = (targets: readonly TargetHealthFact[]): boolean =>
  targets.some(({ state }) => state === "initial") && !targets.some(({ state }) => state === "healthy");

const degraded: Rule = (seen) => {
  const { main, loadBalancers, targets, verification, findings } = seen;
  const open = drifted(seen.changes).length;
  return [
    ...main.flatMap(({ id, state = "available" }) =>
      ["available", "pending", "pendingacceptance", ...ENDED].includes(state) ? [] : [`${id} is ${state}`],
    ),
    ...loadBalancers.flatMap(({ arn, state }) =>
      ["active", "provisioning", "failed"].includes(state) ? [] : [`${nameOf(arn)} is ${state}`],
    ),
    ...unhealthy(targets),
    ...empty(loadBalancers, targets),
    ...(verification && !["verified", "pendingverification"].includes(verification.state)
      ? [`the verification of ${verification.name} is ${verification.state}`]
      : []),
    ...(open > 0 && seen.complete && seen.declared && seen.going === undefined
      ? [`${open} ${open === 1 ? "difference" : "differences"} from its spec`]
      : []),
    ...(seen.complete ? blocking(findings).map(({ message }) => message) : []),
  ];
};

function unhealthy(targets: readonly TargetHealthFact[]): string[] {
  const serving = targets.filter(({ state }) => state !== "draining");
  const bad = serving.filter(({ state }) => UNHEALTHY.includes(state));
  if (bad.length === 0) return [];
  const reasons = [...new Set(bad.flatMap(({ reason }) => reason ?? []))].sort().join(", ");
  return [
    `${bad.length} of ${serving.length} targets ${bad.length === 1 ? "is" : "are"} not healthy${reasons ? ` (${reasons})` : ""}`,
  ];
}

/** Registrations may belong to somebody else, but a group without any serves nobody. */
const empty = (balancers: Seen["loadBalancers"], targets: readonly TargetHealthFact[]): string[] =>
  balancers
    .flatMap(({ targetGroupArns }) => targetGroupArns)
    .filter((arn) => !targets.some(({ targetGroupArn, state }) => targetGroupArn === arn && state !== "draining"))
    .map((arn) => `target group ${nameOf(arn)} has no targets`);

const waitingForUs: Rule = (seen) => [
  ...seen.requests.map(({ endpointId, account }) => `${endpointId} of account ${account} asks to be accepted`),
  ...waitsOn(seen, "us"),
  ...ownAcceptances(seen),
];

const waitingForPartner: Rule = (seen) => waitsOn(seen, "partner");
const waitingForAws: Rule = (seen) => waitsOn(seen, "aws");

const RULES: readonly (readonly [ConnectionState, Rule])[] = [
  ["deleting", deleting],
  ["degraded", unread],
  ["absent", absent],
  ["failed", failed],
  ["draft", draft],
  ["awaiting-acceptance", awaitingAcceptance],
  ["waiting-partner", partnerFirst],
  ["waiting-us", usFirst],
  ["connecting", connecting],
  ["creating", creating],
  ["degraded", degraded],
  ["creating", waitingForAws],
  ["waiting-us", waitingForUs],
  ["waiting-partner", waitingForPartner],
];

const waitsOn = ({ waits }: Seen, on: Wait["on"]): string[] =>
  waits.flatMap((wait) => (wait.on === on ? [`waits for ${wait.for}`] : []));

const isAcceptance = ({ kind, action }: Change): boolean => kind === "acceptance" && action === "create";

/** Whoever is to be accepted waits for our next apply, unless there is nothing yet to accept. */
const ownAcceptances = ({ changes, main }: Seen): string[] =>
  changes.filter(isAcceptance).flatMap(({ address, differences }) => {
    const endpoint = differences.find(({ attribute }) => attribute === "endpointId")?.after;
    return typeof endpoint === "string" && main.length > 0
      ? [`${endpoint} is accepted by the next apply (${address})`]
      : [];
  });

/** What differs from the spec. Accepting is the answer to a request, and AWS looking for a proof is a wait: neither is drift. */
const drifted = (changes: readonly Change[]): string[] =>
  asSet(
    changes
      .filter((change) => !change.temporary && !isAcceptance(change) && !isLookedFor(change))
      .map(({ address }) => address),
  );

const isLookedFor = ({ differences }: Change): boolean =>
  differences.some(({ attribute, before }) => attribute === "state" && before === "pendingverification");

const blocking = (findings: readonly Finding[]): Finding[] =>
  findings.filter(
    ({ id, severity, waived }) => severity === "error" && waived === undefined && id !== "target.unreadable",
  );

/** `net/payments` of a load balancer's ARN, the name of a target group's. */
const nameOf = (arn: string): string => /(?:loadbalancer|targetgroup)\/(?:net\/)?([^/]+)/.exec(arn)?.[1] ?? arn;
