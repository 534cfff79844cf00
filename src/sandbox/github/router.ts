import type { Route } from "./call.ts";

/** A route that a path leads to, with the parts of the path. */
export interface Found {
  route: Route;
  params: Record<string, string>;
}

/** Finds the operation for a request. The more a template fixes, the earlier it is tried. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Found | undefined {
  const known = routes
    .map((route) => ({ route, pattern: patternOf(route.template) }))
    .sort(
      (one, other) =>
        variables(one.route) - variables(other.route) || other.route.template.length - one.route.template.length,
    );
  return (method, path) => {
    for (const { route, pattern } of known) {
      const match = route.method === method ? pattern.exec(path) : null;
      if (match) return { route, params: decoded(match.groups ?? {}) };
    }
    return undefined;
  };
}

/** `{path}`, `{ref}` and `{branch}` may hold slashes. */
function patternOf(template: string): RegExp {
  const source = template
    .replaceAll(".", "\\.")
    .replace(/\{(\w+)\}/g, (_, name: string) =>
      ["path", "ref", "branch", "basehead"].includes(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
    );
  return new RegExp(`^${source}$`);
}

function variables(route: Route): number {
  return route.template.split("{").length;
}

function decoded(groups: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decode(text)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
