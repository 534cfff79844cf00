import { describe, expect, test } from "vitest";
import type { ConnectionFact, Live, Plan, ServiceFact, Snapshot } from "../../../src/model.ts";
import type { ConnectionSpec } from "../../../src/planner/specs/index.ts";
import { statusOf } from "../../../src/planner/status/index.ts";
import { connections, emptyCloud, endpoint, planOf, project, service } from "../builders.ts";
import { applyToModel } from "../model-cloud.ts";
import { nimbus } from "./nimbus.ts";

/** A connection with a partner from nothing to traffic and back, on a cloud of facts: what each step says, and that every rest is an empty plan. */

type Body = Omit<ConnectionSpec, "apiVersion" | "kind" | "metadata">;
type Partner = NonNullable<ConnectionSpec["partner"]>;

const THEIRS = "402592597372";
const REQUEST = "vpce-0ddddddddddddddd1";
const NAME = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
const MADE = "2026-11-20T10:00:00.000Z";
const profiles = nimbus();

const named = (more: Partial<Partner> = {}): Partner => ({
  profile: "nimbus",
  ...more,
  params: { instance: "orders", ...more.params },
});
const grants = [
  { principal: `arn:aws:iam::${THEIRS}:root`, reason: "Nimbus", until: "2027-06-30" },
  { principal: "arn:aws:iam::222222222222:root", reason: "our applications", until: "2027-06-30" },
];
const accepted = { accept: [{ endpoint: REQUEST, reason: "NET-12" }] };
const provider = (more: object = {}, partner = named()): Body => ({
  ...service({ allowedPrincipals: grants, ...more }),
  partner,
});
const { service: _left, ...untold } = endpoint("pending", { aliases: [] }).endpoints?.[0] ?? {};
/** An endpoint that leaves its service to the profile. */
const consumer = (partner: Partner = named()): Body => ({ endpoints: [untold] as Body["endpoints"] & object, partner });

const plan = (body: Body | undefined, cloud: Snapshot, now = "2026-11-20T12:00:00.000Z", asked?: string): Plan =>
  planOf(body ? { pay: body } : {}, cloud, { profiles, now, ...(asked === undefined ? {} : { asked }) });
const applied = (body: Body | undefined, cloud: Snapshot): Snapshot => born(applyToModel(cloud, plan(body, cloud)));

