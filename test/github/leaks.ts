/**
 * Looks for secrets in everything that was printed and posted, also in disguise: parts of them, in base64 or hexadecimal, escaped, backwards,
 * broken over lines. Give secrets of random characters; zeros would be found in any account's id.
 */

/** Fewer characters in a row are no leak: they may be chance. */
const PART = 12;

/** `text 3: secret 1 (base64) at 120`: one line for each text and secret in it, which does not tell the secret. Empty when nothing leaks. */
export function findLeaks(texts: readonly string[], secrets: readonly string[]): string[] {
  if (secrets.includes("")) throw new Error("an empty secret is in every text: leave it out");
  const wanted = secrets.map(disguisesOf);
  return texts.flatMap((text, t) =>
    wanted.flatMap((disguises, s) => {
      const leak = leakIn(readingsOf(text), disguises);
      return leak === undefined ? [] : [`text ${t}: secret ${s} ${leak}`];
    }),
  );
}

type Named<T> = readonly [name: string, value: T];

/** The text as it is, and without what may have been put between the characters of a secret: line breaks, escapes, breaks of ours. */
function readingsOf(text: string): Named<string>[] {
  const closed = text.replace(/[\s\\\u200b]/g, "");
  return closed === text
    ? [["", text]]
    : [
        ["", text],
        [", broken up", closed],
      ];
}

function leakIn(
  readings: readonly Named<string>[],
  disguises: readonly Named<readonly string[]>[],
): string | undefined {
  for (const [reading, text] of readings) {
    for (const [name, forms] of disguises) {
      const at = firstOf(text, forms);
      if (at >= 0) return `(${name}${reading}) at ${at}`;
    }
  }
  return undefined;
}

function disguisesOf(secret: string): Named<readonly string[]>[] {
  const hex = Buffer.from(secret).toString("hex");
  return [
    ["plain", [secret]],
    ["backwards", [[...secret].toReversed().join("")]],
    ["base64", [0, 1, 2].map((before) => base64(secret, before))],
    ["base64url", [0, 1, 2].map((before) => base64(secret, before).replaceAll("+", "-").replaceAll("/", "_"))],
    ["hexadecimal", [hex, hex.toUpperCase()]],
    ["URL-encoded", [encodeURIComponent(secret), encodeAll(secret)]],
  ];
}

/** The characters of base64 that depend on nothing but the secret, when `before` bytes stand before it in its group of three. */
function base64(secret: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const whole = bytes.toString("base64").replaceAll("=", "");
  const first = Math.ceil((before * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  return whole.slice(first, last);
}

/** Every byte as `%XX`, as a careful encoder may write it. */
function encodeAll(secret: string): string {
  return [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

/** Where the first part of any form stands; -1 when none does. Forms shorter than a part count whole. */
function firstOf(text: string, forms: readonly string[]): number {
  const found = forms.flatMap(partsOf).map((part) => text.indexOf(part));
  const present = found.filter((at) => at >= 0);
  return present.length === 0 ? -1 : Math.min(...present);
}

function partsOf(form: string): string[] {
  if (form === "") return [];
  if (form.length <= PART) return [form];
  return Array.from({ length: form.length - PART + 1 }, (_, start) => form.slice(start, start + PART));
}
