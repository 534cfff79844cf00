import { test } from "vitest";
import { gist, startStage } from "./harness.ts";
test("tg type", async () => {
  const stage = await startStage({ fixture: "rich" });
  await stage.apply();
  stage.edit("specs/rich.yaml", "privateDns: { name: api.example.com, zone: Z0PUBLIC000000000001 }", "privateDns: { name: api2.example.com, zone: Z0PUBLIC000000000001 }");
  const p = await stage.plan();
  console.log(JSON.stringify(p.plan.changes, null, 1));
  const n = (await stage.requests()).length;
  const { exit, outcomes } = await stage.apply();
  console.log((await stage.requests(n)).slice(45).map(r => r.action + (r.write ? "!" : "")).join(" "));
  console.log(exit, outcomes.filter(o => o.result!=="done").map(o => [o.step, o.result, o.code, o.message]));
  console.log(gist((await stage.plan()).plan));
  console.log((await stage.live("rich/service/private-dns")).attributes, (await stage.live("rich/service")).attributes);
  console.log(stage.world().accounts["111111111111"]?.hostedZones);
});
