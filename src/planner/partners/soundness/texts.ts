import { isMap } from "../../specs/json.ts";
import type { Path } from "../../specs/problem.ts";
import type { Scope } from "../names.ts";
import type { HandoffSpec, ListTemplate, PartnerProfile } from "../profile.ts";
import type { TemplateForm } from "../template.ts";

/** A template where it stands in a profile, and what it may name there. */
export interface PlacedText {
  readonly path: Path;
  readonly text: string;
  readonly form: TemplateForm;
  readonly scope: Scope;
}

/** Every template of a profile. */
export function textsOf({ provider, consumer, handoffs }: PartnerProfile): PlacedText[] {
  return [
    ...list(["provider", "principals", "allow"], provider?.principals.allow),
    ...list(["provider", "acceptance", "accounts"], provider?.acceptance.accounts),
    ...text(["provider", "acceptance", "afterDeadline"], provider?.acceptance.afterDeadline),
    ...text(["provider", "dns", "name"], provider?.dns.name),
    ...text(["provider", "dns", "zone"], provider?.dns.zone),
    ...text(["provider", "dns", "to"], provider?.dns.to),
    ...roleTexts(["provider"], provider),
    ...text(["consumer", "service", "name"], consumer?.service.name),
    ...list(["consumer", "principals", "tell"], consumer?.principals?.tell),
    ...text(["consumer", "dns", "zone"], consumer?.dns.zone),
    ...(consumer?.dns.records ?? []).flatMap(({ name, to }, index) =>
      text(["consumer", "dns", "records", index, "name"], name, "text", { zone: to === "zonal" }),
    ),
    ...roleTexts(["consumer"], consumer),
    ...handoffTexts(["handoffs"], handoffs),
  ];
}

function roleTexts(path: Path, role: PartnerProfile["provider"] | PartnerProfile["consumer"]): PlacedText[] {
  const { checks = [], handoffs, verify = [], notes = [], deletion } = role ?? {};
  return [
    ...checks.flatMap(({ message, args }, index) => [
      ...text([...path, "checks", index, "message"], message),
      ...textsIn([...path, "checks", index, "args"], args),
    ]),
    ...handoffTexts([...path, "handoffs"], handoffs),
    ...verify.flatMap(({ run }, index) => text([...path, "verify", index, "run"], run, "shell")),
    ...notes.flatMap((note, index) => text([...path, "notes", index, "text"], note.text)),
    ...(deletion?.confirm ?? []).flatMap(({ message }, index) =>
      text([...path, "deletion", "confirm", index, "message"], message),
    ),
  ];
}

function handoffTexts(path: Path, handoffs: readonly HandoffSpec[] = []): PlacedText[] {
  return handoffs.flatMap(({ channel, body, notes = [] }, index) => [
    ...text([...path, index, "body"], body, formOf(channel)),
    ...notes.flatMap((note, at) => text([...path, index, "notes", at], note)),
  ]);
}

/** The form in which the body of a hand-off is filled in. */
export const formOf = (channel: HandoffSpec["channel"]): TemplateForm => (channel === "cli" ? "shell" : "text");

function list(path: Path, of: ListTemplate | undefined): PlacedText[] {
  const scope = { item: of?.each !== undefined };
  return (of?.values ?? []).flatMap((value, index) => text([...path, "values", index], value, "text", scope));
}

/** Arguments of checks are templates where they hold a placeholder. */
function textsIn(path: Path, value: unknown): PlacedText[] {
  if (typeof value === "string") return value.includes("{{") ? text(path, value, "text", { list: true }) : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn([...path, index], item));
  return isMap(value) ? Object.entries(value).flatMap(([key, item]) => textsIn([...path, key], item)) : [];
}

function text(path: Path, of: string | undefined, form: TemplateForm = "text", scope: Scope = {}): PlacedText[] {
  return of === undefined ? [] : [{ path, text: of, form, scope }];
}
