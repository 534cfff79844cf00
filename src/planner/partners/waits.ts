import type { Finding, Wait } from "../../model.ts";
import { age, seconds } from "../dates.ts";
import { isNamedBy } from "../specs/rules.ts";
import { valuesOf } from "./context.ts";
import { durationSeconds, durationWords, isPast, later } from "./deadline.ts";
import { removalWaits } from "./deletion.ts";
import { modeOf } from "./mode.ts";
import { readParams } from "./params.ts";
import type { HandoffSpec } from "./profile.ts";
import { render } from "./render.ts";
import { isAbsent, type Occasion, type Situation } from "./stage.ts";

/** A connection with its partner at one moment. */
export interface Moments extends Situation {
  readonly occasions: readonly Occasion[];
  /** ISO 8601. */
  readonly now: string;
}

/** Whom the connection waits for besides what every connection waits for. */
export function partnerWaits(moments: Moments): Wait[] {
  if (isAbsent(moments.document)) return removalWaits(moments);
  return [
    ...moments.occasions.flatMap((one) => [...firstRequest(one, moments), ...answer(one, moments)]),
    ...told(moments),
  ];
}

/** Nobody has asked yet. Where the spec names an endpoint that it waits for, that wait is told with its name. */
function firstRequest({ moment, role, address }: Occasion, { document, profile, cloud }: Moments): Wait[] {
  const named = document.spec.service?.connections?.accept ?? [];
  if (role !== "provider" || moment !== "service-ready" || named.length > 0) return [];
  const [live] = cloud.at(address);
  const what = `${profile.spec.metadata.title} to ask for a connection to ${live?.outputs.serviceName ?? address}`;
  return [{ connection: document.spec.metadata.name, address, on: "partner", for: what, since: null, until: null }];
}

/** Somebody of ours has to say whether a request is the partner's. */
function answer({ moment, address, request }: Occasion, { document, profile }: Moments): Wait[] {
  if (moment !== "requested" || !request || isNamed(request, document)) return [];
  const deadline = profile.spec.provider?.acceptance.deadline;
  return [
    {
      connection: document.spec.metadata.name,
      address,
      on: "us",
      for: `an answer to ${request.endpointId} of account ${request.owner}`,
      since: request.createdAt ?? null,
      until: deadline && request.createdAt ? later(request.createdAt, deadline) : null,
    },
  ];
}

const isNamed = (request: NonNullable<Occasion["request"]>, { spec }: Moments["document"]): boolean => {
  const { accept = [], reject = [] } = spec.service?.connections ?? {};
  return [...accept, ...reject].some((rule) => isNamedBy(rule, request));
};

/** What the partner tells during the connection; a service name is waited for by the endpoint that needs it. */
function told({ document, profile }: Moments): Wait[] {
  const { partner, metadata } = document.spec;
  if (!partner) return [];
  const name = profile.spec.consumer?.service.name;
  const inName = name === undefined ? new Set<string>() : profile.template(name).uses;
  const { title } = profile.spec.metadata;
  return readParams(profile, partner, modeOf(document.spec, profile))
    .later.filter((param) => !inName.has(`params.${param}`))
    .map((param) => ({
      connection: metadata.name,
      on: "partner",
      for: `${title} to tell partner.params.${param}: ${profile.spec.params?.[param]?.obtain}`,
      since: null,
      until: null,
    }));
}

/** Gives the waits for a partner the time that it usually takes, where that is known and has a beginning. */
export function withDeadlines(waits: readonly Wait[], moments: Moments): Wait[] {
  return waits.map((wait) => {
    if (wait.on !== "partner" || wait.until !== null) return wait;
    const occasion = moments.occasions.find(({ address }) => address === wait.address);
    const takes = occasion && takesAt(occasion, moments);
    if (!occasion || takes === undefined) return wait;
    const begun = beganAt(occasion, moments) ?? wait.since;
    if (begun !== null) {
      const until = later(begun, takes);
      const over = isPast(until, moments.now)
        ? `; it usually takes ${durationWords(takes)}, and that is over: ask`
        : "";
      return { ...wait, for: `${wait.for}${over}`, since: begun, until };
    }
    return {
      ...wait,
      for: `${wait.for}; it usually takes ${durationWords(takes)} (write partner.reported with the day on which it was asked, and a date is shown)`,
    };
  });
}

