import { quote, type Refusal } from "../problem.ts";

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * A full DNS name in the one spelling that Route 53 and EC2 give back: lower case, without a dot at the end. A first label `*` makes it a
 * wildcard.
 */
export function checkDnsName(value: string): Refusal | undefined {
  const canonical = value.toLowerCase().replace(/\.$/, "");
  const labels = canonical.replace(/^\*\./, "").split(".");
  if (labels.length < 2 || canonical.length > 253 || !labels.every((label) => LABEL.test(label))) {
    return {
      code: "dns.form",
      message: `${quote(value)} is not a full DNS name`,
      hint: "for example api.example.com: labels of at most 63 letters, digits and hyphens, joined by dots",
    };
  }
  if (labels[0] === "_landline") {
    return {
      code: "dns.form",
      message: `names that begin with _landline. hold the ownership records of Landline itself`,
    };
  }
  if (canonical === value) return undefined;
  return {
    code: "dns.form",
    message: `${quote(value)} is not written as DNS gives it back: in lower case, without a dot at the end`,
    hint: `write ${canonical}`,
  };
}
