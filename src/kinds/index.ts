import type { KindInfo, KindInfos, KindName } from "../model.ts";
import { acceptanceKind } from "./acceptance.ts";
import { allowlistKind } from "./allowlist.ts";
import { dnsRecordKind } from "./dns-record.ts";
import { endpointServiceKind } from "./endpoint-service.ts";
import { hostedZoneKind } from "./hosted-zone.ts";
import type { Kind } from "./kind.ts";
import { listenerKind } from "./listener.ts";
import { loadBalancerKind } from "./load-balancer.ts";
import { notificationKind } from "./notification.ts";
import { privateDnsKind } from "./private-dns.ts";
import { securityGroupKind } from "./security-group.ts";
import { targetGroupKind } from "./target-group.ts";
import { valueRecordKind } from "./value-record.ts";
import { vpcEndpointKind } from "./vpc-endpoint.ts";
import { zoneAssociationKind } from "./zone-association.ts";
import { zoneAuthorizationKind } from "./zone-authorization.ts";

/** Every kind. A new one is a file beside this one and a line here. */
export const kinds: { readonly [K in KindName]: Kind<K> } = {
  "load-balancer": loadBalancerKind,
  "target-group": targetGroupKind,
  listener: listenerKind,
  "endpoint-service": endpointServiceKind,
  allowlist: allowlistKind,
  acceptance: acceptanceKind,
  notification: notificationKind,
  "private-dns": privateDnsKind,
  "security-group": securityGroupKind,
  "vpc-endpoint": vpcEndpointKind,
  "dns-record": dnsRecordKind,
  "value-record": valueRecordKind,
  "hosted-zone": hostedZoneKind,
  "zone-association": zoneAssociationKind,
  "zone-authorization": zoneAuthorizationKind,
};

/** What the planner may know of them: the data without the code. */
export const kindInfos = Object.fromEntries(
  Object.entries(kinds).map(([name, { rules, orphan }]): [string, KindInfo] => [name, { rules, orphan }]),
) as KindInfos;
