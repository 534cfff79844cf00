import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { compile } from "../../../src/planner/partners/compile.ts";
import type { Profile } from "../../../src/planner/partners/profile.ts";
import { type Rendered, render } from "../../../src/planner/partners/render.ts";
import type { Known } from "../../../src/planner/partners/values.ts";
import { profile } from "./support.ts";

/** Shell lines against a real bash: whatever a value is, the shell reads the same words as with a harmless one in its place. */

const folder = mkdtempSync(join(tmpdir(), "quoting-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Prints the words that it gets, each with an end that no argument can hold. No other command is found. */
const PROBE = `PATH=
probe() { printf '%s\\0' "$@"; printf 'END\\0'; }\n`;

interface Run {
  readonly ok: boolean;
  readonly words: readonly string[];
}

/** What a bash reads that nobody types into, or one that expands its history like one that somebody does. */
function bash(lines: string, typed = false): Run {
  const input = `${typed ? "set -o history -o histexpand\n" : ""}${PROBE}probe EVENT\n${lines}\n`;
  const { stdout, status, error } = spawnSync("bash", ["--norc", "--noprofile", ...(typed ? [] : ["-c", input])], {
    cwd: folder,
    input: typed ? input : "",
    env: { PATH: process.env.PATH ?? "", LC_ALL: "C.UTF-8" },
    encoding: "utf8",
    timeout: 20_000,
  });
  if (error) throw error;
  return { ok: status === 0, words: stdout.split("\0").slice(0, -1) };
}

const cloud: Profile = profile("acme-cloud");

function filled(text: string, values: { readonly [path: string]: Known }): Rendered {
  return render(cloud, text, new Map(Object.entries(values)), "shell");
}

function textOf(rendered: Rendered): string {
  if ("missing" in rendered) throw new Error(`missing: ${JSON.stringify(rendered.missing)}`);
  return rendered.text;
}

const NASTY = ["'", '"', "\\", "$", "`", "!", " ", "\t", "#", "~", "*", "?", "[", "]", "{", "}", "(", ")", "<", ">"];
const nasty = fc.string({
  unit: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...NASTY.filter((char) => char !== "\t")) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(";", "|", "&", "=", ",", "..", "-", "+", "%", "^", "a", "1", "é", "\u{1f600}"),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom("$(id)", "`id`", "$HOME", "!!", "'; id #", '"; id #', "\\'", "{a,b}", "~root"),
    },
  ),
  minLength: 1,
  maxLength: 12,
});

describe("a value stays one value", () => {
  const places: readonly { readonly text: string; readonly words: (value: string) => readonly string[] }[] = [
    { text: "probe {{params.site}} end", words: (value) => [value, "end"] },
    { text: "probe --site={{params.site}}", words: (value) => [`--site=${value}`] },
    { text: "probe a{{params.site}}b{{params.site}}", words: (value) => [`a${value}b${value}`] },
    { text: "probe '{{params.site}}'", words: (value) => [value] },
    { text: `probe -c '{"a":"{{params.site}}"}'`, words: (value) => ["-c", `{"a":"${value}"}`] },
    { text: `probe -c '{{params.site | json}}'`, words: (value) => ["-c", JSON.stringify(value)] },
    { text: `probe "{{params.site}}"`, words: (value) => [value] },
    { text: `probe "a {{params.site}} $NONE'{{params.site}}'"`, words: (value) => [`a ${value} '${value}'`] },
    { text: "probe it\\'s {{params.site}}", words: (value) => ["it's", value] },
    { text: "probe a # {{params.site}}\nprobe b", words: () => ["a", "END", "b"] },
    { text: "probe {x,{{params.site}}}", words: (value) => ["x", value] },
    { text: "probe \\\n  {{params.site}} \\\n  b", words: (value) => [value, "b"] },
  ];

  test.each(places)("$text", ({ text, words }) => {
    expect(compile(text, "shell").complaints).toEqual([]);
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 20, maxLength: 20 }), fc.boolean(), (values, typed) => {
        const lines = values.map((value) => textOf(filled(text, { "params.site": value })));
        const wanted = values.flatMap((value) => [...words(value), "END"]);
        expect(bash(lines.join("\n"), typed)).toEqual({ ok: true, words: ["EVENT", "END", ...wanted] });
      }),
      { numRuns: 12 },
    );
  });

  test("bash finds nothing wrong with what is filled in", () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 50, maxLength: 50 }), (values) => {
        const lines = places.flatMap(({ text }) =>
          values.map((value) => textOf(filled(text, { "params.site": value }))),
        );
        expect(spawnSync("bash", ["-n"], { input: lines.join("\n"), encoding: "utf8" })).toMatchObject({
          status: 0,
          stderr: "",
        });
      }),
      { numRuns: 5 },
    );
  });
});

