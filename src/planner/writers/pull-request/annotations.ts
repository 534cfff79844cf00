import type { Finding } from "../../../model.ts";
import { isRemark } from "../markdown-pieces.ts";
import { isBlocking } from "../verdict.ts";
import { clip, visible } from "../visible.ts";

/** A finding on a line of a spec, as GitHub shows it beside the line. Plain text, not Markdown. */
export interface Annotation {
  /** As the finding says it: seen from the folder of the project file. */
  readonly path: string;
  readonly line: number;
  readonly level: "failure" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
}

/** GitHub takes 255 characters as a title and 64 KB as a message; nobody reads a message of that length beside a line. */
const LONGEST_TITLE = 255;
const LONGEST_MESSAGE = 4_000;

const ORDER: readonly Annotation["level"][] = ["failure", "warning", "notice"];

/** All findings that have a place in a file, errors first, in the order of the plan otherwise. */
export function annotationsOf(findings: readonly Finding[]): Annotation[] {
  const all = findings.flatMap(annotationOf);
  return ORDER.flatMap((level) => all.filter((annotation) => annotation.level === level));
}

function annotationOf(finding: Finding): Annotation[] {
  const { at, id, message, deferred, waived } = finding;
  if (at === undefined) return [];
  const more = [
    ...(deferred === undefined ? [] : [`Not checked yet, waits for: ${deferred}`]),
    ...(waived === undefined ? [] : [`Waived: ${waived}`]),
  ];
  const level = isBlocking(finding) ? "failure" : isRemark(finding) ? "notice" : "warning";
  const text = visible([message, ...more].join(" "));
  return [
    {
      path: at.file,
      line: at.line,
      level,
      title: clip(visible(id), LONGEST_TITLE),
      message: clip(text, LONGEST_MESSAGE),
    },
  ];
}
