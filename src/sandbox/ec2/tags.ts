import { AwsError, type Call, type Tree } from "../operation.ts";
import { type Struct, structs, text } from "../params.ts";
import type { Tags } from "../world.ts";
import { items } from "../xml.ts";
import { invalidValue } from "./errors.ts";

const tagLimit = 50;
const keyLimit = 128;
const valueLimit = 256;

/** Tags as EC2 shows them. */
export function tagSet(tags: Tags): Tree {
  return items(Object.entries(tags).map(([key, value]) => ({ key, value })));
}

/**
 * The tags that a creating call brings for its new object. `types` are the resource types that the call can make.
 * @throws AwsError InvalidParameterValue for another resource type, and everything that `readTags` refuses
 */
export function tagsOnCreate(call: Call, ...types: string[]): Tags {
  const tags: Tags = {};
  for (const specification of structs(call.params, "TagSpecification")) {
    const type = text(specification, "ResourceType") ?? "";
    if (!types.includes(type)) {
      throw new AwsError(
        "InvalidParameterValue",
        `'${type}' is not a valid taggable resource type for this operation.`,
      );
    }
    Object.assign(tags, readTags(structs(specification, "Tag")));
  }
  return tags;
}

/** Tags out of a request. @throws AwsError InvalidParameterValue, TagLimitExceeded */
export function readTags(sent: readonly Struct[]): Tags {
  const tags: Tags = {};
  for (const tag of sent) {
    const key = text(tag, "Key") ?? "";
    const value = text(tag, "Value") ?? "";
    checkTag(key, value);
    if (Object.hasOwn(tags, key)) {
      throw new AwsError("InvalidParameterValue", `Duplicate tag key '${key}' specified.`);
    }
    tags[key] = value;
  }
  return tags;
}

/** Adds tags to those of an object. @throws AwsError TagLimitExceeded */
export function mergedTags(there: Tags, added: Tags): Tags {
  const merged = { ...there, ...added };
  if (Object.keys(merged).length > tagLimit) {
    throw new AwsError("TagLimitExceeded", `The maximum number of tags per resource is ${tagLimit}.`);
  }
  return merged;
}

function checkTag(key: string, value: string): void {
  if (key === "" || key.length > keyLimit) {
    throw invalidValue(key, "Key", `Tag keys have 1 to ${keyLimit} characters.`);
  }
  if (/^aws:/i.test(key)) {
    throw new AwsError("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use");
  }
  if (value.length > valueLimit)
    throw invalidValue(value, "Value", `Tag values have at most ${valueLimit} characters.`);
}
