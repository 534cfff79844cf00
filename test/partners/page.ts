import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { Said } from "../scenarios/harness.ts";

/**
 * The page `docs/partners/NAME.md` is written by hand, except for the blocks that begin with ```LANGUAGE partner=STEP: those hold what a
 * scenario printed, and go stale for nobody. `UPDATE_GOLDEN=1` writes them anew; look at the difference before you commit it.
 */
export interface Page {
  /** What stands in the block of a step: what was printed, or the text of a file. */
  shows(step: string, text: string): void;
  /** Fails unless every block of the page says what was shown for it, and everything that was shown has a block. */
  check(): void;
}

const BLOCK = /^(```\w+ partner=([\w-]+)\n)(.*?)^```$/gms;

/** Opens a page for a scenario, which ends with `check`. */
export function openPage(name: string): Page {
  const path = fileURLToPath(new URL(`../../docs/partners/${name}.md`, import.meta.url));
  const shown = new Map<string, string>();
  return {
    shows(step, text) {
      if (shown.has(step)) throw new Error(`the step ${step} of ${name} is shown twice`);
      shown.set(step, `${text.trimEnd()}\n`);
    },
    check() {
      const page = readFileSync(path, "utf8");
      const steps = [...page.matchAll(BLOCK)].map(([, , step = ""]) => step);
      expect(steps.toSorted(), `the blocks of docs/partners/${name}.md`).toEqual([...shown.keys()].toSorted());
      const anew = page.replaceAll(BLOCK, (_block, fence, step) => `${fence}${shown.get(step)}\`\`\``);
      if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, anew);
      expect(anew, `docs/partners/${name}.md is stale: run with UPDATE_GOLDEN=1`).toBe(readFileSync(path, "utf8"));
    },
  };
}

/** A command as a terminal shows it: the line that was typed, and what it printed. */
export const typed = (command: string, { out, err }: Said): string => `$ ${command}\n${out}${err}`.trimEnd();
