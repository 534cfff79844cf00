import { describe, expect, it, vi } from "vitest";
import { CommandError } from "../../src/commands/options.ts";
import { watch } from "../../src/commands/watch.ts";
import { saidBy, workplace } from "./workplace.ts";

/** Shows `texts` one after the other, as fast as a second allows, and stops after the last. */
async function watching(
  texts: readonly (string | Error)[],
  { screen = false, inPlace = true } = {},
): Promise<string[]> {
  vi.useFakeTimers();
  try {
    const out: string[] = [];
    let stop = () => {};
    const stopped = new Promise<void>((done) => {
      stop = done;
    });
    const left = [...texts];
    const read = async (): Promise<string> => {
      const next = left.shift();
      if (next === undefined) {
        stop();
        return new Promise(() => {});
      }
      if (next instanceof Error) throw next;
      return next;
    };
    const io = {
      out: (text: string) => void out.push(text),
      err() {},
      now: () => new Date("2026-11-20T12:00:00.000Z"),
      screen,
    };
    const done = watch(read, 5, inPlace, io, stopped);
    done.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(5000 * texts.length);
    await done;
    return out;
  } finally {
    vi.useRealTimers();
  }
}

describe("in a log", () => {
  it("says something only when it has changed", async () => {
    expect(await watching(["a\n", "a\n", "b\n", "b\n", "a\n"])).toEqual(["a\n", "b\n", "a\n"]);
  });

  it("tells what fails once it has worked, and goes on", async () => {
    expect(await watching(["a\n", new CommandError("no network"), "a\n"])).toEqual([
      "a\n",
      "landline: no network\n",
      "a\n",
    ]);
  });

  it("ends when the first look fails, and on a bug at any time", async () => {
    await expect(watching([new CommandError("no project"), "a\n"])).rejects.toThrow("no project");
    await expect(watching(["a\n", new TypeError("a bug")])).rejects.toThrow("a bug");
  });

  it("is what JSON gets on a terminal too", async () => {
    expect(await watching(["{}\n", "{}\n"], { screen: true, inPlace: false })).toEqual(["{}\n"]);
  });
});

describe("on a terminal", () => {
  it("wipes the screen once, then writes over what stood there, with the time", async () => {
    const [clear, first, second] = await watching(["one\ntwo\n", "one\n"], { screen: true });
    expect(clear).toBe("\u001b[2J");
    const foot = "2026-11-20 12:00:00 UTC, again every 5 s; Ctrl-C ends it";
    expect(first).toBe(`\u001b[Hone\u001b[K\ntwo\u001b[K\n\u001b[K\n${foot}\u001b[K\n\u001b[J`);
    expect(second).toBe(`\u001b[Hone\u001b[K\n\u001b[K\n${foot}\u001b[K\n\u001b[J`);
  });
});

describe("landline status --watch", () => {
  it("ends on Ctrl-C with exit code 0", async () => {
    const { start } = workplace();
    const child = start(["status", "--watch", "1", "--sandbox"]);
    child.stdout?.once("data", () => child.kill("SIGINT"));
    const { exit, out, err } = await saidBy(child);
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toMatch(/^CONNECTION /);
  });

  it("refuses a period that is none", async () => {
    const { exit, err } = await workplace().landline("status", "--watch", "0", "--sandbox");
    expect(exit).toBe(1);
    expect(err).toContain("it has to be a number of seconds, 1 to 86400");
  });
});
