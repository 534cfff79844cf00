/**
 * Looks for secrets in everything that was printed and posted, also in disguise: parts of them, in base64 or hexadecimal, escaped, backwards,
 * broken over lines. Give secrets of random characters; zeros would be found in any account's id.
 */

/** Fewer characters in a row are no leak: they may be chance. */
const PART = 12;

/** `text 3: secret 1 (base64) at 120`: one line for each text and secret in it, which does not tell the secret. Empty when nothing leaks. */
export function findLeaks(texts: readonly string[], secrets: readonly string[]): string[] {
  if (secrets.includes("")) throw new Error("an empty secret is in every text: leave it out");
  const wanted = searchFor(secrets);
  return texts.flatMap((text, t) =>
    [...leaksIn(text, wanted)]
      .sort(([one], [other]) => one - other)
      .map(([s, { name, at }]) => `text ${t}: secret ${s} (${name}) at ${at}`),
  );
}

type Named<T> = readonly [name: string, value: T];

/** What is looked for: the parts of every disguise of every secret, by the part; those that are shorter than a part by themselves. */
interface Search {
  readonly parts: ReadonlyMap<string, readonly Disguise[]>;
  readonly short: readonly (Disguise & { readonly form: string })[];
}

interface Disguise {
  readonly secret: number;
  /** Its place among the disguises; the first one that is found is told. */
  readonly rank: number;
  readonly name: string;
}

interface Found {
  readonly rank: number;
  readonly name: string;
  readonly at: number;
}

function searchFor(secrets: readonly string[]): Search {
  const parts = new Map<string, Disguise[]>();
  const short: (Disguise & { form: string })[] = [];
  for (const [secret, text] of secrets.entries())
    for (const [rank, [name, forms]] of disguisesOf(text).entries())
      for (const form of forms) {
        if (form !== "" && form.length < PART) short.push({ secret, rank, name, form });
        for (const part of partsOf(form)) parts.set(part, [...(parts.get(part) ?? []), { secret, rank, name }]);
      }
  return { parts, short };
}

/** By secret. One pass over the text finds the parts of all of them. */
function leaksIn(text: string, { parts, short }: Search): Map<number, Found> {
  const found = new Map<number, Found>();
  const note = ({ secret, rank, name }: Disguise, at: number, reading: number, suffix: string): void => {
    const order = reading * 100 + rank;
    const before = found.get(secret);
    if (!before || order < before.rank) found.set(secret, { rank: order, name: `${name}${suffix}`, at });
  };
  for (const [reading, [suffix, written]] of readingsOf(text).entries()) {
    for (let at = 0; at + PART <= written.length; at++)
      for (const one of parts.get(written.slice(at, at + PART)) ?? []) note(one, at, reading, suffix);
    for (const { form, ...one } of short) {
      const at = written.indexOf(form);
      if (at >= 0) note(one, at, reading, suffix);
    }
  }
  return found;
}

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

function partsOf(form: string): string[] {
  return Array.from({ length: Math.max(0, form.length - PART + 1) }, (_, start) => form.slice(start, start + PART));
}
