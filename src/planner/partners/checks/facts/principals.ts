import { allowlistAddress } from "../../../addresses.ts";
import type { Path } from "../../../specs/problem.ts";
import { renderList } from "../../render.ts";
import type { CheckSubject } from "../subject.ts";
import type { Found } from "../verdict.ts";

/** Whom a principal means; `everyone` is `*`, `other` is nothing that AWS takes. */
export type PrincipalForm = "account" | "role" | "user" | "organization" | "service" | "everyone" | "other";
export const PRINCIPAL_FORMS = ["account", "role", "user", "organization", "service", "everyone"] as const;

const FORMS: readonly (readonly [RegExp, PrincipalForm])[] = [
  [/^\*$/, "everyone"],
  [/^([0-9]{12}|arn:[^:]+:iam::[0-9]{12}:root)$/, "account"],
  [/^arn:[^:]+:iam::[0-9]{12}:role\//, "role"],
  [/^arn:[^:]+:iam::[0-9]{12}:user\//, "user"],
  [/^(arn:[^:]+:organizations:|o-|ou-)/, "organization"],
  [/\.amazonaws\.com(\.cn)?$/, "service"],
];

export const formOf = (principal: string): PrincipalForm =>
  FORMS.find(([pattern]) => pattern.test(principal))?.[1] ?? "other";

/** Whether a grant lets a principal in: it is the same, everybody, or the whole account of a role or a user. */
export function lets(grant: string, principal: string): boolean {
  if (grant === principal || grant === "*") return true;
  const [account] = /^arn:[^:]+:iam::[0-9]{12}:/.exec(principal) ?? [];
  return account !== undefined && grant === `${account}root`;
}

/** The principals in question: those that our service allows today, or those of ours that the partner is told to allow. */
export function principalsOf(subject: CheckSubject): Found<readonly string[]> {
  const { half, document, profile, values } = subject;
  if (half.role === "provider") {
    const address = allowlistAddress(document.spec.metadata.name);
    const wanted = subject.desired(address);
    return wanted?.kind === "allowlist" && "principals" in wanted.attributes
      ? { is: wanted.attributes.principals }
      : { waitsFor: `${address}, which the spec does not fully describe yet` };
  }
  const tell = profile.spec.consumer?.principals?.tell;
  return tell === undefined ? { is: [] } : rendered(renderList(profile, tell, values));
}

/** Whom the partner needs among the principals that our service allows. */
export function neededPrincipals({ profile, values }: CheckSubject): Found<readonly string[]> {
  const allow = profile.spec.provider?.principals.allow;
  return allow === undefined ? { is: [] } : rendered(renderList(profile, allow, values));
}

export const principalsPath = ({ half }: CheckSubject): Path =>
  half.role === "provider" ? ["service", "allowedPrincipals"] : ["partner", "params"];

const rendered = (list: ReturnType<typeof renderList>): Found<readonly string[]> =>
  "texts" in list
    ? { is: list.texts }
    : { waitsFor: list.missing.map(({ path, obtain }) => `${path} (${obtain})`).join("; ") };
