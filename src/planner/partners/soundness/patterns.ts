import { type Path, quote, type Report } from "../../specs/problem.ts";
import { suggestion } from "../../specs/suggest.ts";
import type { CaptureSpec, PartnerProfile } from "../profile.ts";

/** Whether a text is a regular expression. */
export function isPattern(text: string): boolean {
  return whyNot(text) === undefined;
}

/** Every regular expression compiles, and what captures something has one group for it and a place to put it. */
export function checkPatterns(spec: PartnerProfile, report: Report): void {
  for (const [path, pattern] of patternsIn(spec)) {
    const reason = whyNot(pattern);
    if (reason !== undefined) report(path, { code: "profile.pattern", message: `not a regular expression: ${reason}` });
  }
  for (const [path, capture] of capturesIn(spec)) checkCapture(path, capture, spec, report);
}

function whyNot(pattern: string): string | undefined {
  try {
    new RegExp(pattern, "u");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*\/: /, "") : String(error);
  }
}

function checkCapture(
  path: Path,
  { pattern, into }: CaptureSpec,
  { params = {} }: PartnerProfile,
  report: Report,
): void {
  const groups = isPattern(pattern) ? (new RegExp(`${pattern}|`, "u").exec("")?.length ?? 1) - 1 : 1;
  if (groups !== 1) {
    const message = `the pattern has ${groups} groups; it needs one, around what is to be taken`;
    const hint = "write (?:...) where a group is only there to hold things together";
    report([...path, "pattern"], { code: "profile.pattern", message, hint });
  }
  const [, name] = /^params\.(.+)$/.exec(into) ?? [];
  if (name === undefined || Object.hasOwn(params, name)) return;
  const message = `there is no parameter ${quote(name)}${suggestion(name, Object.keys(params))}`;
  report([...path, "into"], { code: "profile.parameter", message });
}

function patternsIn(spec: PartnerProfile): [Path, string][] {
  const roles = Object.entries({ provider: spec.provider, consumer: spec.consumer });
  const found: [Path, string | undefined][] = [
    ...Object.entries(spec.params ?? {}).map(([name, { pattern }]): [Path, string | undefined] => [
      ["params", name, "pattern"],
      pattern,
    ]),
    ...capturesIn(spec).map(([path, { pattern }]): [Path, string] => [[...path, "pattern"], pattern]),
    ...roles.flatMap(([role, { states = [], verify = [], deletion } = {}]): [Path, string | undefined][] => [
      ...states.map(({ match }, index): [Path, string] => [[role, "states", index, "match"], match]),
      ...verify.flatMap(({ good, bad }, index): [Path, string | undefined][] => [
        [[role, "verify", index, "good"], good],
        [[role, "verify", index, "bad"], bad],
      ]),
      [[role, "deletion", "reported"], deletion?.reported],
    ]),
  ];
  return found.flatMap(([path, pattern]): [Path, string][] => (pattern === undefined ? [] : [[path, pattern]]));
}

function capturesIn({ provider, consumer, handoffs }: PartnerProfile): [Path, CaptureSpec][] {
  const places = [
    { path: ["provider", "handoffs"], of: provider?.handoffs },
    { path: ["consumer", "handoffs"], of: consumer?.handoffs },
    { path: ["handoffs"], of: handoffs },
  ];
  return places.flatMap(({ path, of = [] }) =>
    of.flatMap(({ captures = [] }, index) =>
      captures.map((capture, at): [Path, CaptureSpec] => [[...path, index, "captures", at], capture]),
    ),
  );
}
