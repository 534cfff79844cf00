import { AwsError, type Call, type Operations, type Tree } from "../operation.ts";
import { structs, text, texts } from "../params.ts";
import type { Tags } from "../world.ts";
import { connectionsOf } from "./attachments.ts";
import { describe } from "./describe.ts";
import { noEndpoint, noGroup, noRule, noService, noSubnet, noVpc } from "./errors.ts";
import { here } from "./here.ts";
import { mergedTags, readTags } from "./tags.ts";

/** Tags on any object that EC2 knows, by its id. */
export const tagging: Operations = { CreateTags: createTags, DeleteTags: deleteTags, DescribeTags: describeTags };

/** One object that carries tags. */
interface Tagged {
  id: string;
  type: string;
  tags: Tags;
  replace: (tags: Tags) => void;
}

function createTags(call: Call): Tree {
  const found = taggedObjects(call);
  const tags = readTags(structs(call.params, "Tag"));
  if (Object.keys(tags).length === 0)
    throw new AwsError("MissingParameter", "The request must contain the parameter Tag");
  const merged = found.map((object) => ({ object, tags: mergedTags(object.tags, tags) }));
  for (const { object, tags: all } of merged) object.replace(all);
  return { return: true };
}

/** A key alone removes the tag whatever its value; with a value only the tag that has it; no tags at all means every tag. */
function deleteTags(call: Call): Tree {
  const wanted = structs(call.params, "Tag").map((tag) => ({ key: text(tag, "Key") ?? "", value: text(tag, "Value") }));
  const goes = (key: string, value: string): boolean =>
    wanted.length === 0 || wanted.some((tag) => tag.key === key && (tag.value === undefined || tag.value === value));
  for (const object of taggedObjects(call)) {
    object.replace(Object.fromEntries(Object.entries(object.tags).filter(([key, value]) => !goes(key, value))));
  }
  return { return: true };
}

function describeTags(call: Call): Tree {
  const all = everyTagged(call).flatMap(({ id, type, tags }) =>
    Object.entries(tags).map(([key, value]) => ({ key, value, resourceId: id, resourceType: type })),
  );
  return describe(call, {
    element: "tagSet",
    all,
    key: ({ resourceId, key }) => `${resourceId}/${key}`,
    filters: {
      key: (tag) => tag.key,
      value: (tag) => tag.value,
      "resource-id": (tag) => tag.resourceId,
      "resource-type": (tag) => tag.resourceType,
      tag: (tag) => `${tag.key}=${tag.value}`,
    },
    render: ({ key, resourceId, resourceType, value }) => ({ key, resourceId, resourceType, value }),
  });
}

/** The objects that a call names. @throws AwsError the not-found code of the first that does not exist */
function taggedObjects(call: Call): Tagged[] {
  const ids = texts(call.params, "ResourceId");
  if (ids.length === 0) throw new AwsError("MissingParameter", "The request must contain the parameter ResourceId");
  return ids.map((id) => {
    const found = tagged(call, id);
    if (!found) throw notFound(id);
    return found;
  });
}

/** The collections of a Region whose objects carry tags of their own, by id prefix. The longer prefix stands first. */
const collections = [
  { prefix: "vpce-svc-", name: "endpointServices", type: "vpc-endpoint-service", missing: noService },
  { prefix: "vpce-", name: "vpcEndpoints", type: "vpc-endpoint", missing: noEndpoint },
  { prefix: "vpc-", name: "vpcs", type: "vpc", missing: noVpc },
  { prefix: "subnet-", name: "subnets", type: "subnet", missing: noSubnet },
  { prefix: "sgr-", name: "securityGroupRules", type: "security-group-rule", missing: noRule },
  { prefix: "sg-", name: "securityGroups", type: "security-group", missing: noGroup },
] as const;

function tagged(call: Call, id: string): Tagged | undefined {
  if (isInner(id)) return [...permissions(call), ...connections(call)].find((object) => object.id === id);
  const region = here(call);
  const sort = collections.find(({ prefix }) => id.startsWith(prefix));
  const object = sort && region[sort.name][id];
  return sort && object ? withTags(sort.type, object) : undefined;
}

/** Allowed principals and connections have ids and tags but live inside other objects. */
function isInner(id: string): boolean {
  return /^vpce-(svc-perm|con)-/.test(id);
}

function everyTagged(call: Call): Tagged[] {
  const region = here(call);
  const own = collections.flatMap(({ name, type }) =>
    Object.values<{ id: string; tags: Tags }>(region[name]).map((object) => withTags(type, object)),
  );
  return [...own, ...permissions(call), ...connections(call)];
}

function permissions(call: Call): Tagged[] {
  return Object.values(here(call).endpointServices)
    .flatMap((service) => Object.values(service.principals))
    .map((principal) => withTags("vpc-endpoint-service-permission", principal));
}

function connections(call: Call): Tagged[] {
  return connectionsOf(call).map((endpoint) => ({
    id: endpoint.connectionId,
    type: "vpc-endpoint-connection",
    tags: endpoint.connectionTags,
    replace: (tags) => {
      endpoint.connectionTags = tags;
    },
  }));
}

function withTags(type: string, object: { id: string; tags: Tags }): Tagged {
  return {
    id: object.id,
    type,
    tags: object.tags,
    replace: (tags) => {
      object.tags = tags;
    },
  };
}

function notFound(id: string): AwsError {
  const sort = collections.find(({ prefix }) => id.startsWith(prefix));
  return sort && !isInner(id) ? sort.missing(id) : new AwsError("InvalidID", `The ID '${id}' is not valid`);
}
