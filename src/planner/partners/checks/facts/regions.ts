import { regionOfService } from "../../../specs/forms/service-name.ts";
import { type CheckSubject, targetOf } from "../subject.ts";
import type { Found } from "../verdict.ts";

/** The Region in which our service or our endpoint lives. */
export const regionHere = ({ project, half }: CheckSubject): string =>
  project.spec.targets[targetOf(half)]?.region ?? "";

/**
 * The Region of the service that an endpoint consumes, as the spec or the service's name says; of our own service its own. AWS's services are
 * consumed in the endpoint's Region unless the spec says another one.
 */
export function regionOfConsumed(subject: CheckSubject): Found<string> {
  const { half } = subject;
  if (half.role !== "consumer") return { is: regionHere(subject) };
  const { serviceRegion, service } = half.endpoint;
  if (serviceRegion !== undefined) return { is: serviceRegion };
  if (typeof service === "string" && service !== "pending")
    return { is: regionOfService(service) ?? regionHere(subject) };
  return { waitsFor: "the name of the partner's service, which tells its Region" };
}
