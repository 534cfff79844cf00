import { hexOf, newHex } from "../ids.ts";
import { AwsError, type Call, type Tree } from "../operation.ts";
import { text, texts } from "../params.ts";
import type { LoadBalancer } from "../world.ts";
import { members } from "../xml.ts";
import { servicesOf } from "./endpoint-services.ts";
import { arnPrefix, checkArn, listenersOf } from "./find.ts";
import { badConfiguration, checkName, here, invalid, need, oneOf, sameSet } from "./input.ts";
import { addInterfaces, releaseInterfaces } from "./interfaces.ts";
import { isOn } from "./load-balancer-attributes.ts";
import { loadBalancerTree } from "./load-balancer-tree.ts";
import { page } from "./pages.ts";
import { checkQuota } from "./quotas.ts";
import { checkSecurityGroups } from "./security-groups.ts";
import { checkIpAddressType, type IpAddressType, ipAddressTypes, type Placement, readPlacement } from "./subnets.ts";
import { readTags } from "./tags.ts";

/** About how long AWS takes to bring up a Network Load Balancer, in seconds. */
const provisioningSeconds = 120;

/** A describe names at most this many load balancers. */
const mostNamed = 20;

/** What a create asks for, checked. */
interface Wanted {
  name: string;
  type: "network" | "application";
  scheme: "internal" | "internet-facing";
  placement: Placement;
  vpcId: string;
  securityGroupIds: string[];
  ipAddressType: IpAddressType;
  sourceNat: "on" | "off";
  tags: Record<string, string>;
}

/** CreateLoadBalancer. The name is the identity: the same request again answers with the existing one, another one is refused. */
export function createLoadBalancer(call: Call): Tree {
  const wanted = readWanted(call);
  const region = here(call);
  const there = Object.values(region.loadBalancers).find((each) => each.name === wanted.name);
  if (there && !isSame(there, wanted)) {
    throw new AwsError(
      "DuplicateLoadBalancerName",
      `A load balancer with the same name '${wanted.name}' exists, but with different settings`,
    );
  }
  const balancer = there ?? make(call, wanted);
  return { LoadBalancers: members([loadBalancerTree(call, balancer)]) };
}

function readWanted(call: Call): Wanted {
  const { params } = call;
  const name = need(params, "Name");
  checkName("load balancer", name);
  const type = oneOf(params, "Type", ["application", "network", "gateway"]) ?? "application";
  if (type === "gateway")
    throw badConfiguration("Gateway Load Balancers are not part of this sandbox: use type 'network'");
  const placement = readPlacement(call, params);
  if (type === "application" && placement.subnets.length < 2) {
    throw invalid("At least two subnets in two different Availability Zones must be specified");
  }
  const vpcId = placement.subnets[0]?.vpcId ?? "";
  const securityGroupIds = texts(params, "SecurityGroups");
  checkSecurityGroups(call, securityGroupIds, vpcId);
  const ipAddressType = oneOf(params, "IpAddressType", ipAddressTypes) ?? "ipv4";
  checkIpAddressType(ipAddressType, placement.subnets);
  const sourceNat = oneOf(params, "EnablePrefixForIpv6SourceNat", ["on", "off"]) ?? "off";
  if (sourceNat === "on" && ipAddressType !== "dualstack") {
    throw badConfiguration("Source NAT with IPv6 prefixes needs a load balancer with the IP address type 'dualstack'");
  }
  const scheme = readScheme(call);
  return { name, type, scheme, placement, vpcId, securityGroupIds, ipAddressType, sourceNat, tags: readTags(params) };
}

function readScheme(call: Call): Wanted["scheme"] {
  const scheme = text(call.params, "Scheme") ?? "internet-facing";
  if (scheme === "internal" || scheme === "internet-facing") return scheme;
  throw new AwsError("InvalidScheme", `The scheme '${scheme}' is not valid: it is 'internal' or 'internet-facing'`);
}

function isSame(there: LoadBalancer, wanted: Wanted): boolean {
  const subnetIds = wanted.placement.subnets.map((subnet) => subnet.id);
  return (
    there.type === wanted.type &&
    there.scheme === wanted.scheme &&
    there.ipAddressType === wanted.ipAddressType &&
    there.enablePrefixForIpv6SourceNat === wanted.sourceNat &&
    sameSet(there.subnetIds, subnetIds) &&
    sameSet(there.securityGroupIds, wanted.securityGroupIds) &&
    sameSet(entries(there.fixedAddresses ?? {}), entries(wanted.placement.fixedAddresses)) &&
    sameSet(entries(there.tags), entries(wanted.tags))
  );
}

function entries(record: Record<string, string>): string[] {
  return Object.entries(record).map((entry) => JSON.stringify(entry));
}

