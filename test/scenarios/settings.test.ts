import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { applyAll, raiseBrakes } from "./acts.ts";
import { expectNothingToDo, gist, type Stage, startStage } from "./harness.ts";
import { type Body, elsewhere, scenes } from "./settings.ts";

const HOME = new URL("../../", import.meta.url);

async function emptyStage(): Promise<Stage> {
  const stage = await startStage({ fixture: "rich" });
  raiseBrakes(stage);
  return stage;
}

function put(stage: Stage, bodies: { readonly [connection: string]: Body }): void {
  for (const file of readdirSync(`${stage.folder}/specs`)) stage.remove(`specs/${file}`);
  for (const [name, { metadata, ...body }] of Object.entries(bodies)) {
    const document = { apiVersion: "landline/v1", kind: "Connection", metadata: { name, ...metadata }, ...body };
    stage.write(`specs/${name}.yaml`, JSON.stringify(document, null, 2));
  }
}

async function settle(
  stage: Stage,
  bodies: { readonly [connection: string]: Body },
  because: string,
): Promise<string[]> {
  put(stage, bodies);
  const { plan, exit, err } = await stage.plan();
  expect(exit, `${because}\n${err}${gist(plan).join("\n")}`).not.toBe(3);
  await applyAll(stage);
  await expectNothingToDo(stage, because);
  return gist(plan);
}

describe.each(Object.keys(scenes))("the settings of %s", (name) => {
  test("are set, changed and taken away, and each time there is nothing left to do", async () => {
    const scene = scenes[name];
    if (!scene) throw new Error(`no scene ${name}`);
    const stage = await emptyStage();
    if (scene.given) await settle(stage, scene.given, "what is given");
    else await settle(stage, scene.specs({}).without, "what is given");
    const { without, first, second } = scene.specs((await scene.prepare?.(stage)) ?? {});
    await settle(stage, without, "before");
    expect(await settle(stage, first, "set")).not.toEqual([]);
    expect(await settle(stage, second, "changed")).not.toEqual([]);
    await settle(stage, without, "taken away");
  });
});

describe("every field of the connection schema", () => {
  const forms = fieldsOf(JSON.parse(readFileSync(new URL("schema/connection.v1.schema.json", HOME), "utf8")));
  const fields = [...forms.keys()];
  const versions = Object.values(scenes).map((scene) =>
    scene.specs({ firstArn: "1", secondArn: "2", accepted: "1", rejected: "2" }),
  );

  test.each(fields)("%s is set, changed and taken away in a scene, or somewhere else", (field) => {
    const done = versions.some(({ without, first, second }) => {
      const [before, set, changed] = [without, first, second].map((bodies) => valuesAt(Object.values(bodies), field));
      const [comes, moves] = [before !== set, set !== changed];
      // What can be said in several forms is changed from one form into another.
      return forms.get(field) ? comes || moves : comes && moves && changed !== before;
    });
    const said = elsewhere[field];
    expect({ field, done, said: said !== undefined }).toEqual({ field, done: said === undefined, said: !done });
  });

  test("the tests named instead exist and say the field", () => {
    const wrong = Object.entries(elsewhere).filter(([field, where]) => {
      if (!where.startsWith("test/")) return false;
      const file = new URL(where, HOME);
      const word = field.split(".").at(-1)?.replace("[]", "") ?? field;
      return !existsSync(file) || !readFileSync(file, "utf8").includes(word);
    });
    expect(wrong).toEqual([]);
    expect(Object.keys(elsewhere).filter((field) => !fields.includes(field))).toEqual([]);
  });
});

interface Node {
  readonly $ref?: string;
  readonly oneOf?: readonly Node[];
  readonly items?: Node;
  readonly properties?: { readonly [name: string]: Node };
  readonly $defs?: { readonly [name: string]: Node };
}

/** The path of every field that a spec may say, `service.loadBalancers[].name`, and whether it belongs to one of several forms. */
function fieldsOf(root: Node, node: Node = root, path = "", isForm = false): ReadonlyMap<string, boolean> {
  const meant = node.$ref ? (root.$defs?.[node.$ref.split("/").at(-1) ?? ""] ?? {}) : node;
  const inner = [
    ...(meant.oneOf ?? []).map((branch) => fieldsOf(root, branch, path, true)),
    ...(meant.items ? [fieldsOf(root, meant.items, `${path}[]`)] : []),
    ...Object.entries(meant.properties ?? {}).map(([name, field]) => {
      const at = path === "" ? name : `${path}.${name}`;
      return new Map([[at, isForm], ...fieldsOf(root, field, at)]);
    }),
  ];
  return new Map(inner.flatMap((paths) => [...paths]));
}

/** All values that stand at a path, as one text to compare. */
function valuesAt(documents: readonly unknown[], path: string): string {
  const steps = path.replaceAll("[]", ".[]").split(".");
  const found = steps.reduce<unknown[]>((nodes, step) => nodes.flatMap((node) => inside(node, step)), [...documents]);
  return JSON.stringify(found);
}

function inside(node: unknown, step: string): unknown[] {
  if (step === "[]") return Array.isArray(node) ? node : [];
  if (typeof node !== "object" || node === null || Array.isArray(node)) return [];
  const value: unknown = (node as { readonly [name: string]: unknown })[step];
  return value === undefined ? [] : [value];
}
