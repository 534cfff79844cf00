import { argsSchema, flagSchema } from "./arguments.ts";
import { balancersOf } from "./facts/balancers.ts";
import { type Check, PROVIDER } from "./subject.ts";
import { fails, judged, type Verdict } from "./verdict.ts";

const TRAFFIC = "traffic-port";

/** `override`: whether health checks have to use a port of their own (the console's "Override"), or the port that gets the traffic. */
export const balancerHealthCheckPort: Check<{ readonly override: boolean }> = {
  roles: PROVIDER,
  schema: argsSchema({ override: flagSchema }, ["override"]),
  needs: ["balancers"],
  judge: ({ override }, subject) =>
    balancersOf(subject).flatMap(({ label, at: where, listeners }) =>
      judged(listeners, where, (all) =>
        all.flatMap(({ port, targetGroups, at }): readonly Verdict[] =>
          targetGroups
            .filter(({ healthCheckPort }) => (healthCheckPort !== TRAFFIC) !== override)
            .flatMap(({ healthCheckPort }) =>
              fails(`the health checks behind the listener ${port} of ${label} use ${portWords(healthCheckPort)}`, at),
            ),
        ),
      ),
    ),
};

const portWords = (port: string): string => (port === TRAFFIC ? "the port that gets the traffic" : `port ${port}`);
