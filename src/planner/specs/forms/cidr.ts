import { quote, type Refusal } from "../problem.ts";
import { formatAddress, parseAddress } from "./address.ts";

/**
 * A CIDR block in the one spelling that AWS stores. AWS clears host bits silently (`10.0.0.5/16` becomes `10.0.0.0/16`), so that a spec
 * with any other spelling would differ from the cloud for ever.
 */
export function checkCidr(value: string): Refusal | undefined {
  const [text = "", mask, ...rest] = value.split("/");
  const address = parseAddress(text);
  if (address === undefined || rest.length > 0) {
    return {
      code: "cidr.form",
      message: `${quote(value)} is not a CIDR block`,
      hint: "for example 10.0.0.0/16 or 2001:db8::/32",
    };
  }
  if (mask === undefined) {
    return {
      code: "cidr.form",
      message: `${quote(value)} is an address without a prefix length`,
      hint: `write ${formatAddress(address)}/${address.bits} for this one address`,
    };
  }
  if (!/^(0|[1-9][0-9]{0,2})$/.test(mask) || Number(mask) > address.bits) {
    return { code: "cidr.form", message: `the prefix length of ${quote(value)} is not between 0 and ${address.bits}` };
  }
  const hostBits = BigInt(address.bits - Number(mask));
  const network = { ...address, value: (address.value >> hostBits) << hostBits };
  const canonical = `${formatAddress(network)}/${mask}`;
  if (canonical === value) return undefined;
  return {
    code: "cidr.canonical",
    message: `AWS stores ${quote(value)} as ${canonical}, and the plan would show that difference for ever`,
    hint: `write ${canonical}`,
  };
}

/** Where a security group lets traffic in from: a CIDR block, a security group or a prefix list. */
export function checkIngressSource(value: string): Refusal | undefined {
  if (/^(sg|pl)-[0-9a-f]{8,17}$/.test(value)) return undefined;
  if (/^(sg|pl)-/.test(value)) {
    const what = value.startsWith("sg-") ? "a security group id" : "a prefix list id";
    return {
      code: "source.form",
      message: `${quote(value)} is not ${what}: after the hyphen come 8 to 17 hexadecimal digits`,
    };
  }
  if (/[0-9a-fA-F][.:/]|::/.test(value)) return checkCidr(value);
  return {
    code: "source.form",
    message: `${quote(value)} is not a source of traffic`,
    hint: "write a CIDR block (10.0.0.0/16), a security group id (sg-...) or a prefix list id (pl-...)",
  };
}
