/** Ids of AWS in pasted text: seventeen digits, and eight in endpoints that are very old. */

const SERVICE_NAME = /\b(?:cn\.)?com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-f]{17}(?![0-9a-zA-Z…-]|\.\.)/g;
const SERVICE_ID = /\bvpce-svc-[0-9a-f]{17}(?![0-9a-zA-Z…]|\.\.)/g;
const ENDPOINT_ID = /\bvpce-(?:[0-9a-f]{17}|[0-9a-f]{8})(?![0-9a-zA-Z…]|\.\.)/g;

/** How each begins, however it goes on. */
const BEGINNINGS: readonly (readonly [RegExp, RegExp])[] = [
  [/\b(?:cn\.)?com\.am(?:azonaws\.v[^\s'"`|,;)\]}]*|[a-z0-9.-]*…|[a-z]*\.{2,})/g, SERVICE_NAME],
  [/(?<![.\w-])vpce-svc-[0-9a-f]*(?:…|\.{2,}|(?![0-9a-zA-Z.-]))/g, SERVICE_ID],
  [/(?<![.\w-])vpce-(?!svc)[0-9a-f]+(?:…|\.{2,}|(?![0-9a-zA-Z.-]))/g, ENDPOINT_ID],
];

/** Names and ids of which the end is missing, as they stand in the text. */
export function truncatedIn(text: string): string[] {
  const cut = BEGINNINGS.flatMap(([beginning, whole]) => {
    const complete = all(text, whole);
    return all(text, beginning)
      .filter((token) => !complete.some((one) => token.startsWith(one) || isPartOf(token, one)))
      .map((token) => token.replace(/[.:]$/, ""));
  });
  return [...new Set(cut)];
}

/** A cell that is cut off is no loss where the same stands elsewhere as a whole: with so many digits it is the same. */
const isPartOf = (token: string, whole: string): boolean =>
  /-[0-9a-f]{8,}(?:…|\.{2,})?$/.test(token) && whole.startsWith(token.replace(/(?:…|\.{2,})$/, ""));

/** The endpoint ids in a text, each once. */
export const endpointIdsIn = (text: string): string[] => all(text, ENDPOINT_ID);

const all = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([token]) => token)),
];
