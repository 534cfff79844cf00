import type { Caller } from "./identity.ts";
import { AwsError } from "./operation.ts";
import type { Struct } from "./params.ts";
import { list } from "./params.ts";
import { accountOf } from "./places.ts";
import type { PolicyStatement, Role, World } from "./world.ts";

/**
 * Holds a role's session to the role's policy. Resources and conditions are not looked at: an allowed action is allowed everywhere.
 * An account's own key, and a role without a policy, may do everything.
 * @throws AwsError UnauthorizedOperation (EC2), AccessDenied (elsewhere)
 */
export function authorize(world: World, caller: Caller, iamService: string, action: string, params: Struct): void {
  if (caller.role === undefined || action === "GetCallerIdentity") return;
  const policy = accountOf(world, caller.account).roles[caller.role]?.policy;
  if (!policy) return;
  for (const needed of neededActions(iamService, action, params)) {
    const verdict = judge(policy, needed);
    if (verdict !== "allow") throw denied(caller, iamService, needed, verdict);
  }
}

/** A create call that brings tags needs the tagging permission as well, as on AWS. */
function neededActions(iamService: string, action: string, params: Struct): string[] {
  const own = `${iamService}:${action}`;
  if (iamService === "ec2" && list(params, "TagSpecification").length > 0) return [own, "ec2:CreateTags"];
  const tagsOnCreate = iamService === "elasticloadbalancing" && action.startsWith("Create");
  if (tagsOnCreate && list(params, "Tags").length > 0) return [own, "elasticloadbalancing:AddTags"];
  return [own];
}

function judge(policy: NonNullable<Role["policy"]>, action: string): "allow" | "explicit deny" | "no allow" {
  const statements = [policy.Statement].flat().filter((statement) => covers(statement, action));
  if (statements.some((statement) => statement.Effect === "Deny")) return "explicit deny";
  return statements.some((statement) => statement.Effect === "Allow") ? "allow" : "no allow";
}

function covers(statement: PolicyStatement, action: string): boolean {
  if (statement.Action !== undefined) return [statement.Action].flat().some((pattern) => matches(pattern, action));
  return ![statement.NotAction ?? []].flat().some((pattern) => matches(pattern, action));
}

/** IAM compares actions without regard to case; `*` and `?` are wildcards. */
function matches(pattern: string, action: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i").test(action);
}

function denied(caller: Caller, iamService: string, action: string, why: "explicit deny" | "no allow"): AwsError {
  const reason =
    why === "explicit deny"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${action} action`;
  const sentence = `User: ${caller.arn} is not authorized to perform: ${action} ${reason}`;
  if (iamService !== "ec2") return new AwsError("AccessDenied", sentence, 403);
  return new AwsError("UnauthorizedOperation", `You are not authorized to perform this operation. ${sentence}`, 403);
}
