import { argsSchema, type ValuesArg, valuesOf, valuesSchema } from "./arguments.ts";
import { regionHere, regionOfConsumed } from "./facts/regions.ts";
import { BOTH, type Check, type CheckSubject, nounOf, pathOf } from "./subject.ts";
import { fails, HOLDS, judged, listed, type Verdict } from "./verdict.ts";

interface Args {
  readonly remote?: ValuesArg;
}

/**
 * Whether the two sides may be in different Regions. Provider: `remote` is where the partner connects from; each has to be the service's own
 * Region or among its `supportedRegions`, and without `remote` the service is offered in no other. Consumer: `remote` is where else the
 * partner offers its service; without it only in the service's own.
 */
export const regionCross: Check<Args> = {
  roles: BOTH,
  schema: argsSchema({ remote: valuesSchema }),
  judge: ({ remote }, subject) =>
    subject.half.role === "provider" ? offered(remote, subject) : consumed(remote, subject),
};

function offered(remote: ValuesArg | undefined, subject: CheckSubject): readonly Verdict[] {
  const { half } = subject;
  if (half.role !== "provider") return HOLDS;
  const at = ["service", "supportedRegions"];
  const own = regionHere(subject);
  const supported = half.service.supportedRegions ?? [];
  const others = supported.filter((region) => region !== own);
  if (remote === undefined)
    return others.length === 0 ? HOLDS : fails(`the service is offered in ${listed(others)} too`, at);
  return judged(valuesOf(remote, subject), at, (regions) => {
    const missing = regions.filter((region) => region !== own && !supported.includes(region));
    return missing.length === 0
      ? HOLDS
      : fails(
          `the service is in ${own} and offered in ${others.length === 0 ? "no other Region" : listed(others)}, not in ${listed(missing)}: add it to supportedRegions`,
          at,
        );
  });
}

function consumed(remote: ValuesArg | undefined, subject: CheckSubject): readonly Verdict[] {
  const at = [...pathOf(subject.half), "serviceRegion"];
  const here = regionHere(subject);
  return judged(regionOfConsumed(subject), at, (there) => {
    if (here === there) return HOLDS;
    const found = `${nounOf(subject.half)} is in ${here}, the partner's service in ${there}`;
    if (remote === undefined) return fails(found, at);
    return judged(valuesOf(remote, subject), at, (regions) =>
      regions.includes(here) ? HOLDS : fails(`${found}, which is offered in ${listed(regions)}`, at),
    );
  });
}