/** AWS says when a service or an endpoint was made. */
const born = (cloud: Snapshot): Snapshot => withLive(cloud, (live) => ({ createdAt: MADE, ...live }));
const withLive = (cloud: Snapshot, change: (live: Live) => Live): Snapshot => ({
  ...cloud,
  targets: cloud.targets.map((target) => ({
    ...target,
    resources: target.resources.map((live) =>
      ["endpoint-service", "vpc-endpoint"].includes(live.kind) ? change(live) : live,
    ),
  })),
});
const live = (cloud: Snapshot, kind: Live["kind"]): Live => {
  const found = cloud.targets.flatMap(({ resources }) => resources).find((one) => one.kind === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
};
/** The partner's endpoint at our service; without a state it is gone. */
const withRequest = (cloud: Snapshot, state?: string, more: Partial<ConnectionFact> = {}): Snapshot => ({
  ...cloud,
  targets: cloud.targets.map((target) => {
    if (target.target !== "net") return target;
    const others = target.connections.filter(({ endpointId }) => endpointId !== REQUEST);
    const resources = target.resources.filter(({ kind }) => kind !== "acceptance");
    if (state === undefined) return { ...target, connections: others, resources };
    const serviceId = live(cloud, "endpoint-service").id;
    const fact = { serviceId, endpointId: REQUEST, owner: THEIRS, state, createdAt: MADE, ...more };
    return { ...target, connections: [...others, fact] };
  }),
});
const fact: ServiceFact = {
  name: NAME,
  region: "us-east-1",
  owner: THEIRS,
  acceptanceRequired: true,
  policySupported: true,
  azIds: ["use1-az4", "use1-az6"],
  ipAddressTypes: ["ipv4"],
};
const shown = (cloud: Snapshot): Snapshot => ({
  ...cloud,
  targets: cloud.targets.map((target) => (target.target === "app" ? { ...target, services: [fact] } : target)),
});

const handed = ({ handoffs }: Plan) => handoffs.map(({ id, stage, ready }) => `${id} ${stage} ${ready}`);
const bodyOf = ({ handoffs }: Plan, id: string) => handoffs.find((one) => one.id === id)?.body;
const waited = ({ waits }: Plan) => waits.map(({ on, address, until }) => `${on} ${address} ${until}`);
const said = ({ findings }: Plan) =>
  findings
    .filter(({ severity, waived }) => severity !== "info" && !waived)
    .map(({ id, severity }) => `${severity} ${id}`);
const acting = ({ changes }: Plan) => changes.filter(({ refused }) => !refused);
const status = (body: Body | undefined, cloud: Snapshot, now = "2026-11-20T12:00:00.000Z") => {
  const specs: { [name: string]: Body } = body ? { pay: body } : {};
  const documents = connections(specs, project(), profiles);
  const [one] = statusOf({ connections: documents, profiles, plan: plan(body, cloud, now), snapshot: cloud, now });
  if (!one) throw new Error("no status");
  return one;
};

describe("the partner at our service", () => {
  const ready = applied(provider(), emptyCloud());
  const serviceName = live(ready, "endpoint-service").outputs.serviceName;
  const active = withRequest(
    applied(provider({ connections: accepted }), withRequest(ready, "pendingacceptance")),
    "available",
  );

  test("before the service stands nobody is told its name", () => {
    const made = plan(provider(), emptyCloud());
    expect([handed(made), waited(made), said(made)]).toEqual([[], [], []]);
  });

  test("once it lets the partner in, the command has its name and the wait an end", () => {
    const made = plan(provider(), ready);
    expect([made.changes, handed(made), said(made)]).toEqual([[], ["create service-ready true"], []]);
    expect(made.handoffs[0]).toMatchObject({
      channel: "cli",
      actor: "us",
      body: `nimbus create orders --service ${serviceName}`,
      notes: ["Everybody in the space of orders reaches the endpoint."],
    });
    expect(waited(made)).toEqual(["partner pay/service 2026-11-20T11:00:00.000Z"]);
    expect(status(provider(), ready).state).toBe("waiting-partner");
  });

  test("while the plan still changes who is allowed, the partner is not sent there", () => {
    const more = [...grants, { principal: "arn:aws:iam::333333333333:root", reason: "new", until: "2027-06-30" }];
    expect(handed(plan(provider({ allowedPrincipals: more }), ready))).toEqual([]);
  });

  test("without a value the hand-off says which one is missing and where it is found", () => {
    const body = provider({}, { profile: "nimbus" });
    const made = plan(body, ready);
    expect(handed(made)).toEqual(["create service-ready false"]);
    expect(bodyOf(made, "create")).toBe("needs params.instance: the name of the instance that you make");
    expect(status(body, emptyCloud()).state).toBe("draft");
    expect(status(provider(), emptyCloud()).state).toBe("creating");
  });

  test("an unexpected request is shown with its deadline and not accepted", () => {
    const asking = withRequest(ready, "pendingacceptance");
    const made = plan(provider(), asking);
    expect(made.changes).toEqual([]);
    expect(said(made)).toEqual(["warning connection.unexpected", "warning partner.deadline"]);
    expect(made.findings.find(({ id }) => id === "partner.deadline")?.message).toContain("22 hours left");
    expect(waited(made)).toEqual(["us pay/service 2026-11-21T10:00:00.000Z"]);
    expect(handed(made)).toEqual(["approve requested true"]);
    expect(bodyOf(made, "approve")).toBe(`Approve ${REQUEST} of ${THEIRS}.`);
    expect(status(provider(), asking).state).toBe("waiting-us");
  });

  test.each([
    ["2026-11-21T09:59:59.000Z", "partner.deadline", "waiting-us"],
    ["2026-11-21T10:00:00.000Z", "partner.deadline-passed", "failed"],
  ])("at %s its deadline is %s", (now, id, state) => {
    const asking = withRequest(ready, "pendingacceptance");
    const finding = plan(provider(), asking, now).findings.find((one) => one.id.startsWith("partner."));
    expect(finding).toMatchObject({ id, severity: "warning" });
    if (state === "failed") expect(finding?.message).toContain("Make the instance orders anew.");
    expect(status(provider(), asking, now).state).toBe(state);
  });

  test("a request from another account, or one that is rejected, is nobody's to approve: the partner is still waited for", () => {
    const stranger = plan(provider(), withRequest(ready, "pendingacceptance", { owner: "999999999999" }));
    expect(said(stranger)).toEqual(["warning connection.unexpected"]);
    expect([handed(stranger), waited(stranger)]).toEqual([
      ["create service-ready true"],
      ["partner pay/service 2026-11-20T11:00:00.000Z"],
    ]);
    const rejecting = provider({ connections: { reject: [{ endpoint: REQUEST, reason: "not ours" }] } });
    expect(handed(plan(rejecting, withRequest(ready, "pendingacceptance")))).toEqual(["create service-ready true"]);
  });

  test("two requests have a hand-off each, by their ids", () => {
    const one = withRequest(ready, "pendingacceptance");
    const other = REQUEST.replace(/1$/, "2");
    const two: Snapshot = {
      ...one,
      targets: one.targets.map((target) => ({
        ...target,
        connections: target.connections.flatMap((fact) => [fact, { ...fact, endpointId: other }]),
      })),
    };
    const made = plan(provider(), two);
    expect(handed(made)).toEqual([`approve/${REQUEST} requested true`, `approve/${other} requested true`]);
    expect(bodyOf(made, `approve/${other}`)).toBe(`Approve ${other} of ${THEIRS}.`);
  });

  test("a request that is named is accepted, and its deadline is still shown", () => {
    const made = plan(provider({ connections: accepted }), withRequest(ready, "pendingacceptance"));
    expect(made.changes.map(({ action, kind }) => `${action} ${kind}`)).toEqual(["create acceptance"]);
    expect([said(made), waited(made)]).toEqual([["warning partner.deadline"], []]);
  });

  test("between acceptance and being available it is connecting, and nobody has to do anything", () => {
    const connecting = withRequest(active, "pending");
    const body = provider({ connections: accepted });
    expect(handed(plan(body, connecting))).toEqual([]);
    expect(status(body, connecting)).toMatchObject({
      state: "connecting",
      reasons: [expect.stringContaining(REQUEST), expect.anything()],
    });
  });

  test("when it is active the next steps come, and the plan is empty", () => {
    const made = plan(provider({ connections: accepted }), active);
    expect([made.changes, handed(made), waited(made)]).toEqual([[], ["bind active true", "test active true"], []]);
    expect(status(provider({ connections: accepted }), active).state).toBe("active");
  });

  test("a change of an active connection is told with what changes", () => {
    const made = plan(provider({ connections: accepted, allowedPrincipals: grants.slice(0, 1) }), active);
    expect(handed(made)).toContain("change changed true");
    expect(bodyOf(made, "change")).toBe("We change: update pay/service/allowlist (principals)");
  });

  test("a hand-off that is asked for is written whatever the moment", () => {
    const made = plan(provider(), emptyCloud(), undefined, "look");
    expect(made.handoffs).toMatchObject([{ id: "look", stage: "asked", body: "nimbus show orders" }]);
    expect(plan(provider(), emptyCloud(), undefined, "other").handoffs).toEqual([]);
  });

  describe("its end", () => {
    const done = named({
      confirm: [{ id: "nimbus.unused", reason: "all apps unbound, NET-14" }],
      reported: { state: "deleted", on: "2026-11-20" },
    });
    const going = (partner: Partner, more: object = {}): Body => ({
      ...provider({ connections: accepted, ...more }, partner),
      state: "absent",
    });

    test("nothing goes while the partner is attached, nobody has confirmed and nothing is reported", () => {
      const made = plan(going(named()), active);
      expect(said(made).toSorted()).toEqual([
        "error nimbus.unused",
        "error partner.attached",
        "error partner.reported-state",
      ]);
      const attached = made.findings.find(({ id }) => id === "partner.attached")?.message;
      for (const word of [REQUEST, THEIRS, "available", "Nimbus Cloud", "landline handoff pay"])
        expect(attached).toContain(word);
      const unused = made.findings.find(({ id }) => id === "nimbus.unused")?.message;
      expect(unused).toContain("No application may use orders.");
      expect(unused).toContain("{id: nimbus.unused, reason:");
      expect([acting(made), handed(made)]).toEqual([[], ["remove removing true"]]);
      expect(made.changes.length).toBeGreaterThan(3);
      expect(waited(made)).toEqual(["partner pay/service null"]);
      expect(status(going(named()), active).state).toBe("deleting");
    });

    test.each([
      ["the partner", done, "available", "partner.attached"],
      ["the confirmation", named({ reported: { state: "deleted", on: "2026-11-20" } }), undefined, "nimbus.unused"],
      ["the report", { ...done, reported: { state: "failed", on: "2026-11-20" } }, undefined, "partner.reported-state"],
    ])("each alone holds it: %s", (_what, partner, state, id) => {
      const made = plan(going(partner), withRequest(active, state));
      expect([said(made), acting(made)]).toEqual([[`error ${id}`], []]);
    });

    test("whoever else is connected holds it too", () => {
      const other = withRequest(active, "available", { owner: "999999999999" });
      const finding = plan(going(done), other).findings.find(({ id }) => id === "partner.attached");
      expect(finding?.message).toContain("999999999999");
    });

    test("a protected connection stays, partner or not", () => {
      const body: Body = { ...going(done), protect: true };
      expect(said(plan(body, withRequest(active)))).toContain("error protected");
    });

    test("a request that still asks holds it too", () => {
      expect(said(plan(going(done), withRequest(active, "pendingacceptance")))).toEqual(["error partner.attached"]);
    });

    test("when all is done everything goes, and then there is nothing to do", () => {
      const left = withRequest(active);
      const made = plan(going(done), left);
      expect([said(made), acting(made).length]).toEqual([[], made.changes.length]);
      const confirmed = made.findings.find(({ id }) => id === "partner.confirmed")?.message;
      expect(confirmed).toBe("nimbus.unused is confirmed: all apps unbound, NET-14");
      expect(new Set(made.changes.map(({ action }) => action))).toEqual(new Set(["delete"]));
      const gone = applyToModel(left, made);
      expect(gone.targets.flatMap(({ resources }) => resources)).toEqual([]);
      const after = plan(going(done), gone);
      expect([after.changes, after.findings, after.waits, after.handoffs]).toEqual([[], [], [], []]);
      expect(status(going(done), gone).state).toBe("absent");
      expect(plan(undefined, gone).findings).toEqual([]);
    });

    test("back to present nothing is deleted", () => {
      const made = plan(provider({ connections: accepted }, done), active);
      expect([made.changes, said(made)]).toEqual([[], []]);
    });

    test("by force: disconnect and an acknowledgement together", () => {
      const cut = { disconnect: true, disconnectReason: "the contract has ended" };
      const only = plan(going(done, cut), active);
      expect([said(only), acting(only)]).toEqual([["error partner.attached"], []]);
      const force: Body = {
        ...going(done, cut),
        acknowledge: [{ finding: "partner.attached", reason: "agreed with Nimbus, NET-15" }],
      };
      const made = plan(force, active);
      expect(said(made)).toEqual([]);
      const steps = acting(made).map(({ kind, action }) => `${action} ${kind}`);
      expect(steps.indexOf("delete endpoint-service")).toBeGreaterThan(
        steps.findIndex((step) => step.endsWith("acceptance")),
      );
      const acknowledged: Body = { ...going(done), acknowledge: [{ finding: "partner.attached", reason: "no" }] };
      expect(acting(plan(acknowledged, active))).toEqual([]);
    });

    test("a spec that is gone is refused as long as anything lives", () => {
      const made = plan(undefined, withRequest(active));
      expect([said(made), acting(made)]).toEqual([["error partner.removal"], []]);
      expect(made.findings[0]?.message).toContain("state: absent");
      expect(status(undefined, withRequest(active)).state).toBe("deleting");
    });

    test("R152 dropping the partner in the plan that deletes does not pass by what it demands", () => {
      const left = withRequest(active);
      const bare: Body = { ...service(), state: "absent" };
      const made = plan(bare, left);
      expect([said(made), acting(made)]).toEqual([["error partner.removal"], []]);
      expect(made.findings[0]?.message).toContain("nimbus");
      // Without anything to delete it is a change of marks, for a reviewer to see.
      const dropped = plan(service(), active);
      expect(said(dropped)).not.toContain("error partner.removal");
    });

    test("a spec without a partner goes with its file, as ever", () => {
      const plain = applied(service(), emptyCloud());
      expect(said(plan(undefined, plain))).toEqual([]);
      const absent = plan({ ...service(), state: "absent" }, plain);
      expect([said(absent), acting(absent).length]).toEqual([[], plan(undefined, plain).changes.length]);
    });

    test("a confirmation that nobody asks for is a slip of the pen", () => {
      const slip = named({ confirm: [{ id: "nimbus.unsued", reason: "done" }] });
      const made = plan(provider({ connections: accepted }, slip), active);
      expect(said(made)).toEqual(["warning partner.confirm-unknown"]);
      expect(made.findings[0]?.message).toContain('did you mean "nimbus.unused"');
    });

    test("taking the service out of the spec asks for the same", () => {
      const half: Body = { ...consumer(named({ params: { service_name: NAME } })) };
      const made = plan(half, shown(withRequest(active)));
      expect(said(made)).toContain("error nimbus.unused");
      expect(acting(made)).toEqual([]);
    });
  });
});

describe("we at the partner's service", () => {
  const told = consumer(named({ params: { service_name: NAME } }));
  const standing = (state: string): Snapshot =>
    withLive(applied(told, shown(emptyCloud())), (one) => ({ ...one, state }));

  test("until the partner has told its name there is a wait, a ticket and no error", () => {
    const made = plan(consumer(), emptyCloud());
    expect([made.changes, said(made), handed(made)]).toEqual([[], [], ["enable start true"]]);
    expect(bodyOf(made, "enable")).toBe("Please allow 222222222222 for pay.");
    expect(waited(made)).toEqual(["partner pay/endpoint/main null"]);
    expect(made.waits[0]?.for).toContain("partner.params.service_name: the answer to the ticket");
    expect(made.waits[0]?.for).toContain("usually takes 5 days");
    expect(status(consumer(), emptyCloud()).state).toBe("waiting-partner");
  });

  test("what takes longer than usual says so", () => {
    const asked = consumer(named({ reported: { state: "ticket 4711 opened", on: "2026-11-14" } }));
    expect(plan(asked, emptyCloud()).waits[0]?.for).toContain("it usually takes 5 days, and that is over");
    const lately = consumer(named({ reported: { state: "ticket 4711 opened", on: "2026-11-18" } }));
    expect(plan(lately, emptyCloud()).waits[0]?.for).not.toContain("over");
  });

  test("the day on which it was asked gives the wait an end", () => {
    const asked = consumer(named({ reported: { state: "ticket 4711 opened", on: "2026-11-18" } }));
    expect(waited(plan(asked, emptyCloud()))).toEqual(["partner pay/endpoint/main 2026-11-23T00:00:00.000Z"]);
  });

  test("the parameter makes the service's name; before AWS shows it the partner is asked again", () => {
    const hidden = plan(told, emptyCloud());
    expect([hidden.changes, handed(hidden)]).toEqual([[], ["enable start true"]]);
    const made = plan(told, shown(emptyCloud()));
    const [wanted] = made.changes.filter(({ kind }) => kind === "vpc-endpoint");
    expect(wanted?.desired?.attributes).toMatchObject({ serviceName: NAME });
    expect(handed(made)).toEqual([]);
  });

  test("an explicit name wins", () => {
    const other = NAME.replace(/0$/, "9");
    const body: Body = { ...endpoint(other, { aliases: [] }), partner: named({ params: { service_name: NAME } }) };
    expect(plan(body, shown(emptyCloud())).waits[0]?.for).toContain(other);
  });

  test("while it waits to be accepted the id is handed over, with the time that takes", () => {
    const cloud = standing("pendingacceptance");
    const made = plan(told, cloud);
    expect([made.changes, handed(made)]).toEqual([[], ["register endpoint-created true"]]);
    expect(bodyOf(made, "register")).toBe(`POST /endpoints {"id":"${live(cloud, "vpc-endpoint").id}"}`);
    expect(waited(made)).toEqual(["partner pay/endpoint/main 2026-11-22T10:00:00.000Z"]);
    expect(status(told, cloud).state).toBe("awaiting-acceptance");
    expect(status(told, standing("pending")).state).toBe("connecting");
    expect(status(told, standing("available")).state).toBe("active");
  });

  test("its end: the ticket first, then the confirmation, then the endpoint", () => {
    const cloud = standing("available");
    const made = plan({ ...told, state: "absent" }, cloud);
    expect([said(made), acting(made), handed(made)]).toEqual([["error nimbus.ticket"], [], ["leave removing true"]]);
    const confirmed: Body = {
      ...consumer(named({ params: { service_name: NAME }, confirm: [{ id: "nimbus.ticket", reason: "NET-16" }] })),
      state: "absent",
    };
    const gone = applyToModel(cloud, plan(confirmed, cloud));
    expect(gone.targets.flatMap(({ resources }) => resources)).toEqual([]);
    expect(plan(confirmed, gone).changes).toEqual([]);
  });

  test("what a spec names is no longer looked for when it is to go", () => {
    const byName = { ...told.endpoints?.[0], subnets: { tags: { tier: "gone" } } };
    const body = { ...told, endpoints: [byName] as Body["endpoints"] & object, state: "absent" as const };
    const made = plan(body, standing("available"));
    expect(said(made)).toEqual(["error nimbus.ticket"]);
  });
});

describe("both directions", () => {
  const both = (more: Partial<Partner> = {}): Body => ({
    ...provider({ connections: accepted }, named(more)),
    ...{ endpoints: consumer().endpoints ?? [] },
  });
  const half = (body: Body, cloud: Snapshot) =>
    status(body, cloud).halves?.map(({ role, state }) => `${role} ${state}`);

  test("each half has a state of its own, and the whole is no further than the slower one", () => {
    const first = applied(both(), emptyCloud());
    const one = withRequest(applied(both(), withRequest(first, "pendingacceptance")), "available");
    expect(half(both(), one)).toEqual(["provider active", "consumer waiting-partner"]);
    expect(status(both(), one).state).toBe("waiting-partner");
    expect(handed(plan(both(), one))).toEqual(["bind active true", "enable start true"]);

    const told = both({ params: { service_name: NAME } });
    const two = applied(told, shown(one));
    expect(half(told, two)).toEqual(["provider active", "consumer active"]);
    expect(status(told, two).state).toBe("active");
    expect(handed(plan(told, two))).toEqual(["bind active true", "test active true"]);
  });

  test("the wait of one half begins when the other was made, if nobody says otherwise; AWS tells it of load balancers only", () => {
    const known = applied(both(), emptyCloud());
    const first: Snapshot = {
      ...known,
      targets: known.targets.map((target) => ({
        ...target,
        resources: target.resources.map(({ createdAt: _when, ...one }) =>
          one.kind === "load-balancer" ? { ...one, createdAt: MADE } : one,
        ),
      })),
    };
    expect(waited(plan(both(), first))).toEqual([
      "partner pay/service 2026-11-20T11:00:00.000Z",
      "partner pay/endpoint/main 2026-11-25T10:00:00.000Z",
    ]);
  });

  test("what AWS shows to be open is not hidden by the partner's word", () => {
    const body = both({ reported: { state: "create in progress", on: "2026-11-20" } });
    const first = applied(body, emptyCloud());
    expect([status(body, first).state, half(body, first)]).toEqual([
      "waiting-partner",
      ["provider waiting-partner", "consumer waiting-partner"],
    ]);
  });

  test.each([
    ["create succeeded", "active", "active"],
    ["create in progress", "creating", "creating"],
    ["failed: gone", "failed", "failed"],
    ["ticket 4711", "active", "active"],
  ])("the partner's word %j makes it %s", (word, overall, half0) => {
    const body = both({ params: { service_name: NAME }, reported: { state: word, on: "2026-11-20" } });
    const first = applied(body, shown(emptyCloud()));
    const all = withRequest(applied(body, withRequest(first, "pendingacceptance")), "available");
    const { state, reasons, halves, partner } = status(body, all);
    expect([state, halves?.[0]?.state, halves?.[1]?.state]).toEqual([overall, half0, "active"]);
    expect(partner?.reported?.state).toBe(word);
    if (overall === "failed") expect(reasons[0]).toContain("delete the instance and begin anew");
    expect(reasons.length === 0).toBe(overall === "active");
  });
});
