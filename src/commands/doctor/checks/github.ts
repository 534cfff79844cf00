import type { CodeownersError, RepositorySettings } from "../../../github/settings.ts";
import { broken, type Check, type CheckId, ok, type Seen, unknown, warning } from "../check.ts";
import type { Approver, GitHubFacts, TokenFacts } from "../github-facts.ts";
import { listed } from "../words.ts";
import { CI_COMMANDS, type WorkflowFacts } from "../workflow-facts.ts";
import { checkBranch } from "./branch.ts";
import { checkEnvironments } from "./environments.ts";
import { isEnough } from "./permissions.ts";
import { checkSubject } from "./subject.ts";

/** What the project file and the workflows ask of the repository. */
export interface Asked {
  /** The targets' names: each has a check of its own. */
  readonly targets: readonly string[];
  readonly workflows: readonly WorkflowFacts[];
}

/** Whether the repository's settings hold what Landline relies on. */
export function checkGitHub(github: Seen<GitHubFacts>, asked: Asked): readonly Check[] {
  if (!github.seen) return [unknown("github.access")("", github.why, github.needs)];
  const { repository, about, token, rules, environments, codeowners, subject, approvers } = github.value;
  return [
    checkName(repository, about),
    ...ifSeen("github.token", "", token, checkToken),
    ...ifSeen("github.pull-requests", about.defaultBranch, rules, (value) => checkBranch(value, asked)),
    ...ifSeen("github.environment", "", environments, (value) => checkEnvironments(value, asked.workflows)),
    ...ifSeen("github.codeowners", "", codeowners, checkCodeowners),
    ...checkSubject({ about, subject, workflows: asked.workflows }),
    ...Object.entries(approvers).map(([name, approver]) => checkApprover(name, approver)),
  ];
}

/** GitHub forwards from an old name; an approval, a trust policy or a remote that still says it does not. */
function checkName(repository: string, { fullName, defaultBranch }: RepositorySettings): Check {
  if (fullName.toLowerCase() === repository.toLowerCase())
    return ok("github.access")(fullName, `default branch ${defaultBranch}`);
  return warning("github.access")(
    repository,
    `is called ${fullName} now`,
    `use ${fullName} in the workflows' uses: and the roles' trust policies`,
  );
}

/** A run's token is as strong as its job; what it may do here tells which command it would be enough for. */
function checkToken({ scopes, access, inWorkflow }: TokenFacts): readonly Check[] {
  if (scopes) return [judgePerson(scopes, inWorkflow)];
  const grants = Object.entries(access).filter(([, level]) => level !== "none");
  const words = grants.map(([scope, level]) => `${scope}: ${level}`);
  const enough = CI_COMMANDS.filter((command) => isEnough(command, access)).map((command) => `landline ci ${command}`);
  const use = enough.length === 0 ? "enough to look, not for any landline ci" : `enough for ${listed(enough)}`;
  return [ok("github.token")("", `may ${listed(words) || "nothing"}; ${use}`)];
}

/** What could not be seen is one check that says what seeing it would need. */
function ifSeen<T>(id: CheckId, about: string, fact: Seen<T>, judge: (value: T) => readonly Check[]): readonly Check[] {
  return fact.seen ? judge(fact.value) : [unknown(id)(about, fact.why, fact.needs)];
}

/** Good to look with. In a workflow it is more than a job should hold, and what it posts is not recognised as ours. */
function judgePerson(scopes: readonly string[], inWorkflow: boolean): Check {
  const found = `a person's token with ${listed(scopes) || "no scope"}`;
  if (!inWorkflow) return ok("github.token")("", `${found}, to look with`);
  return warning("github.token")(
    "",
    `${found}: it may do the same in every repository of theirs, and comments with it are not recognised as ours`,
    `env: { GITHUB_TOKEN: \${{ github.token }} }`,
  );
}

function checkCodeowners(errors: readonly CodeownersError[] | undefined): readonly Check[] {
  if (errors === undefined) return [ok("github.codeowners")("", "no CODEOWNERS file, so nothing in it is wrong")];
  if (errors.length === 0) return [ok("github.codeowners")("", "no errors in CODEOWNERS")];
  return errors.map(({ path, line, kind, suggestion }) =>
    broken("github.codeowners")(
      `${path}:${line}`,
      `${kind}: nobody is asked for what this line should cover`,
      suggestion ?? "correct the line; owners need write access",
    ),
  );
}

function checkApprover(name: string, approver: Seen<Approver>): Check {
  const check = "github.approvers";
  if (!approver.seen) return unknown(check)(name, approver.why, approver.needs);
  const { value } = approver;
  if (value.is === "missing")
    return broken(check)(
      name,
      "policy.approvals asks for this team, but LANDLINE_TEAMS_TOKEN does not see it",
      "correct the name in policy.approvals of the project file, or let the token see the team (Members: read)",
    );
  if (value.is === "team") return ok(check)(name, "a team whose members can be seen");
  if (value.mayWrite) return ok(check)(name, "may write: their approvals count");
  return warning(check)(
    name,
    "may not write to the repository, or is nobody: their approval does not count",
    `give ${name} the role Write, or name somebody else in policy.approvals`,
  );
}