describe("whatever template is accepted", () => {
  const literal = fc.constantFrom(
    ..."'\"\\ $#a{},~!*[]=;|(<%1".split(""),
    "\n",
    "\\\n",
    "probe ",
    " probe ",
    "$a",
    "it's",
    '"x y"',
    "'",
    '"',
  );
  const value = fc.constant("{{params.site}}");
  const flat = fc.array(fc.oneof({ weight: 3, arbitrary: literal }, { weight: 2, arbitrary: value }), { maxLength: 8 });
  const block = fc.tuple(flat, flat, fc.boolean()).map(([one, two, each]) => {
    const [a, b] = [one.join(""), two.join("")];
    return each ? `{{#each params.zone_ids}}${a}{{/each}}` : `{{#if params.premium}}${a}{{else}}${b}{{/if}}`;
  });
  const template = fc
    .array(
      fc.oneof({ weight: 4, arbitrary: literal }, { weight: 3, arbitrary: value }, { weight: 1, arbitrary: block }),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((parts) => `probe ${parts.join("")}`);

  test("no value changes how the shell reads the rest", () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(template, nasty, fc.boolean(), fc.integer({ min: 0, max: 2 }), (text, wanted, premium, loops) => {
        if (compile(text, "shell").complaints.length > 0) {
          seen.refused++;
          return;
        }
        const zones = Array.from({ length: loops }, (_, index) => `z${index}`);
        const with_ = (site: string) =>
          textOf(filled(text, { "params.site": site, "params.premium": premium, "params.zone_ids": zones }));
        // $$ is another number each time.
        if (/\$(\\\n)*\$/.test(with_("MARK"))) return;
        const calm = bash(with_("MARK"));
        // What the template itself does not say right is not the value's doing.
        if (!calm.words.some((word) => word.includes("MARK"))) return;
        seen.accepted++;
        const words = calm.words.map((word) => word.split("MARK").join(wanted));
        expect(bash(with_(wanted)).words, JSON.stringify(with_(wanted))).toEqual(words);
      }),
      { numRuns: 800 },
    );
    expect(seen.accepted).toBeGreaterThan(60);
    expect(seen.refused).toBeGreaterThan(60);
  });
});

test("control characters never reach a shell line", () => {
  for (const value of ["a\nb", "a\u001b[201~b", "a\rb", "\u0000", "\u009b"]) {
    expect(filled("probe {{params.site}}", { "params.site": value })).toEqual({
      missing: [{ path: "params.site", obtain: expect.stringContaining("control character") }],
    });
  }
});

test("plain values stay as people would write them", () => {
  const text = "probe {{params.site}} '{{params.site}}' \"{{params.site}}\"";
  const wanted = "com.amazonaws.vpce.us-east-1.vpce-svc-0a1b";
  expect(filled(text, { "params.site": wanted })).toEqual({ text: `probe ${wanted} '${wanted}' "${wanted}"` });
  expect(filled("probe {{params.site}}", { "params.site": "" })).toEqual({ text: "probe ''" });
});
