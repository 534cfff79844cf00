import type { AwsFailure } from "../../../aws/errors.ts";
import { count } from "../../../planner/writers/words.ts";
import type { AwsFacts, Entry, Identity, RoleFacts } from "../aws-facts.ts";
import { broken, type Check, ok, unknown, warning } from "../check.ts";
import { listed, some } from "../words.ts";

type Inside = Extract<Entry, { is: "in" }>;

/** Whether each role can be assumed, reads what it must, and writes exactly when it is the one that applies. */
export function checkAws(facts: AwsFacts): readonly Check[] {
  const { caller, roles } = facts;
  if (!caller.seen) return [unknown("aws.credentials")("", caller.why, caller.needs)];
  return [
    ok("aws.credentials")("", facts.sandbox ? "the embedded AWS of --sandbox" : `signed in as ${caller.value.arn}`),
    ...roles.flatMap((role) => checkRole(role, caller.value, facts)),
  ];
}

const nameOf = ({ target, mode }: RoleFacts): string => `${target} ${mode}`;
const whoOf = ({ arn, mode }: RoleFacts): string =>
  arn === undefined ? "the ambient credentials" : `the ${mode} role`;

function checkRole(role: RoleFacts, caller: Identity, facts: AwsFacts): readonly Check[] {
  const { entry } = role;
  if (entry.is !== "in") return [judgeClosed(role, entry.is, entry.failure, caller, facts)];
  const { identity } = entry;
  if (identity.account !== role.account)
    return [
      broken("aws.role")(
        nameOf(role),
        `${whoOf(role)} is of account ${identity.account}, the target is account ${role.account}`,
        `targets.${role.target}.roles.${role.mode}: arn:aws:iam::${role.account}:role/landline-${role.mode}`,
      ),
    ];
  return [judgeOpen(role, identity, facts), judgeReads(role, entry), judgeWrites(role, entry, facts)];
}

/** Events in which the code of a pull request runs, or what nobody has merged yet. */
const BEFORE_MERGE = ["pull_request", "pull_request_target", "pull_request_review", "merge_group"];
const isBeforeMerge = ({ event = "" }: AwsFacts): boolean => BEFORE_MERGE.includes(event);

/** Being in is wrong for one case: what applies must be out of reach of what is not merged. */
function judgeOpen(role: RoleFacts, { arn }: Identity, facts: AwsFacts): Check {
  if (role.mode === "plan" || role.arn === undefined || !isBeforeMerge(facts))
    return ok("aws.role")(nameOf(role), `signed in as ${arn}`);
  return broken("aws.role")(
    nameOf(role),
    `a run for ${facts.event} can assume ${role.arn}: every branch can change what we own`,
    "in its trust policy, let only the merge in: the conditions on sub, ref and environment in docs/github.md",
  );
}

function judgeClosed(
  role: RoleFacts,
  is: "refused" | "unreachable",
  failure: AwsFailure,
  caller: Identity,
  facts: AwsFacts,
): Check {
  const name = nameOf(role);
  if (is === "unreachable")
    return unknown("aws.role")(name, `AWS could not be asked: ${sentence(failure)}`, "run it again with a connection");
  const found = `${caller.arn} may not use ${role.arn ?? "this target"}: ${sentence(failure)}`;
  if (role.mode === "apply" && isBeforeMerge(facts))
    return ok("aws.role")(name, `out of reach of a run for ${facts.event}, as it should be`);
  // Any other job than the one that applies is rightly kept out, and which one this is does not show.
  if (role.mode === "apply" && facts.event !== "push")
    return unknown("aws.role")(
      name,
      found,
      "well so if only the merge may apply; landline doctor in the job that applies shows the rest",
    );
  return broken("aws.role")(
    name,
    found,
    `in the trust policy of ${role.arn ?? "the role"}, allow sts:AssumeRole to ${principalOf(caller)}`,
    "in another account's identity, allow it sts:AssumeRole on that role as well",
    "a workflow signs in with the conditions in docs/github.md",
  );
}

