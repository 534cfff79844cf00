import { AwsError, type Call, type Tree } from "../operation.ts";
import { structs, text, texts } from "../params.ts";
import type { HostedZone } from "../world.ts";
import { findZone } from "./find.ts";
import { invalidInput, need } from "./input.ts";

/** A zone may have this many tags, and one request may name this many zones. */
const most = 10;

function taggedZone(call: Call, id: string): HostedZone {
  const type = need(call.params, "ResourceType");
  if (type === "hostedzone") return findZone(call, id);
  if (type === "healthcheck") throw new AwsError("NoSuchHealthCheck", `No health check exists with the ID ${id}`, 404);
  throw invalidInput(`The resource type '${type}' is not valid: it is 'hostedzone' or 'healthcheck'`);
}

function tagSet(zone: HostedZone): Tree {
  const tags = Object.entries(zone.tags).map(([Key, Value]) => ({ Key, Value }));
  return { ResourceType: "hostedzone", ResourceId: zone.id, Tags: { Tag: tags } };
}

/** ListTagsForResource: the tags of one zone. */
export function listTagsForResource(call: Call): Tree {
  return { ResourceTagSet: tagSet(taggedZone(call, need(call.params, "ResourceId"))) };
}

/** ListTagsForResources: the tags of up to ten zones; one that is unknown refuses all. */
export function listTagsForResources(call: Call): Tree {
  const ids = texts(call.params, "ResourceIds");
  if (ids.length === 0 || ids.length > most)
    throw invalidInput(`Between 1 and ${most} resource IDs must be specified, not ${ids.length}`);
  return { ResourceTagSets: { ResourceTagSet: ids.map((id) => tagSet(taggedZone(call, id))) } };
}

/** ChangeTagsForResource: removes, then adds; all or nothing. */
export function changeTagsForResource(call: Call): Tree {
  const { params } = call;
  const zone = taggedZone(call, need(params, "ResourceId"));
  const removed = texts(params, "RemoveTagKeys");
  const added = structs(params, "AddTags").map((tag) => readTag(need(tag, "Key"), text(tag, "Value") ?? ""));
  if (removed.length === 0 && added.length === 0)
    throw invalidInput("At least one tag to add or remove must be specified");
  const kept = Object.entries(zone.tags).filter(([key]) => !removed.includes(key));
  const tags = Object.fromEntries([...kept, ...added]);
  const count = Object.keys(tags).length;
  if (count > most) throw invalidInput(`A resource can have at most ${most} tags, but it would have ${count}`);
  zone.tags = tags;
  return {};
}

function readTag(key: string, value: string): [string, string] {
  if (key.length > 128) throw invalidInput(`The tag key '${key}' is longer than 128 characters`);
  if (value.length > 256) throw invalidInput(`The value of the tag '${key}' is longer than 256 characters`);
  if (/^aws:/i.test(key)) throw invalidInput(`The tag key '${key}' is reserved: keys cannot start with 'aws:'`);
  return [key, value];
}
