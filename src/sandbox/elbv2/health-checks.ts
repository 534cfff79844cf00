import { type Struct, struct, text } from "../params.ts";
import type { TargetGroup } from "../world.ts";
import { badConfiguration, invalid, numberIn, oneOf } from "./input.ts";

export type HealthCheck = TargetGroup["healthCheck"];

/** The health check of a new target group: what the request leaves out has AWS's default for the group's protocol. @throws AwsError */
export function newHealthCheck(params: Struct, protocol: string, targetType: string): HealthCheck {
  const web = protocol === "HTTP" || protocol === "HTTPS";
  const usual = web || targetType === "alb" ? "HTTP" : "TCP";
  return change(params, defaults(oneOfProtocols(params, web) ?? usual, web), web);
}

/** The health check after a ModifyTargetGroup. @throws AwsError */
export function changedHealthCheck(params: Struct, group: TargetGroup): HealthCheck {
  const web = group.protocol === "HTTP" || group.protocol === "HTTPS";
  const protocol = oneOfProtocols(params, web) ?? group.healthCheck.protocol;
  const start = protocol === group.healthCheck.protocol ? group.healthCheck : defaults(protocol, web);
  return change(params, start, web);
}

function oneOfProtocols(params: Struct, web: boolean): string | undefined {
  return oneOf(params, "HealthCheckProtocol", web ? ["HTTP", "HTTPS"] : ["TCP", "HTTP", "HTTPS"]);
}

/** AWS's timeouts differ by protocol; the paths and codes exist only where there is HTTP to ask. */
function defaults(protocol: string, web: boolean): HealthCheck {
  const shared = { protocol, port: "traffic-port", intervalSeconds: 30, healthyThreshold: 5, unhealthyThreshold: 2 };
  if (protocol === "TCP") return { ...shared, timeoutSeconds: 10 };
  const timeoutSeconds = web ? 5 : protocol === "HTTP" ? 6 : 10;
  return { ...shared, timeoutSeconds, path: "/", matcher: web ? "200" : "200-399" };
}

function change(params: Struct, start: HealthCheck, web: boolean): HealthCheck {
  const path = text(params, "HealthCheckPath");
  const matcher = text(struct(params, "Matcher") ?? {}, "HttpCode");
  if (start.protocol === "TCP" && (path !== undefined || matcher !== undefined)) {
    throw badConfiguration("Health check paths and matchers are not supported for health checks with the TCP protocol");
  }
  const changed: HealthCheck = {
    ...start,
    port: readPort(params) ?? start.port,
    intervalSeconds: numberIn(params, "HealthCheckIntervalSeconds", 5, 300) ?? start.intervalSeconds,
    timeoutSeconds: numberIn(params, "HealthCheckTimeoutSeconds", 2, 120) ?? start.timeoutSeconds,
    healthyThreshold: numberIn(params, "HealthyThresholdCount", 2, 10) ?? start.healthyThreshold,
    unhealthyThreshold: numberIn(params, "UnhealthyThresholdCount", 2, 10) ?? start.unhealthyThreshold,
    ...(path === undefined ? {} : { path: readPath(path) }),
    ...(matcher === undefined ? {} : { matcher: readMatcher(matcher, web) }),
  };
  // A shorter interval than the usual timeout brings the timeout down with it, unless the caller chose one.
  if (text(params, "HealthCheckTimeoutSeconds") === undefined && start.timeoutSeconds > changed.intervalSeconds) {
    changed.timeoutSeconds = changed.intervalSeconds;
  }
  if (changed.timeoutSeconds <= changed.intervalSeconds) return changed;
  throw invalid(
    `Health check timeout '${changed.timeoutSeconds}' must be smaller than or equal to the interval '${changed.intervalSeconds}'`,
  );
}

function readPort(params: Struct): string | undefined {
  const port = text(params, "HealthCheckPort");
  if (port === undefined || port === "traffic-port") return port;
  numberIn(params, "HealthCheckPort", 1, 65535);
  return port;
}

function readPath(path: string): string {
  if (path.startsWith("/") && path.length <= 1024) return path;
  throw invalid(`Health check path '${path}' must begin with a '/' character and have at most 1024 characters`);
}

/** Codes, lists and ranges of them: from 200 to 499 for web target groups, to 599 for the others. */
function readMatcher(matcher: string, web: boolean): string {
  const codes = matcher.split(/[,-]/);
  const highest = web ? 499 : 599;
  const fits = codes.every((code) => /^\d{3}$/.test(code) && Number(code) >= 200 && Number(code) <= highest);
  if (fits) return matcher;
  throw invalid(`Health check matcher HTTP code '${matcher}' must be within '200-${highest}' inclusive`);
}
