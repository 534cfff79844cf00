import type { IngressSpec } from "../selectors/resolved-specs.ts";

/**
 * One ingress rule as its canonical sentence, `tcp 443 from 10.0.0.0/16` or `tcp 10000-31000 from sg-0a1b "clients"`: what a reviewer reads and what the
 * security-group kind reads and writes.
 */
export function ingressRule({ ports, from, protocol = "tcp", description }: IngressSpec): string {
  const [first, last = first] = String(ports).split("-");
  const range = first === last ? first : `${first}-${last}`;
  return `${protocol} ${range} from ${from}${description ? ` ${JSON.stringify(description)}` : ""}`;
}
