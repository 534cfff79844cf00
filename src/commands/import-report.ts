import { isUnmarked, onlyMarks } from "../planner/findings/adoption.ts";
import type { Imported } from "./import-drafts.ts";
import type { Io } from "./io.ts";

/** What was written, what was left out and why, and what the plan will be. */
export function reportImport(
  { drafts, files, left, plan }: Imported,
  { format }: { readonly format: "text" | "json" },
  io: Io,
): void {
  const written = drafts.map(({ name, id, target, spec }, index) => ({
    path: files[index]?.path ?? "",
    connection: name,
    id,
    target,
    adopts: (spec.adopt as readonly unknown[]).length,
  }));
  const adoptions = plan?.changes.filter(({ live }) => live && isUnmarked(live)).length ?? 0;
  const others = (plan?.changes ?? [])
    .filter((change) => !change.live || !isUnmarked(change.live) || !onlyMarks(change))
    .map(({ action, step }) => `${action} ${step}`);
  const errors = (plan?.findings ?? []).filter(({ severity }) => severity === "error").map(({ message }) => message);
  if (format === "json") {
    io.out(`${JSON.stringify({ files: written, left, plan: { adoptions, others, errors } }, null, 2)}\n`);
    return;
  }
  for (const { path, id, target, adopts } of written)
    io.out(`wrote ${path}: ${id} of ${target}, ${adopts} object${adopts === 1 ? "" : "s"} to adopt\n`);
  for (const { id, why } of left) io.out(`left out ${id}: ${why}\n`);
  if (written.length === 0) {
    io.out(
      `${left.length > 0 ? "nothing else to import" : "nothing to import: the targets have neither endpoint services nor interface endpoints"}\n`,
    );
    return;
  }
  io.out(`\n${verdict(adoptions, others)}\n`);
  for (const message of errors) io.out(`It has an error to settle first: ${message}\n`);
  io.out("Next: fill in owners and reasons, then `landline plan`, review, `landline apply`.\n");
}

function verdict(adoptions: number, others: readonly string[]): string {
  const start = `The plan that follows adopts ${adoptions} object${adoptions === 1 ? "" : "s"}`;
  return others.length === 0
    ? `${start}: it adds marks and changes nothing else.`
    : `${start}, and it also has: ${others.join(", ")}. Look at these before you apply.`;
}
