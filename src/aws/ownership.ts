import {
  CreateTagsCommand,
  DeleteTagsCommand,
  type ResourceType,
  type Tag,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import type { Tags } from "../model.ts";
import type { Aws } from "./aws.ts";
import { plainTags } from "./reads.ts";

/** The tags that mark an AWS object as ours. */
export const MARK = {
  project: "landline:project",
  connection: "landline:connection",
  address: "landline:address",
  /** `true` on an object that must not be deleted, replaced or cut off. */
  protect: "landline:protect",
} as const;

const MARK_PREFIX = "landline:";

/** Whose an object is, as its tags say. */
export interface Ownership {
  readonly project: string;
  readonly connection: string;
  readonly address: string;
  readonly protect: boolean;
}

/** Reads the mark; undefined when the project or the address is missing, because then nobody can tell what the object is for. */
export function ownershipOf(tags: Tags): Ownership | undefined {
  const { [MARK.project]: project, [MARK.address]: address, [MARK.connection]: connection } = tags;
  if (!project || !address) return undefined;
  return {
    project,
    address,
    connection: connection || connectionOf(address),
    protect: tags[MARK.protect] === "true",
  };
}

/** What of a list is ours: carries the mark of this project. */
export function marked<T extends { readonly Tags?: Tag[] | undefined }>(
  project: string,
  items: readonly T[],
): { readonly item: T; readonly owner: Ownership }[] {
  return items.flatMap((item) => {
    const owner = ownershipOf(plainTags(item.Tags));
    return owner?.project === project ? [{ item, owner }] : [];
  });
}

/** `payments-api/service/allowlist` belongs to `payments-api`. */
export const connectionOf = (address: string): string => address.split("/", 1)[0] ?? address;

/** The mark of what has no tags, a TXT record, said as tags. */
export const tagsOfMark = (mark: Pick<Ownership, "project" | "address"> | undefined): Tags =>
  mark ? { [MARK.project]: mark.project, [MARK.address]: mark.address } : {};

/** What has to happen to tags; empty lists: nothing. */
export interface TagChanges {
  readonly put: readonly { readonly Key: string; readonly Value: string }[];
  readonly drop: readonly string[];
}

/** From the tags that an object has to the wanted ones. Only `landline:` keys are ever dropped: every other unknown tag is somebody else's. */
export function tagChanges(live: Tags, wanted: Tags): TagChanges {
  return {
    put: tagList(wanted).filter(({ Key, Value }) => live[Key] !== Value),
    drop: Object.keys(live).filter((key) => key.startsWith(MARK_PREFIX) && !(key in wanted)),
  };
}

/** Tags as AWS takes them, sorted by key so that equal tags give equal requests (EC2 compares the parameters behind a client token). */
export const tagList = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));

/** The `TagSpecifications` of an EC2 create call. */
export const tagOnCreate = (type: ResourceType, tags: Tags): TagSpecification[] => [
  { ResourceType: type, Tags: tagList(tags) },
];

/** Moves the tags of one EC2 object; new and changed ones first, so that the object is never without a mark. */
export async function retagEc2(aws: Aws, id: string, live: Tags, wanted: Tags): Promise<void> {
  const { put, drop } = tagChanges(live, wanted);
  if (put.length > 0) await aws.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [...put] }));
  if (drop.length > 0) {
    await aws.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: drop.map((Key) => ({ Key })) }));
  }
}
