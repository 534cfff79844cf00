import { quote } from "../../specs/problem.ts";
import { fits } from "../param-fit.ts";
import type { HandoffSpec, ParamSpec, Profile } from "../profile.ts";
import type { Known } from "../values.ts";
import { endpointIdsIn } from "./ids.ts";
import { type Paste, REDACTED } from "./paste.ts";

/** A value that a hand-off of the profile looks for in the partner's answer, and that stood there. */
export interface Find {
  /** `params.NAME` or `accept`, as the profile says. */
  readonly into: string;
  readonly value: Known;
  /** The hand-off whose answer it is. */
  readonly step: string;
  readonly title: string;
}

/** What was found, and why something that was found is not taken. */
export interface Finds {
  readonly finds: readonly Find[];
  readonly refusals: readonly string[];
}

/** Takes from the paste what the hand-offs capture. One value has one answer: where there are several, nobody but a person can choose. */
export function findsIn(paste: Paste, handoffs: readonly HandoffSpec[], profile: Profile): Finds {
  const byPlace = new Map<string, { readonly handoff: HandoffSpec; readonly texts: Set<string> }>();
  const places = [paste.text, ...paste.records.flatMap(({ texts }) => texts.slice(-1))];
  for (const handoff of handoffs) {
    for (const { pattern, into } of handoff.captures ?? []) {
      const texts = places.flatMap((text) =>
        [...text.matchAll(new RegExp(pattern, "gmu"))].flatMap(([, group]) => group?.trim() || []),
      );
      if (texts.length === 0) continue;
      const place = byPlace.get(into) ?? { handoff, texts: new Set<string>() };
      for (const text of texts) place.texts.add(text);
      byPlace.set(into, place);
    }
  }
  const read = [...byPlace].map(([into, { handoff, texts }]) => {
    const taken = into === "accept" ? endpoint([...texts], paste) : parameter(into, [...texts], profile);
    return "value" in taken ? { into, value: taken.value, step: handoff.id, title: handoff.title } : taken.refusal;
  });
  return {
    finds: read.filter((one) => typeof one !== "string"),
    refusals: read.filter((one) => typeof one === "string"),
  };
}

type Taken = { readonly value: Known } | { readonly refusal: string };

/** Whoever is accepted is let in: a paste that speaks of two endpoints tells of none which one is meant. */
function endpoint(captured: readonly string[], paste: Paste): Taken {
  const ids = [...new Set([...captured, ...endpointIdsIn(paste.text)])].sort();
  if (ids.length > 1) return { refusal: several("accept", ids) };
  const [id = ""] = ids;
  return endpointIdsIn(id).includes(id)
    ? { value: id }
    : { refusal: `${quote(id)} is not the id of an endpoint (vpce- and 17 digits): copy it again as a whole` };
}

function parameter(into: string, texts: readonly string[], profile: Profile): Taken {
  const name = into.slice("params.".length);
  const spec = profile.spec.params?.[name];
  // The loader lets no profile pass that captures into an unknown parameter.
  if (!spec) return { refusal: `the profile ${profile.name} has no parameter ${quote(name)}` };
  if (texts.some((text) => text.includes(REDACTED)))
    return { refusal: `what would go into ${into} looks like a credential, and those have no place in a spec` };
  if (spec.type !== "list" && texts.length > 1) return { refusal: several(into, texts) };
  const typed = texts.map((text) => typedAs(spec.type === "list" ? (spec.items ?? "string") : spec.type, text));
  const fit = fits(spec.type === "list" ? typed : typed[0], spec, profile.shellParams.has(name));
  if ("value" in fit) return fit;
  return {
    refusal: `${name} ${fit.wrong.map(({ message }) => message).join("; ")}: it does not come as the profile expects it (${spec.obtain})`,
  };
}

const several = (into: string, values: readonly string[]): string =>
  `${values.length} different values for ${into} are in the paste: ${values.join(", ")}; paste only the output that is about this connection`;

function typedAs(type: ParamSpec["type"] | "port", text: string): unknown {
  if (type === "port" || type === "integer") return /^\d+$/.test(text) ? Number(text) : text;
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}
