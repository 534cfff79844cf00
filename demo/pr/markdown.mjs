// @ts-check
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { unescaped } from "./html.mjs";
import { svgOf } from "./picture.mjs";

/** A comment as GitHub shows it: its Markdown as HTML, differences coloured, the picture drawn. */

/** Details with at most so many lines of differences are shown opened. */
const SHORT = 16;

/** @param {string} markdown */
export function htmlOf(markdown) {
  const html = micromark(markdown, {
    allowDangerousHtml: true, // the comment's own <details>; what is foreign in it is escaped, and the writers' tests hold them to that
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  return html
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(CODE, (_, language, code) => codeBlock(language, code.trimEnd()))
    .replace(/<details>(?=(?:(?!<\/details>)[\s\S])*<pre class="diff">)/g, (tag, at, all) =>
      isShort(all, at) ? "<details open>" : tag,
    )
    .replace(/<table>[\s\S]*?<\/table>/g, '<div class="wide">$&</div>')
    .replace(SIGN, (sign) => `<span class="sign ${SIGNS[sign]}" role="img" aria-label="${sign}"></span>`);
}

const CODE = /<pre><code(?: class="language-([\w-]+)")?>([\s\S]*?)<\/code><\/pre>/g;

/** @param {string | undefined} language @param {string} code */
function codeBlock(language, code) {
  if (language === "mermaid") return svgOf(unescaped(code));
  return language === "diff"
    ? `<pre class="diff">${code.split("\n").map(diffLine).join("")}</pre>`
    : `<pre>${code}</pre>`;
}

/** @type {Readonly<Record<string, string>>} */
const CLASSES = { "+": "added", "-": "removed", "!": "changed", "#": "remark" };

/** @param {string} line */
const diffLine = (line) => `<span class="line ${CLASSES[line[0] ?? ""] ?? "plain"}">${line === "" ? " " : line}</span>`;

/** @param {string} html @param {number} at where details begin */
function isShort(html, at) {
  const end = html.indexOf("</details>", at);
  return html.slice(at, end).split('<span class="line').length - 1 <= SHORT;
}

/** Signs that not every machine has a font for. @type {Readonly<Record<string, string>>} */
const SIGNS = { "🔴": "red", "🟠": "orange", "🟢": "green", "⚪": "white", "✅": "done", "⏳": "waiting" };
const SIGN = new RegExp(Object.keys(SIGNS).join("|"), "gu");
