import { leadsToPartner, modeOf } from "../partners/mode.ts";
import { rolesOf, type VerifySpec } from "../partners/profile.ts";
import { render } from "../partners/render.ts";
import { endpointsOf, type Verified, valuesFor } from "./subject.ts";

/** A test of the partner's that somebody runs by hand, with real names. */
export interface PartnerTest {
  /** Lines for a shell. */
  readonly run: string;
  readonly from: VerifySpec["from"];
  /** What its output says when all is well, and when not: regular expressions. */
  readonly good?: string;
  readonly bad?: string;
}

/** The profile's tests, those whose values are not all known yet left out; of an endpoint one for each. */
export function partnerTests(verified: Verified): PartnerTest[] {
  const { document, profile } = verified;
  const mode = profile && modeOf(document.spec, profile);
  if (!profile || !mode) return [];
  const tests = rolesOf(mode).flatMap((role) => {
    const endpoints = endpointsOf(verified).filter(({ spec }) => leadsToPartner(spec, profile));
    const subjects = role === "provider" ? [undefined] : endpoints.map(({ name }) => name);
    return (profile.spec[role]?.verify ?? []).flatMap(({ run, from, good, bad }) =>
      subjects.flatMap((endpoint): PartnerTest[] => {
        const rendered = render(profile, run, valuesFor(verified, profile, endpoint), "shell");
        if (!("text" in rendered)) return [];
        const reads = { ...(good === undefined ? {} : { good }), ...(bad === undefined ? {} : { bad }) };
        return [{ run: rendered.text.trim(), from, ...reads }];
      }),
    );
  });
  return [...new Map(tests.map((test) => [`${test.from} ${test.run}`, test])).values()];
}
