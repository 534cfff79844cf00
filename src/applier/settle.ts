import { isDeepStrictEqual } from "node:util";
import { type Known, StaleTokenError } from "../kinds/kind.ts";
import type { Json, KindInfo, KindName, Live } from "../model.ts";
import type { Work } from "./doors.ts";
import { waitFor } from "./wait.ts";

/** How long AWS may show old values after it has said that a change is done, in seconds. */
const LAG_SECONDS = 120;

const NOT_VISIBLE = "not visible yet";

/** What an object must show before its change counts as done, by attribute; tags by key: `tags.cost-center`. */
export type Expected = ReadonlyMap<string, unknown>;

/**
 * Waits until an object has come as far as the next step needs and shows what was asked for. An object that AWS does not show right after it
 * was made is "not yet", not "gone". Resting at somebody else's door is far enough. Throws when it ends in a state it cannot leave, and
 * StaleTokenError when AWS does not show it at all within `visibleSeconds`.
 */
export async function settle(
  work: Work,
  known: Known<KindName>,
  expected: Expected,
  visibleSeconds = Number.POSITIVE_INFINITY,
): Promise<Live> {
  const { change, doors, kind, outputs } = work;
  const patience = doors.time.now() + visibleSeconds * 1000;
  let state = NOT_VISIBLE;
  const arrive = async (): Promise<Live | undefined> => {
    const live = await kind.look(doors.reads(change.target), known);
    if (!live && state === NOT_VISIBLE && doors.time.now() > patience) {
      throw new StaleTokenError(`${known.id} is what AWS answered, but there is no such object`);
    }
    if (!live) return undefined;
    const progress = kind.progress(live);
    state = live.state ?? "there";
    if (progress.is === "failed") throw new Error(failed(live, progress));
    if (progress.is === "moving") return undefined;
    outputs.set(live);
    return live;
  };
  const arrived = await waitFor(arrive, kind.deadlineSeconds * 1000, () => `${known.id} (now ${state})`, doors.time);
  if (missing(arrived, expected, kind.rules).length === 0) return arrived;
  return waitFor(
    async () => {
      const live = await arrive();
      return live && missing(live, expected, kind.rules).length === 0 ? live : undefined;
    },
    LAG_SECONDS * 1000,
    () => `AWS to show the new ${[...expected.keys()].join(", ")} of ${known.id}`,
    doors.time,
  );
}

/** A state that an object cannot leave, with AWS's reason where it gives one. */
export const failed = ({ id }: Live, { state, why }: { readonly state: string; readonly why?: string }): string =>
  `${id} is ${state}${why ? `: ${why}` : ""}`;

/** The attributes that do not show the expected value. */
export const missing = (live: Live, expected: Expected, rules: KindInfo["rules"]): string[] =>
  [...expected]
    .filter(([attribute, value]) => {
      const shown = attributeOf(live, attribute) ?? undefined;
      if (shown === undefined && rules[attribute]?.unsetFits) return false;
      return !isDeepStrictEqual(value ?? undefined, shown);
    })
    .map(([attribute]) => attribute);

/** An attribute of a live object; `tags.key` is one tag. */
export function attributeOf(live: Live, attribute: string): Json | undefined {
  const dot = attribute.indexOf(".");
  if (dot < 0) return live.attributes[attribute];
  const group = live.attributes[attribute.slice(0, dot)];
  return (group as { readonly [key: string]: Json } | null | undefined)?.[attribute.slice(dot + 1)];
}
