import type { Refusal } from "../problem.ts";
import { checkAccount } from "./account.ts";
import { checkIngressSource } from "./cidr.ts";
import { checkDate } from "./date.ts";
import { checkDnsName, checkRecordName, checkZoneDomain } from "./dns.ts";
import { checkPorts } from "./ports.ts";
import { checkPrincipal } from "./principal.ts";
import { checkServiceName } from "./service-name.ts";
import { checkTarget } from "./target.ts";
import { checkHostedZone } from "./zone.ts";

/** What each `format` of the schemas asks of a text. */
export const FORMS: Readonly<Record<string, (value: string) => Refusal | undefined>> = {
  "account-id": checkAccount,
  date: checkDate,
  "dns-name": checkDnsName,
  "hosted-zone": checkHostedZone,
  "ingress-source": checkIngressSource,
  "load-balancer-target": checkTarget,
  ports: checkPorts,
  principal: checkPrincipal,
  "record-name": checkRecordName,
  "service-name": checkServiceName,
  "zone-domain": checkZoneDomain,
};
