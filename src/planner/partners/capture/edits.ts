import { same } from "../../canonical.ts";
import type { ConnectionDocument } from "../../specs/documents.ts";
import type { SpecEdit } from "../../specs/edit.ts";
import { type Path, pathText } from "../../specs/problem.ts";
import { leadsToPartner } from "../mode.ts";
import type { Profile } from "../profile.ts";
import type { Reported } from "../states.ts";
import type { Known } from "../values.ts";
import type { Find } from "./finds.ts";

/** One thing that the spec is to say. */
export interface Written {
  /** Where in the spec: `partner.params.service_name`. */
  readonly field: string;
  readonly value: Known;
  /** `same`: the spec says it already. */
  readonly how: "new" | "changed" | "same";
  /** What stood there before. */
  readonly was?: string;
  readonly edits: readonly SpecEdit[];
}

type Spec = Pick<ConnectionDocument, "spec" | "at">;

/** A find as what the spec is to say; some finds belong in two places. `reason`: why an endpoint is accepted. */
export function writtenFor(find: Find, document: Spec, profile: Profile, reason: string): readonly Written[] {
  if (find.into === "accept") return [acceptance(find, document, reason)];
  const name = find.into.slice("params.".length);
  const path = ["partner", "params", name];
  return [
    value(path, find.value, document.spec.partner?.params?.[name]),
    ...pendingServices(name, find.value, document, profile),
  ];
}

/** The partner's last word, and the day on which it was said. */
export function reportedFor({ state, on }: Reported, { spec }: Pick<Spec, "spec">): Written {
  const path = ["partner", "reported"];
  const was = spec.partner?.reported;
  if (was === undefined)
    return { field: pathText(path), value: state, how: "new", edits: [{ path, set: { state, on } }] };
  const edits = [
    ...(was.state === state ? [] : [{ path: [...path, "state"], set: state }]),
    ...(was.on === on ? [] : [{ path: [...path, "on"], set: on }]),
  ];
  const how = edits.length === 0 ? "same" : "changed";
  return {
    ...{ field: pathText(path), value: state, how, edits },
    ...(how === "changed" ? { was: `${was.state} (${was.on})` } : {}),
  };
}

function value(path: Path, set: Known, was: unknown): Written {
  const field = pathText(path);
  if (was === undefined) return { field, value: set, how: "new", edits: [{ path, set }] };
  if (same(was, set)) return { field, value: set, how: "same", edits: [] };
  return {
    field,
    value: set,
    how: "changed",
    was: typeof was === "string" ? was : JSON.stringify(was),
    edits: [{ path, set }],
  };
}

const ACCEPT: Path = ["service", "connections", "accept"];

function acceptance({ value: id }: Find, { spec }: Spec, reason: string): Written {
  const field = pathText(ACCEPT);
  const there = spec.service?.connections?.accept?.some((rule) => "endpoint" in rule && rule.endpoint === id);
  if (there) return { field, value: id, how: "same", edits: [] };
  return { field, value: id, how: "new", edits: [{ path: ACCEPT, append: { endpoint: id, reason } }] };
}

/** A service that the spec calls `pending` stays so whatever the parameters say, unless the name takes its place. */
function pendingServices(name: string, set: Known, { spec, at }: Spec, profile: Profile): Written[] {
  const template = profile.spec.consumer?.service.name.replaceAll(/\s/g, "");
  if (template !== `{{params.${name}}}`) return [];
  // Where the spec leaves it out, the document has the profile's word for it, and there is no such place.
  const says = (path: Path): boolean => !same(at(path), at(path.slice(0, -1)));
  return (spec.endpoints ?? []).flatMap((endpoint, index) => {
    const path = ["endpoints", index, "service"];
    const waits = endpoint.service === "pending" && leadsToPartner(endpoint, profile) && says(path);
    return waits ? [value(path, set, "pending")] : [];
  });
}
