import type { GitHub } from "./client.ts";
import { absentOn } from "./errors.ts";
import { answer, at, flag, id, text, textOrNull } from "./fields.ts";

/** What a repository is and how its OIDC tokens name it. */
export interface RepositorySettings {
  readonly id: number;
  readonly ownerId: number;
  /** `owner/name` as GitHub writes it now: another one than asked for after a rename. */
  readonly fullName: string;
  readonly defaultBranch: string;
  readonly private: boolean;
  /** ISO 8601 */
  readonly createdAt: string;
}

export async function repositorySettings({ octokit, repository }: GitHub): Promise<RepositorySettings> {
  const { data } = await octokit.rest.repos.get({ owner: repository.owner, repo: repository.name });
  const source = answer(data);
  return {
    id: id(source, "id"),
    ownerId: id(source, "owner.id"),
    fullName: text(source, "full_name"),
    defaultBranch: text(source, "default_branch"),
    private: flag(source, "private"),
    createdAt: text(source, "created_at"),
  };
}

/** A line of CODEOWNERS that GitHub does not understand, or that names somebody without access: nobody is asked for those files. */
export interface CodeownersError {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** GitHub's word, such as `Unknown owner`. */
  readonly kind: string;
  readonly message: string;
  readonly suggestion: string | null;
}

/** Undefined when there is no CODEOWNERS file. @param ref a branch; the default branch unless given */
export async function codeownersErrors(
  { octokit, repository }: GitHub,
  ref?: string,
): Promise<readonly CodeownersError[] | undefined> {
  const found = await absentOn(["not-found"], () =>
    octokit.rest.repos.codeownersErrors({
      owner: repository.owner,
      repo: repository.name,
      ...(ref === undefined ? {} : { ref }),
    }),
  );
  return found?.data.errors.map(({ path, line, column, kind, message, suggestion = null }) => ({
    path,
    line,
    column,
    kind,
    message,
    suggestion,
  }));
}

/** How the `sub` of the repository's OIDC tokens is made up. */
export interface OidcSubject {
  /** The claims in place of GitHub's default form. */
  readonly claims?: readonly string[];
  /** Whether it names owner and repository by id too (`repo:O@1/R@2`); absent where GitHub does not say. */
  readonly immutable?: boolean;
  /** How the subject begins now; absent on servers that do not tell. */
  readonly prefix?: string;
}

/** Undefined when the token may not see it: a workflow's token may not everywhere. */
export async function oidcSubject({ octokit, repository }: GitHub): Promise<OidcSubject | undefined> {
  const { owner, name: repo } = repository;
  const found = await absentOn(["not-found", "permission"], () =>
    octokit.rest.actions.getCustomOidcSubClaimForRepo({ owner, repo }),
  );
  if (!found) return undefined;
  const source = answer(found.data);
  const keys = at(source, "include_claim_keys");
  const immutable = at(source, "use_immutable_subject");
  const prefix = textOrNull(source, "sub_claim_prefix");
  return {
    ...(flag(source, "use_default") || !Array.isArray(keys) ? {} : { claims: keys.map(String) }),
    ...(typeof immutable === "boolean" ? { immutable } : {}),
    ...(prefix === null ? {} : { prefix }),
  };
}
