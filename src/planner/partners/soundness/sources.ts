import { isMap } from "../../specs/json.ts";
import { type Path, quote, type Report } from "../../specs/problem.ts";
import { suggestion } from "../../specs/suggest.ts";
import type { PartnerProfile } from "../profile.ts";

/** Whatever names a source names one that the profile lists. */
export function checkSources(spec: PartnerProfile, report: Report): void {
  const ids = new Set<string>();
  for (const [index, { id }] of spec.metadata.sources.entries()) {
    if (ids.has(id)) {
      const message = `another source is called ${quote(id)} already`;
      report(["metadata", "sources", index, "id"], { code: "profile.source", message });
    }
    ids.add(id);
  }
  for (const [path, id] of namedIn(spec)) {
    if (ids.has(id)) continue;
    const message = `there is no source ${quote(id)}${suggestion(id, ids)}`;
    report(path, { code: "profile.source", message, hint: "list it under metadata.sources, with its address" });
  }
}

function namedIn({ unsupported, tables = {}, provider, consumer, handoffs }: PartnerProfile): [Path, string][] {
  return [
    ...sourcesIn(["unsupported"], unsupported),
    ...Object.entries(tables).map(([name, { source }]): [Path, string] => [["tables", name, "source"], source]),
    ...sourcesIn(["provider"], provider),
    ...sourcesIn(["consumer"], consumer),
    ...sourcesIn(["handoffs"], handoffs),
  ];
}

/** In these a key may be anything. */
const FREE = new Set(["when", "args"]);

function sourcesIn(path: Path, value: unknown): [Path, string][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => sourcesIn([...path, index], item));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, item]): [Path, string][] => {
    if (key === "source" && typeof item === "string") return [[[...path, key], item]];
    return FREE.has(key) ? [] : sourcesIn([...path, key], item);
  });
}
