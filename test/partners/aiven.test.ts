import { describe, expect, it, test } from "vitest";
import { APPS } from "../scenarios/harness.ts";
import { type Offer, partnerOffers } from "./offer.ts";
import { openPage, typed } from "./page.ts";
import { meaning, taken } from "./profile.ts";
import { applied, bodies, expectRefused, type Partnership, settled, startPartnership, verdicts } from "./stage.ts";

/** We connect to a service at Aiven: from an empty account to enabled components and down again, Aiven's side played by its own account. */

const AIVEN = "444444444444";
const OURS = `arn:aws:iam::${APPS}:root`;
const start = (): Promise<Partnership> => startPartnership({ name: "aiven", accounts: [AIVEN] });
const offer = (stage: Partnership, zones?: number): Promise<Offer> =>
  partnerOffers(stage, AIVEN, { byHand: false, ...(zones === undefined ? {} : { zones }) });

/** What `avn service privatelink aws get --json` prints. */
const printed = ({ id, name }: Offer, state = "active"): string =>
  JSON.stringify([{ aws_service_id: id, aws_service_name: name, principals: [OURS], state }], null, 4);
const endpointOf = async (stage: Partnership): Promise<string> => (await stage.live("aiven/endpoint/main")).id;
/** One more parameter. */
const tell = (stage: Partnership, line: string): void =>
  stage.rewrite("    service: events\n", `    service: events\n    ${line}\n`);
const find = async (stage: Partnership, id: string): Promise<readonly string[]> =>
  (await stage.plan()).plan.findings.filter((finding) => finding.id === id).map(({ message }) => message);
const notes = async (stage: Partnership): Promise<string> =>
  (await stage.handed()).flatMap(({ notes: some = [] }) => some).join("\n");

/** A connection whose endpoint is made, with all that Aiven has to do for it. */
async function standing(stage: Partnership): Promise<Offer> {
  const theirs = await offer(stage);
  await theirs.allow(OURS);
  tell(stage, `service_name: ${theirs.name}`);
  await applied(stage);
  return theirs;
}

test("R031 R037 R038 R041 R042 R043 R047 R048 R051 R060 R061 R148 R149 R152 R153 from an empty account to enabled components, and down again", {
  timeout: 60_000,
}, async () => {
  const stage = await start();
  const page = openPage("aiven");
  page.shows("spec", stage.spec());
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  expect(await bodies(stage)).toEqual([
    `create: avn service privatelink aws create --project acme-prod --principal ${OURS} events\n` +
      "avn service privatelink aws get --project acme-prod --json events    # again, until state is active and aws_service_name is set",
  ]);
  const before = (await stage.requests()).length;
  await applied(stage);
  await settled(stage, "waiting-partner");
  // Nothing of Aiven's load balancer and service is in a plan of ours.
  expect((await stage.requests(before)).filter(({ write }) => write)).toEqual([]);

  const theirs = await offer(stage);
  page.shows("capture", typed("landline capture aiven < output.txt", await stage.captured(printed(theirs))));
  expect(stage.spec()).toContain(`service_name: ${theirs.name}`);
  // AWS shows the service to those whom Aiven allows: before that there is nothing to do but wait.
  await settled(stage, "waiting-partner");
  const [hidden] = (await stage.plan()).plan.waits;
  expect(hidden).toMatchObject({ on: "partner", for: expect.stringContaining(`allow ${OURS}`) });

  await theirs.allow(OURS);
  page.shows("endpoint", typed("landline plan", await stage.plan({ format: "text" })));
  const since = (await stage.requests()).length;
  await applied(stage);
  await settled(stage, "active");
  const [made] = (await stage.requests(since)).filter(({ action }) => action === "CreateVpcEndpoint");
  expect(made?.account).toBe(APPS);
  const endpoint = stage.world().accounts[APPS]?.regions["us-east-1"]?.vpcEndpoints[await endpointOf(stage)];
  expect(endpoint).toMatchObject({
    type: "Interface",
    vpcId: "vpc-0b1b2c3d4e5f60001",
    serviceName: theirs.name,
    privateDnsEnabled: false,
  });
  expect(endpoint?.subnetIds.toSorted()).toEqual([1, 2, 3].map((number) => `subnet-0b1b2c3d4e5f6000${number}`));
  expect(await bodies(stage)).toEqual([
    "enable: avn service update -c privatelink_access.kafka=true --project acme-prod events\n" +
      "avn service update -c privatelink_access.schema_registry=true --project acme-prod events\n" +
      "avn service privatelink aws connection list --project acme-prod events",
    "connection-info: avn service connection-info kcat --project acme-prod events -r privatelink",
  ]);
  page.shows("enable", typed("landline handoff aiven", await stage.handoffText()));
  page.shows("status", typed("landline status aiven", await stage.statusText()));

  const role = `arn:aws:iam::${APPS}:role/etl`;
  stage.rewrite(`principals: ["${OURS}"]`, `principals: ["${OURS}", "${role}"]\n    principals_now: ["${OURS}"]`);
  page.shows("principals", typed("landline plan", await stage.plan({ format: "text" })));
  page.shows(
    "update",
    typed("landline handoff aiven --step principals", await stage.handoffText({ step: "principals" })),
  );
  await settled(stage, "active");

  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  await expectRefused(stage, "aiven.clients");
  expect(await bodies(stage)).toEqual([
    "delete: # after the apply that deletes our endpoint:\n" +
      "avn service privatelink aws delete --project acme-prod events\n" +
      "avn service privatelink aws get --project acme-prod events    # again, until there is nothing left",
  ]);
  page.shows("remove", typed("landline handoff aiven", await stage.handoffText()));
  stage.rewrite("  confirm:\n", '  confirm:\n    - { id: aiven.clients, reason: "all consumers stopped, DATA-91" }\n');
  page.shows("down", typed("landline apply --yes", await stage.apply({ format: "text", parallel: 1 })));
  await settled(stage, "absent");
  expect((await stage.handed({ step: "delete" })).map(({ body }) => body.split("\n")[1])).toEqual([
    "avn service privatelink aws delete --project acme-prod events",
  ]);
  await theirs.withdraw();
  await settled(stage, "absent");
  page.check();
});

