import { quote } from "../specs/problem.ts";
import { didYouMean, suggestion } from "../specs/suggest.ts";
import type { PartnerProfile } from "./profile.ts";
import type { CompiledTemplate, Reference, TemplateComplaint, TemplateNode } from "./template.ts";
import { PLACES } from "./values.ts";

/** What a template may name besides what every template may. */
export interface Scope {
  /** `item`: the text is filled in once for each item of a list. */
  readonly item?: boolean;
  /** `zone.id`: the text is filled in once for each Availability Zone. */
  readonly zone?: boolean;
  /** A placeholder that is the whole text may be a list, which stays one. */
  readonly list?: boolean;
}

/** What is wrong with the names in a template: unknown ones, lists where one value is meant and the other way round. */
export function nameComplaints(
  { nodes, form }: CompiledTemplate,
  profile: PartnerProfile,
  scope: Scope = {},
): TemplateComplaint[] {
  const whole = nodes.length === 1 && scope.list === true;
  const check = (node: TemplateNode, item: boolean): TemplateComplaint[] => {
    if (node.kind === "text") return [];
    const { offset, of } = node;
    const shape = shapeOf(of, profile, { ...scope, item });
    if (typeof shape === "object") return [{ offset, message: shape.unknown }];
    const said = form === "shell" ? shellComplaint(of, profile) : undefined;
    const complaints = said === undefined ? [] : [{ offset, message: said }];
    if (node.kind === "value") return [...complaints, ...valueComplaints(node, shape, whole)];
    if (node.kind === "if")
      return [...complaints, ...[...node.body, ...node.otherwise].flatMap((one) => check(one, item))];
    const plain =
      shape === "list"
        ? []
        : [{ offset, message: `${of.path} is no list, so that {{#each}} has nothing to go through` }];
    return [...complaints, ...plain, ...node.body.flatMap((one) => check(one, true))];
  };
  return nodes.flatMap((node) => check(node, scope.item === true));
}

function valueComplaints(
  { of, filter, offset }: TemplateNode & { kind: "value" },
  shape: "one" | "list",
  whole: boolean,
): TemplateComplaint[] {
  if (shape === "list" && filter === undefined && !whole) {
    return [
      { offset, message: `${of.path} is a list: write {{${of.path} | join ", "}}, | json, or {{#each ${of.path}}}` },
    ];
  }
  return shape === "one" && typeof filter === "object"
    ? [{ offset, message: `${of.path} is one value: there is nothing to join` }]
    : [];
}

/** Whether a reference leads to one value or to a list, or why it leads to nothing. */
export function shapeOf(
  of: Reference,
  profile: PartnerProfile,
  scope: Scope = {},
): "one" | "list" | { unknown: string } {
  const { path, table } = of;
  if (table) return fieldShape(table, profile, scope);
  if (path === "item" || path === "item.port")
    return scope.item ? "one" : { unknown: `${path} stands outside {{#each}}` };
  if (path === "zone.id") return scope.zone ? "one" : { unknown: "zone.id stands outside a record for each zone" };
  const [, name] = /^params\.(.+)$/.exec(path) ?? [];
  if (name !== undefined) {
    const params = profile.params ?? {};
    const param = Object.hasOwn(params, name) ? params[name] : undefined;
    if (param === undefined)
      return { unknown: `there is no parameter ${quote(name)}${suggestion(name, Object.keys(params))}` };
    return param.type === "list" ? "list" : "one";
  }
  const place = Object.hasOwn(PLACES, path) ? PLACES[path as keyof typeof PLACES] : undefined;
  if (place !== undefined) return place.list ? "list" : "one";
  const known = [...Object.keys(PLACES), ...Object.keys(profile.params ?? {}).map((param) => `params.${param}`)];
  const meant = didYouMean(path, known);
  return { unknown: `there is no value ${quote(path)}${meant === undefined ? "" : `; did you mean ${quote(meant)}?`}` };
}

function fieldShape(
  { name, key, field }: NonNullable<Reference["table"]>,
  profile: PartnerProfile,
  scope: Scope,
): "one" | "list" | { unknown: string } {
  const tables = profile.tables ?? {};
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
  if (table === undefined)
    return { unknown: `there is no table ${quote(name)}${suggestion(name, Object.keys(tables))}` };
  const inner = shapeOf(key, profile, scope);
  if (typeof inner === "object") return inner;
  if (inner === "list") return { unknown: `${key.path} is a list, which is the key of no row` };
  const rows = Object.values(table.rows);
  const value = rows.find((row) => Object.hasOwn(row, field))?.[field];
  if (value === undefined) {
    const fields = rows.flatMap((row) => Object.keys(row));
    return { unknown: `no row of the table ${quote(name)} has a field ${quote(field)}${suggestion(field, fields)}` };
  }
  return Array.isArray(value) ? "list" : "one";
}

/** Free text: nobody has said what it may look like. */
const FREE = new Set(["connection.owner", "changes"]);

/** Why a value may not stand in a shell line, although it would be quoted: a line that people paste should hold what they expect. */
function shellComplaint({ path }: Reference, { params = {} }: PartnerProfile): string | undefined {
  if (FREE.has(path)) return `${path} is free text, which has no place in a shell line`;
  const [, name = ""] = /^params\.(.+)$/.exec(path) ?? [];
  const param = params[name];
  if (param === undefined || param.type === "integer" || param.type === "boolean" || param.items === "port")
    return undefined;
  if (param.pattern !== undefined || param.enum !== undefined) return undefined;
  return `the parameter ${name} stands in a shell line and needs a pattern or an enum`;
}
