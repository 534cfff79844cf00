import type { Change, Handoff } from "../../model.ts";
import { type Subject, valuesOf } from "./context.ts";
import { type Halves, modeOf } from "./mode.ts";
import { readParams } from "./params.ts";
import { type HandoffSpec, type Moment, type Profile, type Role, rolesOf } from "./profile.ts";
import { render } from "./render.ts";
import { type Occasion, occasionsOf, type Situation } from "./stage.ts";
import type { TemplateForm } from "./template.ts";
import type { Missing } from "./values.ts";
import { type Circumstances, holds } from "./when.ts";

/** What hand-offs are made from. */
export interface HandoffInput extends Situation {
  /** The id of a hand-off that somebody asks for, due or not. */
  readonly asked?: string | undefined;
}

/** A hand-off of the profile, and the half it belongs to; without one it is about the whole connection. */
interface Declared {
  readonly spec: HandoffSpec;
  readonly role?: Role;
}

/** Why a hand-off is written down now. */
type Due = Pick<Occasion, "endpoint" | "request"> & { readonly moment: Moment };

/** What people have to do now, in the profile's order: the hand-offs whose moment has come, and the one that is asked for. */
export function partnerHandoffs(input: HandoffInput): Handoff[] {
  const { document, profile } = input;
  const { partner } = document.spec;
  if (!partner) return [];
  const mode = modeOf(document.spec, profile);
  const circumstances: Circumstances = { mode, params: readParams(profile, partner, mode).values };
  const occasions = occasionsOf(input);
  return declaredIn(document, profile, occasions)
    .filter(({ spec }) => holds(spec.when, circumstances))
    .flatMap((declared) => handoffsOf(declared, occasions, input));
}

/** The ids of all hand-offs that the profile has for the halves of a spec, in its order. */
export const handoffIds = (document: { readonly spec: Halves }, profile: Profile): readonly string[] =>
  declaredIn(document, profile, []).map(({ spec }) => spec.id);

/** Those of the halves that the spec has, of halves of which something is left, and of the whole connection. */
function declaredIn(document: { readonly spec: Halves }, profile: Profile, occasions: readonly Occasion[]): Declared[] {
  const mode = modeOf(document.spec, profile);
  const roles = new Set<Role>([...(mode === undefined ? [] : rolesOf(mode)), ...occasions.map(({ role }) => role)]);
  return [
    ...[...roles].flatMap((role) => (profile.spec[role]?.handoffs ?? []).map((spec) => ({ spec, role }))),
    ...(profile.spec.handoffs ?? []).map((spec) => ({ spec })),
  ];
}

function handoffsOf(declared: Declared, occasions: readonly Occasion[], input: HandoffInput): Handoff[] {
  const due = distinct(declared.spec, dueNow(declared, occasions), input);
  const asked: readonly Due[] = due.length === 0 && declared.spec.id === input.asked ? [{ moment: "asked" }] : due;
  return asked.map((one) => written(declared, one, asked.length > 1, input));
}

/** A hand-off about the whole connection is due as soon as one half is there; that everything is active takes both. */
function dueNow({ spec, role }: Declared, occasions: readonly Occasion[]): Occasion[] {
  const allActive = occasions.every(({ moment }) => moment === "active" || moment === "changed");
  return occasions.filter(
    (one) =>
      spec.at.includes(one.moment) && (role === undefined ? one.moment !== "active" || allActive : one.role === role),
  );
}

/** One for each endpoint or request that its text speaks of, otherwise one. */
function distinct(spec: HandoffSpec, due: readonly Occasion[], { profile }: HandoffInput): Due[] {
  const texts = [
    profile.template(spec.body, formOf(spec)),
    ...(spec.notes ?? []).map((note) => profile.template(note)),
  ];
  const uses = texts.flatMap(({ uses: paths }) => [...paths]);
  const speaksOf = (subject: string) => uses.some((path) => path.startsWith(`${subject}.`));
  const [endpoints, requests] = [speaksOf("endpoint"), speaksOf("request")];
  const byKey = new Map<string, Due>();
  for (const one of due) {
    const key = `${endpoints ? (one.endpoint ?? "") : ""} ${requests ? (one.request?.endpointId ?? "") : ""}`;
    if (!byKey.has(key)) byKey.set(key, one);
  }
  return [...byKey.values()];
}

function written({ spec, role }: Declared, due: Due, several: boolean, input: HandoffInput): Handoff {
  const { document, profile, project, cloud, changes } = input;
  // About the whole connection, `our` means the account that the partner has to let in.
  const half = role ?? (modeOf(document.spec, profile) === "bidirectional" ? "consumer" : undefined);
  const subject: Subject = {
    profile,
    project,
    document,
    cloud,
    ...(half ? { role: half } : {}),
    ...(due.endpoint === undefined ? {} : { endpoint: due.endpoint }),
    ...(due.request ? { request: due.request } : {}),
    ...(changes.length > 0 ? { changes: changeWords(changes) } : {}),
  };
  const values = valuesOf(subject);
  const rendered = render(profile, spec.body, values, formOf(spec));
  const notes = (spec.notes ?? []).flatMap((note) => {
    const said = render(profile, note, values);
    return "text" in said ? [said.text.trim()] : [];
  });
  return {
    connection: document.spec.metadata.name,
    id: several ? [spec.id, due.endpoint ?? due.request?.endpointId].filter(Boolean).join("/") : spec.id,
    title: spec.title,
    ready: "text" in rendered,
    body: "text" in rendered ? rendered.text.trimEnd() : needs(rendered.missing),
    channel: spec.channel,
    actor: spec.actor ?? "us",
    stage: due.moment,
    ...(notes.length > 0 ? { notes } : {}),
  };
}

const formOf = ({ channel }: HandoffSpec): TemplateForm => (channel === "cli" ? "shell" : "text");

const needs = (missing: readonly Missing[]): string =>
  missing.map(({ path, obtain }) => `needs ${path}: ${obtain}`).join("\n");

/** The plan's changes as a ticket may say them. */
const changeWords = (changes: readonly Change[]): string =>
  changes
    .filter(({ temporary, leftover }) => !temporary && !leftover)
    .map(({ action, address, differences }) => {
      const attributes = differences.map(({ attribute }) => attribute).join(", ");
      return action === "update" ? `${action} ${address} (${attributes})` : `${action} ${address}`;
    })
    .join("\n");
