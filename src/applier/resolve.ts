import type { Resolved } from "../kinds/kind.ts";
import type { Desired, KindName, Ref, Value } from "../model.ts";
import type { Work } from "./doors.ts";
import { RestingError } from "./refusals.ts";
import { failed } from "./settle.ts";
import { waitFor } from "./wait.ts";

/** A Desired resource with every Ref replaced by what it leads to; waits for values that AWS hands out late (the DNS names of an endpoint). */
export async function resolve(
  work: Work,
  { kind, address, connection, target, attributes }: Desired,
): Promise<Resolved<KindName>> {
  const resolved = await resolveValue(work, attributes as unknown as Value);
  return {
    kind,
    address,
    connection,
    target,
    project: work.doors.project,
    attributes: sortResolved(resolved, attributes) as Resolved<KindName>["attributes"],
  };
}

/** A value with every Ref in it replaced; a list with Refs in it is a set, which is sorted now that its members are known. */
export async function resolveSet(work: Work, value: Value): Promise<Value> {
  const resolved = await resolveValue(work, value);
  return sortedIfHeld(value, resolved);
}

async function resolveValue(work: Work, value: Value): Promise<Value> {
  if (value === null || typeof value !== "object") return value;
  if (isRef(value)) return lookUp(work, value);
  if (Array.isArray(value)) return Promise.all(value.map((item: Value) => resolveValue(work, item)));
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    await Promise.all(members.map(async ([key, member]) => [key, await resolveValue(work, member as Value)])),
  );
}

const isRef = (value: object): value is Ref => "ref" in value && "output" in value;

/** Sets of Refs were in the order of the spec; ids are sorted now that they are known. */
function sortResolved(resolved: Value, wanted: object): Value {
  const before = wanted as { readonly [attribute: string]: Value | undefined };
  const attributes = Object.entries(resolved as { readonly [attribute: string]: Value }).map(([name, value]) => {
    return [name, sortedIfHeld(before[name], value)];
  });
  return Object.fromEntries(attributes);
}

function sortedIfHeld(list: Value | undefined, value: Value): Value {
  const held =
    Array.isArray(list) && list.some((item: Value) => typeof item === "object" && item !== null && isRef(item));
  return held && Array.isArray(value) ? [...value].sort() : value;
}

async function lookUp({ doors, outputs, change }: Work, ref: Ref): Promise<string> {
  const known = outputs.value(ref, change.relies[`${ref.ref}.${ref.output}`]);
  const owner = outputs.owner(ref, known);
  if (known !== undefined && (!owner || doors.kind(owner.kind).progress(owner).is !== "moving")) return known;
  if (!owner) throw new Error(`${change.address} needs ${ref.output} of ${ref.ref}, which does not exist`);
  const kind = doors.kind(owner.kind);
  let state = "not visible yet";
  const look = async (): Promise<string | undefined> => {
    const live = await kind.look(doors.reads(owner.target), owner);
    if (!live) return undefined;
    const progress = kind.progress(live);
    const value = live.outputs[ref.output];
    state = live.state ?? "there";
    if (progress.is === "failed") throw new Error(`${ref.output} of ${ref.ref} is missing: ${failed(live, progress)}`);
    if (progress.is === "resting" && value === undefined)
      throw new RestingError(`waits until ${ref.ref} (${live.id}) has been accepted; the next run goes on`);
    if (progress.is === "moving") return undefined;
    outputs.set(live);
    return value;
  };
  const waitsFor = () => `${ref.output} of ${ref.ref} (${owner.id} is now ${state})`;
  return waitFor(look, kind.deadlineSeconds * 1000, waitsFor, doors.time);
}
