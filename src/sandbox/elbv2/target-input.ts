import { isIP } from "node:net";
import { AwsError, type Call } from "../operation.ts";
import { type Struct, text } from "../params.ts";
import type { Target, TargetGroup } from "../world.ts";
import { inCidr } from "./addresses.ts";
import { checkArn, findLoadBalancer } from "./find.ts";
import { here, invalid, need, numberIn } from "./input.ts";

/** Outside its VPC a target group may send traffic to these addresses only. */
const privateRanges = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];

/** Id and port together are a target's identity; without a port it is the group's. */
export function readTarget(params: Struct, group: TargetGroup): Target {
  const az = text(params, "AvailabilityZone");
  const target = { id: need(params, "Id"), port: numberIn(params, "Port", 1, 65535) ?? group.port };
  return az === undefined ? target : { ...target, az };
}

/** A target as RegisterTargets takes it, with the zone it is in. @throws AwsError InvalidTarget, ValidationError */
export function checkedTarget(call: Call, group: TargetGroup, target: Target): Target {
  if (group.targetType === "instance") return checkInstance(target);
  if (group.targetType === "alb") return checkBalancer(call, group, target);
  return checkAddress(call, group, target);
}

function checkInstance(target: Target): Target {
  if (/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(target.id)) return target;
  throw notValid(target, "it is not the ID of an instance");
}

function checkBalancer(call: Call, group: TargetGroup, target: Target): Target {
  checkArn(target.id, "loadbalancer", "load balancer");
  if (findLoadBalancer(call, target.id).type !== "application") {
    throw notValid(target, "it is not an Application Load Balancer");
  }
  if (target.port !== group.port)
    throw invalid(`The port of the target must be the port of the target group: ${group.port}`);
  return target;
}

function checkAddress(call: Call, group: TargetGroup, target: Target): Target {
  const family = group.ipAddressType === "ipv6" ? 6 : 4;
  if (isIP(target.id) !== family) throw notValid(target, `it is not an IPv${family} address`);
  const inside = zoneInside(call, group, target.id);
  if (inside !== undefined) return checkInside(target, inside);
  if (family === 6 || !privateRanges.some((range) => inCidr(target.id, range))) {
    throw notValid(target, "it is outside the VPC and not in a private range");
  }
  const zones = here(call).availabilityZones.map((zone) => zone.name);
  if (target.az === "all" || zones.includes(target.az ?? "")) return target;
  throw invalid(
    `You must specify a valid Availability Zone or select 'all' for all enabled Availability zones, since the IP address '${target.id}' is outside the VPC`,
  );
}

/** The zone of an address of the VPC: that of its subnet; "" where no subnet has it; undefined outside the VPC. */
function zoneInside(call: Call, group: TargetGroup, address: string): string | undefined {
  const { vpcs, subnets } = here(call);
  const vpc = vpcs[group.vpcId];
  if (![vpc?.cidr, vpc?.ipv6Cidr].some((cidr) => cidr !== undefined && inCidr(address, cidr))) return undefined;
  const subnet = Object.values(subnets).find(
    (each) => each.vpcId === group.vpcId && [each.cidr, each.ipv6Cidr].some((cidr) => cidr && inCidr(address, cidr)),
  );
  return subnet?.az ?? "";
}

function checkInside(target: Target, zone: string): Target {
  if (target.az !== undefined && zone !== "" && target.az !== zone) {
    throw invalid(
      `The IP address '${target.id}' is within the VPC, and cannot have its Availability Zone overridden to '${target.az}' from '${zone}'`,
    );
  }
  return zone === "" ? target : { ...target, az: zone };
}

function notValid(target: Target, why: string): AwsError {
  return new AwsError("InvalidTarget", `The target '${target.id}' is not valid: ${why}`);
}
