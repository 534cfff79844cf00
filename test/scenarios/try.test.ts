import { expect, test } from "vitest";
import { startStage } from "./harness.ts";

test("try", async () => {
  const stage = await startStage({ fixture: "rich" });
  await stage.apply();
  const q = await stage.plan();
  console.log(q.exit);
  const s = await stage.look();
  for (const t of s.targets)
    for (const r of t.resources)
      console.log(t.target, r.kind, r.address, r.id, JSON.stringify(r.attributes), JSON.stringify(r.outputs));
});
