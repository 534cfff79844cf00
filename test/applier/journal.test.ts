import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openJournal } from "../../src/applier/journal.ts";

const synced = vi.hoisted(() => ({ sizes: [] as number[] }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const fsyncSync: typeof real.fsyncSync = (file) => {
    real.fsyncSync(file);
    synced.sizes.push(real.fstatSync(file).size);
  };
  return { ...real, fsyncSync };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "landline-journal-"));
  synced.sizes = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const noon = () => new Date("2026-11-20T12:00:00Z");

it("writes one JSON object a line, with the time first, and makes its folder", () => {
  const path = join(folder, ".landline", "journal.jsonl");
  const journal = openJournal(path, noon);
  journal.write({ event: "run-started", planId: "sha256:p" });
  journal.write({ event: "started", planId: "sha256:p", step: "a", message: "two\nlines" });
  journal.close();
  expect(readFileSync(path, "utf8")).toBe(
    '{"time":"2026-11-20T12:00:00.000Z","event":"run-started","planId":"sha256:p"}\n' +
      '{"time":"2026-11-20T12:00:00.000Z","event":"started","planId":"sha256:p","step":"a","message":"two\\nlines"}\n',
  );
});

it("has each line on disk before it goes on", () => {
  const path = join(folder, "journal.jsonl");
  const journal = openJournal(path, noon);
  const sizes = ["a", "b", "c"].map((step) => {
    journal.write({ event: "started", planId: "sha256:p", step });
    return readFileSync(path).length;
  });
  journal.close();
  expect(synced.sizes).toEqual(sizes);
});

it("is appended to by the next run, never truncated, also after a line that a killed run has left unfinished", () => {
  const path = join(folder, "journal.jsonl");
  writeFileSync(path, '{"event":"run-started"}\n{"event":"star');
  const journal = openJournal(path, noon);
  journal.write({ event: "run-started", planId: "sha256:q" });
  journal.close();
  expect(readFileSync(path, "utf8").split("\n")).toEqual([
    '{"event":"run-started"}',
    '{"event":"star',
    '{"time":"2026-11-20T12:00:00.000Z","event":"run-started","planId":"sha256:q"}',
    "",
  ]);
});

it("throws before anything is applied when its place cannot be written", () => {
  writeFileSync(join(folder, "file"), "");
  expect(() => openJournal(join(folder, "file", "journal.jsonl"), noon)).toThrow(/ENOTDIR|EEXIST/);
});
