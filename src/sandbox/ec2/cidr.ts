import { isIPv4, isIPv6 } from "node:net";
import { AwsError } from "../operation.ts";

/** An IPv4 range as EC2 keeps it: host bits cleared. @throws AwsError InvalidParameterValue */
export function canonicalCidr4(cidr: string): string {
  const [address = "", length = ""] = cidr.split("/");
  if (!isIPv4(address) || !isLength(length, 32)) throw malformed(cidr);
  const bytes = address.split(".").map(Number);
  return `${cleared(bytes, Number(length)).join(".")}/${Number(length)}`;
}

/** An IPv6 range as EC2 keeps it: host bits cleared, compressed, lower case. @throws AwsError InvalidParameterValue */
export function canonicalCidr6(cidr: string): string {
  const [address = "", length = ""] = cidr.split("/");
  if (!isIPv6(address) || !isLength(length, 128)) throw malformed(cidr);
  const bytes = cleared(bytesOf(address), Number(length));
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return `${compressed(groups.join(":"))}/${Number(length)}`;
}

function isLength(text: string, most: number): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= most;
}

function cleared(bytes: readonly number[], length: number): number[] {
  return bytes.map((byte, at) => {
    const kept = Math.min(8, Math.max(0, length - at * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
}

function bytesOf(address: string): number[] {
  const [head = "", tail] = compressed(address).split("::");
  const front = head.split(":").filter(Boolean);
  const back = (tail ?? "").split(":").filter(Boolean);
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => "0");
  return [...front, ...(tail === undefined ? [] : zeros), ...back].flatMap((group) => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
}

/** The URL parser writes IPv6 addresses in their one canonical form (RFC 5952). */
function compressed(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function malformed(cidr: string): AwsError {
  return new AwsError("InvalidParameterValue", `CIDR block ${cidr} is malformed`);
}
