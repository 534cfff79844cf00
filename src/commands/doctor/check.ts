/** `unknown`: it could not be seen; what would be needed to see it is said in `mend`. */
export type CheckState = "ok" | "warning" | "broken" | "unknown";

/** In the order in which they are shown. */
export const AREAS = ["machine", "project", "workflows", "github", "aws"] as const;
export type Area = (typeof AREAS)[number];

/** Stable: others script against them. */
export type CheckId =
  | "machine.node"
  | "machine.git"
  | "project.file"
  | "project.specs"
  | "project.approvals"
  | "project.roles"
  | "workflows.present"
  | "workflows.readable"
  | "workflows.trigger"
  | "workflows.permissions"
  | "workflows.pinned"
  | "workflows.checkout"
  | "workflows.concurrency"
  | "workflows.merge-queue"
  | "github.access"
  | "github.token"
  | "github.pull-requests"
  | "github.required-checks"
  | "github.force-pushes"
  | "github.environment"
  | "github.codeowners"
  | "github.oidc"
  | "github.approvers"
  | "aws.credentials"
  | "aws.role"
  | "aws.reads"
  | "aws.writes";

/** One thing that was looked at. */
export interface Check {
  readonly id: CheckId;
  /** What exactly: a file, a branch, `network-use1 plan`. Empty when the id says it all. */
  readonly about: string;
  readonly state: CheckState;
  /** What was found, in a sentence. */
  readonly found: string;
  /** What to do: sentences, and lines to write or to run as they stand. Empty exactly when all is well. */
  readonly mend: readonly string[];
}

type Judged = (about: string, found: string, ...mend: readonly string[]) => Check;
type Judge = (id: CheckId) => Judged;

const judge =
  (state: CheckState): Judge =>
  (id) =>
  (about, found, ...mend) => ({ id, about, state, found, mend });

export const ok = judge("ok");
export const warning = judge("warning");
export const broken = judge("broken");
export const unknown = judge("unknown");

/** The area is the first word of the id. */
export const areaOf = ({ id }: Check): Area => AREAS.find((area) => id.startsWith(`${area}.`)) ?? "machine";

/** Something looked for: seen, or not to be seen from here and what that would need. */
export type Seen<T> =
  | { readonly seen: true; readonly value: T }
  | { readonly seen: false; readonly why: string; readonly needs: string };

export const seen = <T>(value: T): Seen<T> => ({ seen: true, value });
export const unseen = (why: string, needs: string): Seen<never> => ({ seen: false, why, needs });