test("R035 R036 R058 R059 the list of principals is told, changed and shown as a whole", async () => {
  const stage = await start();
  const [role, user] = [`arn:aws:iam::${APPS}:role/team/etl`, `arn:aws:iam::${APPS}:user/mwf`];
  stage.rewrite(`principals: ["${OURS}"]`, `principals: ["${OURS}", "${role}"]`);
  expect((await bodies(stage))[0]).toContain(
    ` create --project acme-prod --principal ${OURS} --principal ${role} events\n`,
  );
  const [scope, ...more] = await find(stage, "aiven.role-scope");
  expect(scope).toMatch(new RegExp(`^${role} is a role\\. .* any VPC: .* trust`));
  expect(more).toEqual([]);

  await standing(stage);
  await settled(stage, "active");
  tell(stage, `principals_now: ["${OURS}", "${user}"]`);
  const whole = `Aiven's list is ${OURS}, ${user} and has to become, as a whole, ${OURS}, ${role}: `;
  expect(await find(stage, "aiven.principals-added")).toEqual([expect.stringContaining(whole)]);
  expect(await find(stage, "aiven.principals-removed")).toEqual([expect.stringContaining(whole)]);
  expect((await bodies(stage)).map((body) => body.split(":")[0])).toEqual(["enable", "connection-info"]);
  const asked = (await stage.handed({ step: "principals" })).find(({ id }) => id === "principals");
  expect(asked?.body.split("\n")[0]).toBe(
    `avn service privatelink aws update --project acme-prod --principal ${OURS} --principal ${role} events`,
  );
  stage.rewrite(`["${OURS}", "${user}"]`, `["${OURS}", "${role}"]`);
  expect(await verdicts(stage, "aiven.principals")).toEqual([]);
  await settled(stage, "active");
});

test("R039 R040 R062 R063 R147 what Aiven prints is taken only as a whole", async () => {
  const stage = await start();
  const theirs = await offer(stage);
  const row = (name: string, rest = "") =>
    `AWS_SERVICE_ID             AWS_SERVICE_NAME                                        PRINCIPALS                         STATE\n========================== ======================================================= ================================== ========\n${theirs.id} ${name.padEnd(55)} ${rest}\n`;
  await stage.captured('[{"aws_service_id":null,"aws_service_name":null,"principals":[],"state":"creating"}]');
  expect(stage.spec()).not.toContain("service_name:");
  await settled(stage, "waiting-partner");
  expect((await stage.statusText()).out).toContain("creating");

  const before = stage.spec();
  await expect(stage.captured(row(theirs.name.slice(0, -7)))).rejects.toThrow(/is not whole/);
  expect(stage.spec()).toBe(before);
  await stage.captured(row(theirs.name));
  expect(stage.spec()).toContain(`service_name: ${theirs.name}\n`);
  expect(stage.spec()).toContain("state: creating");
  await stage.captured(row(theirs.name, `${OURS.padEnd(34)} active`));
  expect(stage.spec()).toContain("state: active");
  // The resource has a state of the same name as its connections: only theirs tells that anything works.
  const tests = async (text: string) => JSON.parse((await stage.captured(text, { format: "json" })).out).tests;
  expect(await tests(printed(theirs))).toEqual([]);
  const connection = (state: string) =>
    `{"connections":[{"dns_name":"x","privatelink_connection_id":"plc39413abcdef","state":"${state}"}]}`;
  expect(await tests(connection("active"))).toEqual([expect.objectContaining({ verdict: "good" })]);
  expect(await tests(connection("connected"))).toEqual([expect.objectContaining({ verdict: "bad" })]);
  expect(taken("aiven", `PRIVATELINK_CONNECTION_ID plc39413abcdef`)).toEqual(["params.connection_id plc39413abcdef"]);
});

