import type { Plan, Snapshot } from "../../model.ts";
import type { Profiles } from "../partners/profile.ts";
import { renamesOf } from "../renames/index.ts";
import { resolveSelectors } from "../selectors/index.ts";
import { indexSnapshot } from "../snapshot-index.ts";
import type { ConnectionDocument, ProjectDocument } from "../specs/documents.ts";
import { statusOf } from "../status/index.ts";
import type { Check } from "./check.ts";
import { type ChecklistItem, checklist } from "./checklist.ts";
import { type Attempt, connectionChecks, type Outcome } from "./connect.ts";
import { type Answers, type ExpectedName, nameChecks } from "./names.ts";
import { objectChecks } from "./objects.ts";
import { portChecks } from "./ports.ts";
import type { Verified } from "./subject.ts";
import { type PartnerTest, partnerTests } from "./tests.ts";

export type { Check } from "./check.ts";
export type { ChecklistItem } from "./checklist.ts";
export { type Attempt, addressOf, attemptsFor, type Outcome, type ShownCertificate } from "./connect.ts";
export { type Answer, type Answers, type ExpectedName, expectedNames, keyOf, lookUpsFor } from "./names.ts";
export type { Verified } from "./subject.ts";
export type { PartnerTest } from "./tests.ts";

/** What was seen over the network. */
export interface Observed {
  readonly names: readonly ExpectedName[];
  readonly answers: Answers;
  /** Absent: nobody tried to connect. */
  readonly attempts?: readonly { readonly attempt: Attempt; readonly outcome: Outcome }[];
}

/** How a connection fares, end to end as far as it was looked at. */
export interface Verification {
  readonly connection: string;
  /** `fails` as soon as one check does. */
  readonly result: "holds" | "fails";
  readonly checks: readonly Check[];
  /** What the partner's own documents test. */
  readonly tests: readonly PartnerTest[];
  /** What to look at; empty while nothing fails. */
  readonly checklist: readonly ChecklistItem[];
}

export interface VerifyInput {
  readonly project: ProjectDocument;
  readonly connections: readonly ConnectionDocument[];
  readonly profiles: Profiles;
  readonly snapshot: Snapshot;
  /** The plan of now. */
  readonly plan: Plan;
  /** ISO 8601. */
  readonly now: string;
  readonly name: string;
}

/** Puts together all that is known of one connection; undefined when no spec has the name. */
export function verifiedOf({
  project,
  connections,
  profiles,
  snapshot,
  plan,
  now,
  name,
}: VerifyInput): Verified | undefined {
  const cloud = indexSnapshot(snapshot, renamesOf(connections));
  // Of other connections not all was read; whatever is wrong with them is not the question.
  const resolved = resolveSelectors(connections, cloud, () => false).connections;
  const document = resolved.get(name);
  const [status] = statusOf({ connections, profiles, snapshot, plan, now, only: [name] });
  if (!document || !status) return undefined;
  const profile = profiles.get(document.spec.partner?.profile ?? "");
  return { project, document, connections: resolved, profile, cloud, status };
}

/** Judges everything that was seen. */
export function judgeAll(
  verified: Verified,
  { names, answers, attempts = [] }: Observed,
  inside: boolean,
): Verification {
  const checks = [
    ...objectChecks(verified),
    ...portChecks(verified),
    ...nameChecks(names, answers, inside),
    ...attempts.flatMap(({ attempt, outcome }) => connectionChecks(attempt, outcome)),
  ];
  const failed = checks.some(({ result }) => result === "fails");
  return {
    connection: verified.document.spec.metadata.name,
    result: failed ? "fails" : "holds",
    checks,
    tests: partnerTests(verified),
    checklist: failed ? checklist(verified, checks) : [],
  };
}
