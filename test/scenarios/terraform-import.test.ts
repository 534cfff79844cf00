import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { guideWorld } from "./guide/world.ts";
import { expectNothingToDo, gist, startStage } from "./harness.ts";
import { configuration, terraformIn } from "./terraform.ts";

/** Terraform's provider waits by the wall clock. */
const timeout = 900_000;

/** Ids as AWS makes them, in place of the telling ones of the guide, which no spec takes. */
const IDS: { readonly [told: string]: string } = {
  "vpc-provider": "vpc-0a1b2c3d4e5f60001",
  "subnet-provider-1a": "subnet-0a1b2c3d4e5f60001",
  "subnet-provider-1b": "subnet-0a1b2c3d4e5f60002",
  "vpc-consumer": "vpc-0b1b2c3d4e5f60001",
  "subnet-consumer-1a": "subnet-0b1b2c3d4e5f60001",
  "subnet-consumer-1b": "subnet-0b1b2c3d4e5f60002",
  "sg-consumer-endpoint": "sg-0b1b2c3d4e5f60004",
  "sg-application-instances": "sg-0b1b2c3d4e5f60005",
};
const withIds = (text: string): string =>
  Object.entries(IDS).reduce((all, [told, id]) => all.replaceAll(told, id), text);

interface ResourceChange {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: { readonly [name: string]: unknown } | null;
    readonly after: { readonly [name: string]: unknown } | null;
  };
}

test("an estate made by Terraform is imported and adopted, and all that Terraform then sees is the tags", {
  timeout,
}, async (context) => {
  const stage = await startStage({ seed: withIds(guideWorld) });
  for (const file of readdirSync(join(stage.folder, "specs"))) stage.remove(`specs/${file}`);
  const terraform = await terraformIn(context, stage.sandbox.url, withIds(configuration));
  await terraform("init");
  await terraform("apply", "-auto-approve");

  const imported = await stage.import({ all: true });
  expect(imported.exit, imported.err).toBe(0);
  expect(JSON.parse(imported.out).plan).toMatchObject({ others: [], errors: [] });
  const { plan } = await stage.plan();
  expect(plan.changes.length).toBeGreaterThan(0);
  expect(
    plan.changes.filter(({ action, risks }) => action !== "update" || String(risks) !== "adopts"),
    gist(plan).join("\n"),
  ).toEqual([]);
  expect((await stage.apply()).exit).toBe(0);
  await expectNothingToDo(stage);

  await terraform("plan", "-out=after");
  const { resource_changes: changes } = JSON.parse(await terraform("show", "-json", "after")) as {
    readonly resource_changes: readonly ResourceChange[];
  };
  const touched = changes.filter(({ change: { actions } }) => String(actions) !== "no-op");
  expect(touched.length).toBeGreaterThan(0);
  for (const { address, change } of touched)
    expect({ address, actions: change.actions, ...differing(change) }).toEqual({
      address,
      actions: ["update"],
      names: ["tags", "tags_all"],
    });
});

function differing({ before, after }: ResourceChange["change"]): { readonly names: string[] } {
  const names = Object.keys({ ...before, ...after });
  return { names: names.filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name])).sort() };
}
