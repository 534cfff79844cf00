import { accountIn } from "../account.ts";
import { argsSchema } from "./arguments.ts";
import { lets, neededPrincipals, principalsOf, principalsPath } from "./facts/principals.ts";
import { BOTH, type Check, type CheckSubject, nounOf, targetOf } from "./subject.ts";
import { both, fails, HOLDS, judged, listed, type Verdict } from "./verdict.ts";

/**
 * Provider: everybody whom the profile's `provider.principals` names is allowed to create endpoints to our service today; grants that have ended
 * do not count. Consumer: somebody of the endpoint's account is among those whom we tell the partner to allow.
 */
export const principalsPresent: Check = {
  roles: BOTH,
  schema: argsSchema(),
  judge(_args, subject) {
    if (subject.half.role === "consumer") return ourselves(subject);
    const at = principalsPath(subject);
    return judged(both(principalsOf(subject), neededPrincipals(subject)), at, ([granted, needed]) => {
      const missing = needed.filter((principal) => !granted.some((grant) => lets(grant, principal)));
      if (missing.length === 0) return HOLDS;
      const found = `${listed(missing)} ${missing.length === 1 ? "is" : "are"} not among the allowed principals`;
      return fails(`${found}: add ${missing.length === 1 ? "it" : "them"} to service.allowedPrincipals`, at);
    });
  },
};

function ourselves(subject: CheckSubject): readonly Verdict[] {
  const account = subject.project.spec.targets[targetOf(subject.half)]?.account ?? "";
  const at = principalsPath(subject);
  return judged(principalsOf(subject), at, (told) =>
    told.some((principal) => accountIn(principal) === account)
      ? HOLDS
      : fails(`${nounOf(subject.half)} is in account ${account}, and of ${listed(told)} nobody is`, at),
  );
}
