import { expect, test } from "vitest";
import type { Plan, Snapshot } from "../../src/model.ts";
import { emptyCloud, endpoint, planOf, service, ZONE } from "./builders.ts";
import { applyToModel } from "./model-cloud.ts";

const PUBLIC = "Z0PUBLIC000000000001";
const NAME = "api.apps.example.com";
const zones = [
  { id: ZONE, name: "apps.example.com", private: true },
  { id: PUBLIC, name: "apps.example.com", private: false },
];
const start = emptyCloud({ app: { zones } });
const specs = (...ids: string[]) => ({
  pay: service(),
  shop: endpoint({ connection: "pay" }, { aliases: ids.map((zone) => ({ name: NAME, zone })) }),
});
const applied = (cloud: Snapshot, ...ids: string[]): Snapshot => applyToModel(cloud, planOf(specs(...ids), cloud));
const records = ({ changes }: Plan) =>
  changes.filter(({ kind }) => kind === "dns-record").map(({ action, address }) => `${action} ${address}`);

test("one name in two zones is two records, each with an address of its own", () => {
  expect(records(planOf(specs(ZONE, PUBLIC), start))).toEqual([
    `create shop/endpoint/main/dns/${NAME}`,
    `create shop/endpoint/main/dns/${NAME}@${PUBLIC}`,
  ]);
  const cloud = applied(start, ZONE, PUBLIC);
  expect(planOf(specs(ZONE, PUBLIC), cloud).changes).toEqual([]);
  expect(planOf(specs(PUBLIC, ZONE), cloud).changes).toEqual([]);
});

test("a second zone that comes or goes leaves the other record alone", () => {
  const one = applied(start, PUBLIC);
  expect(records(planOf(specs(ZONE, PUBLIC), one))).toEqual([`create shop/endpoint/main/dns/${NAME}@${ZONE}`]);
  const two = applied(one, ZONE, PUBLIC);
  expect(records(planOf(specs(ZONE), two))).toEqual([`delete shop/endpoint/main/dns/${NAME}`]);
  expect(records(planOf(specs(PUBLIC), two))).toEqual([`delete shop/endpoint/main/dns/${NAME}@${ZONE}`]);
});

test("a name lives in the account of the target that its alias says, and moves there when it says another", () => {
  const net = { zones: [{ id: PUBLIC, name: "apps.example.com", private: false }] };
  const cloud = emptyCloud({ net });
  const there = {
    pay: service(),
    shop: endpoint({ connection: "pay" }, { aliases: [{ name: NAME, zone: PUBLIC, target: "net" }] }),
  };
  const made = planOf(there, cloud);
  expect(made.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(made.changes.filter(({ kind }) => kind === "dns-record").map(({ target }) => target)).toEqual(["net"]);
  const moved = planOf(
    there,
    applyToModel(cloud, planOf({ pay: service(), shop: endpoint({ connection: "pay" }) }, cloud)),
  );
  expect(moved.changes.map(({ action, kind, target }) => `${action} ${kind} ${target}`)).toEqual([
    "replace dns-record net",
    "delete dns-record app",
  ]);
});
