import type { PartnerProfile, Profiles } from "../partners/profile.ts";
import type { ConnectionDocument } from "../specs/index.ts";

/**
 * The project's own profile that a connection names: it stands in the repository, so that a pull request can change it, and it decides what is
 * checked and whose requests are accepted. Null for none and for one that comes with Landline, which changes only with the tool.
 */
export function ownProfileOf(
  { spec }: Pick<ConnectionDocument, "spec">,
  profiles: Profiles | undefined,
): PartnerProfile | null {
  const profile = spec.partner && profiles?.get(spec.partner.profile);
  return profile?.origin === "project" ? profile.spec : null;
}
