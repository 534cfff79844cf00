import { beforeAll, describe, expect, test } from "vitest";
import { readClock } from "../../src/sandbox/clock.ts";
import type { World } from "../../src/sandbox/world.ts";
import { oursAlone, rows } from "./guide/against-ours.ts";
import { differences, type Settings, settingsOf } from "./guide/settings.ts";
import { seed, type Walk, walkThroughGuide } from "./guide/walk.ts";
import { CONSUMER, GUIDE_DAY, PROVIDER } from "./guide/world.ts";
import { expectNothingToDo, openStage, type Stage } from "./harness.ts";

/**
 * What a public guide makes with a page of AWS CLI commands, one spec makes too: the guide's calls go to one sandbox, the spec is applied on a
 * second one, and what then stands in both is compared setting by setting, call by call.
 */
const SPEC = "specs/my-api.yaml";

let guide: Walk;
let ours: { readonly stage: Stage; readonly calls: readonly string[]; readonly end: World };

beforeAll(async () => {
  guide = await walkThroughGuide();
  const stage = await openStage({ fixture: "generic-guide", seed, clock: readClock(() => GUIDE_DAY) });
  for (const name of ["event-stream", "ledger", "payments-api"]) stage.remove(`specs/${name}.yaml`);
  const { exit, err } = await stage.apply({ parallel: 1 });
  expect(exit, err).toBe(0);
  const calls = (await stage.requests())
    .filter(({ write }) => write)
    .map(({ account, action }) => `${account} ${action}`);
  await expectNothingToDo(stage);
  ours = { stage, calls, end: stage.world() };
  return () => stage.close();
});

const settings = (): { readonly theirs: Settings; readonly own: Settings } => ({
  theirs: settingsOf(guide.end, guide.seeded),
  own: settingsOf(ours.end, guide.seeded),
});

describe("the guide's commands, one by one", () => {
  test("are those of the table", () => {
    const told = rows.map(({ command, account, action }) => ({ command, account, action }));
    expect(guide.steps.map(({ command, account, action }) => ({ command, account, action }))).toEqual(told);
  });

  test.each(rows.map(({ shows, command, differs = {} }, index) => [shows, command, { index, differs }] as const))(
    "%s %s comes to the same",
    (_shows, _command, { index, differs }) => {
      const { theirs, own } = settings();
      const set = (of: Settings): Settings =>
        new Map((guide.steps[index]?.sets ?? []).map((path) => [path, of.get(path) ?? ""]));
      const told = Object.fromEntries(Object.entries(differs).map(([path, [was, is]]) => [path, [was, is ?? ""]]));
      expect(differences(set(theirs), set(own))).toEqual(told);
    },
  );

  test("R101 R103 R107 make nothing that one spec does not make, but for what the table says, and the other way round", () => {
    const { theirs, own } = settings();
    expect(differences(theirs, own)).toEqual({
      ...Object.assign({}, ...rows.map(({ differs = {} }) => differs)),
      ...oursAlone,
    });
  });

  test("correspond one to one to our calls, but for those that one call or a check stands for", () => {
    expect(ours.calls.toSorted()).toEqual(rows.flatMap((row) => row.ours).toSorted());
    for (const row of rows.filter(({ ours: calls, differs }) => calls.length === 0 || differs))
      expect(row.because).toBeTruthy();
  });
});

describe("what it leads to", () => {
  test("R019 R112 the endpoint is available, the name proved, in both", () => {
    for (const { accounts } of [guide.end, ours.end]) {
      const [endpoint] = Object.values(accounts[CONSUMER]?.regions["us-east-1"]?.vpcEndpoints ?? {});
      const [service] = Object.values(accounts[PROVIDER]?.regions["us-east-1"]?.endpointServices ?? {});
      expect([endpoint?.state, service?.state, service?.privateDnsVerification?.state]).toEqual([
        "available",
        "Available",
        "verified",
      ]);
    }
  });

  test("R103 our objects carry their marks from the beginning: nothing is tagged afterwards", async () => {
    expect(ours.calls.filter((call) => /Tags?$/.test(call))).toEqual([]);
    const { tags } = await ours.stage.live("my-api/service").then(({ attributes }) => attributes as { tags: object });
    expect(tags).toMatchObject({ "landline:address": "my-api/service", Purpose: "PrivateLink" });
  });

  test.each([
    [
      "R106 an organization is refused when the spec is read, because AWS does not document it as a principal",
      "arn:aws:iam::333333333333:role/ServiceConsumerRole",
      "arn:aws:organizations::111111111111:organization/o-abc123",
      1,
      "principal.unverified",
    ],
    [
      "R117 an endpoint policy is warned of, because the service will not keep to it",
      "    privateDns: true\n",
      '    privateDns: true\n    policy: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::222222222222:role/AppRole" }, Action: "*", Resource: "*" }] }\n',
      2,
      "policy.unsupported",
    ],
  ])("%s", async (_what, from, to, code, id) => {
    const before = (await ours.stage.requests()).length;
    ours.stage.edit(SPEC, from, to);
    const { exit, err, plan } = await ours.stage.plan();
    ours.stage.edit(SPEC, to, from);
    expect(exit).toBe(code);
    expect(`${err} ${plan.findings.map((finding) => finding.id).join(" ")}`).toContain(id);
    expect((await ours.stage.requests(before)).filter(({ write }) => write)).toEqual([]);
  });
});
