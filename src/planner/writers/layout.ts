import { visible } from "./visible.ts";

/** A style of terminal text; the caller knows how the terminal shows it. */
export type TextStyle = "bold" | "dim" | "red" | "green" | "yellow" | "magenta" | "cyan";

/** Puts a style on a text; the identity when there is no colour. */
export type Paint = (style: TextStyle, text: string) => string;

export interface TextOptions {
  color(style: TextStyle, text: string): string;
  /** Columns of the terminal; 100 if not given. Sentences are wrapped to it, ids never. */
  readonly width?: number;
  /** Every attribute of what comes and goes, and what sets keep. */
  readonly verbose?: boolean;
}

/** How a page of text is written; passed to everything that makes lines. */
export interface Sheet {
  readonly paint: Paint;
  readonly width: number;
  readonly verbose: boolean;
}

const DEFAULT_WIDTH = 100;
const LEAST_WIDTH = 40;

export function sheetOf(options: TextOptions): Sheet {
  return {
    paint: (style, text) => (text === "" ? "" : options.color(style, text)),
    width: Math.max(LEAST_WIDTH, options.width ?? DEFAULT_WIDTH),
    verbose: options.verbose ?? false,
  };
}

/** Breaks a sentence at spaces into lines of at most `width` columns; a word that is longer stands alone and whole. */
export function wrap(sentence: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of visible(sentence).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A wrapped and painted sentence; the first line begins with `first`, the others with as many spaces. */
export function paragraph(sheet: Sheet, style: TextStyle | undefined, first: string, sentence: string): string[] {
  const lines = wrap(sentence, Math.max(LEAST_WIDTH / 2, sheet.width - first.length));
  return lines.map((line, index) => {
    const start = index === 0 ? first : " ".repeat(first.length);
    return start + (style === undefined ? line : sheet.paint(style, line));
  });
}

/** The longest of some texts, in columns, but no more than `most`. */
export function columnOf(texts: readonly string[], most: number): number {
  const longest = texts.reduce((width, text) => Math.max(width, text.length), 0);
  return Math.min(most, longest);
}

/** Sections with one blank line between them and one newline at the end; empty ones are left out. */
export function joinSections(sections: readonly (readonly string[])[]): string {
  const present = sections.filter((section) => section.length > 0);
  return `${present.map((section) => section.join("\n")).join("\n\n")}\n`;
}
