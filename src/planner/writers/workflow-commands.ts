import { visible, visibleLines } from "./visible.ts";

/**
 * The log of a GitHub Actions job, where some lines are commands to the runner: `::error file=a.yaml::text`, and in the old form `##[error]text`.
 * Whoever can print such a line can mask words, open groups or put an error on any file, so foreign text must not be able to.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */

/** A note on a line of a file. Without `file` it belongs to the whole run; `line` and `column` count from 1. */
export interface AnnotationCommand {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  /** May have several lines. */
  readonly message: string;
  /** Relative to the root of the repository. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** `::error file=specs/a.yaml,line=7,col=3,title=TITLE::MESSAGE`, one line whatever the texts. */
export function annotationCommand({ level, file, line, column, title, message }: AnnotationCommand): string {
  const properties = [
    // As it is: made visible, it would not be the path of a file any more.
    file === undefined ? "" : `file=${property(file)}`,
    line === undefined ? "" : `line=${line}`,
    column === undefined ? "" : `col=${column}`,
    title === "" ? "" : `title=${property(harmlessLines(visible(title)))}`,
  ];
  const given = properties.filter((part) => part !== "").join(",");
  return `::${level}${given === "" ? "" : ` ${given}`}::${data(shown(message))}`;
}

/**
 * Foreign text for the log, in which the runner finds no command. Where it would find one a backslash is put in between, and nothing else
 * changes: `\::error::text`, `#\#[error]text`. Colours and unseen characters stay; `visible` is for those.
 */
export function harmlessLines(text: string): string {
  const parts = text.split(LINE_BREAK);
  return parts.map((part) => part.replace(COMMAND, "$1\\").replace(OLD_COMMAND, "#\\")).join("");
}

/** Wherever any reader of the log may begin a new line; the runner itself knows CR and LF. */
const LINE_BREAK = /(\r\n|[\n\r\v\f\u0085\u2028\u2029])/;

/**
 * What the runner may overlook: colours, and because it compares by the rules of a language, controls, format characters and the like.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
const COLOR = "\\p{Cc}\\[[0-9;]*m";
const NOTHING = "\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{DI}";
const OVERLOOKED = `(?:${COLOR}|[${NOTHING}])`;

/** `::` at the start of a line, white space or not before it. */
const COMMAND = new RegExp(`^((?:${COLOR}|[\\s${NOTHING}])*)(?=:${OVERLOOKED}*:)`, "u");

/** `##[` anywhere in a line. */
const OLD_COMMAND = new RegExp(`#(?=${OVERLOOKED}*#${OVERLOOKED}*\\[)`, "gu");

/** The log shows the lines of a message one below the other, where they are read once more. */
function shown(message: string): string {
  return harmlessLines(visibleLines(message).join("\n"));
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
