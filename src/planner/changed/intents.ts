import type { Intent } from "../../model.ts";
import { canonical } from "../canonical.ts";
import { asSet } from "../collections.ts";
import type { Sha256 } from "../names.ts";
import type { Profiles } from "../partners/profile.ts";
import type { ConnectionDocument, ProjectDocument } from "../specs/index.ts";
import { ownProfileOf } from "./profile.ts";

/**
 * What the specs want of each of these connections, as one hash: the whole document as parsed, the account and Region of the targets that it
 * names, the project's name and tags, and the project's own partner profile when it names one. Roles and policy are not in it: they say how something is done and whether it may be, not what. A
 * connection without a spec has an intent as well: that nothing of it is left.
 */
export function intentsOf(
  project: ProjectDocument,
  documents: readonly ConnectionDocument[],
  names: readonly string[],
  sha256: Sha256,
  profiles?: Profiles,
): Intent[] {
  const { metadata, tags, targets } = project.spec;
  const byName = new Map(documents.map((document) => [document.spec.metadata.name, document]));
  return asSet(names).map((name) => {
    const document = byName.get(name);
    const spec = document?.spec ?? null;
    const profile = document ? ownProfileOf(document, profiles) : null;
    const places = targetsIn(spec).map((target) => ({
      target,
      account: targets[target]?.account ?? null,
      region: targets[target]?.region ?? null,
    }));
    const all = { name, spec, places, project: metadata.name, tags, ...(profile ? { profile } : {}) };
    return { name, intent: `sha256:${sha256(canonical(all))}` };
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
