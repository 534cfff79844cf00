import {
  aliasAddress,
  endpointAddress,
  hostedZoneAddress,
  listenerAddress,
  loadBalancerAddress,
  privateDnsAddress,
  recordAddress,
  securityGroupAddress,
  serviceAddress,
  targetGroupAddress,
  zoneRecordAddress,
} from "../../addresses.ts";
import type { ConnectionSpec, HostedZoneSpec } from "../connection.generated.ts";
import { type CheckedConnection, endpointName, type World } from "../documents.ts";
import { nameInZone } from "../forms/dns.ts";
import { quote, type Report } from "../problem.ts";
import { suggestion } from "../suggest.ts";

const ELB = /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:/;
const RECORD = {
  form: /^Z[A-Z0-9]{1,31}\/\S+$/,
  like: "a hosted zone's id and a name, such as Z0PRIVATE00000000001/api.example.com",
};

/** What can be adopted, with the form of its id; what hangs on another object without a mark of its own comes along with that. */
const FORMS = {
  service: { form: /^vpce-svc-[0-9a-f]{8,17}$/, like: "the id of an endpoint service, vpce-svc-..." },
  balancer: { form: new RegExp(`${ELB.source}loadbalancer/net/`), like: "the ARN of a Network Load Balancer" },
  listener: { form: new RegExp(`${ELB.source}listener/net/`), like: "the ARN of a listener" },
  group: { form: new RegExp(`${ELB.source}targetgroup/`), like: "the ARN of a target group" },
  proof: RECORD,
  endpoint: { form: /^vpce-[0-9a-f]{8,17}$/, like: "the id of an endpoint, vpce-..." },
  securityGroup: { form: /^sg-[0-9a-f]{8,17}$/, like: "the id of a security group, sg-..." },
  alias: RECORD,
  value: {
    form: /^Z[A-Z0-9]{1,31}\/\S+\/(CNAME|TXT)$/,
    like: "a hosted zone's id, a name and a type, such as Z0PRIVATE00000000001/api.example.com/CNAME",
  },
  zone: { form: /^Z[A-Z0-9]{1,31}$/, like: "the id of a hosted zone, Z..." },
} as const;
type Form = (typeof FORMS)[keyof typeof FORMS];

/** Every entry of `adopt` names a resource that the document has, once, by an id of the right form. */
export function checkAdoptions({ spec, partial }: CheckedConnection, report: Report): void {
  const adoptable = adoptableAddresses(spec);
  const seen = new Map<string, string>();
  for (const [index, { address, id }] of (spec.adopt ?? []).entries()) {
    const path = ["adopt", index];
    const form = adoptable.get(address);
    if (form === undefined && !partial) {
      report([...path, "address"], {
        code: "adopt.address",
        message: `this connection has no resource ${quote(address)} that could be adopted${suggestion(address, adoptable.keys())}`,
        hint: `it has ${[...adoptable.keys()].join(", ") || "none"}`,
      });
    } else if (form && !form.form.test(id)) {
      report([...path, "id"], { code: "adopt.form", message: `${quote(id)} is not ${form.like}` });
    }
    for (const [field, value] of [
      ["address", address],
      ["id", id],
    ] as const) {
      if (seen.get(value) === field)
        report([...path, field], {
          code: "adopt.duplicate",
          message: `the ${field} ${quote(value)} stands in adopt twice`,
          hint: "one object for one address: keep one of the two",
        });
      seen.set(value, field);
    }
  }
}

/** The addresses without the connection's name of everything that carries a mark of its own. */
function adoptableAddresses({
  metadata,
  service,
  endpoints = [],
  records = [],
}: ConnectionSpec): ReadonlyMap<string, Form> {
  const forms = new Map<string, Form>();
  const add = (address: string, form: Form) => forms.set(address.slice(metadata.name.length + 1), form);
  if (service) add(serviceAddress(metadata.name), FORMS.service);
  for (const balancer of service?.loadBalancers ?? []) {
    if ("arn" in balancer) continue;
    const address = loadBalancerAddress(metadata.name, balancer.name);
    add(address, FORMS.balancer);
    for (const { port } of balancer.listeners) {
      add(listenerAddress(address, port), FORMS.listener);
      add(targetGroupAddress(address, port), FORMS.group);
    }
  }
  if (service?.privateDns?.zone) add(privateDnsAddress(metadata.name), FORMS.proof);
  for (const { name, type } of records) add(recordAddress(metadata.name, name, type), FORMS.value);
  for (const endpoint of endpoints) {
    const address = endpointAddress(metadata.name, endpointName(endpoint));
    add(address, FORMS.endpoint);
    if (endpoint.securityGroup) add(securityGroupAddress(address), FORMS.securityGroup);
    for (const { name } of endpoint.aliases ?? []) add(aliasAddress(address, name), FORMS.alias);
    if (typeof endpoint.hostedZone === "object") addZone(hostedZoneAddress(address), endpoint.hostedZone, add);
  }
  return forms;
}

/** Of a zone with its records; those of which there is one for each Availability Zone are named by the plan only. */
function addZone(
  address: string,
  { name: domain, records }: HostedZoneSpec,
  add: (address: string, form: Form) => void,
) {
  add(address, FORMS.zone);
  for (const { name, type, to } of records) {
    if (to === "zonal") continue;
    const full = nameInZone(name, domain);
    if (type === "ALIAS") add(aliasAddress(address, full), FORMS.alias);
    else add(zoneRecordAddress(address, full), FORMS.value);
  }
}

/** An object can be one resource only, also across connections. */
export function checkAdoptedOnce({ connections }: World, reportFor: (connection: CheckedConnection) => Report): void {
  const owners = new Map<string, CheckedConnection>();
  for (const connection of connections) {
    for (const [index, { id }] of (connection.spec.adopt ?? []).entries()) {
      const owner = owners.get(id);
      if (owner !== undefined && owner !== connection) {
        reportFor(connection)(["adopt", index, "id"], {
          code: "adopt.duplicate",
          message: `the connection "${owner.spec.metadata.name}" adopts ${quote(id)} already, in ${owner.file}`,
          hint: "one object for one address: keep one of the two",
        });
      }
      owners.set(id, owner ?? connection);
    }
  }
}
