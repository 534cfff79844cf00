/** AWS writes one word as `pendingAcceptance` on the wire and as `PendingAcceptance` in its enums. */
export const lower = (word: string | undefined): string => (word ?? "").toLowerCase();

/** Whether AWS still lists what is gone. */
export const isGone = (state: string | undefined): boolean => ["deleted", "deleting"].includes(lower(state));
