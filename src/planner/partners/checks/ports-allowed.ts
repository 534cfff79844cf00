import { argsSchema, portsOf, portsSchema, type ValuesArg } from "./arguments.ts";
import { covers, portText, usedPorts, usedPortsPath } from "./facts/ports.ts";
import { BOTH, type Check } from "./subject.ts";
import { both, fails, judged, listed } from "./verdict.ts";

interface Args {
  readonly ports: ValuesArg;
  readonly of?: ValuesArg;
}

/** `ports`: the only ports that may be used, of the service's listeners or of the rules that let clients in to the endpoint; with `of`, of a parameter. */
export const portsAllowed: Check<Args> = {
  roles: BOTH,
  schema: argsSchema({ ports: portsSchema, of: portsSchema }, ["ports"]),
  needs: ["balancers", "ingress"],
  judge: ({ ports, of }, subject) =>
    judged(both(usedPorts(subject, of), portsOf(ports, subject)), usedPortsPath(subject, of), ([used, allowed]) =>
      used
        .filter(({ range }) => !covers(allowed, range))
        .flatMap(({ label, at }) => fails(`${label} is not among ${listed(allowed.map(portText))}`, at)),
    ),
};