test("R044 R046 R049 R053 R054 R055 R056 R057 R151 one of several connections, of clients with SASL, in the partner's own cloud", async () => {
  const stage = await start();
  tell(stage, "deployment: byoc");
  tell(stage, "sasl: true");
  stage.rewrite(", subnet-0b1b2c3d4e5f60003", "");
  await standing(stage);
  await settled(stage, "active");
  // Aiven's service is in three zones, by their ids; two of them are ours.
  expect(await find(stage, "aiven.zones")).toEqual([expect.stringMatching(/use1-az2, use1-az4: .*use1-az6/)]);
  await stage.captured(
    "PRIVATELINK_CONNECTION_ID  STATE\n=========================  ======\nplc39413abcdef             active\n",
  );
  expect(await bodies(stage)).toEqual([
    "refresh: avn service privatelink aws refresh --project acme-prod events",
    expect.stringMatching(/^enable: avn service update -c privatelink_access\.kafka=true /),
    "connection-info: avn service connection-info kcat --project acme-prod events --privatelink-connection-id plc39413abcdef -a sasl",
  ]);
  const said = await notes(stage);
  expect(said).toMatch(/couple of minutes until a component can be reached: .* two good health checks/);
  expect(said).toMatch(/differ from those of the access route dynamic: never use its port/);
  expect(said).toMatch(/credentials are the same on every access route: nothing of them has to be exchanged/);
  expect(said).toMatch(/On are kafka, schema_registry, of jolokia, kafka, kafka_connect, kafka_rest, /);
});

test("R045 R052 R054 a database: its port is known once it is enabled, and let in then", async () => {
  const stage = await start();
  stage.rewrite("service_type: kafka", "service_type: pg");
  stage.rewrite("[kafka, schema_registry]", "[pg]");
  stage.rewrite('ports: "10000-31000"', "ports: 12691");
  expect(await verdicts(stage, "aiven.ports")).toEqual(["info aiven.ports deferred"]);
  await standing(stage);
  await settled(stage, "waiting-partner");
  expect((await stage.plan()).plan.waits.map(({ for: what }) => what)).toEqual([
    expect.stringMatching(/partner\.params\.component_ports: .*privatelink \(never those of dynamic\)/),
  ]);
  expect((await bodies(stage))[1]).toMatch(/^connection-details: .*access route privatelink: host and port of pg\./);
  expect(await notes(stage)).toContain("On are pg, of pg, pgbouncer, prometheus.");

  tell(stage, "component_ports: [12692]");
  await expectRefused(stage, "aiven.ports");
  stage.rewrite("ports: 12691", "ports: 12692");
  const { plan } = await stage.plan();
  expect(plan.changes.map(({ address }) => address)).toEqual(["aiven/endpoint/main/security-group"]);
  await applied(stage);
  await settled(stage, "active");
});

test("R147 R148 in an Enhanced Compliance Environment somebody at Aiven approves the connection", async () => {
  const stage = await start();
  tell(stage, "deployment: ece");
  const theirs = await partnerOffers(stage, AIVEN, { byHand: true });
  await theirs.allow(OURS);
  await stage.captured(printed(theirs));
  await applied(stage);
  await settled(stage, "awaiting-acceptance");
  const endpoint = await endpointOf(stage);
  expect(await bodies(stage)).toEqual([
    `approval: Please approve the AWS PrivateLink connection of our endpoint ${endpoint} (account ${APPS}, us-east-1) to the service events of the project acme-prod.`,
  ]);
  await theirs.accept(endpoint);
  stage.rewrite("state: active", "state: user-approved");
  await settled(stage, "connecting");
  stage.rewrite("state: user-approved", "state: active");
  await settled(stage, "active");
});

test("other Regions are told with the first request", async () => {
  const stage = await start();
  tell(stage, "supported_regions: [us-east-1]");
  expect(await bodies(stage)).toEqual([
    `create-in-regions: POST https://api.aiven.io/v1/project/acme-prod/service/events/privatelink/aws\n{"principals":["${OURS}"],"supported_regions":["us-east-1"]}\n\nGET https://api.aiven.io/v1/project/acme-prod/service/events/privatelink/aws`,
  ]);
  const asked = (await stage.handed({ step: "principals-in-regions" })).find(({ id }) => id.startsWith("principals"));
  expect(asked?.body).toMatch(/^PUT .*\n\{"principals":\["arn.*"\],"supported_regions":\["us-east-1"\]\}$/);
});

