// @ts-check
import { readFileSync } from "node:fs";
import { escaped } from "./html.mjs";
import { htmlOf } from "./markdown.mjs";

/**
 * What stood on GitHub at moments of the story, as one page in its look: a file that needs no network.
 *
 * @typedef {{ id: string, caption: string, title: string, number: number, state: State, about: string, entries: Entry[] }} Moment
 * @typedef {"Open" | "Merged" | "Open issue" | "Closed issue"} State
 * @typedef {{ who: string, words: string, markdown: string } | { event: string, icon: Icon } | { checks: readonly Check[], words: string }} Entry
 * @typedef {{ name: string, title: string | null, conclusion: string | null }} Check
 * @typedef {keyof typeof ICONS} Icon
 */

const STYLE = readFileSync(new URL("style.css", import.meta.url), "utf8");

const ICONS = {
  commit: '<circle cx="8" cy="8" r="3"/><path d="M0 8h5m6 0h5"/>',
  approved: '<path d="m3 8.5 3.2 3.2L13 5"/>',
  merged:
    '<circle cx="4" cy="3.5" r="1.7"/><circle cx="4" cy="12.5" r="1.7"/><circle cx="12" cy="8.5" r="1.7"/><path d="M4 5.2v5.6M4.3 5.2c.8 2.2 3 3.3 6 3.3"/>',
  open: '<circle cx="4" cy="3.5" r="1.7"/><circle cx="4" cy="12.5" r="1.7"/><circle cx="12" cy="12.5" r="1.7"/><path d="M4 5.2v5.6M12 10.8V6.5c0-1.7-1-2.5-2.5-2.5H8m1.6-2L7.6 4l2 2"/>',
  issue: '<circle cx="8" cy="8" r="6.2"/><circle cx="8" cy="8" r=".9"/>',
  closed: '<circle cx="8" cy="8" r="6.2"/><path d="m5.3 8.2 2 2 3.6-4"/>',
};

/** @type {Readonly<Record<State, { icon: Icon, color: string }>>} */
const STATES = {
  Open: { icon: "open", color: "open" },
  Merged: { icon: "merged", color: "merged" },
  "Open issue": { icon: "issue", color: "open" },
  "Closed issue": { icon: "closed", color: "merged" },
};

/** @param {string} title @param {readonly Moment[]} moments */
export const pageOf = (title, moments) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>
${STYLE}</style>
</head>
<body>
<nav>${moments.map(({ id, caption }) => `<a href="#${id}">${escaped(caption)}</a>`).join("")}</nav>
${moments.map(momentOf).join("\n")}
<footer>Written by <code>npm run demo:pr</code>: the bodies are what Landline posted, to the letter. GitHub shows all details closed, and draws pictures with Mermaid; this page has a painter of its own.</footer>
</body>
</html>
`;

/** @param {Moment} moment */
function momentOf({ id, caption, title, number, state, about, entries }) {
  const { icon, color } = STATES[state];
  return `<section id="${id}">
<p class="caption">${escaped(caption)}</p>
<h1>${escaped(title)} <span class="number">#${number}</span></h1>
<p class="about"><span class="state ${color}">${svg(icon)}${state.split(" ")[0]}</span> ${about}</p>
<div class="timeline">
${entries.map(entryOf).join("\n")}
</div>
</section>`;
}

/** @param {Entry} entry */
function entryOf(entry) {
  if ("event" in entry)
    return `<p class="event ${entry.icon}"><span class="mark">${svg(entry.icon)}</span>${entry.event}</p>`;
  if ("checks" in entry) return checksOf(entry.checks, entry.words);
  const bot = entry.who.endsWith("[bot]");
  const name = entry.who.replace("[bot]", "");
  return `<article>
<span class="avatar ${bot ? "bot" : name}" aria-hidden="true">${bot ? "" : escaped(name[0]?.toUpperCase() ?? "")}</span>
<div class="comment"><header><b>${escaped(name)}</b>${bot ? '<span class="badge">bot</span>' : ""} ${escaped(entry.words)}</header>
<div class="body">${htmlOf(entry.markdown)}</div></div>
</article>`;
}

/** @param {readonly Check[]} checks @param {string} words */
function checksOf(checks, words) {
  const lines = checks.map(({ name, title, conclusion }) => {
    const good = conclusion === "success";
    return `<li><span class="light ${good ? "good" : "bad"}">${good ? "✓" : "✕"}</span><b>${escaped(name)}</b> <span class="muted">${escaped(title ?? "")}</span></li>`;
  });
  const all = checks.every(({ conclusion }) => conclusion === "success");
  return `<div class="checks"><p><span class="light ${all ? "good" : "bad"}">${all ? "✓" : "✕"}</span><b>${escaped(words)}</b></p><ul>${lines.join("")}</ul></div>`;
}

/** @param {Icon} icon */
const svg = (icon) => `<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${ICONS[icon]}</svg>`;
