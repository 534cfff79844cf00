import type { Change, Desired, Finding, KindInfos, Plan, Snapshot } from "../model.ts";
import { intentsOf } from "./changed/intents.ts";
import { compare } from "./compare.ts";
import { digestOf, planIdOf } from "./digest.ts";
import { expand } from "./expand/index.ts";
import { adoptionFindings, isUnmarked } from "./findings/adoption.ts";
import { obstacleFindings } from "./findings/obstacles.ts";
import { quotaFindings } from "./findings/quotas.ts";
import { unreadableConnections } from "./findings/unreadable.ts";
import { guard } from "./guard/index.ts";
import type { PolicyContext } from "./guard/policy.ts";
import type { Sha256 } from "./names.ts";
import { order } from "./order.ts";
import { renamesOf } from "./renames/index.ts";
import { idleRenames, renameOffers } from "./renames/offers.ts";
import { assess } from "./risks.ts";
import { resolveSelectors } from "./selectors/index.ts";
import { indexSnapshot, type SnapshotIndex } from "./snapshot-index.ts";
import type { ConnectionDocument, ProjectDocument } from "./specs/index.ts";
import { stage } from "./staging/index.ts";
import type { Staged, Stand } from "./staging/stage.ts";
import { warmUps } from "./staging/warm-up.ts";
import { sortFindings, summarize } from "./summary.ts";
import { factsOf } from "./traffic.ts";

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
  /** How many resources the connections outside `only` have, where that is known: deletions are measured against all that is ours. */
  readonly elsewhere?: number;
  /** Findings that were made before planning (an expired date in a spec). */
  readonly findings?: readonly Finding[];
}

/** Specs and Snapshot to a Plan: read the specs against the cloud, find the steps, say what has to be said, hold it against the policies. */
export function makePlan(input: PlanInput): Plan {
  const view = viewOf(input);
  const expansion = expand({ ...view, project: input.project, now: input.now, sha256: input.sha256 }, view.isPlanned);
  const staged = steps(
    { desired: expansion.desired, cloud: view.cloud, kinds: input.kinds },
    (connection) => view.isPlanned(connection) && !expansion.unresolved.has(connection),
  );
  const changes = changesOf(staged, view, input);
  const findings = [
    ...(input.findings ?? []),
    ...view.findings,
    ...expansion.findings,
    ...staged.findings,
    ...findingsAfter(expansion.desired, changes, view, input),
  ];
  const waits = [...expansion.waits, ...staged.waits.filter(({ connection }) => view.inScope(connection))];
  const unchanged = staged.unchanged.filter(({ connection }) => view.isPlanned(connection)).length;
  const guarded = guard(
    {
      formatVersion: 1,
      planId: planIdOf(changes, input.sha256),
      project: input.project.spec.metadata.name,
      connections: intents(changes, view, input),
      summary: summarize({ changes, findings, waits }, unchanged),
      changes,
      findings,
      waits,
      handoffs: expansion.handoffs,
    },
    policyContext(view, input),
  );
  return { ...guarded, findings: sortFindings(guarded.findings), summary: summarize(guarded, unchanged) };
}

/** Of every connection in scope: those that have a spec, those that are asked for, and those of which only resources are left. */
function intents(changes: readonly Change[], { inScope }: View, { project, connections, only, sha256 }: PlanInput) {
  const written = connections.map(({ spec }) => spec.metadata.name).filter(inScope);
  const left = changes.map(({ connection }) => connection);
  return intentsOf(project, connections, [...written, ...(only ?? []), ...left], sha256);
}

/** The specs as they read in this cloud, and which of them this plan is about. */
interface View {
  readonly cloud: SnapshotIndex;
  /** Every connection of the project with ids for names and tags. */
  readonly connections: ReturnType<typeof resolveSelectors>["connections"];
  readonly findings: readonly Finding[];
  /** Not left out by `--only`. */
  inScope(connection: string): boolean;
  /** In scope, and every target that it needs could be read. */
  isReadable(connection: string): boolean;
  /** Readable, and everything that it names was found. */
  isPlanned(connection: string): boolean;
}

function viewOf({ connections: documents, snapshot, only }: PlanInput): View {
  const cloud = indexSnapshot(snapshot, renamesOf(documents));
  const inScope = (connection: string): boolean => !only || only.includes(connection);
  const written = new Map(documents.map((document) => [document.spec.metadata.name, document]));
  const unreadable = unreadableConnections(written, cloud, inScope);
  const isReadable = (connection: string): boolean => inScope(connection) && !unreadable.blocked.has(connection);
  const selection = resolveSelectors(documents, cloud, isReadable);
  return {
    cloud,
    connections: selection.connections,
    findings: [...unreadable.findings, ...selection.findings],
    inScope,
    isReadable,
    isPlanned: (connection) => isReadable(connection) && !selection.unresolved.has(connection),
  };
}

/** The steps in their order, each with its risks and its digest. */
function changesOf({ drafts }: Staged, { cloud }: View, { kinds, sha256 }: PlanInput): Change[] {
  const ordered = order(drafts, cloud.live);
  const facts = factsOf(ordered, cloud);
  return ordered.map((draft) => ({
    ...draft,
    ...assess(draft, kinds, facts),
    digest: digestOf(draft, draft.relies, sha256),
  }));
}

/** What can only be said of a whole plan. */
function findingsAfter(
  desired: readonly Desired[],
  changes: readonly Change[],
  view: View,
  input: PlanInput,
): Finding[] {
  const { cloud, connections, isReadable } = view;
  const { project, kinds } = input;
  const readable = input.connections.filter(({ spec }) => isReadable(spec.metadata.name));
  const resolved = [...connections.values()].filter(({ spec }) => isReadable(spec.metadata.name));
  return [
    ...obstacleFindings(desired, cloud, project.spec.metadata.name),
    ...danglingReferences(changes, cloud),
    ...renameOffers({ documents: connections, desired, changes, cloud, kinds }),
    ...idleRenames(readable, cloud),
    ...quotaFindings(desired, changes, cloud),
    ...adoptionFindings(resolved, cloud, changes),
  ];
}

function policyContext(
  { cloud, connections, inScope, isPlanned }: View,
  { project, now, elsewhere = 0 }: PlanInput,
): PolicyContext {
  const owned = cloud.live.filter((live) => inScope(live.connection) && !isUnmarked(live));
  return {
    project,
    connections: [...connections.values()].filter(({ spec }) => isPlanned(spec.metadata.name)),
    now,
    owned: owned.length + elsewhere,
    protectedLive: new Set(owned.filter(({ protect }) => protect).map(({ connection }) => connection)),
  };
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
