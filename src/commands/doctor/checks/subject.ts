import type { OidcSubject, RepositorySettings } from "../../../github/settings.ts";
import { type Check, ok, type Seen, unknown, warning } from "../check.ts";
import { listed } from "../words.ts";
import { jobsThatRun, type WorkflowFacts } from "../workflow-facts.ts";

interface Asked {
  readonly about: RepositorySettings;
  readonly subject: Seen<OidcSubject>;
  readonly workflows: readonly WorkflowFacts[];
}

/**
 * Repositories made from this day on carry the immutable ids of owner and repository in the subject; older ones do so once they are renamed,
 * transferred or opted in: https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
 */
const IMMUTABLE_SINCE = "2026-07-15";

/** Which `sub` the trust policy of each role has to name. */
export function checkSubject({ about, subject, workflows }: Asked): readonly Check[] {
  const id = "github.oidc";
  if (subject.seen && subject.value.claims)
    return [
      warning(id)(
        "",
        `the subject of its tokens is made of ${listed(subject.value.claims)} instead of the default form`,
        "write the sub of the trust policies in that form, or go back to the default (use_default: true)",
      ),
    ];
  const roles = rolesOf(about.defaultBranch, workflows);
  const prefix = prefixOf(about, subject);
  if (prefix !== undefined)
    return roles.map(([role, ends]) =>
      ok(id)(`trust policy of the ${role} role`, `has to name ${listed(ends.map((end) => `${prefix}:${end}`))}`),
    );
  const under = (start: string): string =>
    roles.map(([role, ends]) => `${listed(ends.map((end) => `${start}:${end}`))} (${role} role)`).join(" and ");
  return [
    unknown(id)(
      "",
      subject.seen ? "GitHub does not say which form its subjects have" : subject.why,
      ...(subject.seen ? [] : [subject.needs]),
      `as it was made, trust policies have to name ${under(classic(about))}`,
      `renamed, transferred or opted in since ${IMMUTABLE_SINCE}: ${under(immutable(about))}`,
    ),
  ];
}

/** How subjects begin, where that can be told for certain. */
function prefixOf(about: RepositorySettings, subject: Seen<OidcSubject>): string | undefined {
  if (subject.seen) {
    const { prefix, immutable: withIds } = subject.value;
    if (prefix !== undefined) return prefix.replace(/:$/, "");
    if (withIds !== undefined) return withIds ? immutable(about) : classic(about);
  }
  return about.createdAt.slice(0, 10) >= IMMUTABLE_SINCE ? immutable(about) : undefined;
}

/** A colon would end the part. */
const escaped = (repository: string): string => repository.replaceAll(":", "%3A");

const classic = ({ fullName }: RepositorySettings): string => `repo:${escaped(fullName)}`;

function immutable({ fullName, id, ownerId }: RepositorySettings): string {
  const [owner, name] = escaped(fullName).split("/");
  return `repo:${owner}@${ownerId}/${name}@${id}`;
}

/** How the subjects of each role's jobs end. An environment wins over everything else that a job is started for. */
function rolesOf(
  branch: string,
  workflows: readonly WorkflowFacts[],
): readonly (readonly ["plan" | "apply", readonly string[]])[] {
  const environments = jobsThatRun(workflows, "apply").flatMap(({ job }) => job.environment ?? []);
  const applies = environments.map((name) => `environment:${escaped(name)}`);
  const queue = jobsThatRun(workflows, "check").some(({ workflow }) => workflow.events.includes("merge_group"));
  return [
    ["plan", ["pull_request", onBranch(branch), ...(queue ? [onBranch(`gh-readonly-queue/${branch}/*`)] : [])]],
    ["apply", applies.length > 0 ? [...new Set(applies)] : [onBranch(branch)]],
  ];
}

const onBranch = (branch: string): string => `ref:refs/heads/${branch}`;
