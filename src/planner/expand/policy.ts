import type { Json } from "../../model.ts";

/**
 * An endpoint policy as it is compared: null for AWS's default, whether the spec leaves it out or writes "everybody may do everything" out
 * in full, because AWS shows both alike.
 */
export function endpointPolicy(policy: Json | undefined): Json {
  return policy === undefined || policy === null || isFullAccess(policy) ? null : policy;
}

function isFullAccess(policy: Json): boolean {
  const statements = isObject(policy) ? [policy.Statement ?? []].flat() : [];
  const [statement] = statements;
  if (statements.length !== 1 || !isObject(statement)) return false;
  const { Effect, Action, Resource, Principal, Sid: _, ...more } = statement;
  const who = isObject(Principal) && Object.keys(Principal).length === 1 ? Principal.AWS : Principal;
  return (
    Effect === "Allow" &&
    [Action, Resource, who].every((value) => [value].flat().join() === "*") &&
    Object.keys(more).length === 0
  );
}

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
