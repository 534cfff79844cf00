import type { EndpointSpec, HostedZoneRecordSpec, HostedZoneSpec } from "../connection.generated.ts";
import type { CheckedConnection, ProjectDocument } from "../documents.ts";
import { checkDnsName, checkRecordName, checkZoneDomain, nameInZone, ZONE_ID } from "../forms/dns.ts";
import { type Path, quote, type Report } from "../problem.ts";
import { checkTarget } from "./places.ts";

/** The private hosted zone of an endpoint: names that lead somewhere, VPCs that are said once. */
export function checkHostedZone(path: Path, endpoint: EndpointSpec, project: ProjectDocument, report: Report): void {
  const { hostedZone } = endpoint;
  if (hostedZone === undefined || hostedZone === "none") return;
  // What is written was judged with its field; this is about names that a profile makes of parameters.
  const refusal = checkZoneDomain(hostedZone.name);
  if (refusal) report([...path, "name"], refusal);
  checkVpcs([...path, "vpcs"], endpoint, hostedZone, project, report);
  const names = new Set<string>();
  for (const [index, record] of hostedZone.records.entries()) {
    const at = [...path, "records", index];
    const misnamed = checkRecordName(record.name);
    if (misnamed) report([...at, "name"], misnamed);
    checkZoneRecord(at, record, hostedZone, report);
    const name = nameInZone(record.name, hostedZone.name);
    if (names.has(name))
      report([...at, "name"], {
        code: "hosted-zone.record",
        message: `the zone has a record ${quote(record.name)} already`,
        hint: "a name leads to one thing: keep one of the two",
      });
    names.add(name);
  }
}

function checkZoneRecord(
  path: Path,
  { name, type, to = "regional", ttl }: HostedZoneRecordSpec,
  zone: HostedZoneSpec,
  report: Report,
): void {
  const refuse = (field: string, message: string, hint: string) =>
    report([...path, field], { code: "hosted-zone.record", message, hint });
  if (to === "zonal" && !name.includes(ZONE_ID))
    refuse(
      "name",
      `one record for each Availability Zone needs a name for each, and ${quote(name)} is the same in all`,
      `write the id of the zone into it as ${ZONE_ID}, such as *.${ZONE_ID}`,
    );
  if (to === "regional" && name.includes(ZONE_ID))
    refuse(
      "name",
      `${quote(name)} is a name for each Availability Zone`,
      "add to: zonal, or leave the id of the zone out",
    );
  if (type === "CNAME" && name === "@")
    refuse(
      "type",
      `DNS allows no CNAME at the top of a zone (${zone.name})`,
      "write type: ALIAS, which Route 53 answers with the endpoint's addresses",
    );
  if (type === "ALIAS" && ttl !== undefined)
    refuse("ttl", "an alias record has no time to live of its own", "leave ttl out, or write type: CNAME");
}

function checkVpcs(
  path: Path,
  endpoint: EndpointSpec,
  { vpcs = [] }: HostedZoneSpec,
  project: ProjectDocument,
  report: Report,
): void {
  const seen = new Set([typeof endpoint.vpc === "string" ? endpoint.vpc : ""]);
  for (const [index, { vpc, target }] of vpcs.entries()) {
    if (target !== undefined) checkTarget([...path, index, "target"], target, project, report);
    if (seen.has(vpc))
      report([...path, index, "vpc"], {
        code: "hosted-zone.vpc",
        message: vpc === endpoint.vpc ? `${vpc} is the endpoint's own VPC` : `${vpc} stands in vpcs already`,
        hint: "the zone resolves in the endpoint's own VPC and in those of vpcs: say each once",
      });
    seen.add(vpc);
  }
}

/** The CNAME and TXT records of one connection. */
export function checkRecords({ spec }: CheckedConnection, project: ProjectDocument, report: Report): void {
  for (const [index, { name, type, values, target }] of (spec.records ?? []).entries()) {
    const path = ["records", index];
    const misnamed = checkDnsName(name);
    if (misnamed) report([...path, "name"], misnamed);
    if (target !== undefined) checkTarget([...path, "target"], target, project, report);
    if (type === "TXT") continue;
    if (values.length > 1)
      report([...path, "values"], {
        code: "record.values",
        message: `a CNAME record leads to one name, and here are ${values.length}`,
        hint: "keep one of them",
      });
    const refusal = checkDnsName(values[0] ?? "");
    if (refusal !== undefined)
      report([...path, "values", 0], {
        ...refusal,
        code: "record.values",
        message: `a CNAME record leads to a DNS name: ${refusal.message}`,
      });
  }
}
