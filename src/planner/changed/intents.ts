import type { Intent } from "../../model.ts";
import { canonical } from "../canonical.ts";
import { asSet } from "../collections.ts";
import type { Sha256 } from "../names.ts";
import type { ConnectionDocument, ProjectDocument } from "../specs/index.ts";

/**
 * What the specs want of each of these connections, as one hash: the whole document as parsed, the account and Region of the targets that it
 * names, the project's name and tags. Roles and policy are not in it: they say how something is done and whether it may be, not what. A
 * connection without a spec has an intent as well: that nothing of it is left.
 */
export function intentsOf(
  project: ProjectDocument,
  documents: readonly ConnectionDocument[],
  names: readonly string[],
  sha256: Sha256,
): Intent[] {
  const { metadata, tags, targets } = project.spec;
  const specs = new Map(documents.map(({ spec }) => [spec.metadata.name, spec]));
  return asSet(names).map((name) => {
    const spec = specs.get(name) ?? null;
    const places = targetsIn(spec).map((target) => ({
      target,
      account: targets[target]?.account ?? null,
      region: targets[target]?.region ?? null,
    }));
    return { name, intent: `sha256:${sha256(canonical({ name, spec, places, project: metadata.name, tags }))}` };
  });
}

/** Every target that a value names, whatever the field it stands in, sorted. */
export function targetsIn(value: unknown): string[] {
  const found: string[] = [];
  const visit = (inner: unknown): void => {
    if (typeof inner !== "object" || inner === null) return;
    for (const [key, member] of Object.entries(inner)) {
      if (key === "target" && typeof member === "string") found.push(member);
      else visit(member);
    }
  };
  visit(value);
  return asSet(found);
}
