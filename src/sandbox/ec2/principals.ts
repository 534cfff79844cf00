import { newId } from "../ids.ts";
import { AwsError, type Call, type Operations, type Tree } from "../operation.ts";
import { required, structs, text, texts } from "../params.ts";
import type { EndpointService } from "../world.ts";
import { items } from "../xml.ts";
import { describe } from "./describe.ts";
import { findService } from "./here.ts";
import { tagSet } from "./tags.ts";

/** Who may connect to a service. */
export const principals: Operations = {
  ModifyVpcEndpointServicePermissions: modifyPermissions,
  DescribeVpcEndpointServicePermissions: describePermissions,
};

type Principal = EndpointService["principals"][string];

/** Adds and removes principals; what is there already, or not there, passes in silence. */
function modifyPermissions(call: Call): Tree {
  const service = findService(call, required(call.params, "ServiceId"));
  const added = [...new Set(texts(call.params, "AddAllowedPrincipals"))];
  const removed = texts(call.params, "RemoveAllowedPrincipals");
  if (added.length + removed.length === 0) {
    throw new AwsError("MissingParameter", "The request must contain AddAllowedPrincipals or RemoveAllowedPrincipals");
  }
  const typed = added.map((principal) => ({ principal, type: principalType(principal) }));
  for (const principal of removed) principalType(principal);

  for (const principal of removed) delete service.principals[principal];
  const made = typed.filter(({ principal }) => service.principals[principal] === undefined);
  const entries = made.map(({ principal, type }): Principal => {
    return { id: newId(call.world, "vpce-svc-perm-"), principal, type, tags: {} };
  });
  for (const entry of entries) service.principals[entry.principal] = entry;
  return {
    addedPrincipalSet: items(entries.map(({ id, principal, type }) => entryTree(service, { id, principal, type }))),
    return: true,
  };
}

function entryTree(service: EndpointService, { id, principal, type }: Omit<Principal, "tags">): Tree {
  return { principalType: type, principal, servicePermissionId: id, serviceId: service.id };
}

/**
 * The type of a principal in one of the forms that AWS takes. AWS's user guide does not list organizations and organizational units, though its model
 * has a type for the latter; both are taken here under that type.
 * @throws AwsError InvalidPrincipal for bare account ids, assumed roles, and roles or users with a path
 */
function principalType(principal: string): string {
  if (principal === "*") return "All";
  if (/^[a-z0-9.-]+\.amazonaws\.com$/.test(principal)) return "Service";
  if (/^arn:aws[a-z-]*:organizations::\d{12}:(organization|ou)\/o-[a-z0-9]+(\/ou-[a-z0-9-]+)?$/.test(principal)) {
    return "OrganizationUnit";
  }
  const match = /^arn:aws[a-z-]*:iam::\d{12}:(root$|user\/|role\/)([\w+=,.@-]*)$/.exec(principal);
  const [, sort = "", name = ""] = match ?? [];
  if (sort === "root") return "Account";
  if (sort !== "" && name !== "") return sort === "user/" ? "User" : "Role";
  throw new AwsError("InvalidPrincipal", `Invalid Principal: '${principal}'`);
}

function describePermissions(call: Call): Tree {
  const service = findService(call, required(call.params, "ServiceId"));
  refuseArnFilters(call);
  return describe<Principal>(call, {
    element: "allowedPrincipals",
    all: Object.values(service.principals),
    key: (entry) => entry.principal,
    filters: { principal: (entry) => entry.principal, "principal-type": (entry) => entry.type },
    tags: (entry) => entry.tags,
    paging: { clamp: true },
    render: (entry) => ({ ...entryTree(service, entry), tagSet: tagSet(entry.tags) }),
  });
}

/** The service's own filter cannot take the ARN of a role or user (terraform-provider-aws lists everything for that reason). */
function refuseArnFilters(call: Call): void {
  const values = structs(call.params, "Filter")
    .filter((filter) => text(filter, "Name") === "principal")
    .flatMap((filter) => texts(filter, "Value"));
  const wrong = values.find((value) => /:(role|user)\//.test(value));
  if (wrong) throw new AwsError("InvalidFilter", `The filter value '${wrong}' contains unsupported characters`);
}

/**
 * Whether the caller may see and use a service: its owner always, everybody else by an allowed principal. Role and user principals let in only sessions
 * of that role; the sandbox takes all its accounts to be of one organization.
 */
export function isAllowed(call: Call, service: EndpointService): boolean {
  if (service.account === call.account) return true;
  const role = /:assumed-role\/([^/]+)\//.exec(call.callerArn)?.[1];
  return Object.values(service.principals).some(({ type, principal }) => {
    if (type === "All" || type === "OrganizationUnit") return true;
    const [, , , , account, resource] = principal.split(":");
    if (account !== call.account) return false;
    return resource === "root" || (role !== undefined && resource === `role/${role}`);
  });
}
