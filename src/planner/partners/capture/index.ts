import type { ConnectionDocument } from "../../specs/documents.ts";
import type { SpecEdit } from "../../specs/edit.ts";
import { modeOf } from "../mode.ts";
import { readParams } from "../params.ts";
import { type HandoffSpec, type Mode, type Profile, type Role, rolesOf } from "../profile.ts";
import type { Reported } from "../states.ts";
import type { Values } from "../values.ts";
import { holds } from "../when.ts";
import { reportedFor, type Written, writtenFor } from "./edits.ts";
import { type Find, findsIn } from "./finds.ts";
import { truncatedIn } from "./ids.ts";
import { readPaste } from "./paste.ts";
import { statesIn } from "./reported.ts";
import { type TestVerdict, testsIn } from "./tests.ts";

export type { Written } from "./edits.ts";
export type { TestVerdict } from "./tests.ts";

/** What a partner's output says about a connection, as far as its profile knows the partner's words. */
export interface Capture {
  /** What the spec is to say. */
  readonly written: readonly Written[];
  /** The endpoint id that our service is to accept, where the output shows one. */
  readonly accept?: string;
  /** The partner's word for how it stands. */
  readonly reported?: Reported;
  /** Outputs of the profile's tests, read. */
  readonly tests: readonly TestVerdict[];
  /** Why nothing may be written. */
  readonly refusals: readonly string[];
  /** What the profile would recognise, in sentences. */
  readonly looksFor: readonly string[];
  readonly edits: readonly SpecEdit[];
}

export interface CaptureInput {
  readonly document: Pick<ConnectionDocument, "spec" | "at">;
  readonly profile: Profile;
  /** As pasted. */
  readonly output: string;
  /** Only what this hand-off captures. */
  readonly step?: string;
  /** Why the endpoint is to be accepted, in the words of whoever has confirmed it; without it where it was seen. */
  readonly reason?: string;
  /** YYYY-MM-DD */
  readonly today: string;
}

/** Recognises what the profile knows in a partner's output. Anything doubtful is a refusal, and then nothing of it is to be written. */
export function captureFrom({ document, profile, output, step, reason, today }: CaptureInput): Capture {
  const paste = readPaste(output);
  const mode = modeOf(document.spec, profile);
  const handoffs = capturingHandoffs(document, profile).filter(({ id }) => step === undefined || id === step);
  const { finds, refusals: doubts } = findsIn(paste, handoffs, profile);
  const states = statesIn(paste, profile, mode, today);
  const [reported] = states;
  const written = [
    ...finds.flatMap((find) => writtenFor(find, document, profile, reason ?? seenBy(find, profile, today))),
    ...(reported && states.length === 1 ? [reportedFor(reported, document)] : []),
  ];
  const accept = finds.find(({ into }) => into === "accept")?.value;
  return {
    written,
    ...(typeof accept === "string" ? { accept } : {}),
    ...(reported && states.length === 1 ? { reported } : {}),
    tests: testsIn(paste, profile, mode, paramsOf(document, profile)),
    refusals: [
      ...truncatedIn(paste.text).map(cut),
      ...doubts,
      ...severalStates(states),
      ...(typeof accept === "string" ? unacceptable(accept, document) : []),
    ],
    looksFor: looksFor(handoffs, profile, mode),
    edits: written.flatMap(({ edits }) => edits),
  };
}

const seenBy = ({ title }: Find, { spec }: Profile, today: string): string =>
  `${spec.metadata.title} showed this id (${title}), captured on ${today}`;

/** The hand-offs of a spec's halves whose answers are worth a look. */
export function capturingHandoffs({ spec }: Pick<ConnectionDocument, "spec">, profile: Profile): HandoffSpec[] {
  const mode = modeOf(spec, profile);
  const circumstances = { mode, params: readParams(profile, spec.partner ?? {}, mode).values };
  const own = rolesIn(mode).flatMap((role) => profile.spec[role]?.handoffs ?? []);
  return [...own, ...(profile.spec.handoffs ?? [])].filter(
    ({ captures = [], when }) => captures.length > 0 && holds(when, circumstances),
  );
}

const paramsOf = ({ spec }: Pick<ConnectionDocument, "spec">, profile: Profile): Values => {
  const { values } = readParams(profile, spec.partner ?? {}, modeOf(spec, profile));
  return new Map([...values].map(([name, value]) => [`params.${name}`, value]));
};

const rolesIn = (mode: Mode | undefined): readonly Role[] => (mode === undefined ? [] : rolesOf(mode));

const cut = (token: string): string =>
  `${token} is not whole: the end of it was cut off. Copy it again with a wider window, or from the same command's JSON output`;

const severalStates = (states: readonly Reported[]): string[] =>
  states.length < 2
    ? []
    : [
        `the paste shows ${states.length} states: ${states.map(({ state }) => `"${state}"`).join(", ")}; paste only the last output, and only what is about this connection`,
      ];

/** What the spec itself says against accepting it. */
function unacceptable(id: string, { spec: { service } }: Pick<ConnectionDocument, "spec">): string[] {
  if (!service) return [`${id} asks to be accepted, but the spec has no service of ours`];
  const rejected = service.connections?.reject?.some((rule) => "endpoint" in rule && rule.endpoint === id);
  return rejected
    ? [`the spec rejects ${id} (service.connections.reject): take it out there first if that is no longer meant`]
    : [];
}

function looksFor(handoffs: readonly HandoffSpec[], { spec }: Profile, mode: Mode | undefined): string[] {
  const roles = rolesIn(mode).map((role) => spec[role]);
  return [
    ...handoffs.flatMap(({ id, captures = [] }) =>
      captures.map(({ pattern, into }) => `${into} in the answer to "${id}": ${pattern}`),
    ),
    ...roles.flatMap((role) => role?.states ?? []).map(({ match, is }) => `the state ${is}: ${match}`),
    ...roles
      .flatMap((role) => role?.verify ?? [])
      .flatMap(({ good, bad }) => [
        ...(good === undefined ? [] : [`a test that went well: ${good}`]),
        ...(bad === undefined ? [] : [`a test that did not: ${bad}`]),
      ]),
  ];
}
