import { argsSchema, type ValuesArg, valuesOf, valuesSchema } from "./arguments.ts";
import { regionHere } from "./facts/regions.ts";
import { BOTH, type Check, nounOf, pathOf } from "./subject.ts";
import { fails, HOLDS, judged, listed } from "./verdict.ts";

/** `is`: the Region, or one of the Regions, in which our service or our endpoint has to be. */
export const regionIs: Check<{ readonly is: ValuesArg }> = {
  roles: BOTH,
  schema: argsSchema({ is: valuesSchema }, ["is"]),
  judge({ is }, subject) {
    const at = [...pathOf(subject.half), "target"];
    const here = regionHere(subject);
    return judged(valuesOf(is, subject), at, (regions) =>
      regions.includes(here) ? HOLDS : fails(`${nounOf(subject.half)} is in ${here}, not in ${listed(regions)}`, at),
    );
  },
};
