import type { Change, Finding, KindInfos, Plan, Snapshot } from "../model.ts";
import { adoptionFindings, isUnmarked } from "./adoption.ts";
import { compare } from "./compare.ts";
import { digestOf, planIdOf } from "./digest.ts";
import { expand } from "./expand/index.ts";
import { guard } from "./guard/index.ts";
import type { Sha256 } from "./names.ts";
import { obstacleFindings } from "./obstacles.ts";
import { order } from "./order.ts";
import { quotaFindings } from "./quotas.ts";
import { idleRenames, renameOffers } from "./rename-offers.ts";
import { renamesOf } from "./renames.ts";
import { assess } from "./risks.ts";
import { resolveSelectors } from "./selectors.ts";
import { indexSnapshot, type SnapshotIndex } from "./snapshot-index.ts";
import type { ConnectionDocument, ProjectDocument } from "./specs/index.ts";
import { stage } from "./staging/index.ts";
import type { Staged, Stand } from "./staging/stage.ts";
import { warmUps } from "./staging/warm-up.ts";
import { sortFindings, summarize } from "./summary.ts";
import { factsOf } from "./traffic.ts";
import { unreadableConnections } from "./unreadable.ts";

/** Everything a plan is made from: no clock, no cloud, no files. The same input gives the same bytes. */
export interface PlanInput {
  readonly project: ProjectDocument;
  /** Checked specs of the whole project, in any order. */
  readonly connections: readonly ConnectionDocument[];
  readonly snapshot: Snapshot;
  readonly kinds: KindInfos;
  /** ISO 8601. */
  readonly now: string;
  readonly sha256: Sha256;
  /** Plan only these connections. */
  readonly only?: readonly string[];
  /** Findings that were made before planning (an expired date in a spec). */
  readonly findings?: readonly Finding[];
}

/** Specs and Snapshot to a Plan: resolve, expand, compare, order, assess, guard. */
export function makePlan(input: PlanInput): Plan {
  const { project, kinds, sha256, now, only } = input;
  const cloud = indexSnapshot(input.snapshot, renamesOf(input.connections));
  const written = new Map(input.connections.map((document) => [document.spec.metadata.name, document]));
  const inScope = (connection: string): boolean => !only || only.includes(connection);
  const unreadable = unreadableConnections(written, cloud, inScope);
  const isReadable = (connection: string): boolean => inScope(connection) && !unreadable.blocked.has(connection);
  const { connections, ...selection } = resolveSelectors(input.connections, cloud, isReadable);
  const isPlanned = (connection: string): boolean => isReadable(connection) && !selection.unresolved.has(connection);
  const expansion = expand({ project, connections, cloud, now, sha256 }, isPlanned);
  const obstacles = obstacleFindings(expansion.desired, cloud, project.spec.metadata.name);
  const owned = cloud.live.filter((live) => inScope(live.connection) && !isUnmarked(live));
  const staged = steps(
    { desired: expansion.desired, cloud, kinds },
    (connection) => isPlanned(connection) && !expansion.unresolved.has(connection),
  );
  const waits = [...expansion.waits, ...staged.waits.filter(({ connection }) => inScope(connection))];
  const ordered = order(staged.drafts, cloud.live);
  const facts = factsOf(ordered, cloud);
  const changes = ordered.map(
    (draft): Change => ({
      ...draft,
      ...assess(draft, kinds, facts),
      digest: digestOf(draft, draft.relies, sha256),
    }),
  );
  const findings = [
    ...(input.findings ?? []),
    ...unreadable.findings,
    ...selection.findings,
    ...expansion.findings,
    ...staged.findings,
    ...obstacles,
    ...danglingReferences(changes, cloud),
    ...renameOffers({ documents: connections, desired: expansion.desired, changes, cloud, kinds }),
    ...idleRenames(
      [...written.values()].filter(({ spec }) => isReadable(spec.metadata.name)),
      cloud,
    ),
    ...quotaFindings(expansion.desired, changes, cloud),
    ...adoptionFindings(
      [...connections.values()].filter(({ spec }) => isReadable(spec.metadata.name)),
      cloud,
      changes,
    ),
  ];
  const plan = {
    formatVersion: 1 as const,
    planId: planIdOf(changes, sha256),
    project: project.spec.metadata.name,
    summary: summarize({ changes, findings, waits }, 0),
    changes,
    findings,
    waits,
    handoffs: expansion.handoffs,
  };
  const planned = [...connections.values()].filter(({ spec }) => isPlanned(spec.metadata.name));
  const protectedLive = new Set(owned.filter(({ protect }) => protect).map(({ connection }) => connection));
  const guarded = guard(plan, { project, connections: planned, now, owned: owned.length, protectedLive });
  const unchanged = staged.unchanged.filter(({ connection }) => isPlanned(connection)).length;
  return {
    ...guarded,
    findings: sortFindings(guarded.findings),
    summary: summarize(guarded, unchanged),
  } as Plan;
}

/** What differs, as steps that keep traffic flowing. A plan that switches listeners wants some more of them for as long as it is carried out. */
function steps(stand: Stand, mayDelete: (connection: string) => boolean): Staged {
  const { desired, cloud, kinds } = stand;
  const comparison = compare(desired, cloud.live, kinds, mayDelete);
  const more = warmUps(comparison.drafts, desired, cloud);
  if (more.length === 0) return stage(comparison, stand);
  const all = [...desired, ...more];
  return stage(compare(all, cloud.live, kinds, mayDelete), { ...stand, desired: all });
}

/** A reference to what neither lives nor is about to: it happens when `--only` leaves out the connection that provides it. */
function danglingReferences(changes: readonly Change[], cloud: SnapshotIndex): Finding[] {
  const coming = new Set(changes.map(({ address }) => address));
  return changes.flatMap(({ address, connection, relies, desired }): Finding[] => {
    const missing = Object.keys(relies)
      .filter((ref) => relies[ref] === null)
      .map((ref) => ref.slice(0, ref.lastIndexOf(".")))
      .find((ref) => !coming.has(ref) && cloud.at(ref).length === 0);
    if (missing === undefined) return [];
    const provider = missing.split("/")[0];
    const message = `${address} needs ${missing}, which does not exist and is not part of this plan; plan "${provider}" too`;
    return [
      {
        id: "reference.unplanned",
        severity: "error",
        connection,
        address,
        message,
        ...(desired ? { at: desired.at } : {}),
      },
    ];
  });
}