describe("what Aiven would refuse is refused before the first write", () => {
  it.each([
    ["R034 Cassandra", "service_type: kafka", "service_type: cassandra", ["aiven.service-type"]],
    ["R034 M3", "service_type: kafka", "service_type: m3db", ["aiven.service-type"]],
    ["R034 Flink", "service_type: kafka", "service_type: flink", ["aiven.service-type-today"]],
    ["R050 an unknown component", "schema_registry]", "ksql]", ["aiven.component"]],
    ["R050 a component of another type", "service_type: kafka", "service_type: grafana", ["aiven.component"]],
    ["R046 too few ports for Kafka", '"10000-31000"', '"10000-30999"', ["aiven.kafka-ports"]],
    ["R035 nobody of our account", `"${OURS}"`, '"arn:aws:iam::333333333333:root"', ["aiven.principals-ours"]],
    ["private DNS", "  - target: apps-use1\n", "  - target: apps-use1\n    privateDns: true\n", ["aiven.private-dns"]],
    ["IPv6", "  - target: apps-use1\n", "  - target: apps-use1\n    ipAddressType: ipv6\n", ["aiven.ip-address-type"]],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start();
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });

  it.each([
    ["another Region", [], ["error aiven.region"]],
    ["a Region that Aiven was not told", ["us-west-2"], ["error aiven.supported-regions"]],
    ["a Region that Aiven was told", ["us-west-2", "us-east-1"], []],
  ])("%s", async (_what, told, wanted) => {
    const stage = await start();
    tell(stage, "service_name: com.amazonaws.vpce.eu-west-1.vpce-svc-0b16e88f3b706aaf1");
    if (told.length > 0) tell(stage, `supported_regions: [${told.join(", ")}]`);
    stage.rewrite("  - target: apps-use1\n", "  - target: apps-use1\n    serviceRegion: eu-west-1\n");
    expect(await verdicts(stage, "aiven.")).toEqual([...wanted, "info aiven.zones deferred"]);
  });

  it("a type whose components nobody knows is never passed over", async () => {
    const stage = await start();
    stage.rewrite("service_type: kafka", "service_type: dragonfly");
    expect(await verdicts(stage, "aiven.component")).toEqual(["info aiven.component deferred"]);
  });

  it("R032 a project VPC that nobody has seen", async () => {
    const stage = await start();
    stage.rewrite(
      '    - { id: aiven.project-vpc, reason: "launched into the project VPC acme-prod-use1, DATA-77" }\n',
      "",
    );
    stage.rewrite("  confirm:\n", "");
    expect(await verdicts(stage, "aiven.project-vpc")).toEqual(["warning aiven.project-vpc"]);
  });

  it("R033 the ranges of the two VPCs may overlap", async () => {
    const stage = await start();
    const theirs = await offer(stage);
    await theirs.allow(OURS);
    const world = stage.world();
    for (const account of [APPS, AIVEN])
      for (const vpc of Object.values(world.accounts[account]?.regions["us-east-1"]?.vpcs ?? {}))
        vpc.cidr = "10.0.0.0/8";
    await stage.putWorld(world);
    tell(stage, `service_name: ${theirs.name}`);
    expect((await stage.plan()).plan.findings).toEqual([]);
    await applied(stage);
    await settled(stage, "active");
  });

  it.each([
    [
      "R063 a service name that was cut off",
      "service_name: com.amazonaws.vpce.us-east-1.vpce-svc-0b16e88f3b",
      "service_name",
    ],
    ["R035 a principal without a scope", `principals_now: ["arn:aws:iam::${APPS}"]`, "principals_now"],
    ["R154 a password has no parameter", "password: hunter2", 'no parameter "password"'],
  ])("%s", async (_what, line, said) => {
    const stage = await start();
    tell(stage, line);
    const { exit, err } = await stage.plan();
    expect(exit).toBe(1);
    expect(err).toContain(said);
    expect(await stage.requests()).toEqual([]);
  });
});

describe("what Aiven prints", () => {
  it.each([
    ["creating", "waiting-partner"],
    ["pending-user-approval", "awaiting-acceptance"],
    ["user-approved", "connecting"],
    ["connected", "connecting"],
    ["active", "active"],
    ["deleting", "deleting"],
  ])("R039 R040 R147 %s is %s", (word, is) => {
    expect(meaning("aiven", "consumer", word).is).toBe(is);
  });
});
