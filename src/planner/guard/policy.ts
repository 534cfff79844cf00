import type { Change, Plan } from "../../model.ts";
import type { ConnectionDocument, ProjectDocument } from "../specs/index.ts";

/** What policies may look at besides the plan. */
export interface PolicyContext {
  readonly project: ProjectDocument;
  readonly connections: readonly ConnectionDocument[];
  /** ISO 8601. */
  readonly now: string;
  /** Resources that are ours: the live ones within the scope of the plan, and as many as are known outside it. */
  readonly owned: number;
  /** Connections that carry the protect mark in the cloud. */
  readonly protectedLive: ReadonlySet<string>;
}

/** A policy adds findings; it never changes what a plan would do. */
export type Policy = (plan: Plan, context: PolicyContext) => Plan;

/** Whether a change takes something away for good: protection and brakes look at these. */
export const removes = ({ action, leftover }: Pick<Change, "action" | "leftover">): boolean =>
  action === "delete" && !leftover;
