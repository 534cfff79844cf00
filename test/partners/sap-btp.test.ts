import { execFileSync } from "node:child_process";
import { RejectVpcEndpointConnectionsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it, test, vi } from "vitest";
import { NETWORK } from "../scenarios/harness.ts";
import { openPage, typed } from "./page.ts";
import { meaning, taken } from "./profile.ts";
import {
  applied,
  bodies,
  expectRefused,
  type Partnership,
  partnerAsks,
  partnerLeaves,
  settled,
  startPartnership,
  takenDown,
  verdicts,
} from "./stage.ts";

/** SAP BTP connects to a service of ours: from an empty account to a bound application and down again, SAP's side played by its own account. */

// Each goes through a whole life, of a dozen runs.
vi.setConfig({ testTimeout: 120_000 });

const SAP = "333333333333";
const STRANGER = "444444444444";
const start = (clock?: string): Promise<Partnership> =>
  startPartnership({ name: "sap-btp", accounts: [SAP, STRANGER], ...(clock ? { clock } : {}) });

const accept = (stage: Partnership, endpoint: string): void =>
  stage.rewrite(
    "  acceptance: required\n",
    `  acceptance: required\n  connections:\n    accept:\n      - { endpoint: ${endpoint}, reason: "read out by Dana from cf service, NET-22" }\n`,
  );

/** What `cf service` prints, with the spelling of SAP's tutorial. */
const waiting = (endpoint: string, service: string): string => `Showing status of last operation:

status:     create in progress
message:    Connection from VPC Endpoint ID '${endpoint}' not yet approved at VPC Endpoint Service '${service.replace("vpce.", "vpc.")}'. Waiting for approval.
`;
const established = (endpoint: string, service: string): string => `status:     create succeeded
message:    Connection from VPC Endpoint ID '${endpoint}' to VPC Endpoint Service '${service}' is established.
started:    2026-11-20T09:31:00Z
updated:    2026-11-20T09:58:00Z
`;

const serviceName = async (stage: Partnership): Promise<string> =>
  (await stage.live("sap-btp/service")).outputs.serviceName ?? "";
const ids = async (stage: Partnership): Promise<string[]> => (await stage.handed()).map(({ id }) => id);

