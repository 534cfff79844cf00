import type { Filter, Tag } from "@aws-sdk/client-ec2";
import type { Adoption, Obstacle, Tags } from "../model.ts";
import { connectionOf, MARK, type Ownership, ownershipOf } from "./ownership.ts";
import { plainTags, type Reads } from "./reads.ts";

/**
 * Adoption: an object without any mark whose id a spec names is read as if it carried our mark at the address that the spec says. Its tags
 * stay as they are, so that the missing mark is the difference that the plan shows.
 */

/** Whose an object is: what its mark says, or while it has none the spec that adopts it. What another project owns is never adopted. */
export function ownerOf(reads: Reads, id: string, tags: Tags): Ownership | undefined {
  const mark = ownershipOf(tags);
  const project = tags[MARK.project];
  if (mark || (project !== undefined && project !== reads.project)) return mark;
  const address = adoptions(reads).get(id);
  return address === undefined
    ? undefined
    : { project: reads.project, address, connection: connectionOf(address), protect: false };
}

/** Where a spec wants an unmarked object; undefined when none does. */
export const adoptedAt = (reads: Reads, id: string): string | undefined => adoptions(reads).get(id);

export const isAdoptee = (reads: Reads, id: string): boolean => adoptions(reads).has(id);

/** The ids of one sort that specs adopt. */
export const adoptedIds = (reads: Reads, shape: RegExp): string[] =>
  [...adoptions(reads).keys()].filter((id) => shape.test(id)).sort();

const indexes = new WeakMap<readonly Adoption[], ReadonlyMap<string, string>>();
const NONE: readonly Adoption[] = [];

/** Addresses by id, indexed once for each run: every object of the account is looked up in them. */
function adoptions({ wanted: { adopt = NONE } }: Reads): ReadonlyMap<string, string> {
  const index = indexes.get(adopt) ?? new Map(adopt.map(({ id, address }) => [id, address]));
  indexes.set(adopt, index);
  return index;
}

/** EC2 objects by mark. */
export interface ByMark<T> {
  readonly owned: readonly { readonly id: string; readonly item: T; readonly owner: Ownership }[];
  /** What specs adopt although it carries another project's mark. */
  readonly foreign: readonly Pick<Obstacle, "place" | "id" | "project">[];
}

/** How one sort of EC2 object is listed by tag and by id. */
interface Listed<T> {
  readonly prefix: RegExp;
  /** The name of the filter that takes ids. */
  readonly filter: string;
  readonly list: (filters: readonly Filter[]) => Promise<T[]>;
  readonly idOf: (item: T) => string;
}

/** EC2 objects of ours within the scope, and those that specs adopt: one list more, and only when there are any. */
export async function oursAndAdopted<T extends { readonly Tags?: Tag[] | undefined }>(
  reads: Reads,
  { prefix, filter, list, idOf }: Listed<T>,
): Promise<ByMark<T>> {
  const ids = adoptedIds(reads, prefix);
  const [ours, adoptees] = await Promise.all([
    list(reads.ours),
    ids.length === 0 ? [] : list([{ Name: filter, Values: ids }]),
  ]);
  const all = [...new Map([...ours, ...adoptees].map((item) => [idOf(item), item]))].map(([id, item]) => ({
    id,
    item,
    owner: ownerOf(reads, id, plainTags(item.Tags)),
    project: plainTags(item.Tags)[MARK.project],
  }));
  return {
    owned: all.flatMap(({ id, item, owner }) => (owner?.project === reads.project ? [{ id, item, owner }] : [])),
    foreign: all.flatMap(({ id, owner, project }) =>
      owner?.project === reads.project || project === undefined ? [] : [{ place: id, id, project }],
    ),
  };
}
