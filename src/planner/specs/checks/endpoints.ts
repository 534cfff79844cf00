import type { EndpointSpec, SecurityGroupReferenceSpec } from "../connection.generated.ts";
import type { ProjectDocument } from "../documents.ts";
import { type CheckedConnection, endpointName } from "../documents.ts";
import { parsePorts } from "../forms/ports.ts";
import { checkServiceName, regionOfService } from "../forms/service-name.ts";
import { zoneText } from "../forms/zone.ts";
import type { Path, Report } from "../problem.ts";
import { checkHostedZone } from "./dns.ts";
import { checkNotifications } from "./notifications.ts";
import { checkTarget, targetOf } from "./places.ts";

/** Everything about the endpoints of one connection that needs no other connection. */
export function checkEndpoints(connection: CheckedConnection, project: ProjectDocument, report: Report): void {
  const names = new Set<string>();
  for (const [index, endpoint] of (connection.spec.endpoints ?? []).entries()) {
    const path = ["endpoints", index];
    const name = endpointName(endpoint);
    if (names.has(name)) {
      report([...path, "name"], {
        code: "endpoint.duplicate",
        message: `this connection has an endpoint "${name}" already`,
        hint:
          endpoint.name === undefined
            ? 'an endpoint without a name is called "main": give it another one'
            : "give it another name",
      });
    }
    names.add(name);
    checkTarget([...path, "target"], endpoint.target, project, report);
    checkSecurityGroups(path, endpoint, connection.partial, report);
    checkIngress([...path, "securityGroup", "ingress"], endpoint, report);
    checkAliases([...path, "aliases"], endpoint, project, report);
    checkHostedZone([...path, "hostedZone"], endpoint, project, report);
    checkRecordType(path, endpoint, report);
    checkNotifications([...path, "notifications"], endpoint.notifications, report);
    checkNamedService(path, endpoint, project, report);
  }
}

function checkSecurityGroups(path: Path, endpoint: EndpointSpec, partial: boolean, report: Report): void {
  const { securityGroup, securityGroups } = endpoint;
  if (securityGroup !== undefined && securityGroups !== undefined) {
    report([...path, "securityGroups"], {
      code: "field.exclusive",
      message: `the field "securityGroups" does not go together with "securityGroup"`,
      hint: "keep securityGroup for one that Landline manages, or securityGroups for existing ones",
    });
  } else if (securityGroup === undefined && securityGroups === undefined && !partial) {
    report(path, {
      code: "security-group.missing",
      message: `the endpoint "${endpointName(endpoint)}" has no security group, and AWS would silently take the VPC's default one`,
      hint: "add securityGroup with its ingress rules, or securityGroups with existing ids",
    });
  }
}

/** AWS refuses a batch of rules that holds one rule twice. */
function checkIngress(path: Path, endpoint: EndpointSpec, report: Report): void {
  const seen = new Set<string>();
  for (const [index, rule] of (endpoint.securityGroup?.ingress ?? []).entries()) {
    const range = parsePorts(rule.ports);
    const source = typeof rule.from === "string" ? rule.from : groupText(rule.from.securityGroup);
    const key = [rule.protocol ?? "tcp", range?.from, range?.to, source].join(" ");
    if (seen.has(key)) {
      report([...path, index], {
        code: "ingress.duplicate",
        message: `this rule (${rule.protocol ?? "tcp"} ${rule.ports} from ${source}) stands in the group already`,
        hint: "AWS knows a rule by protocol, ports and source: keep one",
      });
    }
    seen.add(key);
  }
}

function groupText(group: SecurityGroupReferenceSpec): string {
  if (typeof group === "string") return group;
  return `the security group ${JSON.stringify("name" in group ? group.name : group.tags)}`;
}

function checkAliases(path: Path, endpoint: EndpointSpec, project: ProjectDocument, report: Report): void {
  const seen = new Set<string>();
  for (const [index, { name, zone, target }] of (endpoint.aliases ?? []).entries()) {
    if (target !== undefined) checkTarget([...path, index, "target"], target, project, report);
    const key = `${target ?? endpoint.target} ${zoneText(zone)} ${name}`;
    if (seen.has(key)) {
      report([...path, index, "name"], {
        code: "alias.duplicate",
        message: `the endpoint has the alias ${name} in zone ${zoneText(zone)} already`,
        hint: "keep one of the two",
      });
    }
    seen.add(key);
  }
}

/** AWS makes no records for addresses that the endpoint does not have; the service has a word only for an endpoint with both. */
function checkRecordType(path: Path, endpoint: EndpointSpec, report: Report): void {
  const { dnsRecordIpType, ipAddressType = "ipv4" } = endpoint;
  if (dnsRecordIpType === undefined || dnsRecordIpType === ipAddressType || ipAddressType === "dualstack") return;
  report([...path, "dnsRecordIpType"], {
    code: "address-type.records",
    message: `AWS makes no ${dnsRecordIpType} records for an endpoint with the ipAddressType ${ipAddressType}`,
    hint: `leave dnsRecordIpType out, or write ipAddressType: ${dnsRecordIpType === "service-defined" ? "dualstack" : `dualstack or ${dnsRecordIpType}`}`,
  });
}

/** The name of a customer's service says its Region; without `serviceRegion` AWS looks for it in the endpoint's own Region only. */
function checkNamedService(path: Path, endpoint: EndpointSpec, project: ProjectDocument, report: Report): void {
  if (typeof endpoint.service !== "string") return;
  // What is written was judged with its field; this is about a name that a profile makes of parameters.
  const refusal = checkServiceName(endpoint.service);
  if (refusal) {
    report([...path, "service"], refusal);
    return;
  }
  const region = regionOfService(endpoint.service);
  const own = targetOf(project, endpoint.target)?.region;
  if (region === undefined || own === undefined) return;
  if (endpoint.serviceRegion === undefined && region !== own) {
    report([...path, "service"], {
      code: "region.missing",
      message: `the service is in ${region}, the endpoint in ${own}`,
      hint: `add serviceRegion: ${region}`,
    });
  } else if (endpoint.serviceRegion !== undefined && endpoint.serviceRegion !== region) {
    report([...path, "serviceRegion"], {
      code: "region.mismatch",
      message: `the service's name says ${region}, serviceRegion says ${endpoint.serviceRegion}`,
      hint: `write serviceRegion: ${region}`,
    });
  }
}
