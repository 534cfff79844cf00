import type { TargetHealthFact } from "../../model.ts";
import type { EndpointStatus, ServiceStatus } from "../status/parts.ts";
import { type Check, checker } from "./check.ts";
import { endpointsOf, nameOf, type Verified } from "./subject.ts";

/** The states that AWS shows: of our service, who is connected to it, what is behind it, and of our endpoints. */
export function objectChecks(verified: Verified): Check[] {
  const { document, status } = verified;
  return [
    ...(document.spec.service ? serviceChecks(verified, status.service) : []),
    ...endpointsOf(verified).map(({ name, live }) =>
      endpointCheck(name, live && status.endpoints.find(({ id }) => id === live.id)),
    ),
  ];
}

const MISSING = "is not there yet: `landline plan` shows what is still to be made, or what it waits for";

function serviceChecks(verified: Verified, seen: ServiceStatus | undefined): Check[] {
  const { holds, fails } = checker("service");
  if (!seen) return [fails("our service", MISSING)];
  const { verification } = seen;
  return [
    seen.state === "available" ? holds(seen.id, "is available") : fails(seen.id, `is ${seen.state}, not available`),
    ...(verification === undefined
      ? []
      : [
          verification.state === "verified"
            ? holds(verification.name, "is verified as the service's private DNS name")
            : fails(verification.name, `is ${verification.state}: AWS has not seen the TXT record that proves it`),
        ]),
    ...requestChecks(verified, seen),
    ...balancerChecks(seen),
    ...targetChecks(seen),
  ];
}

function requestChecks({ profile }: Verified, { id, connections }: ServiceStatus): Check[] {
  const { holds, fails, unknown } = checker("requests");
  if (connections.length === 0) {
    const says = "has no connection yet: nobody has made an endpoint for it";
    return [profile?.spec.provider ? fails(id, says) : unknown(id, says)];
  }
  return connections.map(({ endpointId, account, state, expected }) => {
    const whose = `of account ${account}`;
    if (state === "available") return holds(endpointId, `${whose} is connected`);
    if (state !== "pendingacceptance") return fails(endpointId, `${whose} is ${state}`);
    return expected
      ? fails(endpointId, `${whose} waits for the apply that accepts it`)
      : fails(endpointId, `${whose} asks to be accepted, and the spec names it neither under accept nor under reject`);
  });
}

function balancerChecks({ loadBalancers }: ServiceStatus): Check[] {
  const { holds, fails } = checker("balancer");
  return loadBalancers.map(({ arn, state }) =>
    state === "active" ? holds(nameOf(arn), "is active") : fails(nameOf(arn), `is ${state}, not active`),
  );
}

function targetChecks({ loadBalancers, targets }: ServiceStatus): Check[] {
  const groups = [...new Set(loadBalancers.flatMap(({ targetGroupArns }) => targetGroupArns))];
  return groups.map((group) =>
    groupCheck(
      nameOf(group),
      targets.filter(({ targetGroupArn, state }) => targetGroupArn === group && state !== "draining"),
    ),
  );
}

/** One healthy target carries traffic. That others do not is told, and is not what keeps a connection from working. */
function groupCheck(name: string, targets: readonly TargetHealthFact[]): Check {
  const { holds, fails } = checker("targets");
  if (targets.length === 0) return fails(name, "has no targets");
  const bad = targets.filter(({ state }) => state !== "healthy");
  const why = bad.map(({ target, state, reason }) => `${target} is ${state}${reason ? ` (${reason})` : ""}`).join(", ");
  if (bad.length === targets.length) return fails(name, `has no healthy target: ${why}`);
  return holds(
    name,
    bad.length === 0
      ? `has ${targets.length} healthy`
      : `has ${targets.length - bad.length} of ${targets.length} healthy; ${why}`,
  );
}

function endpointCheck(name: string, seen: EndpointStatus | undefined): Check {
  const { holds, fails } = checker("endpoint");
  if (!seen) return fails(`endpoint ${name}`, MISSING);
  const whose = seen.serviceOwner === undefined ? "" : ` of account ${seen.serviceOwner}`;
  if (seen.state === "available") return holds(seen.id, `is available and leads to ${seen.service}${whose}`);
  return seen.state === "pendingacceptance"
    ? fails(seen.id, `waits to be accepted by the owner of ${seen.service}${whose}`)
    : fails(seen.id, `is ${seen.state}, not available`);
}