test("R001 R002 R007 R008 R010 R012 R013 R014 R016 R018 R019 R021 R022 R024 R028 R153 from an empty account to a bound application, and down again", async () => {
  const stage = await start();
  const page = openPage("sap-btp");
  page.shows("spec", stage.spec());
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  const [before, ...others] = await stage.handed();
  expect({ id: before?.id, others }).toEqual({ id: "prepare", others: [] });
  expect(before?.body).toContain("entitlement for the SAP Private Link service");

  await applied(stage);
  await settled(stage, "waiting-partner");
  const name = await serviceName(stage);
  expect(name).toMatch(/^com\.amazonaws\.vpce\.us-east-1\.vpce-svc-[0-9a-f]{17}$/);
  const [create, ...more] = await stage.handed();
  expect({ id: create?.id, more }).toEqual({ id: "create", more: [] });
  const lines = create?.body.split("\n") ?? [];
  expect(lines).toContain(`cf create-service privatelink standard s4hana-link -c '{"serviceName":"${name}"}'`);
  expect(lines.map((line) => line.replace(/ +#.*/, ""))).toEqual([
    "cf login -a https://api.cf.us10.hana.ondemand.com",
    "cf marketplace -e privatelink",
    lines[2],
    "cf service s4hana-link",
  ]);
  page.shows("create", typed("landline handoff sap-btp", await stage.handoffText()));

  const endpoint = await partnerAsks(stage, SAP);
  await settled(stage, "waiting-us");
  page.shows("asks", typed("landline plan", await stage.plan({ format: "text" })));
  expect(await ids(stage)).toEqual(["approve"]);
  expect((await bodies(stage))[0]).toContain(`{ endpoint: ${endpoint}, reason: "..." }`);

  const asking = await stage.captured(waiting(endpoint, name));
  expect(stage.spec()).toContain(`endpoint: ${endpoint}`);
  page.shows("capture", typed("cf service s4hana-link | landline capture sap-btp", asking));
  page.shows("accept", typed("landline plan", await stage.plan({ format: "text" })));
  const since = (await stage.requests()).length;
  await applied(stage);
  const after = (await stage.requests(since)).map(({ action }) => action);
  // The answer to the acceptance is `pending`: the apply ends only once AWS says `available`.
  expect(after.slice(after.indexOf("AcceptVpcEndpointConnections"))).toContain("DescribeVpcEndpointConnections");
  // For AWS it is there; it is only complete once SAP says so too.
  await settled(stage, "awaiting-acceptance");
  const succeeded = await stage.captured(established(endpoint, name));
  page.shows("succeeded", typed("cf service s4hana-link | landline capture sap-btp", succeeded));
  await settled(stage, "active");
  expect(await ids(stage)).toEqual(["bind"]);
  expect((await bodies(stage))[0]).toContain('\ncf bind-service "orders" "s4hana-link"\n');
  page.shows("bind", typed("landline handoff sap-btp", await stage.handoffText()));
  page.shows("status", typed("landline status sap-btp", await stage.statusText()));

  const verified = await stage.verifiedText();
  expect(verified.exit, verified.out).toBe(0);
  page.shows("verify", typed("landline verify sap-btp", verified));

  stage.rewrite("partner:\n", "state: absent\npartner:\n");
  await expectRefused(stage, "partner.attached");
  expect(await stage.states()).toEqual(["deleting"]);
  page.shows("remove", typed("landline handoff sap-btp", await stage.handoffText()));
  expect((await stage.handed())[0]?.body.split("\n").slice(0, 2)).toEqual([
    'cf unbind-service "orders" "s4hana-link"',
    "cf delete-service s4hana-link",
  ]);
  await partnerLeaves(stage, SAP, endpoint);
  for (let looks = 0; looks < 5 && (await stage.plan()).exit === 3; looks++);
  page.shows("down", typed("landline apply --yes", await stage.apply({ format: "text", parallel: 1 })));
  await settled(stage, "absent");
  page.check();
});

test("R013 R020 R030 R150 only the id that somebody has confirmed is accepted: no other tenant, no other account", async () => {
  const stage = await start();
  stage.rewrite(
    "  allowedPrincipals:\n",
    `  allowedPrincipals:\n    - { principal: "arn:aws:iam::${STRANGER}:root", reason: "an auditor, NET-23", until: 2027-01-31 }\n`,
  );
  await applied(stage);
  const [ours, tenant, stranger] = [
    await partnerAsks(stage, SAP),
    await partnerAsks(stage, SAP),
    await partnerAsks(stage, STRANGER),
  ];
  await settled(stage, "waiting-us");
  const unexpected = (await stage.plan()).plan.findings.filter(({ id }) => id === "connection.unexpected");
  expect(unexpected.map(({ message }) => /vpce-\w+ of account \d+/.exec(message)?.[0]).toSorted()).toEqual(
    [`${ours} of account ${SAP}`, `${tenant} of account ${SAP}`, `${stranger} of account ${STRANGER}`].toSorted(),
  );
  // Whoever approves needs no console: what asks, from which account, and at which service.
  const asked = await stage.handed();
  expect(asked.map(({ id }) => id).toSorted()).toEqual([`approve/${ours}`, `approve/${tenant}`].toSorted());
  const { id: service } = await stage.live("sap-btp/service");
  for (const { body } of asked) expect(body).toMatch(new RegExp(`^vpce-\\w+ of account ${SAP} .* ${service} `));

  accept(stage, stranger);
  await expectRefused(stage, "partner.accept-account");
  stage.rewrite(`{ endpoint: ${stranger},`, `{ account: "${SAP}",`);
  await expectRefused(stage, "partner.accept-form");
  stage.rewrite(`{ account: "${SAP}",`, `{ endpoint: ${ours},`);
  await applied(stage);
  expect(await connectionsOf(stage)).toEqual({
    [ours]: "available",
    [tenant]: "pendingacceptance",
    [stranger]: "pendingacceptance",
  });

  const rejected = [tenant, stranger].map((id) => `      - { endpoint: ${id}, reason: "nobody knows it, NET-24" }\n`);
  stage.rewrite("    accept:\n", `    reject:\n${rejected.join("")}    accept:\n`);
  await applied(stage);
  await settled(stage, "active");
  expect(await connectionsOf(stage)).toEqual({ [ours]: "available", [tenant]: "rejected", [stranger]: "rejected" });
  await takenDown(stage, SAP, ours);
});

/** What AWS says of each connection to the services of the project. */
async function connectionsOf(stage: Partnership): Promise<{ [endpoint: string]: string }> {
  const facts = (await stage.look()).targets.flatMap(({ connections = [] }) => connections);
  return Object.fromEntries(facts.map(({ endpointId, state }) => [endpointId, state]));
}

test("R148 a request that nobody answers within 24 hours, one that is rejected, and the new instance after each", async () => {
  const stage = await start("2026-11-19T10:00:00.000Z");
  await applied(stage);
  const late = await partnerAsks(stage, SAP);
  const [over] = (await stage.plan()).plan.findings.filter(({ id }) => id === "partner.deadline-passed");
  expect(over?.message).toContain("cf delete-service s4hana-link");
  expect(await stage.states()).toEqual(["failed"]);
  await partnerLeaves(stage, SAP, late);

  stage.setClock("2026-11-20T11:00:00.000Z");
  const refused = await partnerAsks(stage, SAP);
  expect((await stage.plan()).plan.findings.map(({ id }) => id)).toContain("partner.deadline");
  const { id: ServiceId } = await stage.live("sap-btp/service");
  await stage.as(NETWORK).ec2.send(new RejectVpcEndpointConnectionsCommand({ ServiceId, VpcEndpointIds: [refused] }));
  await settled(stage, "waiting-partner");
  expect(await ids(stage)).toEqual(["create"]);
  accept(stage, refused);
  expect((await stage.plan()).plan.findings.map(({ id }) => id)).toContain("connection.ended");
  await partnerLeaves(stage, SAP, refused);

  const again = await partnerAsks(stage, SAP);
  stage.rewrite(refused, again);
  await applied(stage);
  await settled(stage, "active");
  await takenDown(stage, SAP, again);
});

/** The arguments of each call of `cf`, one a line, as a shell hands them over. */
const typedIn = (lines: string): string[] =>
  execFileSync("bash", ["-c", `cf() { printf '%s\\n' "$@"; printf '\\f'; }\n${lines}`], { encoding: "utf8" }).split(
    "\f",
  );

test("R005 R009 R022 R025 R026 R027 R154 two common zones, no application, and a name of our own that everybody can resolve", async () => {
  const stage = await start();
  stage.rewrite(", subnet-0a1b2c3d4e5f60003", "");
  await expectRefused(stage, "sap.zones", "sap.zones-three");
  stage.rewrite(
    "    app: orders\n",
    "    plan: beta\n    desired_azs: 2\n    public_hostname: s4.services.example.com\n    public_zone: services.example.com\n",
  );
  await applied(stage);
  const name = await serviceName(stage);
  const create = (await stage.handed()).map(({ body }) => body).join("\n");
  expect(create).toContain(
    `cf create-service privatelink beta s4hana-link -c '{"serviceName":"${name}","desiredAZs":2}'\n`,
  );
  const [, , made = ""] = typedIn(create);
  const [command, , plan, instance, , json = ""] = made.split("\n");
  expect([command, plan, instance]).toEqual(["create-service", "beta", "s4hana-link"]);
  expect(JSON.parse(json)).toEqual({ serviceName: name, desiredAZs: 2 });
  const endpoint = await partnerAsks(stage, SAP, ["subnet-0c1b2c3d4e5f60001", "subnet-0c1b2c3d4e5f60002"]);
  accept(stage, endpoint);
  await applied(stage);
  // The name of SAP's endpoint stands in the binding's credentials alone.
  await settled(stage, "waiting-partner");
  expect(await bodies(stage)).toEqual([
    expect.stringMatching(/^bind: .*\ncf create-service-key "s4hana-link" "landline"\n/),
  ]);

  const host = `${endpoint}-0abcdefg.${name.split(".").at(-1)}.us-east-1.vpce.amazonaws.com`;
  stage.rewrite("    desired_azs: 2\n", "    desired_azs: 2\n    endpoint_hostname: api.example.com\n");
  expect((await stage.plan()).err).toContain("endpoint_hostname");
  stage.rewrite("    endpoint_hostname: api.example.com\n", "");
  const password = "correct-horse-battery";
  const services = {
    privatelink: [{ credentials: { hostname: host } }],
    "user-provided": [{ credentials: { user: "orders", password } }],
  };
  const shown = await stage.captured(JSON.stringify(services, null, 1));
  expect(stage.spec()).toContain(`endpoint_hostname: ${host}\n`);
  expect(`${shown.out}${shown.err}${stage.spec()}`).not.toContain(password);
  stage.rewrite("partner:\n", "partner:\n  reported: { state: create in progress, on: 2026-11-20 }\n");
  await applied(stage);
  // For AWS it is there; it is only complete once SAP says so too.
  await settled(stage, "creating");
  stage.rewrite("create in progress", "create succeeded");
  await settled(stage, "active");
  const records = stage.world().accounts[NETWORK]?.hostedZones.Z0PUBLIC000000000001?.records;
  expect(JSON.stringify(records)).toContain(host);

  expect((await stage.handed({ step: "remove" })).map(({ body }) => body.split("\n")[0])).toContain(
    'cf delete-service-key "s4hana-link" "landline"',
  );
  await takenDown(stage, SAP, endpoint);
  expect(JSON.stringify(stage.world().accounts[NETWORK]?.hostedZones)).not.toContain(host);
});

test("R003 R004 R011 R015 R017 R023 R027 R029 what people have to know stands beside what they have to do", async () => {
  const stage = await start();
  expect((await bodies(stage))[0]).toMatch(/the Cloud Foundry command line \(cf\)/);
  await applied(stage);
  const [create] = await stage.handed();
  expect(create).toMatchObject({ channel: "cli", actor: "requester" });
  expect(create?.body).toMatch(/cf marketplace .*has to list the offering privatelink/);
  expect(create?.body).toMatch(/cf service s4hana-link .*again after about a minute/);
  expect(create?.notes).toEqual([
    expect.stringMatching(/^No change yet: run .* again.*An error message: go back/),
    expect.stringMatching(/over an established, private channel only/),
    expect.stringMatching(/cannot be used again/),
  ]);
  const endpoint = await partnerAsks(stage, SAP);
  accept(stage, endpoint);
  await applied(stage);
  const notes = (await stage.handed()).flatMap(({ notes: some = [] }) => some).join("\n");
  expect(notes).toMatch(/every application of the Cloud Foundry space/);
  expect(notes).toMatch(/User names and passwords of our service go another way/);
  expect(notes).toMatch(/instance_guid, binding_guid, label \(privatelink\), plan and tags/);
});

test("a name in a zone that is not ours: somebody else makes the CNAME, once its target is known", async () => {
  const stage = await start();
  stage.rewrite("    app: orders\n", "    app: orders\n    public_hostname: s4.example.org\n");
  await applied(stage);
  const endpoint = await partnerAsks(stage, SAP);
  accept(stage, endpoint);
  await applied(stage);
  const named = async () => (await stage.handed()).filter(({ id }) => id === "name");
  expect(await named()).toMatchObject([
    { ready: false, body: expect.stringMatching(/^needs params.endpoint_hostname/) },
  ]);
  const host = `${endpoint}-0abcdefg.${(await serviceName(stage)).split(".").at(-1)}.us-east-1.vpce.amazonaws.com`;
  stage.rewrite("    app: orders\n", `    app: orders\n    endpoint_hostname: ${host}\n`);
  expect(await named()).toMatchObject([
    { ready: true, body: expect.stringContaining(`: s4.example.org CNAME ${host}\n`) },
  ]);
  await settled(stage, "active");
});

describe("what SAP would refuse is refused before the first write", () => {
  it.each([
    ["a landscape of another AWS Region", "landscape: us10", "landscape: eu10-004", ["sap.region"]],
    ["a landscape that SAP's list does not have", "landscape: us10", "landscape: us11", ["sap.landscape"]],
    ["R151 one common zone", "use1-az4, use1-az6", "use1-az1, use1-az3", ["sap.zones"]],
    ["no common zone", "[use1-az2, use1-az4, use1-az6]", "[use1-az1, use1-az3, use1-az5]", ["sap.zones"]],
    ["two zones", ", subnet-0a1b2c3d4e5f60003", "", ["sap.zones", "sap.zones-three"]],
    ["a wrong number of common zones", "app: orders", "desired_azs: 4", ["sap.desired-azs"]],
    ["an account of the landscape that is not allowed", `["${SAP}"]`, `["${SAP}", "555555555555"]`, ["sap.principals"]],
    ["everybody lets himself in", "acceptance: required", "acceptance: automatic", ["partner.accept-automatic"]],
    [
      "acceptance of a whole landscape",
      "  acceptance: required\n",
      `  acceptance: required\n  connections: { accept: [{ account: "${SAP}", reason: all }] }\n`,
      ["partner.accept-form"],
    ],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start();
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });

  it("a private DNS name, which SAP's endpoints do not take", async () => {
    const stage = await start();
    stage.append("  privateDns: { name: s4.services.example.com, zone: Z0PUBLIC000000000001 }");
    expect(await verdicts(stage, "sap.")).toEqual(["warning sap.private-dns"]);
  });

  it("zones that nobody has told yet wait, and fewer may be accepted with a reason", async () => {
    const stage = await start();
    stage.rewrite("    zone_ids: [use1-az2, use1-az4, use1-az6]\n", "");
    expect(await verdicts(stage, "sap.")).toEqual(["info sap.zones deferred"]);
    stage.rewrite("    app: orders\n", "    app: orders\n    zone_ids: [use1-az1, use1-az2]\n");
    expect(await verdicts(stage, "sap.")).toEqual(["error sap.zones"]);
    stage.append("acknowledge: [{ finding: sap.zones, reason: the third zone follows with NET-25 }]");
    expect(await verdicts(stage, "sap.")).toEqual(["error sap.zones waived"]);
  });

  it.each([
    ["R006 no instance", "    instance: s4hana-link\n", "", "instance"],
    ["R009 a name that would break out of its quotes", "s4hana-link", `"s4'; rm -rf ~; '"`, "instance"],
    ["a landscape on another cloud", "landscape: us10", "landscape: eu20", "cross-provider"],
    ["a parameter that does not exist", "app: orders", "aplication: orders", 'no parameter "aplication"'],
  ])("%s", async (_what, from, to, said) => {
    const stage = await start();
    stage.rewrite(from, to);
    const { exit, err } = await stage.plan();
    expect(exit).toBe(1);
    expect(err).toContain(said);
    expect(await stage.requests()).toEqual([]);
  });
});

describe("R147 what SAP prints, in our words", () => {
  const endpoint = "vpce-047f057f38a2e27e1";
  const service = "vpce-svc-0d727708b69ad6738";

  it.each([
    ["R012", "status:     create in progress", "creating"],
    [
      "R013 R014",
      `status:     create in progress\nmessage:    Connection from VPC Endpoint ID '${endpoint}' not yet approved at VPC Endpoint Service 'com.amazonaws.vpc.us-east-1.${service}'. Waiting for approval.`,
      "awaiting-acceptance",
    ],
    [
      "R014",
      `Connection from VPC Endpoint ID '${endpoint}' not yet approved to service 'com.amazonaws.vpce.us-east-1.${service}'.`,
      "awaiting-acceptance",
    ],
    [
      "R021",
      `status:     create succeeded\nmessage:    Connection from VPC Endpoint ID '${endpoint}' to VPC Endpoint Service 'com.amazonaws.vpce.us-east-1.${service}' is established.`,
      "active",
    ],
    [
      "24 hours",
      "create failed: The VPC Endpoint connection was not approved within 24 hours. Please create a new Private Link service instance.",
      "failed",
    ],
    ["rejected", "create failed: The connection was rejected. Initiate a new connection.", "failed"],
    ["unknown service", "create failed: InvalidServiceName: the service does not exist", "failed"],
    ["deleting", "delete in progress", "deleting"],
  ])("%s is recognised", (_row, state, is) => {
    expect(meaning("sap-btp", "provider", state)).toMatchObject({ is });
  });

  it("R016 R026 the ids are taken from what was pasted", () => {
    expect(taken("sap-btp", `Connection from VPC Endpoint ID '${endpoint}' not yet approved`)).toEqual([
      `accept ${endpoint}`,
    ]);
    expect(taken("sap-btp", "please set the parameter 'desiredAZs' to 2")).toEqual(["params.desired_azs 2"]);
    const host = `${endpoint}-abc12def.${service}.us-east-1.vpce.amazonaws.com`;
    expect(taken("sap-btp", `{"privatelink":[{"credentials":{"hostname": "${host}"}}]}`)).toEqual([
      `params.endpoint_hostname ${host}`,
    ]);
  });
});
