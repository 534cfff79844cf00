import {
  argsSchema,
  countSchema,
  nameSchema,
  type ValuesArg,
  valuesOf,
  valuesSchema,
  wordSchema,
} from "./arguments.ts";
import { regionHere, regionOfConsumed } from "./facts/regions.ts";
import { zonesHere, zonesPath } from "./facts/zones.ts";
import { BOTH, type Check, type CheckSubject, nounOf } from "./subject.ts";
import { both, fails, HOLDS, judged, listed, type Verdict } from "./verdict.ts";

interface Args {
  readonly how: "equals" | "subset" | "covers" | "intersects";
  readonly with: ValuesArg;
  readonly min?: number;
  readonly minFrom?: string;
}

/**
 * Our Availability Zones against the partner's, always by id. `how`: `equals`, `subset` (ours are all among theirs), `covers` (theirs are all
 * among ours), `intersects` (at least `min` in common, 1 when left out). `minFrom` names a parameter with which a spec accepts fewer: it has
 * to say exactly how many there are in common. An endpoint in another Region than the service shares no zones with it, so nothing is compared.
 */
export const zonesMatch: Check<Args> = {
  roles: BOTH,
  needs: ["balancers"],
  schema: argsSchema(
    {
      how: wordSchema("equals", "subset", "covers", "intersects"),
      with: valuesSchema,
      min: countSchema,
      minFrom: nameSchema,
    },
    ["how", "with"],
  ),
  params: ["minFrom"],
  judge(args, subject) {
    const at = zonesPath(subject);
    return judged(regionOfConsumed(subject), at, (there) => {
      if (there !== regionHere(subject)) return HOLDS;
      return judged(both(zonesHere(subject), valuesOf(args.with, subject)), at, ([ours, theirs]) =>
        compared(args, ours, theirs, subject),
      );
    });
  },
};

function compared(
  args: Args,
  ours: readonly string[],
  theirs: readonly string[],
  subject: CheckSubject,
): readonly Verdict[] {
  const at = zonesPath(subject);
  const lacking = args.how === "subset" ? [] : theirs.filter((id) => !ours.includes(id));
  const beyond = args.how === "covers" ? [] : ours.filter((id) => !theirs.includes(id));
  const found = `${nounOf(subject.half)} is in ${listed(ours)}, the partner in ${listed(theirs)}`;
  if (args.how === "intersects") return inCommon(args, ours.length - beyond.length, found, subject);
  if (lacking.length + beyond.length === 0) return HOLDS;
  const what = [
    ...(lacking.length > 0 ? [`${listed(lacking)} ${lacking.length === 1 ? "is" : "are"} missing`] : []),
    ...(beyond.length > 0 ? [`${listed(beyond)} ${beyond.length === 1 ? "is" : "are"} not the partner's`] : []),
  ];
  return fails(`${found}: ${what.join(", ")}`, at);
}

function inCommon(
  { min = 1, minFrom }: Args,
  common: number,
  found: string,
  subject: CheckSubject,
): readonly Verdict[] {
  if (common >= min) return HOLDS;
  const accepted = minFrom === undefined ? undefined : subject.params.get(minFrom);
  if (common > 0 && accepted === common) return HOLDS;
  const way =
    minFrom === undefined || common === 0
      ? ""
      : `; params.${minFrom}: ${common} accepts that${accepted === undefined ? "" : ` (it says ${String(accepted)})`}`;
  const needed = `${common} in common, ${min} ${min === 1 ? "is" : "are"} needed`;
  return fails(`${found}: ${needed}${way}`, zonesPath(subject));
}