/**
 * When the partner got what it needs: the day of its last word, otherwise when what it needs of ours was made. AWS does not tell of a service
 * when that was, but of its load balancers.
 */
function beganAt({ since }: Occasion, { document, cloud }: Moments): string | undefined {
  if (since !== undefined) return since;
  const made = cloud.live
    .filter(({ connection, kind }) => connection === document.spec.metadata.name && MADE_FOR_IT.includes(kind))
    .flatMap(({ createdAt }) => createdAt ?? [])
    .sort();
  const { reported } = document.spec.partner ?? {};
  return reported ? `${reported.on}T00:00:00.000Z` : made[0];
}

const MADE_FOR_IT: readonly string[] = ["load-balancer", "endpoint-service"];

/** The longest time that what is to be done now usually takes. */
function takesAt({ moment, role }: Occasion, { document, profile }: Moments): string | undefined {
  const { partner } = document.spec;
  const handoffs: readonly HandoffSpec[] = [
    ...(profile.spec[role]?.handoffs ?? []),
    ...(profile.spec.handoffs ?? []),
  ].filter(({ at }) => at.includes(moment));
  const unknown =
    partner && moment === "start" ? readParams(profile, partner, modeOf(document.spec, profile)).later : [];
  const acceptance = moment === "endpoint-created" ? profile.spec.consumer?.acceptance.takes : undefined;
  return [
    ...(acceptance === undefined ? [] : [acceptance]),
    ...handoffs.flatMap(({ takes }) => takes ?? []),
    ...unknown.flatMap((param) => profile.spec.params?.[param]?.until ?? []),
  ].sort((a, b) => durationSeconds(b) - durationSeconds(a))[0];
}

/** How long a request may still wait before the partner gives up, and what to do when it has. */
export function deadlineFindings(moments: Moments): Finding[] {
  const { document, profile, occasions, now } = moments;
  const { deadline, afterDeadline } = profile.spec.provider?.acceptance ?? {};
  if (deadline === undefined) return [];
  const { title } = profile.spec.metadata;
  return occasions.flatMap(({ moment, request, address }): Finding[] => {
    if (moment !== "requested" || request?.createdAt === undefined) return [];
    const until = later(request.createdAt, deadline);
    const over = isPast(until, now);
    const who = `${request.endpointId} of account ${request.owner} asks since ${request.createdAt.slice(0, 16).replace("T", " ")} UTC`;
    const message = over
      ? `${who}, and ${title} gives up after ${durationWords(deadline)}: that was over ${agoWords(until, now)}. ${after(afterDeadline, request, moments)}`
      : `${who}, and ${title} gives up after ${durationWords(deadline)}: ${age(now, until)} left`;
    return [
      {
        id: over ? "partner.deadline-passed" : "partner.deadline",
        severity: "warning",
        connection: document.spec.metadata.name,
        address,
        message,
        at: document.at(["service", "connections"]),
      },
    ];
  });
}

const agoWords = (until: string, now: string): string =>
  seconds(now) - seconds(until) < 60 ? "just now" : `${age(until, now)} ago`;

function after(
  afterDeadline: string | undefined,
  request: NonNullable<Occasion["request"]>,
  { profile, document, project, cloud }: Moments,
): string {
  if (afterDeadline === undefined) return "Ask it to begin anew, with a new endpoint";
  const rendered = render(
    profile,
    afterDeadline,
    valuesOf({ profile, document, project, cloud, role: "provider", request }),
  );
  return "text" in rendered ? rendered.text.trim() : afterDeadline;
}
