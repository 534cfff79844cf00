import { canonicalName } from "../names.ts";

/** DNS's own limits. */
const longestLabel = 63;
const longestName = 255;

/** A name as Route 53 keeps it: lower case, trailing dot, octal escapes only where they are needed (`\141` is `a`, `*` is `\052`). */
export function storedName(name: string): string {
  const plain = name.replace(/\\([0-7]{3})/g, (escaped, code: string) => {
    const char = String.fromCharCode(Number.parseInt(code, 8));
    return /[A-Za-z0-9_-]/.test(char) ? char : escaped;
  });
  return canonicalName(plain);
}

/** What is wrong with a domain name, in Route 53's words; undefined when nothing is. */
export function nameProblem(name: string): string | undefined {
  if (name === "" || name === ".") return fatal("DomainNameEmpty", "Domain name is empty", name);
  const strange = /[^!-~]/u.exec(name)?.[0];
  if (strange !== undefined) return fatal("UnsupportedCharacter", "Value contains unsupported characters", strange);
  const labels = name.replace(/\.$/, "").split(".");
  const lengths = labels.map((label) => label.replace(/\\[0-7]{3}/g, "x").length);
  if (lengths.includes(0)) return fatal("DomainLabelEmpty", "Domain label is empty", name);
  if (lengths.some((length) => length > longestLabel))
    return fatal("DomainLabelTooLong", "Domain label is too long", name);
  const total = lengths.reduce((sum, length) => sum + length + 1, 0);
  return total > longestName ? fatal("DomainNameTooLong", "Domain name is too long", name) : undefined;
}

/** A complaint of the part of Route 53 that reads names and values. */
export function fatal(code: string, sentence: string, at: string): string {
  return `FATAL problem: ${code} (${sentence}) encountered with '${at}'`;
}

/** Whether a stored name is the zone's or lies below it. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** Route 53 sorts by the labels from right to left: `www.example.com.` sorts as `com.example.www.`. */
export function sortName(name: string): string {
  return `${name.replace(/\.$/, "").split(".").reverse().join(".")}.`;
}
