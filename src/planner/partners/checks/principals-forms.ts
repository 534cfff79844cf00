import { argsSchema, wordsSchema } from "./arguments.ts";
import { formOf, PRINCIPAL_FORMS, principalsOf, principalsPath } from "./facts/principals.ts";
import { BOTH, type Check } from "./subject.ts";
import { fails, judged, listed } from "./verdict.ts";

/** `allowed`: which forms of principals our service may allow (provider), or we may tell the partner to allow (consumer). */
export const principalsForms: Check<{ readonly allowed: readonly string[] }> = {
  roles: BOTH,
  schema: argsSchema({ allowed: wordsSchema(...PRINCIPAL_FORMS) }, ["allowed"]),
  judge({ allowed }, subject) {
    const at = principalsPath(subject);
    return judged(principalsOf(subject), at, (principals) =>
      principals
        .filter((principal) => !allowed.includes(formOf(principal)))
        .flatMap((principal) => fails(`${principal} is of the form ${formOf(principal)}, not ${listed(allowed)}`, at)),
    );
  },
};
