import type { DryRunAnswer } from "../../aws/dry-run.ts";
import type { AwsFailure } from "../../aws/errors.ts";
import type { ReadAnswer } from "../../aws/read-probes.ts";
import type { Mode } from "../cloud.ts";
import type { Seen } from "./check.ts";

/** What was seen of AWS, as plain data. */
export interface AwsFacts {
  /** Whose credentials are around, before any role is assumed. */
  readonly caller: Seen<Identity>;
  readonly roles: readonly RoleFacts[];
  /** The embedded AWS of `--sandbox`, which holds a role to a policy only where its seed gives it one. */
  readonly sandbox: boolean;
  /** `GITHUB_EVENT_NAME`: a pull request is not to assume what a merge assumes. Absent outside of Actions. */
  readonly event?: string;
}

export interface Identity {
  readonly arn: string;
  readonly account: string;
}

/** One role of one target, or the ambient credentials in its place. */
export interface RoleFacts {
  readonly target: string;
  readonly mode: Mode;
  /** As the project file says. */
  readonly account: string;
  /** The role to assume; absent when the target names none. */
  readonly arn?: string;
  readonly entry: Entry;
}

export type Entry =
  | {
      readonly is: "in";
      readonly identity: Identity;
      readonly reads: Answers<ReadAnswer>;
      readonly writes: Answers<DryRunAnswer>;
    }
  /** AWS refused to let us in, or could not be reached. */
  | { readonly is: "refused" | "unreachable"; readonly failure: AwsFailure };

/** By IAM action. */
export type Answers<T> = { readonly [action: string]: T };
