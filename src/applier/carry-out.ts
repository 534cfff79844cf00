import { failureOf, isCode } from "../aws/errors.ts";
import type { Resolved } from "../kinds/kind.ts";
import type { Change, KindInfo, KindName, Live, Value } from "../model.ts";
import type { Work } from "./doors.ts";
import { untilEverywhere, untilReady, untilSuccessorWorks } from "./flow.ts";
import { make } from "./make.ts";
import { RestingError, StaleError } from "./refusals.ts";
import { resolve, resolveSet } from "./resolve.ts";
import { attributeOf, type Expected, missing, settle } from "./settle.ts";
import { waitFor } from "./wait.ts";

export interface Done {
  readonly id?: string;
  readonly message: string;
}

/** One change: re-read what it relies on, call, wait for the state that the next step needs. */
export async function carryOut(work: Work): Promise<Done> {
  const { change } = work;
  if (change.action === "delete" && change.temporary) return removeTemporary(work);
  if (change.action === "delete") return remove(work, part(change, change.live));
  const wanted = await resolve(work, part(change, change.desired));
  if (change.action === "update" && !change.live) return finish(work, wanted);
  return change.action === "update" ? update(work, part(change, change.live), wanted) : create(work, wanted);
}

function part<T>(change: Change, value: T | undefined): T {
  if (value === undefined) throw new Error(`${change.step} lacks what its action "${change.action}" needs`);
  return value;
}

async function create(work: Work, wanted: Resolved<KindName>): Promise<Done> {
  const { change, doors, kind } = work;
  const found = await kind.seek(doors.reads(change.target), wanted);
  if (found && "obstacle" in found) {
    throw new StaleError(
      `${found.obstacle.id} has appeared there since the plan was made and is not ours; it was not touched. Plan again`,
    );
  }
  if (found) return complete(work, found.live, wanted);
  const live = await make(work, wanted, expectedOf(wanted, kind.rules));
  return { id: live.id, message: kind.progress(live).is === "resting" ? "made; waits to be accepted" : "made" };
}

/** An earlier run made it and was killed before it could say so or finish: set what is missing, make nothing twice. */
async function complete(work: Work, live: Live, wanted: Resolved<KindName>): Promise<Done> {
  const { change, doors, kind } = work;
  const open = missing(live, expectedOf(wanted, kind.rules), kind.rules);
  if (open.length > 0) await kind.update(doors.aws(change.target), live, wanted, new Set(open));
  await settle(work, live, expectedOf(wanted, kind.rules));
  return {
    id: live.id,
    message: `was there from an earlier run${open.length > 0 ? `; set ${open.join(", ")}` : ""}`,
  };
}

/** The second step of an object that an earlier step of the same plan makes: it is looked for where it was made. */
async function finish(work: Work, wanted: Resolved<KindName>): Promise<Done> {
  const { change, doors, kind } = work;
  const found = await kind.seek(doors.reads(change.target), wanted);
  if (!found || "obstacle" in found)
    throw new StaleError(`${change.address} is not there, although this plan made it; nothing was changed. Plan again`);
  const live = await settle(work, found.live, new Map());
  if (kind.progress(live).is === "resting")
    throw new RestingError(`waits until ${live.id} has been accepted; the next run goes on`);
  const wishes = expectedOf(wanted, kind.rules);
  const touched = new Map(change.differences.map(({ attribute }) => [attribute, wishes.get(attribute)]));
  const open = new Set(missing(live, touched, kind.rules));
  if (open.size > 0) await kind.update(doors.aws(change.target), live, wanted, open);
  await settle(work, live, touched);
  return { id: live.id, message: `changed ${[...touched.keys()].join(", ")}` };
}

/** What is fixed (the names of load balancers, say) is chosen at creation and never compared. */
const expectedOf = ({ attributes }: Resolved<KindName>, rules: KindInfo["rules"]): Expected =>
  new Map(
    Object.entries(attributes).flatMap(([attribute, value]): [string, unknown][] => {
      if (rules[attribute]?.shape === "fixed") return [];
      if (attribute === "tags") return Object.entries(value as object).map(([key, text]) => [`tags.${key}`, text]);
      return [[attribute, value]];
    }),
  );

