import { argsSchema, countSchema } from "./arguments.ts";
import { regionHere, regionOfConsumed } from "./facts/regions.ts";
import { zonesHere, zonesPath } from "./facts/zones.ts";
import { BOTH, type Check, type CheckSubject, nounOf, targetOf } from "./subject.ts";
import { both, type Found, fails, HOLDS, judged, listed } from "./verdict.ts";

interface Args {
  readonly min?: number;
  readonly all?: true;
}

/**
 * In how many Availability Zones our side has to be: at least `min`, or with `all` in every one in which our account can reach the partner's
 * service (consumer only; AWS tells these zones once it shows the service, and never those of a service in another Region).
 */
export const zonesMin: Check<Args> = {
  roles: BOTH,
  needs: ["balancers"],
  schema: { ...argsSchema({ min: countSchema, all: { const: true } }), minProperties: 1 },
  judge({ min = 1, all }, subject) {
    const at = zonesPath(subject);
    const every: Found<readonly string[]> = all ? zonesOfService(subject) : { is: [] };
    return judged(both(zonesHere(subject), every), at, ([ours, wanted]) => {
      const lacking = wanted.filter((id) => !ours.includes(id));
      if (ours.length >= min && lacking.length === 0) return HOLDS;
      const what =
        lacking.length > 0
          ? `the partner's service is in ${listed(lacking)} too`
          : `${min} zones are needed, ${min - ours.length} more than it has`;
      return fails(`${nounOf(subject.half)} is in ${listed(ours)}: ${what}`, at);
    });
  },
};

function zonesOfService(subject: CheckSubject): Found<readonly string[]> {
  const { half, cloud } = subject;
  const unknown = { waitsFor: "the zones of the partner's service, which AWS does not show to our account yet" };
  if (half.role !== "consumer") return { waitsFor: "the zones of the Region, which nothing tells a service of ours" };
  const there = regionOfConsumed(subject);
  if ("is" in there && there.is !== regionHere(subject))
    return { waitsFor: `the zones of the partner's service, which AWS does not tell from ${there.is}` };
  const { service } = half.endpoint;
  const name = typeof service === "string" && service !== "pending" ? service : undefined;
  const seen = name === undefined ? undefined : cloud.service(targetOf(half), name);
  return seen && seen.azIds.length > 0 ? { is: seen.azIds } : unknown;
}
