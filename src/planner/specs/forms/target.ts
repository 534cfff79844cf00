import { quote, type Refusal } from "../problem.ts";
import { parseAddress } from "./address.ts";
import { parsePorts } from "./ports.ts";

/** One target of a target group, taken apart. */
export interface LoadBalancerTarget {
  type: "ip" | "instance" | "alb";
  /** The address, the instance id or the load balancer's ARN. */
  id: string;
  /** The address family of an IP target. */
  family?: "ipv4" | "ipv6";
  /** The port, when the spec names one of its own for this target. */
  port?: number;
}

const ALB =
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:loadbalancer\/app\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/;

/** Reads "10.0.1.10", "10.0.1.10:9443", "[2001:db8::1]:9443", "i-...", "i-...:9443" or an Application Load Balancer's ARN. */
export function parseTarget(text: string): LoadBalancerTarget | undefined {
  if (ALB.test(text)) return { type: "alb", id: text };
  const whole = parseAddress(text);
  if (whole !== undefined) return { type: "ip", id: text, family: whole.bits === 32 ? "ipv4" : "ipv6" };
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+))(?::([0-9]+))?$/.exec(text);
  const id = match?.[1] ?? match?.[2];
  if (id === undefined) return undefined;
  const port = match?.[3] === undefined ? undefined : parsePorts(match[3])?.from;
  if (match?.[3] !== undefined && port === undefined) return undefined;
  const withPort = port === undefined ? {} : { port };
  if (/^i-[0-9a-f]{8,17}$/.test(id)) return { type: "instance", id, ...withPort };
  const address = parseAddress(id);
  if (address === undefined || (address.bits === 128) !== (match?.[1] !== undefined)) return undefined;
  return { type: "ip", id, family: address.bits === 32 ? "ipv4" : "ipv6", ...withPort };
}

/** Whether the text is a target of any type. */
export function checkTarget(value: string): Refusal | undefined {
  if (parseTarget(value) !== undefined) return undefined;
  return {
    code: "target.form",
    message: `${quote(value)} is not a target of a load balancer`,
    hint: 'write an address ("10.0.1.10"), an instance id ("i-0a1b2c3d4e5f60001"), either with a port ("10.0.1.10:9443"), or the ARN of an Application Load Balancer',
  };
}
