import { AwsError } from "./operation.ts";

/** Who signed a request, and for which Region. */
export interface Caller {
  account: string;
  region: string;
  arn: string;
  /** As GetCallerIdentity tells it. */
  userId: string;
  /** The assumed role; absent for an account's own key, which may do everything. */
  role?: string;
}

const howTo =
  "the sandbox takes the 12-digit account id as access key id (AWS_ACCESS_KEY_ID=111111111111, with any secret), or a session from AssumeRole";

/**
 * Reads the credential out of an `Authorization` header. Signatures are not verified: whoever can reach the loopback port may act for any account.
 * @throws AwsError MissingAuthenticationToken, InvalidClientTokenId
 */
export function callerOf(authorization: string | undefined): Caller {
  const scope = credentialScope(authorization);
  if (!scope)
    throw new AwsError("MissingAuthenticationToken", `Request is missing Authentication Token: ${howTo}`, 403);
  if (/^\d{12}$/.test(scope.key)) {
    const { key: account, region } = scope;
    return { account, region, arn: `arn:aws:iam::${account}:root`, userId: account };
  }
  const session = sessionOf(scope.key);
  if (session) return { ...session, region: scope.region };
  throw new AwsError(
    "InvalidClientTokenId",
    `The security token '${scope.key}' included in the request is invalid: ${howTo}`,
    403,
  );
}

/** The parts of a SigV4 credential scope: key id, Region and signing name. */
export function credentialScope(
  authorization: string | undefined,
): { key: string; region: string; service: string } | undefined {
  const match = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/.exec(authorization ?? "");
  if (!match) return undefined;
  const [, key = "", region = "", service = ""] = match;
  return { key, region, service };
}

/** The access key id of a role's session. It carries account, role and session name itself, so that a restarted sandbox still knows it. */
export function sessionKey(account: string, role: string, session: string): string {
  return `ASIA${account}${hex(role)}_${hex(session)}`;
}

/** The role's unique id, as it stands in `AssumedRoleId`. */
export function roleId(role: string): string {
  return `AROA${hex(role).toUpperCase().padEnd(17, "0").slice(0, 17)}`;
}

function sessionOf(key: string): Omit<Caller, "region"> | undefined {
  const match = /^ASIA(\d{12})([0-9a-f]+)_([0-9a-f]+)$/.exec(key);
  if (!match) return undefined;
  const [, account = "", roleHex = "", sessionHex = ""] = match;
  const role = Buffer.from(roleHex, "hex").toString();
  const session = Buffer.from(sessionHex, "hex").toString();
  return {
    account,
    role,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    userId: `${roleId(role)}:${session}`,
  };
}

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}
