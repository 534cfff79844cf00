import type { Capture } from "../partners/capture/index.ts";
import type { Sighting } from "../partners/capture/sighting.ts";
import { joinSections, paragraph, type Sheet, sheetOf, type TextOptions } from "./layout.ts";
import { visible } from "./visible.ts";

/** What `landline capture` has found in a partner's output, and what became of it. */
export interface ShownCapture {
  readonly connection: string;
  readonly file: string;
  readonly capture: Capture;
  /** Whether the file was changed. */
  readonly wrote: boolean;
  readonly sighting?: Sighting;
}

/** For people: each value with its place in the spec, then what it means. */
export function captureToText(shown: ShownCapture, options: TextOptions): string {
  const sheet = sheetOf(options);
  const { written, tests } = shown.capture;
  return joinSections([
    written.map(({ field, value, how, was }) => {
      const sign = how === "same" ? sheet.paint("dim", "=") : sheet.paint("green", how === "new" ? "+" : "~");
      return `${sign} ${field}: ${visible(text(value))}${was === undefined ? "" : sheet.paint("dim", ` (was ${visible(was)})`)}`;
    }),
    meaning(shown, sheet),
    tests.map(({ verdict, test }) =>
      verdict === "good"
        ? `${sheet.paint("green", "passed")}  ${visible(test)}`
        : `${sheet.paint("red", "failed")}  ${visible(test)}: \`landline verify ${shown.connection}\` shows what may be wrong`,
    ),
    [outcome(shown)],
  ]);
}

const text = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : String(value));

function meaning({ capture: { reported }, sighting }: ShownCapture, sheet: Sheet): string[] {
  return [
    ...(reported?.is === undefined
      ? []
      : paragraph(
          sheet,
          undefined,
          "",
          `The partner's word means ${reported.is}${reported.terminal ? ", and does not come back from it" : ""}${reported.hint ? `: ${reported.hint}` : ""}.`,
        )),
    ...(sighting ? paragraph(sheet, sighting.asks === true ? undefined : "yellow", "", `${sighting.words}.`) : []),
  ];
}

function outcome({ capture, file, wrote, connection }: ShownCapture): string {
  if (wrote) return `Written into ${file}. Look at the difference, then plan.`;
  if (capture.edits.length > 0) return `Not written: without --dry-run it goes into ${file}.`;
  return capture.written.length > 0
    ? `${file} says all of it already.`
    : `Nothing in it belongs into the spec of ${connection}.`;
}

/** For machines. */
export function captureToJson({ connection, file, capture, wrote, sighting }: ShownCapture): string {
  const { written, accept, reported, tests } = capture;
  const found = written.map(({ field, value, how, was }) => ({
    field,
    value,
    how,
    ...(was === undefined ? {} : { was }),
  }));
  const all = {
    ...{ connection, file, wrote, found },
    ...(accept === undefined ? {} : { accept }),
    ...(reported ? { reported } : {}),
    ...{ tests, ...(sighting ? { sighting } : {}) },
  };
  return `${JSON.stringify(all, null, 2)}\n`;
}
