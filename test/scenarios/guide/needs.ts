import type { TestContext } from "vitest";

/** Skips the running test when what it needs is not there, and says so where every reporter shows it. */
export function needs(there: boolean, { skip, task }: TestContext, otherwise: string): void {
  if (there) return;
  process.stderr.write(`skipped: "${task.name}": ${otherwise}\n`);
  skip(otherwise);
}
