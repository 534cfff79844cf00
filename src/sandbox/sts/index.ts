import { roleId, sessionKey } from "../identity.ts";
import { hexOf } from "../ids.ts";
import { AwsError, type Call, type Operations, type Tree } from "../operation.ts";
import { integer, required } from "../params.ts";

/** STS, as far as a reconciler and the AWS CLI use it. */
export const operations: Operations = { GetCallerIdentity: getCallerIdentity, AssumeRole: assumeRole };

function getCallerIdentity(call: Call): Tree {
  return { Arn: call.callerArn, UserId: userIdOf(call), Account: call.account };
}

function userIdOf(call: Call): string {
  const [, role, session] = call.callerArn.split("/");
  return role !== undefined && session !== undefined ? `${roleId(role)}:${session}` : call.account;
}

function assumeRole(call: Call): Tree {
  const roleArn = required(call.params, "RoleArn");
  const session = required(call.params, "RoleSessionName");
  const match = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:[\w+=,.@/-]*\/)?([\w+=,.@-]{1,64})$/.exec(roleArn);
  if (!match) throw invalid(`${roleArn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(session)) {
    throw invalid(`Value '${session}' at 'roleSessionName' failed to satisfy constraint: [\\w+=,.@-]{2,64}`);
  }
  const [, account = "", role = ""] = match;
  refuseUnknownRole(call, account, role, roleArn);
  return {
    AssumedRoleUser: {
      AssumedRoleId: `${roleId(role)}:${session}`,
      Arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    },
    Credentials: credentials(call, account, role, session),
  };
}

/** Where an account has roles, only those exist; an account without any lets every role name work. */
function refuseUnknownRole(call: Call, account: string, role: string, roleArn: string): void {
  const roles = Object.keys(call.world.accounts[account]?.roles ?? {});
  if (roles.length === 0 || roles.includes(role)) return;
  throw new AwsError(
    "AccessDenied",
    `User: ${call.callerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    403,
  );
}

function credentials(call: Call, account: string, role: string, session: string): Tree {
  const key = sessionKey(account, role, session);
  const seconds = integer(call.params, "DurationSeconds") ?? 3600;
  return {
    AccessKeyId: key,
    SecretAccessKey: hexOf(`secret/${key}`, 40),
    SessionToken: hexOf(`token/${key}`, 64),
    Expiration: new Date(Date.parse(call.clock.now()) + seconds * 1000).toISOString(),
  };
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationError", message);
}
