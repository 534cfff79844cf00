import { AwsError, type Call, type Tree } from "../operation.ts";
import { type Struct, text } from "../params.ts";

/**
 * Makes something at most once per ClientToken. A repeated request is answered as the first one was, also when what it made is gone since; a different
 * request under the same token is refused.
 * @throws AwsError IdempotentParameterMismatch
 */
export function once(call: Call, make: () => { id: string; answer: Tree }): Tree {
  const token = text(call.params, "ClientToken");
  if (!token) return make().answer;
  const key = `${call.account}/${call.region}/${call.action}/${token}`;
  const request = canonical(call.params);
  const known = call.world.tokens[key];
  if (known) {
    if (known.request === request) return known.answer as Tree;
    throw new AwsError(
      "IdempotentParameterMismatch",
      `The client token '${token}' was used before with other parameters (it made ${known.id})`,
    );
  }
  const { id, answer } = make();
  const told = { ...answer, clientToken: token };
  call.world.tokens[key] = { request, id, answer: told };
  return told;
}

function canonical(params: Struct): string {
  const { ClientToken: _token, DryRun: _dryRun, Action: _action, Version: _version, ...rest } = params;
  return JSON.stringify(sorted(rest));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
}
