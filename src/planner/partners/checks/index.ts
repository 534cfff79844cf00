import type { CheckKind } from "../profile.ts";
import { balancerCrossZone } from "./balancer-cross-zone.ts";
import { balancerHealthCheckPort } from "./balancer-health-check-port.ts";
import { balancerHealthy } from "./balancer-healthy.ts";
import { balancerInboundRules } from "./balancer-inbound-rules.ts";
import { balancerScheme } from "./balancer-scheme.ts";
import { balancerType } from "./balancer-type.ts";
import { endpointIpAddressType } from "./endpoint-ip-address-type.ts";
import { endpointPolicy } from "./endpoint-policy.ts";
import { endpointPrivateDns } from "./endpoint-private-dns.ts";
import { manual } from "./manual.ts";
import { paramsCount } from "./params-count.ts";
import { paramsValues } from "./params-values.ts";
import { portsAllowed } from "./ports-allowed.ts";
import { portsForbidden } from "./ports-forbidden.ts";
import { portsIngress } from "./ports-ingress.ts";
import { principalsBreadth } from "./principals-breadth.ts";
import { principalsForms } from "./principals-forms.ts";
import { principalsPresent } from "./principals-present.ts";
import { protocolsAllowed } from "./protocols-allowed.ts";
import { regionCross } from "./region-cross.ts";
import { regionIs } from "./region-is.ts";
import { serviceIpAddressTypes } from "./service-ip-address-types.ts";
import { servicePrivateDns } from "./service-private-dns.ts";
import type { Check } from "./subject.ts";
import { zonesAvoid } from "./zones-avoid.ts";
import { zonesMatch } from "./zones-match.ts";
import { zonesMin } from "./zones-min.ts";

/** The closed set of demands that a profile may make: each judges one thing, from what it is given and nothing else. */
export const CHECKS: { readonly [K in CheckKind]: Check } = {
  "region.is": regionIs,
  "region.cross": regionCross,
  "zones.match": zonesMatch,
  "zones.min": zonesMin,
  "zones.avoid": zonesAvoid,
  "ports.allowed": portsAllowed,
  "ports.forbidden": portsForbidden,
  "ports.ingress": portsIngress,
  "protocols.allowed": protocolsAllowed,
  "balancer.type": balancerType,
  "balancer.scheme": balancerScheme,
  "balancer.healthy": balancerHealthy,
  "balancer.health-check-port": balancerHealthCheckPort,
  "balancer.inbound-rules": balancerInboundRules,
  "balancer.cross-zone": balancerCrossZone,
  "service.ip-address-types": serviceIpAddressTypes,
  "service.private-dns": servicePrivateDns,
  "endpoint.private-dns": endpointPrivateDns,
  "endpoint.policy": endpointPolicy,
  "endpoint.ip-address-type": endpointIpAddressType,
  "principals.present": principalsPresent,
  "principals.forms": principalsForms,
  "principals.breadth": principalsBreadth,
  "params.values": paramsValues,
  "params.count": paramsCount,
  manual,
};
