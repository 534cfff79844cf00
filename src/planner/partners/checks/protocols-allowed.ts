import { argsSchema, wordsSchema } from "./arguments.ts";
import { balancersOf } from "./facts/balancers.ts";
import { type Check, PROVIDER } from "./subject.ts";
import { fails, judged, listed, type Verdict } from "./verdict.ts";

interface Args {
  readonly protocols: readonly string[];
  readonly targets?: readonly string[];
}

const PROTOCOLS = ["TCP", "TLS", "UDP", "TCP_UDP"];

/** `protocols`: what the listeners may speak; `targets`: what their target groups may speak, any when left out. */
export const protocolsAllowed: Check<Args> = {
  roles: PROVIDER,
  schema: argsSchema({ protocols: wordsSchema(...PROTOCOLS), targets: wordsSchema(...PROTOCOLS) }, ["protocols"]),
  needs: ["balancers"],
  judge: ({ protocols, targets }, subject) =>
    balancersOf(subject).flatMap((balancer) =>
      judged(balancer.listeners, balancer.at, (listeners) =>
        listeners.flatMap(({ port, protocol, targetGroups, at }): readonly Verdict[] => {
          const spoken = targetGroups.map((group) => group.protocol);
          const wrong = targets === undefined ? [] : spoken.filter((one) => !targets.includes(one));
          return [
            ...(protocols.includes(protocol)
              ? []
              : fails(`the listener ${port} of ${balancer.label} speaks ${protocol}, not ${listed(protocols)}`, at)),
            ...wrong.flatMap((one) =>
              fails(
                `the targets of the listener ${port} of ${balancer.label} speak ${one}, not ${listed(targets ?? [])}`,
                at,
              ),
            ),
          ];
        }),
      ),
    ),
};
