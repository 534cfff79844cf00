import { isIPv4, isIPv6 } from "node:net";
import type { RecordSet } from "../world.ts";
import { fatal, nameProblem } from "./domain-names.ts";

/** AWS keeps this many values in one record set. */
const mostValues = 400;

/** One quoted string of a TXT value holds at most this many characters, not counting escapes. */
const longestString = 255;

/** What is wrong with the values of a record set, in Route 53's words. */
export function valueProblems(record: RecordSet): string[] {
  const values = record.values ?? [];
  const problems = values.flatMap((value) => {
    const problem = check(record.type, value);
    return problem === undefined ? [] : [`Invalid Resource Record: '${problem}'`];
  });
  const repeated = values.filter((value, index) => values.indexOf(value) < index);
  problems.push(...[...new Set(repeated)].map((value) => `Duplicate Resource Record: '${value}'`));
  if (record.type === "CNAME" && values.length > 1) {
    problems.push(`RRSet of type CNAME with DNS name ${record.name} must have exactly one value, not ${values.length}`);
  }
  if (values.length > mostValues) {
    problems.push(
      `RRSet of type ${record.type} with DNS name ${record.name} has ${values.length} values; at most ${mostValues} are allowed`,
    );
  }
  return problems;
}

function check(type: string, value: string): string | undefined {
  switch (type) {
    case "A":
      return isIPv4(value) ? undefined : fatal("ARRDATAIllegalIPv4Address", "Value is not a valid IPv4 address", value);
    case "AAAA":
      return isIPv6(value)
        ? undefined
        : fatal("AAAARRDATAIllegalIPv6Address", "Value is not a valid IPv6 address", value);
    case "TXT":
    case "SPF":
      return checkText(value);
    case "CNAME":
    case "NS":
    case "PTR":
      return nameProblem(value);
    case "MX":
      return checkFields(value, /^\d{1,5} +\S+$/);
    case "SRV":
      return checkFields(value, /^\d{1,5} +\d{1,5} +\d{1,5} +\S+$/);
    case "CAA":
      return checkFields(value, /^\d{1,3} +[a-z]+ +"[^"]*"$/);
    default:
      return value.trim() === "" ? fatal("ValueEmpty", "Value is empty", value) : undefined;
  }
}

/** The last field of these types is a name or a tag; the others are numbers. */
function checkFields(value: string, form: RegExp): string | undefined {
  return form.test(value)
    ? undefined
    : fatal("IncorrectNumberOfFields", "Value does not have the fields of its type", value);
}

/** One or more strings in quotation marks, divided by spaces; `\"`, `\\` and `\ooo` stand for one character. */
function checkText(value: string): string | undefined {
  const quoted = /^"(?:[^"\\]|\\.)*"(?:\s+"(?:[^"\\]|\\.)*")*$/s;
  if (!quoted.test(value)) {
    return fatal("InvalidCharacterString", "Value should be enclosed in quotation marks", value);
  }
  const strings = value.match(/"(?:[^"\\]|\\.)*"/gs) ?? [];
  const lengths = strings.map((each) => each.slice(1, -1).replace(/\\([0-7]{3}|.)/gs, "x").length);
  return lengths.some((length) => length > longestString)
    ? fatal("CharacterStringTooLong", "Value is too long", value)
    : undefined;
}
