import { XMLParser, XMLValidator } from "fast-xml-parser";
import { AwsError, type Operation, type Params } from "../operation.ts";
import type { Struct } from "../params.ts";
import { text } from "../params.ts";

/** Elements that hold a list, with the name of each entry. */
const lists: Record<string, string> = {
  AddTags: "Tag",
  Changes: "Change",
  RemoveTagKeys: "Key",
  ResourceIds: "ResourceId",
  ResourceRecords: "ResourceRecord",
};

/** Where a body that cannot be read leaves its complaint: no element can have this name. */
const unreadable = "#unreadable";

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  htmlEntities: true,
});

/** The members of a request's XML body; none for a request without one. Routing cannot fail, so a bad body is refused by `withReadableBody`. */
export function readBody(action: string, body: string): Struct {
  if (body.trim() === "") return {};
  const verdict = XMLValidator.validate(body);
  if (verdict !== true) return { [unreadable]: `Invalid XML: ${verdict.err.msg} in line ${verdict.err.line}` };
  const parsed: unknown = parser.parse(body);
  const roots = isObject(parsed) ? Object.entries(parsed).filter(([name]) => !name.startsWith("?")) : [];
  const [name, root] = roots[0] ?? [];
  if (name !== `${action}Request`) return { [unreadable]: `${name} is not valid, expected ${action}Request` };
  const params = toParams(root);
  return typeof params === "object" && !Array.isArray(params) ? params : {};
}

function toParams(value: unknown): Params {
  if (Array.isArray(value)) return value.map(toParams);
  if (!isObject(value)) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, member(name, child)]));
}

function member(name: string, child: unknown): Params {
  const entry = lists[name];
  if (entry === undefined) return toParams(child);
  const entries = isObject(child) ? (child[entry] ?? []) : [];
  return [entries].flat().map(toParams);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An operation that refuses a body which could not be read. @throws AwsError MalformedInput */
export function withReadableBody(operation: Operation): Operation {
  return (call) => {
    const complaint = text(call.params, unreadable);
    if (complaint !== undefined) throw new AwsError("MalformedInput", complaint);
    return operation(call);
  };
}
