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

/** The domain of a hosted zone: a DNS name that is no wildcard. */
export function checkZoneDomain(value: string): Refusal | undefined {
  if (!value.startsWith("*.")) return checkDnsName(value);
  return {
    code: "dns.form",
    message: `${quote(value)} is a wildcard, and a hosted zone has a domain`,
    hint: `write ${value.slice(2)}, with a record named *`,
  };
}

/** Stands in the name of a zonal record for the id of the Availability Zone. */
export const ZONE_ID = "{{zone.id}}";

/** A name relative to its zone: `@`, `*` or labels, with `{{zone.id}}` where the id of an Availability Zone goes. */
export function checkRecordName(value: string): Refusal | undefined {
  if (value === "@" || value === "*") return undefined;
  const labels = value.replace(/^\*\./, "").replaceAll(ZONE_ID, "use1-az1").split(".");
  if (labels.every((label) => LABEL.test(label)) && labels[0] !== "_landline" && value.length <= 200) return undefined;
  return {
    code: "dns.form",
    message: `${quote(value)} is not a name within a zone`,
    hint: `write @ for the zone itself, * for all its names, or labels in lower case without the zone's domain, such as api or *.${ZONE_ID}`,
  };
}

/** The full name of a record: its zone's domain behind its own name. */
export const nameInZone = (name: string, domain: string): string => (name === "@" ? domain : `${name}.${domain}`);
