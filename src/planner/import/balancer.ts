import type { Estate, Live } from "../../model.ts";
import { listenerAddress, loadBalancerAddress, targetGroupAddress } from "../addresses.ts";
import type { Path } from "../specs/index.ts";
import type { JsonMap } from "../specs/json.ts";
import { sameNamed } from "./arrange.ts";
import { type Context, find, list, type Notes } from "./context.ts";

/** One load balancer of a service: managed with all that hangs on it, or only referred to. */
export function draftBalancer(
  context: Context,
  estate: Estate,
  connection: string,
  arn: string,
  path: Path,
  notes: Notes,
): JsonMap {
  const live = find(estate, "load-balancer", arn);
  const why = context.cannot.get(arn) ?? estate.referOnly[arn];
  if (!live || why !== undefined || context.refer) {
    if (why !== undefined) notes.above(path, `only referred to, never changed: ${why}`);
    return { arn };
  }
  const name = String(live.attributes.name);
  const address = loadBalancerAddress(connection, name);
  notes.adopts(address, arn);
  const listeners = estate.snapshot.resources
    .filter(({ kind, attributes }) => kind === "listener" && attributes.loadBalancerArn === arn)
    .sort((a, b) => Number(a.attributes.port) - Number(b.attributes.port));
  return {
    ...sameNamed(live.attributes, "ManagedLoadBalancerSpec", context.schema),
    subnets: list(live.attributes.subnetIds),
    securityGroups: list(live.attributes.securityGroupIds),
    listeners: listeners.map((listener, index) =>
      draftListener(context, estate, address, listener, [...path, "listeners", index], notes),
    ),
  };
}

/** What AWS begins with; a spec that leaves it out does not manage it. */
const USUAL_IDLE_SECONDS = 350;

function draftListener(
  context: Context,
  estate: Estate,
  balancer: string,
  live: Live,
  path: Path,
  notes: Notes,
): JsonMap {
  const port = Number(live.attributes.port);
  const certificates = list(live.attributes.certificateArns);
  notes.adopts(listenerAddress(balancer, port), live.id);
  const group = find(estate, "target-group", String(live.attributes.targetGroupArn));
  if (group) notes.adopts(targetGroupAddress(balancer, port), group.id);
  const { idleTimeoutSeconds, ...rest } = sameNamed(live.attributes, "ListenerSpec", context.schema);
  return {
    ...rest,
    ...(idleTimeoutSeconds === undefined || idleTimeoutSeconds === USUAL_IDLE_SECONDS ? {} : { idleTimeoutSeconds }),
    ...(certificates.length > 0 ? { certificates } : {}),
    targetGroup: group
      ? draftGroup(context, estate, String(live.attributes.protocol), group, [...path, "targetGroup"], notes)
      : {},
  };
}

function draftGroup(
  context: Context,
  estate: Estate,
  listens: string,
  { id, attributes }: Live,
  path: Path,
  notes: Notes,
): JsonMap {
  const {
    protocol,
    preserveClientIp,
    crossZone,
    targets: _,
    ...rest
  } = sameNamed(attributes, "TargetGroupSpec", context.schema);
  const type = String(attributes.targetType);
  const registeredBy = estate.registeredByOthers[id];
  const targets =
    registeredBy === undefined ? list(attributes.targets).map((text) => targetText(text, Number(attributes.port))) : [];
  if (registeredBy !== undefined) notes.above([...path, "port"], `${registeredBy}, so none are listed here`);
  if (type === "instance" && targets.length > 0)
    notes.behind([...path, "targets"], "leave them out if an Auto Scaling group registers them");
  const check = draftHealthCheck(attributes);
  return {
    ...rest,
    type,
    ...(crossZone === "true" || crossZone === "false" ? { crossZone: crossZone === "true" } : {}),
    // Left out, AWS's defaults stand: the listener's protocol, and for the client's address what type and protocol give.
    ...(protocol === (listens === "TLS" ? "TCP" : listens) ? {} : { protocol }),
    ...(preserveClientIp === undefined || preserveClientIp === preservesByDefault(type, String(protocol))
      ? {}
      : { preserveClientIp }),
    ...(targets.length > 0 ? { targets } : {}),
    ...(Object.keys(check).length > 0 ? { healthCheck: check } : {}),
  };
}

const preservesByDefault = (type: string, protocol: string): boolean => type !== "ip" || protocol.includes("UDP");

/** `10.0.1.10:8443` with the group's own port is written as the address alone; an IPv6 address with another one in brackets. */
function targetText(target: string, groupPort: number): string {
  const colon = target.lastIndexOf(":");
  const [id, port] = [target.slice(0, colon), Number(target.slice(colon + 1))];
  if (port === groupPort) return id;
  return id.includes(":") && !id.startsWith("arn:") ? `[${id}]:${port}` : target;
}

/** Only what is not AWS's default, which for the timeout depends on the protocol. */
function draftHealthCheck(attributes: Live["attributes"]): JsonMap {
  const protocol = String(attributes.healthCheckProtocol);
  const port = String(attributes.healthCheckPort);
  const fields: readonly [string, unknown, unknown][] = [
    ["protocol", protocol, "TCP"],
    ["port", /^\d+$/.test(port) ? Number(port) : port, "traffic-port"],
    ["path", attributes.healthCheckPath ?? "/", "/"],
    ["intervalSeconds", attributes.healthCheckIntervalSeconds, 30],
    ["timeoutSeconds", attributes.healthCheckTimeoutSeconds, protocol === "HTTP" ? 6 : 10],
    ["healthyThreshold", attributes.healthyThreshold, 5],
    ["unhealthyThreshold", attributes.unhealthyThreshold, 2],
    ["matcher", attributes.healthCheckMatcher ?? "200-399", "200-399"],
  ];
  return Object.fromEntries(fields.flatMap(([name, value, usual]) => (value === usual ? [] : [[name, value]])));
}
