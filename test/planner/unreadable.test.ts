import { describe, expect, test } from "vitest";
import type { Plan, Snapshot } from "../../src/model.ts";
import type { ConnectionSpec } from "../../src/planner/specs/index.ts";
import { emptyCloud, endpoint, planOf, service } from "./builders.ts";
import { applyToModel } from "./model-cloud.ts";

type Specs = { readonly [name: string]: Omit<ConnectionSpec, "apiVersion" | "kind" | "metadata"> };

const FOREIGN = "com.amazonaws.vpce.us-east-1.vpce-svc-0ffffffffffffffff";
const specs: Specs = {
  pay: service(),
  shop: endpoint({ connection: "pay" }),
  feed: endpoint(FOREIGN, { aliases: [] }),
};
const shown = {
  name: FOREIGN,
  region: "us-east-1",
  owner: "402592597372",
  acceptanceRequired: true,
  policySupported: false,
  azIds: [],
  ipAddressTypes: ["ipv4"],
};
const cloudOf = (of: Specs): Snapshot => applyToModel(emptyCloud(), planOf(of));

/** The same cloud to somebody who may not look into one target. */
function blindTo(name: string, { targets, ...rest }: Snapshot, code = "AccessDenied"): Snapshot {
  const nothing = {
    resources: [],
    subnets: [],
    services: [],
    connections: [],
    loadBalancers: [],
    zones: [],
    obstacles: [],
  };
  const error = { code, message: "not authorized to look" };
  return {
    ...rest,
    targets: targets.map((one) => (one.target === name ? { ...one, ...nothing, caller: "", error } : one)),
  };
}

const unreadable = ({ findings }: Plan) =>
  findings.flatMap(({ id, severity, connection = "run", message }) =>
    id === "target.unreadable" ? [{ severity, connection, message }] : [],
  );
const touched = ({ changes }: Plan): string[] => [...new Set(changes.map(({ connection }) => connection))];

describe("a target that cannot be read", () => {
  test.each([
    ["app", ["pay"], ["feed", "shop"]],
    ["net", ["feed"], ["pay", "shop"]],
  ])(
    "%s: the connections that need it are left alone, on either side, the others are planned",
    (target, planned, blocked) => {
      const plan = planOf(specs, blindTo(target, emptyCloud({ app: { services: [shown] } })));
      expect(touched(plan)).toEqual(planned);
      expect(unreadable(plan).map(({ severity, connection }) => `${severity} ${connection}`)).toEqual(
        blocked.map((name) => `error ${name}`),
      );
      // Nothing else is said of what nobody can know.
      expect(plan.findings.filter(({ severity }) => severity === "error")).toHaveLength(blocked.length);
      expect(plan.changes.every(({ refused }) => refused === undefined)).toBe(true);
    },
  );

  test("the finding says which target, where it is, why and what to do, at the field that leads there", () => {
    const [finding] = planOf(specs, blindTo("app", emptyCloud())).findings.filter(
      ({ connection }) => connection === "shop",
    );
    expect(finding?.message).toBe(
      "target app (account 222222222222, us-east-1) cannot be read: AccessDenied: not authorized to look. " +
        "`landline iam --mode plan` prints the policy that reading needs. Nothing of shop is planned or changed until it can be read",
    );
    expect(finding?.at).toMatchObject({ file: "specs/shop.yaml" });
  });

  test("what lives of a connection stays in the readable targets too, changed spec or not", () => {
    const before = cloudOf({ pay: service(), shop: endpoint({ connection: "pay" }) });
    const after = { pay: service({ acceptance: "automatic" }), shop: endpoint({ connection: "pay" }, { aliases: [] }) };
    expect(planOf(after, blindTo("net", before)).changes).toEqual([]);
    const plan = planOf(after, blindTo("app", before));
    expect(plan.changes.map(({ step, action }) => `${action} ${step}`)).toEqual(["update pay/service"]);
    expect(plan.summary.unchanged).toBe(4);
  });

  test("an endpoint in the unread account may be one of ours: it is neither unexpected nor undeclared", () => {
    const cloud = blindTo("app", cloudOf({ pay: service(), shop: endpoint({ connection: "pay" }) }));
    const ids = planOf({ pay: service() }, cloud).findings.map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith("connection."))).toEqual([]);
    const asking = cloud.targets.flatMap(({ connections }) => connections);
    expect(asking.length).toBeGreaterThan(0);
  });

  test("what a removed spec has left elsewhere stays, because part of it may lie there", () => {
    const before = cloudOf({ pay: service(), feed: endpoint(FOREIGN) });
    const plan = planOf({ other: service() }, blindTo("app", before));
    expect(plan.changes.filter(({ action }) => action === "delete")).toEqual([]);
    expect(unreadable(plan).map(({ connection, message }) => `${connection}: ${message}`)).toEqual([
      "pay: pay has no spec any more, and app cannot be read: nobody can tell what of it lies there, so the 5 resources of it elsewhere stay until every target can be read",
      expect.stringMatching(/^run: target app .* No connection of this plan needs it/),
    ]);
  });

  test("a target that no connection needs is a warning and blocks nothing", () => {
    const plan = planOf({ pay: service() }, blindTo("app", emptyCloud()));
    expect(touched(plan)).toEqual(["pay"]);
    expect(unreadable(plan)).toMatchObject([{ severity: "warning", connection: "run" }]);
    expect(plan.summary).toMatchObject({ errors: 0, warnings: 1 });
  });

  test("the words fit the reason", () => {
    const reason = (code: string) => unreadable(planOf(specs, blindTo("net", emptyCloud(), code)))[0]?.message;
    expect(reason("CredentialsProviderError")).toContain("Sign in (AWS_PROFILE");
    expect(reason("UnauthorizedOperation")).toContain("landline iam --mode plan");
    expect(reason("ECONNREFUSED")).toContain("cannot be read: ECONNREFUSED: not authorized to look. Nothing of pay");
    expect(reason("WrongAccountError")).toMatch(/^not authorized to look\. Nothing of pay/);
  });
});