async function update(work: Work, planned: Live, wanted: Resolved<KindName>): Promise<Done> {
  const { change, doors, kind } = work;
  const now = await kind.look(doors.reads(change.target), planned);
  if (!now) throw new StaleError(`${planned.id} is gone since the plan was made. Plan again`);
  refuseStrange(work, planned, now);
  if (change.risks.includes("disconnects")) refuseProtected(planned, now);
  const wishes = expectedOf(wanted, kind.rules);
  const touched = new Map(change.differences.map(({ attribute }) => [attribute, wishes.get(attribute)]));
  const open = new Set(missing(now, touched, kind.rules));
  const moved = missing(now, await startOf(work, open), kind.rules);
  if (moved.length > 0) {
    const seen = moved
      .map((attribute) => `${attribute} is now ${JSON.stringify(attributeOf(now, attribute) ?? null)}`)
      .join("; ");
    throw new StaleError(`${planned.id} was changed since the plan was made: ${seen}. Plan again`);
  }
  if (open.size > 0) {
    await untilReady(work, now, wanted, open);
    await untilEverywhere(work, await kind.update(doors.aws(change.target), now, wanted, open));
  }
  await settle(work, planned, touched);
  return { id: planned.id, message: `changed ${[...touched.keys()].join(", ")}` };
}

/** What the plan saw of these attributes, with the ids that are known by now. */
async function startOf(work: Work, open: ReadonlySet<string>): Promise<Expected> {
  const differences = work.change.differences.filter(({ attribute }) => open.has(attribute));
  return new Map(
    await Promise.all(
      differences.map(
        async ({ attribute, before = null }): Promise<[string, Value]> => [attribute, await resolveSet(work, before)],
      ),
    ),
  );
}

/** The end of what stood only for the length of the plan: whatever of ours is at its place by now. */
async function removeTemporary(work: Work): Promise<Done> {
  const { change, doors, kind } = work;
  if (change.live) return remove(work, change.live);
  const found = await kind.seek(doors.reads(change.target), await resolve(work, part(change, change.desired)));
  return found && "live" in found ? remove(work, found.live) : { message: "was gone already" };
}

async function remove(work: Work, planned: Live): Promise<Done> {
  const { change, doors, kind } = work;
  const now = await kind.look(doors.reads(change.target), planned);
  if (!now) return { id: planned.id, message: "was gone already" };
  refuseStrange(work, planned, now);
  refuseProtected(planned, now);
  await untilSuccessorWorks(work, planned);
  await removeOnceFree(work, now);
  await waitUntilGone(work, planned);
  return { id: planned.id, message: "deleted" };
}

/** What has no tags (records, acceptances) is told by its kind: it finds only what is ours. */
function refuseStrange({ doors }: Work, planned: Live, now: Live): void {
  const owner = attributeOf(now, PROJECT_TAG);
  if (owner === doors.project || (owner === undefined && attributeOf(planned, PROJECT_TAG) === undefined)) return;
  const whose = owner === undefined ? "has lost the mark of this project" : `belongs to project "${String(owner)}" now`;
  throw new StaleError(`${planned.id} ${whose}; it was not touched. Plan again`);
}

const PROJECT_TAG = "tags.landline:project";

function refuseProtected(planned: Live, now: Live): void {
  if (now.protect && !planned.protect)
    throw new StaleError(`${planned.id} has been protected since the plan was made; it was not touched. Plan again`);
}

async function removeOnceFree({ change, doors, kind }: Work, live: Live): Promise<void> {
  let inTheWay = "";
  const tryToRemove = async (): Promise<true | undefined> => {
    try {
      await kind.remove(doors.aws(change.target), live);
      return true;
    } catch (error) {
      if (!isCode(error, ...kind.retryRemoveOn)) throw error;
      const { code, message } = failureOf(error);
      inTheWay = `${code}: ${message}`;
      return undefined;
    }
  };
  const waitsFor = () => `whatever still uses ${live.id} to be gone (${inTheWay})`;
  await waitFor(tryToRemove, kind.deadlineSeconds * 1000, waitsFor, doors.time);
}

async function waitUntilGone({ change, doors, kind }: Work, planned: Live): Promise<void> {
  let state = "there";
  const look = async (): Promise<true | undefined> => {
    const live = await kind.look(doors.reads(change.target), planned);
    state = live?.state ?? "there";
    return live && !kind.leavesEmpty?.(live) ? undefined : true;
  };
  const waitsFor = () => `${planned.id} to be gone (now ${state})`;
  await waitFor(look, kind.deadlineSeconds * 1000, waitsFor, doors.time);
}
