import type { ConnectionFact, Severity } from "../../model.ts";
import type { ConnectionDocument } from "../selectors/resolved-specs.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import type { ConnectionRuleSpec } from "../specs/connection.generated.ts";
import type { ProjectDocument } from "../specs/documents.ts";
import { isNamedBy } from "../specs/rules.ts";
import { accountIn } from "./account.ts";
import { type Subject, valuesOf } from "./context.ts";
import type { Profiles } from "./profile.ts";
import { renderList } from "./render.ts";

/** Why a rule of `service.connections.accept` accepts nobody, or not this one. */
export interface AcceptanceRefusal {
  readonly id: "partner.accept-form" | "partner.accept-account" | "partner.accept-automatic";
  readonly severity: Severity;
  readonly message: string;
  /** What is not known yet. */
  readonly deferred?: string;
}

/** How the partner's requests are recognised: what the profile of a spec allows besides the spec's own words. */
export interface AcceptancePolicy {
  /** Whether the rule has a form that recognises one request of this partner. */
  form(rule: ConnectionRuleSpec): AcceptanceRefusal | undefined;
  /** Whether a request that the rule names is the partner's. */
  request(rule: ConnectionRuleSpec, fact: Pick<ConnectionFact, "endpointId" | "owner">): AcceptanceRefusal | undefined;
  /** Whether the service may let everybody in whom it allows. */
  automatic(): AcceptanceRefusal | undefined;
}

interface Around {
  readonly project: ProjectDocument;
  readonly cloud: SnapshotIndex;
  readonly profiles: Profiles;
}

/** The policy of the profile that a spec names; undefined without one, or when the partner does not connect to us. */
export function acceptancePolicy(
  { project, cloud, profiles }: Around,
  document: ConnectionDocument,
): AcceptancePolicy | undefined {
  const profile = profiles.get(document.spec.partner?.profile ?? "");
  const acceptance = profile?.spec.provider?.acceptance;
  if (!profile || !acceptance) return undefined;
  const accounts = () => accountsOf({ profile, project, document, cloud, role: "provider" });
  const { title } = profile.spec.metadata;
  return {
    form: (rule) =>
      "account" in rule && acceptance.by !== "account"
        ? refusal("partner.accept-form", `${wholeAccount(title, rule.account)}${REMEDY[acceptance.by]}`)
        : undefined,
    request(rule, { endpointId, owner }) {
      // An endpoint id that a person has read at the partner's is enough where the account is nobody's in particular.
      if (acceptance.by === "endpoint" || (acceptance.by === "account" && "endpoint" in rule)) return undefined;
      const known = accounts();
      if ("missing" in known)
        return {
          id: "partner.accept-account",
          severity: "info",
          message: `${endpointId} of account ${owner} is not accepted yet: ${title} asks from accounts that are not known`,
          deferred: known.missing,
        };
      if (known.accounts.includes(owner)) return undefined;
      return refusal(
        "partner.accept-account",
        `${endpointId} asks from account ${owner}, but ${title} asks from ${known.accounts.join(", ")}; nothing is accepted. Find out whose endpoint it is: reject it when it is nobody's, or correct the parameters when the account is the partner's`,
      );
    },
    automatic: () =>
      acceptance.automatic
        ? undefined
        : refusal(
            "partner.accept-automatic",
            `"acceptance: automatic" lets in every endpoint of the allowed principals, and the profile ${profile.name} does not allow that; write "acceptance: required" and name the partner's request under service.connections.accept`,
          ),
  };
}

/**
 * Whether a request may be the partner's, as far as its account and the spec tell. One from another account than the partner's, or one that the
 * spec rejects, is somebody else's: nobody is asked to approve it.
 */
export function mayBePartners(
  subject: Omit<Subject, "role">,
  fact: Pick<ConnectionFact, "endpointId" | "owner">,
): boolean {
  const { accept = [], reject = [] } = subject.document.spec.service?.connections ?? {};
  const isNamed = (rules: readonly ConnectionRuleSpec[]) => rules.some((rule) => isNamedBy(rule, fact));
  if (isNamed(reject)) return false;
  const known = accountsOf({ ...subject, role: "provider" });
  if ("missing" in known || known.accounts.length === 0 || known.accounts.includes(fact.owner)) return true;
  return subject.profile.spec.provider?.acceptance.by !== "both" && isNamed(accept);
}

const refusal = (id: AcceptanceRefusal["id"], message: string): AcceptanceRefusal => ({
  id,
  severity: "error",
  message,
});

const wholeAccount = (title: string, account: string): string =>
  `this entry accepts every endpoint of account ${account}, and ${title} `;

const REMEDY = {
  endpoint:
    "shares its accounts among its customers: anybody's endpoint would be let in. Write {endpoint: vpce-..., reason: ...} with the id that the partner shows",
  both: "is recognised by endpoint and account together. Write {endpoint: vpce-..., reason: ...}; its account is compared with the profile's",
} as const;

/** The accounts from which the partner asks. No profile loads that accepts by account and names none. */
function accountsOf(subject: Subject): { readonly accounts: readonly string[] } | { readonly missing: string } {
  const list = subject.profile.spec.provider?.acceptance.accounts;
  if (!list) return { accounts: [] };
  const rendered = renderList(subject.profile, list, valuesOf(subject));
  if ("missing" in rendered)
    return { missing: rendered.missing.map(({ path, obtain }) => `${path}: ${obtain}`).join("; ") };
  // A partner may tell an ARN of its own in place of its account.
  return { accounts: rendered.texts.map((text) => accountIn(text) ?? text) };
}
