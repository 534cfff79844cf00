import { compareText } from "../collections.ts";

/**
 * Everything that can be wrong with a project or a connection spec. The union is closed: a message may be reworded at any time,
 * a code never changes its meaning.
 */
export type ProblemCode =
  // the file
  | "file.unreadable"
  | "file.size"
  | "file.encoding"
  | "file.link"
  | "file.empty"
  | "specs.empty"
  | "specs.pattern"
  | "partners.empty"
  | "partners.pattern"
  // YAML
  | "yaml.syntax"
  | "yaml.tab"
  | "yaml.tag"
  | "yaml.duplicate-key"
  | "yaml.aliases"
  | "yaml.merge"
  // the shape: what the schema says
  | "kind.unknown"
  | "version.unknown"
  | "field.unknown"
  | "field.missing"
  | "field.exclusive"
  | "type.wrong"
  | "value.choice"
  | "value.form"
  | "value.range"
  | "list.length"
  | "list.duplicate"
  // the form of one value
  | "account.form"
  | "account.unquoted"
  | "principal.form"
  | "principal.unverified"
  | "cidr.form"
  | "cidr.canonical"
  | "source.form"
  | "ports.form"
  | "date.form"
  | "date.past"
  | "dns.form"
  | "service-name.form"
  | "target.form"
  // one project
  | "target.role"
  | "target.duplicate"
  // one connection
  | "connection.empty"
  | "target.unknown"
  | "load-balancer.duplicate"
  | "load-balancer.elsewhere"
  | "load-balancer.enforcement"
  | "listener.duplicate"
  | "listener.certificates"
  | "listener.tls-only"
  | "listener.tcp-only"
  | "target-group.protocol"
  | "target-group.targets"
  | "target-group.client-ip"
  | "health-check.http-only"
  | "health-check.timeout"
  | "principal.duplicate"
  | "principal.open"
  | "rule.conflict"
  | "disconnect.reason"
  | "rename.taken"
  | "endpoint.duplicate"
  | "security-group.missing"
  | "ingress.duplicate"
  | "alias.duplicate"
  | "hosted-zone.record"
  | "hosted-zone.vpc"
  | "record.values"
  | "partner.unknown"
  | "partner.unsupported"
  | "partner.role"
  | "partner.param-unknown"
  | "partner.param-missing"
  | "partner.param-form"
  | "adopt.address"
  | "adopt.form"
  | "adopt.duplicate"
  // partner profiles
  | "profile.duplicate"
  | "profile.role"
  | "profile.source"
  | "profile.parameter"
  | "profile.table"
  | "profile.template"
  | "profile.pattern"
  | "profile.check"
  | "profile.handoff"
  // between connections
  | "name.duplicate"
  | "dns.claimed"
  | "reference.unknown"
  | "reference.no-service"
  | "reference.absent"
  | "reference.circular"
  | "principal.missing"
  | "private-dns.missing"
  | "address-type.unsupported"
  | "address-type.records"
  | "notification.duplicate"
  | "region.missing"
  | "region.mismatch"
  | "region.unsupported";

/** A place in a file, as editors count: line and column begin at 1, columns count UTF-16 units. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** Something that must be mended before anything is planned. */
export interface Problem {
  code: ProblemCode;
  /** What is wrong, in one plain sentence without a full stop at its end. */
  message: string;
  at: Position;
  /** What to do about it, where the message does not already say so. */
  hint?: string;
}

/** Field names and list indexes from the document's root to a value. */
export type Path = readonly (string | number)[];

/** What a check says of one value; the caller knows where it stands. */
export interface Refusal {
  code: ProblemCode;
  message: string;
  hint?: string;
}

/** How checks hand in what they find: the value's path and what is wrong with it. */
export type Report = (path: Path, refusal: Refusal) => void;

/** Orders problems as a person reads: by file, line, column, and then by code and message so that the order never wavers. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const unique = new Map(problems.map((problem) => [keyOf(problem), problem]));
  return [...unique.values()].sort(
    (a, b) =>
      compareText(a.at.file, b.at.file) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column ||
      compareText(keyOf(a), keyOf(b)),
  );
}

function keyOf({ at, code, message }: Problem): string {
  return JSON.stringify([at.file, at.line, at.column, code, message]);
}

/** `service.loadBalancers[0].name`: how a path is written in messages. */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`),
    "",
  );
}

/** A value as a message shows it: quoted, on one line, not too long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 76)}...${text.endsWith('"') ? '"' : ""}` : text;
}
