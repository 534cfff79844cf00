import type { Json } from "../../model.ts";
import type { ConnectionDocument, EndpointSpec } from "../selectors/resolved-specs.ts";
import type { Consumed } from "./consumed-service.ts";
import type { Expansion } from "./context.ts";

/**
 * An endpoint policy as it is compared: null for AWS's default, whether the spec leaves it out or writes "everybody may do everything" out
 * in full, because AWS shows both alike.
 */
export function endpointPolicy(policy: Json | undefined): Json {
  return policy === undefined || policy === null || isFullAccess(policy) ? null : policy;
}

/**
 * AWS takes a policy for any service, but keeps to it only where the service supports one: whoever writes one relies on it. Of somebody else's
 * service AWS says so; of one behind load balancers of ours it does not before the service stands, and seldom is it supported.
 */
export function checkPolicy(
  document: ConnectionDocument,
  { policy }: EndpointSpec,
  index: number,
  { seen, provider, label }: Consumed,
  into: Expansion,
): void {
  const refused = seen?.policySupported === false;
  if (!(refused || provider) || endpointPolicy(policy as Json | undefined) === null) return;
  into.findings.push({
    id: "policy.unsupported",
    severity: refused ? "error" : "warning",
    connection: document.spec.metadata.name,
    message: refused
      ? `${seen.name} does not support endpoint policies, so this one would limit nobody; leave it out and limit access with the security group`
      : `services behind load balancers seldom support endpoint policies, so this one may limit nobody at ${label}; leave it out and limit access with the security group`,
    at: document.at(["endpoints", index, "policy"]),
  });
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
