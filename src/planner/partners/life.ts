import type { Change, Finding, Handoff, Wait } from "../../model.ts";
import { groupBy } from "../collections.ts";
import type { ConnectionDocument } from "../selectors/resolved-specs.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import type { ProjectDocument } from "../specs/documents.ts";
import { droppedFindings, orphanFindings, removalFindings } from "./deletion.ts";
import { partnerHandoffs } from "./handoffs.ts";
import { noteFindings } from "./notes.ts";
import type { Profiles } from "./profile.ts";
import { occasionsOf } from "./stage.ts";
import { deadlineFindings, type Moments, partnerWaits, withDeadlines } from "./waits.ts";

/** A plan so far, and what is known of the partners of its connections. */
export interface LifeInput {
  readonly project: ProjectDocument;
  readonly profiles: Profiles;
  /** Every connection of the project by name. */
  readonly connections: ReadonlyMap<string, ConnectionDocument>;
  readonly cloud: SnapshotIndex;
  readonly changes: readonly Change[];
  /** Of all connections, as told so far. */
  readonly waits: readonly Wait[];
  /** ISO 8601. */
  readonly now: string;
  /** The id of a hand-off that somebody asks for, due or not. */
  readonly asked?: string | undefined;
  /** Whether the plan is about a connection, spec or not. */
  readonly inScope: (connection: string) => boolean;
  /** In scope, and all that it needs is known. */
  readonly isPlanned: (connection: string) => boolean;
}

/** What the partners of a plan's connections have to do, to know or to be waited for. */
export interface Life {
  readonly findings: readonly Finding[];
  /** All waits, those for partners with the time that they usually take. */
  readonly waits: readonly Wait[];
  readonly handoffs: readonly Handoff[];
}

/** The life of every connection with a partner, as it stands now. */
export function partnerLife(input: LifeInput): Life {
  const { connections, cloud, changes, inScope } = input;
  const all = momentsOf(input);
  const more = all.flatMap(({ moments }) => partnerWaits(moments));
  const byName = new Map(all.map(({ name, moments }) => [name, moments]));
  return {
    findings: [
      ...orphanFindings(cloud, connections, inScope),
      ...droppedFindings(connections, changes),
      ...all.flatMap(({ moments }) => [
        ...removalFindings(moments),
        ...deadlineFindings(moments),
        ...noteFindings(moments),
      ]),
    ],
    waits: [...input.waits, ...more].flatMap((wait) => {
      const moments = byName.get(wait.connection);
      return moments ? withDeadlines([wait], moments) : [wait];
    }),
    handoffs: all.flatMap(({ moments }) => partnerHandoffs({ ...moments, asked: input.asked })),
  };
}

function momentsOf({ project, profiles, connections, cloud, changes, now, isPlanned }: LifeInput) {
  const byConnection = groupBy(changes, ({ connection }) => connection);
  return [...connections].flatMap(([name, document]): { readonly name: string; readonly moments: Moments }[] => {
    const profile = profiles.get(document.spec.partner?.profile ?? "");
    if (!profile || !isPlanned(name)) return [];
    const situation = { project, document, profile, cloud, changes: byConnection.get(name) ?? [] };
    return [{ name, moments: { ...situation, now, occasions: occasionsOf(situation) } }];
  });
}