function make(call: Call, wanted: Wanted): LoadBalancer {
  const region = here(call);
  const count = Object.values(region.loadBalancers).filter((each) => each.type === wanted.type).length;
  checkQuota(call, `${wanted.type}-load-balancers`, count + 1, "TooManyLoadBalancers", `${wanted.type} load balancers`);
  const balancer = describe(call, wanted);
  if (wanted.type === "network") addInterfaces(call, balancer, wanted.placement.subnets);
  region.loadBalancers[balancer.arn] = balancer;
  return balancer;
}

function describe(call: Call, wanted: Wanted): LoadBalancer {
  const id = newHex(call.world, "loadbalancer", 16);
  const family = wanted.type === "network" ? "net" : "app";
  return {
    arn: `${arnPrefix(call)}:loadbalancer/${family}/${wanted.name}/${id}`,
    name: wanted.name,
    dnsName: dnsName(call, wanted, id),
    scheme: wanted.scheme,
    type: wanted.type,
    vpcId: wanted.vpcId,
    state: "provisioning",
    settle: call.clock.settle(provisioningSeconds),
    subnetIds: wanted.placement.subnets.map((subnet) => subnet.id),
    securityGroupIds: wanted.securityGroupIds,
    hasSecurityGroups: wanted.securityGroupIds.length > 0,
    enforcePrivateLink: "on",
    ipAddressType: wanted.ipAddressType,
    enablePrefixForIpv6SourceNat: wanted.sourceNat,
    fixedAddresses: wanted.placement.fixedAddresses,
    attributes: {},
    tags: wanted.tags,
    createdAt: call.clock.now(),
  };
}

/** The two families put the Region on different sides of `elb`. */
function dnsName(call: Call, { name, type, scheme }: Wanted, id: string): string {
  if (type === "network") return `${name}-${id}.elb.${call.region}.amazonaws.com`;
  const number = Number.parseInt(hexOf(id, 8), 16);
  return `${scheme === "internal" ? "internal-" : ""}${name}-${number}.${call.region}.elb.amazonaws.com`;
}

/** DescribeLoadBalancers: by ARNs, by names (one that is unknown refuses all), or everything in pages. */
export function describeLoadBalancers(call: Call): Tree {
  const { shown, next } = choose(call);
  return { LoadBalancers: members(shown.map((each) => loadBalancerTree(call, each))), NextMarker: next };
}

function choose(call: Call): { shown: LoadBalancer[]; next: string | undefined } {
  const arns = texts(call.params, "LoadBalancerArns");
  const names = texts(call.params, "Names");
  if (arns.length > 0 && names.length > 0) {
    throw invalid("Load balancer names and load balancer ARNs cannot be specified at the same time");
  }
  if (arns.length + names.length > mostNamed) {
    throw invalid(`At most ${mostNamed} load balancers can be described by name or ARN in one request`);
  }
  const all = Object.values(here(call).loadBalancers);
  for (const arn of arns) checkArn(arn, "loadbalancer", "load balancer");
  const asked = arns.length > 0 ? arns : names;
  const found = asked.map((key) => all.find((each) => each.arn === key || each.name === key));
  const missing = asked.filter((_, index) => found[index] === undefined);
  if (missing.length > 0)
    throw new AwsError("LoadBalancerNotFound", `Load balancers '[${missing.join(", ")}]' not found`);
  const chosen =
    asked.length > 0
      ? { shown: found.flatMap((each) => each ?? []), next: undefined }
      : page(call, all, (each) => each.arn);
  for (const each of chosen.shown) advance(call, each);
  return chosen;
}

function advance(call: Call, balancer: LoadBalancer): void {
  if (balancer.state !== "provisioning") return;
  if (balancer.settle && !call.clock.look(balancer.settle)) return;
  balancer.state = "active";
  delete balancer.settle;
}

/** DeleteLoadBalancer: takes its listeners along; one that is gone already is no error. */
export function deleteLoadBalancer(call: Call): Tree {
  const arn = need(call.params, "LoadBalancerArn");
  checkArn(arn, "loadbalancer", "load balancer");
  const region = here(call);
  const balancer = region.loadBalancers[arn];
  if (!balancer) return {};
  if (isOn(balancer, "deletion_protection.enabled")) {
    throw new AwsError(
      "OperationNotPermitted",
      `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
    );
  }
  if (servicesOf(call, arn).length > 0) {
    throw new AwsError(
      "ResourceInUse",
      `Load balancer '${arn}' cannot be deleted because it is currently associated with another service`,
    );
  }
  for (const listener of listenersOf(region, arn)) delete region.listeners[listener.arn];
  releaseInterfaces(call, balancer, balancer.subnetIds);
  delete region.loadBalancers[arn];
  return {};
}
