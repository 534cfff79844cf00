import type { ConnectionRuleSpec } from "./connection.generated.ts";

/** Whether a rule of `service.connections` means this endpoint. */
export const isNamedBy = (
  rule: ConnectionRuleSpec,
  { endpointId, owner }: { readonly endpointId: string; readonly owner: string },
): boolean => ("endpoint" in rule ? rule.endpoint === endpointId : rule.account === owner);
