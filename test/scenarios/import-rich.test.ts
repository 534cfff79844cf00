import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { World } from "../../src/sandbox/world.ts";
import { expectNothingToDo, gist, startStage } from "./harness.ts";

/** The world as if somebody else had made it: no tag, no TXT record and no zone's comment of ours. */
function stripped(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isMark(item)).map(stripped);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([key]) => !key.startsWith("landline:") && key !== "comment");
  return Object.fromEntries(members.map(([key, member]) => [key, stripped(member)]));
}

const isMark = (item: unknown): boolean =>
  typeof item === "object" && item !== null && "name" in item && String(item.name).startsWith("_landline.");

test("whatever a spec can say is imported as it lives: every field, without its marks", async () => {
  const stage = await startStage({ fixture: "rich" });
  expect((await stage.apply()).exit).toBe(0);
  expect((await stage.apply()).exit).toBe(0);
  await stage.putWorld(stripped(stage.world()) as World);
  for (const file of readdirSync(join(stage.folder, "specs"))) stage.remove(`specs/${file}`);

  const { exit, out, err } = await stage.import({ all: true });
  expect(exit, err).toBe(0);
  const texts = readdirSync(join(stage.folder, "specs")).map((file) =>
    readFileSync(join(stage.folder, "specs", file), "utf8"),
  );
  expect(texts.flatMap((text) => text.match(/only referred to.*/g) ?? [])).toEqual([]);
  expect(JSON.parse(out)).toMatchObject({ plan: { others: [], errors: [] } });
  // Private zones are not imported, nor the CNAME records in them; the alias in it is, as in any zone that exists.
  expect(JSON.parse(out).left.map(({ id }: { readonly id: string }) => id.replace(/^[^/]*/, ""))).toEqual([
    "/*.rich.partner.example",
    "/*.use1-az4.rich.partner.example",
  ]);
  const { plan } = await stage.plan();
  expect(plan.changes.length, gist(plan).join("\n")).toBeGreaterThan(30);
  expect((await stage.apply()).exit).toBe(0);
  await expectNothingToDo(stage);
}, 60_000);
