import { BlockList, isIP, isIPv4 } from "node:net";
import type { NetworkInterface, Region, Subnet } from "../world.ts";

/** AWS keeps the first four addresses of a subnet and the last one. */
const firstFree = 4n;

/** Whether an address lies in a CIDR block of its own family. */
export function inCidr(address: string, cidr: string): boolean {
  const [network, length] = cidr.split("/");
  if (network === undefined || isIP(address) === 0 || isIP(address) !== isIP(network)) return false;
  const family = isIPv4(network) ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(network, Number(length), family);
  return block.check(address, family);
}

/** The lowest IPv4 address of the subnet that no network interface has; undefined when the subnet is full. */
export function freeAddress(region: Region, subnet: Subnet): string | undefined {
  const taken = new Set(interfacesIn(region, subnet.id).map((each) => each.privateIp));
  const [network = "", length = "32"] = subnet.cidr.split("/");
  const start = toNumber(network);
  const end = start + (1n << BigInt(32 - Number(length))) - 1n;
  for (let at = start + firstFree; at < end; at += 1n) {
    const address = toText(at);
    if (!taken.has(address)) return address;
  }
  return undefined;
}

/** Whether a network interface has that address in that subnet. */
export function isTaken(region: Region, subnetId: string, address: string): boolean {
  return interfacesIn(region, subnetId).some((each) => each.privateIp === address);
}

function interfacesIn(region: Region, subnetId: string): NetworkInterface[] {
  return Object.values(region.networkInterfaces).filter((each) => each.subnetId === subnetId);
}

function toNumber(address: string): bigint {
  return address.split(".").reduce((sum, part) => sum * 256n + BigInt(Number(part)), 0n);
}

function toText(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join(".");
}
