import type { Handoff, Position } from "../../model.ts";
import { asSet } from "../collections.ts";
import type { ConnectionDocument, EndpointSpec } from "../selectors/resolved-specs.ts";
import type { Context } from "./context.ts";

/** What to send to a partner whose service name we need, or who has not allowed our account yet; our ids are filled in. */
export function nameHandoff(
  context: Context,
  document: ConnectionDocument,
  spec: EndpointSpec,
  at: Position,
  serviceName?: string,
): Handoff {
  const target = context.project.spec.targets[spec.target];
  const zones = asSet(spec.subnets.flatMap((id) => context.cloud.subnet(spec.target, id)?.azId ?? []));
  const ask = serviceName
    ? `Please allow our account at your endpoint service ${serviceName}.`
    : "Please create an endpoint service for us (or name the one you have), allow our account, and send back its name (com.amazonaws.vpce.<region>.vpce-svc-...).";
  const next = serviceName
    ? "Landline creates the endpoint with the next plan and apply."
    : `Then write the name into ${at.file}, line ${at.line}: "service: com.amazonaws.vpce...."`;
  return {
    connection: document.spec.metadata.name,
    id: serviceName ? "allow-account" : "service-name",
    title: serviceName ? "Ask the partner to allow our account" : "Ask the partner for the endpoint service name",
    ready: true,
    body: [
      ask,
      "",
      `  Principal to allow:      arn:aws:iam::${target?.account}:root`,
      `  Region:                  ${spec.serviceRegion ?? target?.region}`,
      `  Availability Zone ids:   ${zones.join(", ") || "(not read)"}`,
      "",
      next,
    ].join("\n"),
  };
}
