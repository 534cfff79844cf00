import { code, inline } from "../safe-markdown.ts";
import type { MoreAt } from "./words.ts";

/** Addresses as GitHub writes them: nothing in them means anything to Markdown. */
const ADDRESS = /^https?:\/\/[A-Za-z0-9.:-]+(?:\/[A-Za-z0-9._~/?=&%+-]*)?(?:#[A-Za-z0-9_-]*)?$/;

/** Words that lead somewhere. An address that could do anything else is shown and leads nowhere. */
export function link(words: string, url: string | undefined): string {
  if (url === undefined) return inline(words);
  if (!ADDRESS.test(url)) return `${inline(words)} (${code(url)})`;
  return `[${inline(words)}](${url})`;
}

/** `[the job summary](…) and the artifact `landline-plan``. */
export function whereText({ words, url, artifact }: MoreAt): string {
  return `${link(words, url)}${artifact === undefined ? "" : ` and the artifact ${code(artifact)}`}`;
}
