import { AwsError, type Call, type Tree } from "../operation.ts";
import { list, type Struct, structs, text, texts } from "../params.ts";
import type { Tags } from "../world.ts";
import { members } from "../xml.ts";
import { findListener, findLoadBalancer, findTargetGroup } from "./find.ts";
import { invalid, need } from "./input.ts";

/** How many tags one resource may have, and how many resources one call may name. */
const mostTags = 50;
const mostResources = 20;

/** The tags of a create or AddTags call. @throws AwsError DuplicateTagKeys, TooManyTags, ValidationError */
export function readTags(params: Struct): Tags {
  const tags: Tags = {};
  for (const tag of structs(params, "Tags")) {
    const key = need(tag, "Key");
    const value = text(tag, "Value") ?? "";
    checkTag(key, value);
    if (key in tags) throw new AwsError("DuplicateTagKeys", `The tag key '${key}' was specified more than once`);
    tags[key] = value;
  }
  checkCount(tags);
  return tags;
}

function checkTag(key: string, value: string): void {
  if (key.length > 128) throw invalid(`The tag key '${key}' is longer than 128 characters`);
  if (value.length > 256) throw invalid(`The value of the tag '${key}' is longer than 256 characters`);
  if (/^aws:/i.test(key)) throw invalid(`The tag key '${key}' is reserved: keys cannot start with 'aws:'`);
}

function checkCount(tags: Tags): void {
  const count = Object.keys(tags).length;
  if (count > mostTags) {
    throw new AwsError("TooManyTags", `A resource can have at most ${mostTags} tags, but ${count} were specified`);
  }
}

/** AddTags: sets tags on every named resource, or on none. */
export function addTags(call: Call): Tree {
  const added = readTags(call.params);
  const resources = named(call);
  for (const { tags } of resources) checkCount({ ...tags, ...added });
  for (const { tags } of resources) Object.assign(tags, added);
  return {};
}

/** RemoveTags: absent keys are no error. */
export function removeTags(call: Call): Tree {
  const keys = texts(call.params, "TagKeys");
  for (const { tags } of named(call)) {
    for (const key of keys) delete tags[key];
  }
  return {};
}

/** DescribeTags: load balancers, target groups and listeners may be mixed; one unknown ARN refuses all. */
export function describeTags(call: Call): Tree {
  const described = named(call).map(({ arn, tags }) => ({
    ResourceArn: arn,
    Tags: members(Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))),
  }));
  return { TagDescriptions: members(described) };
}

function named(call: Call): { arn: string; tags: Tags }[] {
  const arns = texts(call.params, "ResourceArns");
  if (arns.length === 0) throw invalid("At least one resource ARN must be specified");
  if (list(call.params, "ResourceArns").length > mostResources) {
    throw invalid(`At most ${mostResources} resource ARNs can be specified, but ${arns.length} were`);
  }
  return arns.map((arn) => ({ arn, tags: tagsOf(call, arn) }));
}

function tagsOf(call: Call, arn: string): Tags {
  const sort = arn.split(":")[5]?.split("/")[0];
  if (sort === "loadbalancer") return findLoadBalancer(call, arn).tags;
  if (sort === "targetgroup") return findTargetGroup(call, arn).tags;
  if (sort === "listener") return findListener(call, arn).tags;
  throw invalid(`'${arn}' is not a valid load balancer, target group or listener ARN`);
}
