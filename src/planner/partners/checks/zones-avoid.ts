import { argsSchema, type ValuesArg, valuesOf, valuesSchema } from "./arguments.ts";
import { zonesHere, zonesPath } from "./facts/zones.ts";
import { BOTH, type Check, nounOf } from "./subject.ts";
import { both, fails, HOLDS, judged, listed } from "./verdict.ts";

/** `ids`: Availability Zones, by id, in which our side must not be. */
export const zonesAvoid: Check<{ readonly ids: ValuesArg }> = {
  roles: BOTH,
  needs: ["balancers"],
  schema: argsSchema({ ids: valuesSchema }, ["ids"]),
  judge({ ids }, subject) {
    const at = zonesPath(subject);
    return judged(both(zonesHere(subject), valuesOf(ids, subject)), at, ([ours, avoided]) => {
      const bad = ours.filter((id) => avoided.includes(id));
      return bad.length === 0 ? HOLDS : fails(`${nounOf(subject.half)} is in ${listed(bad)}`, at);
    });
  },
};
