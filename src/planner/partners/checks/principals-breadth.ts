import { argsSchema, wordsSchema } from "./arguments.ts";
import { formOf, PRINCIPAL_FORMS, principalsOf, principalsPath } from "./facts/principals.ts";
import { BOTH, type Check } from "./subject.ts";
import { fails, judged } from "./verdict.ts";

/** `warn`: the forms of principals that let in more than they seem to; each one that is used is said. */
export const principalsBreadth: Check<{ readonly warn: readonly string[] }> = {
  roles: BOTH,
  schema: argsSchema({ warn: wordsSchema(...PRINCIPAL_FORMS) }, ["warn"]),
  judge({ warn }, subject) {
    const at = principalsPath(subject);
    return judged(principalsOf(subject), at, (principals) =>
      principals
        .filter((principal) => warn.includes(formOf(principal)))
        .flatMap((principal) => fails(`${principal} is ${WORDS[formOf(principal)]}`, at)),
    );
  },
};

const WORDS: { readonly [form: string]: string } = {
  account: "a whole account",
  role: "a role",
  user: "a user",
  organization: "an organization",
  service: "a service of AWS",
  everyone: "everybody",
};
