import pLimit from "p-limit";
import { failureOf } from "../aws/errors.ts";
import type { Change, Outcome, Result } from "../model.ts";
import { carryOut } from "./carry-out.ts";
import type { Doors } from "./doors.ts";
import type { Entry, Journal } from "./journal.ts";
import type { Outputs } from "./outputs.ts";
import { RestingError, StaleError } from "./refusals.ts";

export interface ApplyOptions {
  readonly planId: string;
  /** In the plan's order: each after what it depends on. */
  readonly changes: readonly Change[];
  readonly doors: Doors;
  readonly outputs: Outputs;
  readonly journal: Journal;
  /** How many changes may be under way at once. */
  readonly parallel: number;
  /** Told of each step as it starts and ends. */
  readonly progress?: (event: { readonly change: Change; readonly outcome?: Outcome }) => void;
}

/**
 * Carries out the changes in dependency order, independent ones side by side. A failure stops what depends on it and nothing else. Every
 * step stands in the journal before and after its call; one that cannot be noted before is not carried out. Answers one outcome per change,
 * in the plan's order; never throws for a change.
 */
export async function apply({
  planId,
  changes,
  doors,
  outputs,
  journal,
  parallel,
  progress,
}: ApplyOptions): Promise<Outcome[]> {
  const limit = pLimit(Math.max(1, parallel));
  const locks = new Map<string, Promise<unknown>>();
  const running = new Map<string, Promise<Outcome>>();
  const awaited = new Set(changes.flatMap(({ dependsOn }) => dependsOn));
  journal.write({ event: "run-started", planId });
  for (const change of changes) running.set(change.step, run(change));
  const outcomes = await Promise.all(running.values());
  note({ event: "run-ended", planId });
  return outcomes;

  async function run(change: Change): Promise<Outcome> {
    const before = await Promise.all(change.dependsOn.map((step) => running.get(step)));
    const blocker = before.find((outcome) => outcome && outcome.result !== "done");
    const result = change.refused
      ? outcomeOf(change, "refused", `refused by policy: see finding "${change.refused}"`)
      : blocker
        ? outcomeOf(change, "skipped", skippedBecause(blocker))
        : await exclusively(locks, lockOf(change, doors), () => limit(() => attempt(change)));
    const { message, code, id } = result;
    const unnoted = note({
      event: result.result,
      planId,
      step: change.step,
      action: change.action,
      digest: change.digest,
      message,
      ...(code ? { code } : {}),
      ...(id ? { id } : {}),
    });
    const outcome = unnoted ? { ...result, message: `${message} (not in the journal: ${unnoted})` } : result;
    progress?.({ change, outcome });
    return outcome;
  }

  /** After a call: what was done must reach the report even when the disk is full. Answers with what went wrong. */
  function note(entry: Entry): string | undefined {
    try {
      journal.write(entry);
      return undefined;
    } catch (error) {
      return failureOf(error).message;
    }
  }

  async function attempt(change: Change): Promise<Outcome> {
    try {
      journal.write({ event: "started", planId, step: change.step, action: change.action, digest: change.digest });
      progress?.({ change });
      const { id, message } = await carryOut({
        change,
        doors,
        outputs,
        kind: doors.kind(change.kind),
        awaited: awaited.has(change.step),
      });
      return { ...outcomeOf(change, "done", message), ...(id ? { id } : {}) };
    } catch (error) {
      if (error instanceof RestingError) return outcomeOf(change, "skipped", error.message);
      const { code, message } = failureOf(error);
      const outcome = outcomeOf(change, error instanceof StaleError ? "refused" : "failed", message);
      // A plain Error is ours and says all in its message.
      return code === "Error" ? outcome : { ...outcome, code };
    }
  }
}

function outcomeOf({ step, address, connection, action }: Change, result: Result, message: string): Outcome {
  return { step, address, connection, action, result, message };
}

function skippedBecause({ step, result, message }: Outcome): string {
  return result === "skipped"
    ? message
    : `not tried, because ${step} ${result === "failed" ? "failed" : "was refused"}`;
}

/** What may not run side by side: changes to the records of one zone, say. */
function lockOf({ kind, target, desired, live }: Change, doors: Doors): string | undefined {
  const subject = desired ?? live;
  const key = subject && doors.kind(kind).serialBy?.(subject);
  return key === undefined ? undefined : `${target} ${kind} ${key}`;
}

/** Runs one after the other what shares a lock: changes to the records of one zone, to one endpoint. */
async function exclusively<T>(
  locks: Map<string, Promise<unknown>>,
  key: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (key === undefined) return work();
  const mine = (locks.get(key) ?? Promise.resolve()).then(work);
  locks.set(
    key,
    mine.catch(() => undefined),
  );
  return mine;
}
