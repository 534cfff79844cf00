import { groupBy } from "../../collections.ts";
import { argsSchema, portsOf, portsSchema, type ValuesArg, wordSchema } from "./arguments.ts";
import { ingressPath, ingressRules, type Rule } from "./facts/ingress.ts";
import { covers, portText } from "./facts/ports.ts";
import { type Check, CONSUMER } from "./subject.ts";
import { both, fails, HOLDS, judged, listed } from "./verdict.ts";

interface Args {
  readonly ports: ValuesArg;
  readonly protocol?: "tcp" | "udp";
}

/** `ports`: what the endpoint's security groups have to let in, each port or range from at least one source; `protocol`: tcp when left out. */
export const portsIngress: Check<Args> = {
  roles: CONSUMER,
  schema: argsSchema({ ports: portsSchema, protocol: wordSchema("tcp", "udp") }, ["ports"]),
  needs: ["ingress"],
  judge({ ports, protocol = "tcp" }, subject) {
    const at = ingressPath(subject);
    return judged(both(ingressRules(subject), portsOf(ports, subject)), at, ([rules, wanted]) => {
      const sources = bySource(rules.filter((rule) => rule.protocol === protocol || rule.protocol === "all"));
      const closed = wanted.filter(
        (range) =>
          !sources.some((own) =>
            covers(
              own.map((rule) => rule.range),
              range,
            ),
          ),
      );
      return closed.length === 0
        ? HOLDS
        : fails(`the endpoint's security groups let nobody in on ${protocol} ${listed(closed.map(portText))}`, at);
    });
  },
};

/** Two halves of a range, each open to somebody else, are of use to nobody. */
const bySource = (rules: readonly Rule[]): readonly (readonly Rule[])[] => [
  ...groupBy(rules, ({ source }) => source).values(),
];
