import type { Desired, Finding, Handoff, KindName, Live, Tags, Wait } from "../../model.ts";
import type { Sha256 } from "../names.ts";
import { PARTNER_TAG } from "../partners/deletion.ts";
import type { Profiles } from "../partners/profile.ts";
import type * as Resolved from "../selectors/resolved-specs.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import type { ConnectionDocument, Path, ProjectDocument } from "../specs/index.ts";

/** All that expanding one connection may look at. */
export interface Context {
  readonly project: ProjectDocument;
  /** Every connection of the project by name, also those outside `--only`: references lead there. */
  readonly connections: ReadonlyMap<string, Resolved.ConnectionDocument>;
  /** The partner profiles that specs name, and perhaps others. */
  readonly profiles: Profiles;
  readonly cloud: SnapshotIndex;
  /** ISO 8601. */
  readonly now: string;
  readonly sha256: Sha256;
}

/** What expanding says: resources, and what people have to know or do. */
export interface Expansion {
  readonly desired: Desired[];
  readonly findings: Finding[];
  readonly waits: Wait[];
  readonly handoffs: Handoff[];
  /** Connections whose resources could not be told: what lives of them is left as it is. */
  readonly unresolved: Set<string>;
  /** The endpoint that has a private DNS name in a VPC, by target, VPC and name. */
  readonly privateNames: Map<string, string>;
}

export const emptyExpansion = (): Expansion => ({
  desired: [],
  findings: [],
  waits: [],
  handoffs: [],
  unresolved: new Set(),
  privateNames: new Map(),
});

/** The tags that everything of ours carries; set in the creating call. */
export function ownershipTags(context: Context, document: ConnectionDocument, address: string): Tags {
  const { metadata, protect, partner } = document.spec;
  return {
    ...context.project.spec.tags,
    "landline:project": context.project.spec.metadata.name,
    "landline:connection": metadata.name,
    "landline:address": address,
    ...(protect ? { "landline:protect": "true" } : {}),
    ...(partner ? { [PARTNER_TAG]: partner.profile } : {}),
  };
}

/** The mark of what has no tags: a TXT record beside it. */
export const recordTags = (context: Context, address: string): Tags => ({
  "landline:project": context.project.spec.metadata.name,
  "landline:address": address,
});

/**
 * Fills in what is the same for every resource of a document. `path` leads to the field that wants it; where that stands in the file is
 * looked up only when somebody asks, because it costs more than everything else here.
 */
export function desire<K extends KindName>(
  document: ConnectionDocument,
  path: Path,
  resource: Pick<Desired<K>, "kind" | "address" | "target" | "attributes"> & {
    readonly after?: readonly string[];
    readonly ended?: readonly string[];
  },
): Desired<K> {
  const { metadata, protect = false } = document.spec;
  return {
    after: [],
    ...resource,
    connection: metadata.name,
    protect,
    get at() {
      return document.at(path);
    },
  };
}

/** The live object at an address when there is just one thing to say about it: the one that is not on its way out. */
export const liveAt = (context: Context, address: string): Live | undefined => context.cloud.at(address)[0];
