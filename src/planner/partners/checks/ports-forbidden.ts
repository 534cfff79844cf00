import { argsSchema, portsOf, portsSchema, type ValuesArg } from "./arguments.ts";
import { overlap, portText, usedPorts, usedPortsPath } from "./facts/ports.ts";
import { BOTH, type Check } from "./subject.ts";
import { both, fails, judged } from "./verdict.ts";

interface Args {
  readonly ports: ValuesArg;
  readonly of?: ValuesArg;
}

/** `ports`: ports that must not be used, of the service's listeners or of the rules that let clients in to the endpoint; with `of`, of a parameter. */
export const portsForbidden: Check<Args> = {
  roles: BOTH,
  schema: argsSchema({ ports: portsSchema, of: portsSchema }, ["ports"]),
  needs: ["balancers", "ingress"],
  judge: ({ ports, of }, subject) =>
    judged(both(usedPorts(subject, of), portsOf(ports, subject)), usedPortsPath(subject, of), ([used, forbidden]) =>
      used.flatMap(({ label, range, at }) =>
        forbidden
          .filter((port) => overlap(range, port))
          .flatMap((port) => fails(`${label} uses port ${portText(port)}`, at)),
      ),
    ),
};
