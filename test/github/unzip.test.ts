import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { ARTIFACT_LIMITS, unzipText } from "../../src/github/unzip.ts";

const LIMITS = { packed: 1_000_000, unpacked: 100_000, files: 3 };
const unzip = (zip: Uint8Array) => unzipText("The artifact", zip, LIMITS);

describe("an artifact's zip", () => {
  test("gives its text files by path, folders left out", () => {
    const files = unzip(zipSync({ "plan.json": strToU8('{"ü":1}'), sub: { "a.txt": strToU8("a"), empty: {} } }));
    expect([...files]).toEqual([
      ["plan.json", '{"ü":1}'],
      ["sub/a.txt", "a"],
    ]);
  });

  test("gives paths as keys only, whatever they say", () => {
    const files = unzip(zipSync({ "../../etc/passwd": strToU8("x"), "/abs": strToU8("y") }));
    expect([...files.keys()].sort()).toEqual(["../../etc/passwd", "/abs"]);
  });

  test("with one large file is refused before it is unpacked", () => {
    const bomb = zipSync({ bomb: new Uint8Array(100_001) });
    expect(bomb.length).toBeLessThan(1000);
    expect(() => unzip(bomb)).toThrow(/100000 unpacked bytes/);
    expect(unzip(zipSync({ fits: new Uint8Array(100_000).fill(0x61) })).get("fits")).toHaveLength(100_000);
  });

  test("with many files of fair size is refused for their sum", () => {
    const half = new Uint8Array(60_000);
    expect(() => unzip(zipSync({ a: half, b: half }))).toThrow(/unpacked bytes/);
    expect(() => unzip(zipSync({ a: half, b: half }, { level: 0 }))).toThrow(/unpacked bytes/);
  });

  test("with too many files is refused", () => {
    const one = strToU8("x");
    expect(unzip(zipSync({ a: one, b: one, c: one })).size).toBe(3);
    expect(() => unzip(zipSync({ a: one, b: one, c: one, d: one }))).toThrow(/3 files/);
  });

  test("that lies about its sizes gains nothing", () => {
    const zip = zipSync({ bomb: new Uint8Array(10_000_000).fill(0x61) });
    declareSize(zip, 10);
    expect(unzip(zip).get("bomb")).toHaveLength(10);
    const stored = zipSync({ bomb: new Uint8Array(200_000).fill(0x61) }, { level: 0 });
    declareSize(stored, 10);
    expect(() => unzip(stored)).toThrow(/unpacked bytes/);
  });

  test.each([
    ["nothing", new Uint8Array()],
    ["words", strToU8("this is not a zip")],
    ["half a zip", zipSync({ a: strToU8("x") }).slice(0, 60)],
  ])("that is %s is refused", (_, bytes) => {
    expect(() => unzip(bytes)).toThrow(/is no zip/);
  });

  test("with what is no text is refused by the file's name", () => {
    expect(() => unzip(zipSync({ "bad.bin": new Uint8Array([0xff, 0xfe, 0x00]) }))).toThrow(/bad\.bin/);
  });
});

test("the limits hold the largest plan that we mean to read", () => {
  expect(ARTIFACT_LIMITS.packed).toBeGreaterThan(1_000_000);
  expect(ARTIFACT_LIMITS.unpacked).toBeLessThan(200_000_000);
});

/** Writes another unpacked size into the one entry of the central directory. */
function declareSize(zip: Uint8Array, size: number): void {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  for (let at = zip.length - 22; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== 0x02014b50) continue;
    view.setUint32(at + 24, size, true);
    return;
  }
  throw new Error("no central directory");
}
