/** What a person has copied from a terminal, a ticket or a web page. */
export interface Paste {
  /** Without colours and other control characters, and with whatever looks like a credential taken out. */
  readonly text: string;
  /** What belongs together: the fields of one object, or one row of a table. */
  readonly records: readonly PasteRecord[];
}

/** The texts of one record in which a partner's word may stand: cells, values behind a label, lines, and all of it on one line. */
export interface PasteRecord {
  readonly texts: readonly string[];
}

/** Stands where something looked like a credential: what is in a paste never gets any further then. */
export const REDACTED = "[redacted]";

/** Makes a paste safe to look at and to quote. */
export function readPaste(raw: string): Paste {
  const text = withoutSecrets(oneSpelling(plain(raw)));
  return { text, records: [...recordsInJson(text), ...recordsOf(text.split("\n"))] };
}

const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
const COLOURS = new RegExp(`${ESCAPE}(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\))`, "g");

/** Web pages and tickets turn quotes and spaces into prettier ones. */
const plain = (raw: string): string =>
  raw
    .replace(COLOURS, "")
    .replace(/\r\n?/g, "\n")
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\u00a0/g, " ")
    .replace(/[\u200b\u2060\ufeff]/g, "")
    .replace(/(?![\n\t])\p{Cc}/gu, "");

/** Some tools leave a letter out of the names of endpoint services; AWS has one spelling. */
const oneSpelling = (text: string): string =>
  text.replace(/\bcom\.amazonaws\.vpc\.(?=[a-z0-9-]+\.vpce-s)/g, "com.amazonaws.vpce.");

const SECRET_WORD = "(?:pass(?:word|wd|phrase)|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)";
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{1,40}-----[\s\S]*?(?:-----END [A-Z ]{1,40}-----|$)/g, REDACTED],
  [new RegExp(`(--[\\w-]{0,40}${SECRET_WORD}[\\w-]{0,40}[ =]+)[^\\s]+`, "gi"), `$1${REDACTED}`],
  [
    new RegExp(
      `([\\w.-]{0,40}${SECRET_WORD}[\\w.-]{0,40}["']?[ \\t]*[:=]\\s*)("(?:[^"\\\\]|\\\\.)*"|'[^']*'|[^\\s,}][^\\n,}]*)`,
      "gi",
    ),
    `$1${REDACTED}`,
  ],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"']{1,512}@/gi, `$1${REDACTED}@`],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g, REDACTED],
  [/\b((?:bearer|basic)[ \t]+)[\w.~+/=-]{8,}/gi, `$1${REDACTED}`],
];

const withoutSecrets = (text: string): string =>
  SECRETS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);

/** Tools that print JSON may put all of it on one line: each object is a record. */
function recordsInJson(text: string): PasteRecord[] {
  const records: PasteRecord[] = [];
  try {
    JSON.parse(text, (_key, value: unknown) => {
      if (typeof value !== "object" || value === null) return value;
      const texts = Object.values(value).filter((member) => typeof member === "string" && member.trim() !== "");
      if (texts.length > 0) records.push({ texts: texts as string[] });
      return value;
    });
  } catch {
    // Most pastes are no JSON.
    return [];
  }
  return records;
}

const RULER = /^(?=.*(?:==|--|──))[\s|+=\u2500-]+$/;
const LABEL = /^[\s|]*["']?([\w][\w .()/-]{0,40}?)["']?[ \t]*[:=](?:[ \t]+|$)(.*)$/;

/** A label that comes again begins another object; below a table's ruler each line is one. */
function recordsOf(lines: readonly string[]): PasteRecord[] {
  const records: { lines: string[]; labels: Set<string> }[] = [];
  let current = { lines: [] as string[], labels: new Set<string>() };
  let inTable = false;
  const next = () => {
    if (current.lines.length > 0) records.push(current);
    current = { lines: [], labels: new Set() };
  };
  for (const line of lines) {
    const label = LABEL.exec(line)?.[1]?.toLowerCase();
    if (RULER.test(line)) inTable = true;
    else if (line.trim() === "") inTable = false;
    if (inTable || (label !== undefined && current.labels.has(label))) next();
    if (label !== undefined) current.labels.add(label);
    if (line.trim() !== "") current.lines.push(line);
  }
  next();
  return records.map((record) => ({ texts: textsOf(record.lines) }));
}

function textsOf(lines: readonly string[]): string[] {
  const values = lines.map((line) => unquoted(LABEL.exec(line)?.[2] ?? ""));
  const cells = lines.flatMap((line) => line.split(/\s{2,}|\t|\s*[|│]\s*/));
  // What wraps in a terminal goes on in the next line.
  const labelled = lines.map((line) => LABEL.exec(line)?.[2] ?? line);
  const all = [...values, ...cells.map(unquoted), ...lines, oneLine(labelled), oneLine(lines)];
  return [...new Set(all.map((text) => text.trim()).filter((text) => text !== ""))];
}

const unquoted = (text: string): string =>
  text
    .trim()
    .replace(/,$/, "")
    .replace(/^(["'])(.*)\1$/, "$2");
const oneLine = (lines: readonly string[]): string => lines.join(" ").replace(/\s+/g, " ");
