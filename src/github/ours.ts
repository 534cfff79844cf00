import type { Identity } from "./words.ts";

/** Who wrote a comment or an issue, in the fields that GitHub sends for both. */
interface Authored {
  readonly user: { readonly login?: string } | null;
  readonly performed_via_github_app?: { readonly slug?: string } | null;
}

/**
 * Whether we wrote it. The login is the proof: a name that ends in `[bot]` cannot be taken by a person, so only its app can write under it.
 * The app is compared whenever GitHub tells it, which catches other apps that act for the same login; older Enterprise servers leave it out
 * and some answers of github.com have null there, and then the login alone decides.
 */
export function isOurs({ login, app }: Identity, { user, performed_via_github_app: via }: Authored): boolean {
  if (user?.login !== login) return false;
  return via === null || via === undefined || via.slug === app;
}
