import type { Resolved } from "../kinds/kind.ts";
import type { KindName, Live } from "../model.ts";
import type { Work } from "./doors.ts";
import { RestingError } from "./refusals.ts";
import { failed } from "./settle.ts";
import { waitFor } from "./wait.ts";

/** What keeps traffic flowing while one thing takes the place of another. */

/** How long new targets may take to become healthy, in seconds: AWS's slowest health check needs ten looks, five minutes apart, hardly anybody's more than a few. */
const HEALTH_SECONDS = 900;

/** Waits until what an update hands traffic to is ready to carry it. Throws when it does not get there in time; nothing was changed then. */
export async function untilReady(
  { change, doors, kind }: Work,
  live: Live,
  wanted: Resolved<KindName>,
  touched: ReadonlySet<string>,
): Promise<void> {
  if (!kind.readyFor) return;
  let why = "";
  const ready = async (): Promise<true | undefined> => {
    const progress = await kind.readyFor?.(doors.reads(change.target), live, wanted, touched);
    if (progress?.is === "failed") throw new Error(failed(live, progress));
    if (progress?.is !== "moving") return true;
    why = progress.why ?? progress.state;
    return undefined;
  };
  await waitFor(
    ready,
    HEALTH_SECONDS * 1000,
    () => `traffic to have somewhere to go (${why}); ${live.id} is as it was`,
    doors.time,
  );
}

/** Waits until everybody sees a change that AWS spreads slowly, where a later step counts on it. */
export async function untilEverywhere(
  { change, doors, kind, awaited }: Work,
  receipt: string | undefined,
): Promise<void> {
  if (!awaited || receipt === undefined || !kind.isEverywhere) return;
  const seen = async () => ((await kind.isEverywhere?.(doors.aws(change.target), receipt)) ? true : undefined);
  await waitFor(
    seen,
    kind.deadlineSeconds * 1000,
    () => `change ${receipt} of ${change.address} to be INSYNC`,
    doors.time,
  );
}

/** What a replacement leaves behind goes only when the new object can do its work; while that rests at somebody's door the old one stays. */
export async function untilSuccessorWorks({ change, doors, kind, outputs }: Work, old: Live): Promise<void> {
  if (!change.leftover || change.temporary) return;
  const successor = outputs.other(old);
  if (!successor) return;
  let state = successor.state ?? "there";
  const working = async (): Promise<true | undefined> => {
    const live = await kind.look(doors.reads(successor.target), successor);
    if (!live) return undefined;
    state = live.state ?? "there";
    const progress = kind.progress(live);
    if (progress.is === "failed") throw new Error(`${old.id} stays: ${failed(live, progress)}`);
    if (progress.is === "resting")
      throw new RestingError(`stays until ${live.id}, which takes its place, has been accepted; the next run goes on`);
    return progress.is === "ready" ? true : undefined;
  };
  await waitFor(
    working,
    kind.deadlineSeconds * 1000,
    () => `${successor.id}, which takes its place (now ${state})`,
    doors.time,
  );
}
