import type { Needs, Route } from "./call.ts";
import { ApiError, forbidden, notFound } from "./errors.ts";
import { type Role, roles } from "./options.ts";
import type { Caller, World } from "./world.ts";

/** Who a request comes from. @throws ApiError 401 */
export function authenticate(world: World, authorization: string | undefined): Caller {
  if (authorization === undefined) throw new ApiError(401, "Requires authentication");
  const [, token = ""] = /^(?:bearer|token) +(\S+)$/i.exec(authorization) ?? [];
  const caller = world.tokens.get(token);
  if (!caller) throw new ApiError(401, "Bad credentials");
  return caller;
}

/** Lets the caller through to this operation, or refuses as GitHub does. */
export function authorize(world: World, caller: Caller, route: Route): void {
  if (caller.app) authorizeApp(world, caller, route);
  else authorizePerson(world, caller, route);
}

function authorizeApp(world: World, caller: Caller, route: Route): void {
  const open = !world.private && route.method === "GET" && route.role === "read";
  if (open || route.needs.some((needs) => has(caller, needs))) return;
  throw notAccessible(route.needs);
}

/** GitHub tells in a header what would have been enough: `;` between alternatives, `,` between what goes together. */
export function notAccessible(needs: readonly Needs[]): ApiError {
  const accepted = needs
    .map((one) =>
      Object.entries(one)
        .map(([name, level]) => `${name}=${level}`)
        .join(","),
    )
    .join("; ");
  return forbidden("Resource not accessible by integration", { "x-accepted-github-permissions": accepted });
}

/** Whether an app's token has all of these. */
export function has(caller: Caller, needs: Needs): boolean {
  return Object.entries(needs).every(([name, level]) => {
    const given = caller.permissions.get(name);
    return given === "write" || given === level;
  });
}

function authorizePerson(world: World, { user }: Caller, route: Route): void {
  if (world.private && user.permission === "none") throw notFound();
  if (route.role === "app") throw forbidden("You must authenticate via a GitHub App.");
  if (!mayAs(world, user.permission, route.role)) throw forbidden("Must have admin rights to Repository.");
}

/** Whether a role reaches as far as another; everybody may read a public repository. */
export function mayAs(world: World, given: Role, wanted: Role): boolean {
  if (wanted === "read" && !world.private) return true;
  return roles.indexOf(given) <= roles.indexOf(wanted);
}

/** Whether somebody may change what others wrote here: writers, and apps, which got this far only with the permission. */
export function mayWrite(world: World, caller: Caller): boolean {
  return caller.app !== undefined || mayAs(world, caller.user.permission, "write");
}
