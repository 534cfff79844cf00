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
import { partnerFindings } from "./partners/checks/run.ts";
import { partnerLife } from "./partners/life.ts";
import type { Profiles } from "./partners/profile.ts";
import { isAbsent } from "./partners/stage.ts";
import { staleFindings } from "./partners/stale.ts";
import { renamesOf } from "./renames/index.ts";
import { idleRenames, renameOffers } from "./renames/offers.ts";
import { assess } from "./risks.ts";
import { resolveSelectors } from "./selectors/index.ts";
import { indexSnapshot, type SnapshotIndex } from "./snapshot-index.ts";
import type { ConnectionDocument, ProjectDocument } from "./specs/index.ts";
import { authorizations } from "./staging/authorization.ts";
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
  /** The partner profiles that the specs name, and perhaps others; absent: no spec names one. */
  readonly profiles?: Profiles;
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
  /** The id of a hand-off that somebody asks for, due or not. */
  readonly asked?: string;
}

/** Specs and Snapshot to a Plan: read the specs against the cloud, find the steps, say what has to be said, hold it against the policies. */
export function makePlan(input: PlanInput): Plan {
  const view = viewOf(input);
  const { project, profiles = new Map(), now, sha256 } = input;
  const expansion = expand({ ...view, project, profiles, now, sha256 }, view.isPlanned);
  const staged = steps(
    { desired: expansion.desired, cloud: view.cloud, kinds: input.kinds },
    (connection) => view.isPlanned(connection) && !expansion.unresolved.has(connection),
  );
  const changes = changesOf(staged, view, input);
  const life = partnerLife({
    ...view,
    project,
    profiles,
    now,
    changes,
    waits: [...expansion.waits, ...staged.waits.filter(({ connection }) => view.inScope(connection))],
    asked: input.asked,
  });
  const { waits } = life;
  const findings = [
    ...(input.findings ?? []),
    ...view.findings,
    ...expansion.findings,
    ...toldOnce(staged.findings, life.findings),
    ...life.findings,
    ...findingsAfter(expansion.desired, changes, view, input),
  ];
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
      handoffs: [...expansion.handoffs, ...life.handoffs],
    },
    policyContext(view, input),
  );
  return { ...guarded, findings: sortFindings(guarded.findings), summary: summarize(guarded, unchanged) };
}

/** Who is connected to a service that is to go is told by its partner's profile, where there is one, with another way on. */
function toldOnce(staged: readonly Finding[], life: readonly Finding[]): Finding[] {
  const told = new Set(life.flatMap(({ id, connection }) => (id === "partner.attached" ? [connection] : [])));
  return staged.filter(({ id, connection }) => id !== "service.connected" || !told.has(connection));
}

/** Of every connection in scope: those that have a spec, those that are asked for, and those of which only resources are left. */
function intents(changes: readonly Change[], { inScope }: View, input: PlanInput) {
  const { project, connections, only, sha256, profiles } = input;
  const written = connections.map(({ spec }) => spec.metadata.name).filter(inScope);
  const left = changes.map(({ connection }) => connection);
  return intentsOf(project, connections, [...written, ...(only ?? []), ...left], sha256, profiles);
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
  // What is to go is found by its marks, whatever has become of what its spec names.
  const going = new Set(documents.filter(isAbsent).map(({ spec }) => spec.metadata.name));
  const selection = resolveSelectors(documents, cloud, (name) => isReadable(name) && !going.has(name));
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
  const { project, kinds, profiles = new Map() } = input;
  const readable = input.connections.filter(({ spec }) => isReadable(spec.metadata.name));
  const resolved = [...connections.values()].filter(({ spec }) => isReadable(spec.metadata.name));
  const judged = resolved.filter((document) => view.isPlanned(document.spec.metadata.name) && !isAbsent(document));
  return [
    ...obstacleFindings(desired, cloud, project.spec.metadata.name),
    ...danglingReferences(changes, cloud),
    ...renameOffers({ documents: connections, desired, changes, cloud, kinds }),
    ...idleRenames(readable, cloud),
    ...quotaFindings(desired, changes, cloud),
    ...adoptionFindings(resolved, cloud, changes),
    ...partnerFindings({ project, profiles, connections: judged, cloud, desired, changes }),
    ...staleFindings(readable, profiles, input.now),
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
  const more = [...warmUps(comparison.drafts, desired, cloud), ...authorizations(comparison.drafts, desired)];
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
