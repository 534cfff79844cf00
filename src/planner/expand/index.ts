import { compareText } from "../collections.ts";
import { isAbsent } from "../partners/stage.ts";
import { type Context, type Expansion, emptyExpansion } from "./context.ts";
import { cutOffAll } from "./disconnect.ts";
import { expandEndpoint } from "./endpoint.ts";
import { expandRecords } from "./records.ts";
import { expandService } from "./service.ts";

export type { Context, Expansion } from "./context.ts";

/** What the specs want in the cloud that the snapshot shows: one connection after the other, in the order of their names. */
export function expand(context: Context, planned: (connection: string) => boolean): Expansion {
  const expansion = emptyExpansion();
  const documents = [...context.connections.values()].sort((a, b) =>
    compareText(a.spec.metadata.name, b.spec.metadata.name),
  );
  for (const document of documents) {
    const { metadata, service, endpoints } = document.spec;
    if (!planned(metadata.name)) continue;
    if (isAbsent(document)) {
      if (service?.disconnect) cutOffAll(context, document, service, expansion);
      continue;
    }
    if (service) expandService(context, document, service, expansion);
    for (const index of (endpoints ?? []).keys()) expandEndpoint(context, document, index, expansion);
    expandRecords(context, document, expansion);
  }
  return expansion;
}
