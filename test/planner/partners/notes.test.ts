import { describe, expect, test } from "vitest";
import type { Snapshot } from "../../../src/model.ts";
import { emptyCloud, planOf, service } from "../builders.ts";
import { applyToModel } from "../model-cloud.ts";
import { NIMBUS, profilesOf } from "./nimbus.ts";

/** Notes of a profile: said to whoever reviews a change, and to nobody while nothing changes. */

const NOTES = `
  notes:
    - { text: "Whoever runs {{params.instance}} pays for it.", source: docs }
    - { text: "Its metrics cost extra.", when: { instance: metrics }, source: docs }
    - { text: "It answers as {{service.name}}.", source: docs }
`;
const profiles = profilesOf(NIMBUS.replace("\nconsumer:", `${NOTES.trimEnd()}\nconsumer:`));
const grants = [{ principal: "arn:aws:iam::402592597372:root", reason: "Nimbus", until: "2027-06-30" }];
const body = (instance: string) => ({
  ...service({ allowedPrincipals: grants }),
  partner: { profile: "nimbus", params: { instance } },
});
const plan = (instance: string, cloud: Snapshot) => planOf({ pay: body(instance) }, cloud, { profiles });
const notes = (instance: string, cloud: Snapshot) =>
  plan(instance, cloud)
    .findings.filter(({ id }) => id === "partner.note")
    .map(({ message }) => message);

describe("notes of a partner profile", () => {
  test("are said while the plan changes something, with their values and source; one that is not known yet waits", () => {
    expect(notes("orders", emptyCloud())).toEqual(["Whoever runs orders pays for it. (nimbus, source: docs)"]);
  });

  test("are said only when they hold", () => {
    expect(notes("metrics", emptyCloud())).toContain("Its metrics cost extra. (nimbus, source: docs)");
  });

  test("are information and block nothing", () => {
    const { findings, changes } = plan("orders", emptyCloud());
    expect(findings.filter(({ id }) => id === "partner.note").map(({ severity }) => severity)).toEqual(["info"]);
    expect(changes.filter(({ refused }) => refused)).toEqual([]);
  });

  test("are not said of a connection that stays as it is", () => {
    const cloud = applyToModel(emptyCloud(), plan("orders", emptyCloud()));
    expect(plan("orders", cloud).changes).toEqual([]);
    expect(notes("orders", cloud)).toEqual([]);
  });
});
