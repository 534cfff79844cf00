import { type Mode, type Profile, type Role, rolesOf, type StateSpec } from "./profile.ts";

/** A state of a connection, whatever its partner calls it (R147). */
export type CommonState = StateSpec["is"];

/** What the partner's last word means. */
export interface Reported {
  /** As the partner prints it. */
  readonly state: string;
  /** YYYY-MM-DD */
  readonly on: string;
  /** Absent: the profile does not know the word. */
  readonly is?: CommonState;
  /** The half whose words it belongs to. */
  readonly role?: Role;
  /** It never comes back. */
  readonly terminal?: true;
  /** What to do about it. */
  readonly hint?: string;
}

/** The partner's word in ours: the first entry that matches counts, those of the provider's half before those of the consumer's. */
export function reportedState(
  profile: Profile,
  mode: Mode | undefined,
  reported: { readonly state: string; readonly on: string },
): Reported {
  const { state, on } = reported;
  for (const role of mode === undefined ? [] : rolesOf(mode)) {
    const found = profile.spec[role]?.states?.find(({ match }) => new RegExp(match, "u").test(state));
    if (found)
      return {
        state,
        on,
        is: found.is,
        role,
        ...(found.terminal ? { terminal: true } : {}),
        ...(found.hint === undefined ? {} : { hint: found.hint }),
      };
  }
  return { state, on };
}