/** A session cannot be trusted for longer than it lasts; its role can. */
const principalOf = ({ arn }: Identity): string =>
  arn.replace(/^arn:([\w-]+):sts::(\d+):assumed-role\/([^/]+)\/.*$/, "arn:$1:iam::$2:role/$3");

function judgeReads(role: RoleFacts, { reads }: Inside): Check {
  const denied = actionsThat(reads, "denied");
  const unclear = Object.entries(reads).find(([, answer]) => answer.is === "unclear");
  if (denied.length > 0)
    return broken("aws.reads")(
      nameOf(role),
      `${whoOf(role)} may not ${some(denied)}`,
      `give it the policy that landline iam --mode ${role.mode} prints`,
    );
  const [action, answer] = unclear ?? [];
  if (answer?.is === "unclear")
    return unknown("aws.reads")(
      nameOf(role),
      `AWS did not say whether ${whoOf(role)} may ${action}: ${sentence(answer.failure)}`,
      `compare its policy with landline iam --mode ${role.mode}`,
    );
  return ok("aws.reads")(nameOf(role), `reads all it needs: ${count(Object.keys(reads).length, "action")} tried`);
}

/** Load balancers and Route 53 have no way to ask; what EC2 answers stands for the policy as a whole. */
function judgeWrites(role: RoleFacts, { writes }: Inside, facts: AwsFacts): Check {
  return role.mode === "plan" ? judgePlanWrites(role, writes, facts) : judgeApplyWrites(role, writes);
}

function judgePlanWrites(role: RoleFacts, writes: Inside["writes"], { sandbox }: AwsFacts): Check {
  const allowed = actionsThat(writes, "allowed");
  if (allowed.length > 0) {
    // Where no role is named that is known already, and the embedded AWS is nobody's.
    const judge = role.arn === undefined || sandbox ? warning : broken;
    return judge("aws.writes")(
      nameOf(role),
      `${whoOf(role)} may ${some(allowed)}: only Landline's own guard keeps a plan from writing`,
      sandbox
        ? `in sandbox.yaml, under accounts.${role.account}.roles, give it the policy that landline iam --mode plan prints`
        : "give it the policy that landline iam --mode plan prints, and nothing beside it",
    );
  }
  return (
    unclearWrites(role, writes) ??
    ok("aws.writes")(nameOf(role), `refused what would write: ${some(Object.keys(writes))}`)
  );
}

function judgeApplyWrites(role: RoleFacts, writes: Inside["writes"]): Check {
  const denied = actionsThat(writes, "denied");
  if (denied.length > 0)
    return broken("aws.writes")(
      nameOf(role),
      `${whoOf(role)} may not ${listed(denied)} with tags`,
      "give it the policy that landline iam --mode apply prints, ec2:CreateTags included",
    );
  const asked = listed(Object.keys(writes));
  return (
    unclearWrites(role, writes) ??
    ok("aws.writes")(nameOf(role), `may ${asked}; load balancers and Route 53 cannot be asked without doing it`)
  );
}

function unclearWrites(role: RoleFacts, writes: Inside["writes"]): Check | undefined {
  for (const [action, answer] of Object.entries(writes))
    if (answer.is === "unclear")
      return unknown("aws.writes")(
        nameOf(role),
        `AWS did not say whether ${whoOf(role)} may ${action}: ${sentence(answer.failure)}`,
        `compare its policy with landline iam --mode ${role.mode}`,
      );
  return undefined;
}

const actionsThat = (answers: { readonly [action: string]: { readonly is: string } }, is: string): string[] =>
  Object.entries(answers).flatMap(([action, answer]) => (answer.is === is ? [action] : []));

/** AWS's words without the blob that only sts:DecodeAuthorizationMessage can read. */
const sentence = ({ code, message }: AwsFailure): string =>
  `${code}: ${message.replace(/\s*Encoded authorization failure message:.*$/s, "")}`;
