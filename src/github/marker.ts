/**
 * The first line of what we post, by which we find it again: an HTML comment, which GitHub does not show. What is between the arrows has only
 * `[A-Za-z0-9_:.-]`, so that no payload can close the comment. A marker proves nothing by itself: anybody can write one, see {@link isOurs}.
 */
export function marker(what: string, payload: string): string {
  if (!/^[a-z0-9.-]+$/.test(what))
    throw new Error(`A marker's word is lower case letters, digits, dots and dashes: ${what}`);
  return `<!-- landline:${what}:v1:${Buffer.from(payload, "utf8").toString("base64url")} -->`;
}

/** The payload of a marker of this sort on the first line of a text; undefined when there is none. */
export function payloadOf(what: string, body: string): string | undefined {
  const [, word, payload] = /^<!-- landline:([a-z0-9.-]+):v1:([A-Za-z0-9_-]*) -->$/.exec(firstLine(body)) ?? [];
  if (word !== what || payload === undefined) return undefined;
  const text = Buffer.from(payload, "base64url").toString("utf8");
  return marker(what, text) === firstLine(body) ? text : undefined;
}

/** GitHub keeps the line ends of whoever edited last: the web interface sends CRLF. */
export const firstLine = (body: string): string => body.split(/\r?\n/, 1)[0] ?? "";

/** Whether two texts are the same to GitHub, which trims bodies, and to a browser, which sends CRLF. */
export const sameText = (one: string, other: string): boolean => normal(one) === normal(other);

const normal = (body: string): string =>
  body
    .replace(/\r\n?/g, "\n")
    .replace(/[ \t]+$/gm, "")
    .trimEnd();
