import { ModifyVpcEndpointServicePermissionsCommand } from "@aws-sdk/client-ec2";
import { describe, expect, it, test } from "vitest";
import { APPS, NETWORK } from "../scenarios/harness.ts";
import { partnerOffers } from "./offer.ts";
import { openPage, typed } from "./page.ts";
import {
  applied,
  bodies,
  expectRefused,
  type Partnership,
  partnerAsks,
  partnerLeaves,
  placeOf,
  settled,
  startPartnership,
  verdicts,
} from "./stage.ts";

/** A store at Adobe, in one direction and in both: from an empty account to traffic and down again, Adobe's side played by its own account. */

const ADOBE = "402592597372";
const STRANGER = "555555555555";
const start = (name = "adobe-commerce"): Promise<Partnership> =>
  startPartnership({ name, accounts: [ADOBE, STRANGER] });
const both = (): Promise<Partnership> => start("adobe-commerce-both");
const OURS = `arn:aws:iam::${APPS}:root`;

/** One more parameter. */
const tell = (stage: Partnership, line: string): void =>
  stage.rewrite("    company: Acme\n", `    company: Acme\n    ${line}\n`);
const accept = (stage: Partnership, endpoint: string): void =>
  stage.rewrite(
    "  acceptance: required\n",
    `  acceptance: required\n  connections:\n    accept:\n      - { endpoint: ${endpoint}, reason: "named by Adobe in the ticket, SHOP-14" }\n`,
  );
/** Our service is in the zones of these subnets. */
const asksFrom = (stage: Partnership, account: string): Promise<string> =>
  partnerAsks(stage, account, placeOf(stage, account).subnets.slice(0, 2));
const goes = (stage: Partnership): void => stage.rewrite("partner:\n", "state: absent\npartner:\n");
const ids = async (stage: Partnership): Promise<string[]> => (await stage.handed()).map(({ id }) => id);
const answer = (name: string): string =>
  `Hello,\nwe have enabled your account. The Adobe endpoint service to connect to is ${name}\nRegards`;

/** Each look lets a little time pass; until the partner is gone the plan is refused. */
async function left(stage: Partnership): Promise<void> {
  for (let looks = 0; looks < 5 && (await stage.plan()).exit === 3; looks++);
}

const TICKET = `Subject: PrivateLink support for Acme

Connection type: unidirectional
Adobe Commerce Pro project ID: abcdefg123456
Environments: production, staging
Customer AWS account number: ${APPS}
Cloud region: AWS us-east-1
Services and communication ports to open at Adobe:
- SFTP:2222 (TCP)
- SQL:3306 (TCP)
Please allow our account at your endpoint service, and tell us its service name.`;

test("R065 R071 R077 R078 R082 R083 R084 R085 R089 R148 R149 R152 R153 unidirectional, from an empty account to traffic and down again", {
  timeout: 60_000,
}, async () => {
  const stage = await start();
  const page = openPage("adobe-commerce");
  page.shows("spec", stage.spec());
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  expect(await bodies(stage)).toEqual([`ticket: ${TICKET}`]);
  await applied(stage);
  await settled(stage, "waiting-partner");

  const theirs = await partnerOffers(stage, ADOBE, { byHand: true });
  await theirs.allow(OURS);
  page.shows(
    "capture",
    typed("landline capture adobe-commerce < answer.txt", await stage.captured(answer(theirs.name))),
  );
  page.shows("endpoint", typed("landline plan", await stage.plan({ format: "text" })));
  await applied(stage);
  await settled(stage, "awaiting-acceptance");
  const { id: endpoint } = await stage.live("adobe-commerce/endpoint/main");
  expect(await bodies(stage)).toEqual([
    `approval: Our endpoint ${endpoint} (account ${APPS}, us-east-1) asks to connect to ${theirs.name}. Please approve the connection request.`,
  ]);
  page.shows("approval", typed("landline handoff adobe-commerce", await stage.handoffText()));
  page.shows("status", typed("landline status adobe-commerce", await stage.statusText()));
  // A week, because Adobe promises five business days.
  const [wait] = (await stage.plan()).plan.waits;
  expect(wait).toMatchObject({ on: "partner", since: "2026-11-20T09:30:00.000Z", until: "2026-11-27T09:30:00.000Z" });

  await theirs.accept(endpoint);
  await settled(stage, "active");
  const { outputs } = await stage.live("adobe-commerce/endpoint/main");
  expect(await bodies(stage)).toEqual([
    `verify: curl -v telnet://${outputs.dnsName}:2222/\ncurl -v telnet://${outputs.dnsName}:3306/`,
  ]);
  page.shows("verify", typed("landline handoff adobe-commerce", await stage.handoffText()));

  goes(stage);
  await expectRefused(stage, "adobe.ticket");
  expect(await bodies(stage)).toEqual([
    "remove: Subject: PrivateLink support for Acme: removal\n\nPlease remove the PrivateLink connection of the Adobe Commerce Pro project abcdefg123456 (production, staging).\nPlease tell us once it is done: we delete our side afterwards.",
  ]);
  page.shows("remove", typed("landline plan", await stage.plan({ format: "text" })));
  stage.rewrite("  params:\n", '  confirm: [{ id: adobe.ticket, reason: "answered on Friday, SHOP-20" }]\n  params:\n');
  await applied(stage);
  await settled(stage, "absent");
  await theirs.withdraw();
  await settled(stage, "absent");
  page.check();
});

test("R072 R076 R080 R086 R087 R092 R093 R094 R095 R096 R097 R148 R152 bidirectional, from an empty account to traffic and down again", {
  timeout: 60_000,
}, async () => {
  const stage = await both();
  const page = openPage("adobe-commerce-both");
  page.shows("spec", stage.spec());
  page.shows("plan", typed("landline plan", await stage.plan({ format: "text" })));
  // Nobody asks Adobe before our service stands and lets Adobe in.
  expect(await ids(stage)).toEqual([]);
  await applied(stage);
  await settled(stage, "waiting-partner", "waiting-partner", "waiting-partner");
  const { outputs } = await stage.live("adobe-commerce-both/service");
  expect(await ids(stage)).toEqual(["ticket-both"]);
  const lines = (await stage.handed())[0]?.body.split("\n");
  expect(lines?.slice(0, 3)).toEqual(["Subject: PrivateLink support for Acme", "", "Connection type: bidirectional"]);
  expect(lines).toContain(`Customer AWS account number: ${APPS}`);
  expect(lines).toContain(`Endpoint service that Adobe has to connect to: ${outputs.serviceName} (TCP 8443)`);
  expect(lines).toContain(`Endpoint service access granted: arn:aws:iam::${ADOBE}:root`);
  page.shows("ticket", typed("landline handoff adobe-commerce-both", await stage.handoffText()));

  const theirs = await partnerOffers(stage, ADOBE, { byHand: true });
  await theirs.allow(OURS);
  // Adobe answers below our own ticket, in which our service's name stands.
  const quoted = (await stage.handed())[0]?.body.replaceAll(/^/gm, "> ") ?? "";
  await stage.captured(`${answer(theirs.name)}\n${quoted}`);
  expect(stage.spec()).toContain(`service_name: ${theirs.name}\n`);
  await applied(stage);
  await settled(stage, "awaiting-acceptance", "waiting-partner", "awaiting-acceptance");
  await theirs.accept((await stage.live("adobe-commerce-both/endpoint/main")).id);
  await settled(stage, "waiting-partner", "waiting-partner", "active");
  const { out: status } = await stage.statusText();
  expect(status).toMatch(/targets +1 of 1 healthy/);
  page.shows("status", typed("landline status adobe-commerce-both", await stage.statusText()));

  const asks = await asksFrom(stage, ADOBE);
  await settled(stage, "waiting-us", "waiting-us", "active");
  expect((await bodies(stage)).find((body) => body.startsWith("approve:"))).toMatch(
    new RegExp(
      `^approve: ${asks} of account ${ADOBE} asks to connect to ${outputs.serviceName}\\. Adobe asks from account ${ADOBE}\\.\n`,
    ),
  );
  page.shows(
    "approve",
    typed("landline handoff adobe-commerce-both --step approve", await stage.handoffText({ step: "approve" })),
  );
  accept(stage, asks);
  await applied(stage);
  await settled(stage, "active", "active", "active");

  const [fromAdobe, fromHere] = await stage.handed();
  expect([fromAdobe?.id, fromAdobe?.ready, fromHere?.id]).toEqual(["verify-from-adobe", false, "verify"]);
  const dns = `${asks}-yfhmywqh.vpce-svc-083cb2a1f0e9d8c7b.us-east-1.vpce.amazonaws.com`;
  tell(stage, `endpoint_dns: ${dns}`);
  expect((await bodies(stage))[0]).toBe(
    `verify-from-adobe: magento-cloud environment:checkout production\ncurl -v telnet://${dns}:8443/`,
  );

  const before = stage.spec();
  stage.rewrite("subnet-0b1b2c3d4e5f60001, subnet-0b1b2c3d4e5f60002]", "subnet-0b1b2c3d4e5f60001]");
  expect((await bodies(stage)).at(-1)).toMatch(
    /^change: Subject: PrivateLink support for Acme: change\n\n[\s\S]*\nupdate adobe-commerce-both\/endpoint\/main \(subnetIds\)\n/,
  );
  page.shows(
    "change",
    typed("landline handoff adobe-commerce-both --step change", await stage.handoffText({ step: "change" })),
  );
  stage.rewrite(stage.spec(), before);

  goes(stage);
  await expectRefused(stage, "partner.attached", "adobe.ticket", "adobe.ticket-service");
  expect(await ids(stage)).toEqual(["remove"]);
  page.shows("remove", typed("landline handoff adobe-commerce-both", await stage.handoffText()));
  page.shows("refused", typed("landline apply --yes", await stage.apply({ format: "text" })));
  await partnerLeaves(stage, ADOBE, asks);
  stage.rewrite(
    "  params:\n",
    '  confirm:\n    - { id: adobe.ticket, reason: "answered, SHOP-20" }\n    - { id: adobe.ticket-service, reason: "answered, SHOP-20" }\n  params:\n',
  );
  await left(stage);
  await applied(stage);
  await settled(stage, "absent", "absent", "absent");
  page.check();
});

test("R073 R079 a ticket with gaps is not written: it says what is missing and where to find it", async () => {
  const stage = await start();
  stage.rewrite("    company: Acme\n    project_id: abcdefg123456\n", "");
  const [project, ticket, ...others] = await stage.handed();
  expect(project).toMatchObject({ id: "project", channel: "cli", body: "magento-cloud project:info" });
  expect(ticket).toMatchObject({ id: "ticket", channel: "ticket", ready: false });
  expect(ticket?.body).toBe(
    "needs params.company: the name of your company, for the ticket's subject\nneeds params.project_id: `magento-cloud project:info` shows it",
  );
  expect(others).toEqual([]);
  expect(await stage.states()).toEqual(["draft"]);
});

test("R070 R073 R091 R154 what people have to know stands beside what they have to do", async () => {
  const stage = await start();
  const said = async (): Promise<string> => (await stage.handed()).flatMap(({ notes = [] }) => notes).join("\n");
  const ticket = await said();
  expect(ticket).toContain("up to five business days");
  expect(ticket).toMatch(/support covers the first enablement, .* our VPC is ours to pay/);
  const theirs = await partnerOffers(stage, ADOBE, { byHand: false });
  await theirs.allow(OURS);
  tell(stage, `service_name: ${theirs.name}`);
  await applied(stage);
  await settled(stage, "active");
  for (const part of [
    "netstat -na | grep PORT",
    "tcpdump -i INTERFACE -tt -nn port PORT and host SOURCE",
    "settings of endpoint",
  ])
    expect(await said()).toContain(part);
});

test("R081 the ticket waits until our service lets Adobe in", async () => {
  const stage = await both();
  const grant = `    - { principal: "arn:aws:iam::${ADOBE}:root", reason: "Adobe Commerce, SHOP-12", until: 2027-06-30 }\n`;
  stage.rewrite(grant, grant.replace(ADOBE, STRANGER));
  await expectRefused(stage, "adobe.principal");
  stage.rewrite(STRANGER, ADOBE);
  await applied(stage);
  await settled(stage, "waiting-partner", "waiting-partner", "waiting-partner");
  expect(await ids(stage)).toEqual(["ticket-both"]);
  // Somebody takes the permission back: the plan mends that, and there is no ticket that says what is not so.
  const { id: ServiceId } = await stage.live("adobe-commerce-both/service");
  const permit = (RemoveAllowedPrincipals: string[], AddAllowedPrincipals: string[]) =>
    stage
      .as(NETWORK)
      .ec2.send(
        new ModifyVpcEndpointServicePermissionsCommand({ ServiceId, RemoveAllowedPrincipals, AddAllowedPrincipals }),
      );
  await permit([`arn:aws:iam::${ADOBE}:root`], [`arn:aws:iam::${STRANGER}:root`]);
  expect(await ids(stage)).toEqual([]);
  // Nor where the spec agrees with the cloud.
  stage.rewrite(ADOBE, STRANGER);
  await expectRefused(stage, "adobe.principal");
  expect((await stage.plan()).plan.changes).toEqual([]);
  expect(await ids(stage)).toEqual([]);
});

test("R087 R088 R150 only the endpoint that Adobe names, and only from Adobe's account, which Adobe may change", async () => {
  const stage = await both();
  const grant = `    - { principal: "arn:aws:iam::${ADOBE}:root", reason: "Adobe Commerce, SHOP-12", until: 2027-06-30 }\n`;
  stage.rewrite(grant, `${grant}${grant.replace(ADOBE, STRANGER)}`);
  await applied(stage);
  const [adobes, strangers] = [await asksFrom(stage, ADOBE), await asksFrom(stage, STRANGER)];
  expect(await ids(stage)).toEqual(["approve"]);
  accept(stage, strangers);
  await expectRefused(stage, "partner.accept-account");
  stage.rewrite(`{ endpoint: ${strangers},`, `{ account: "${ADOBE}",`);
  await expectRefused(stage, "partner.accept-form");

  tell(stage, `adobe_account: "${STRANGER}"`);
  stage.rewrite(`{ account: "${ADOBE}",`, `{ endpoint: ${adobes},`);
  await expectRefused(stage, "partner.accept-account");
  stage.rewrite(`{ endpoint: ${adobes},`, `{ endpoint: ${strangers},`);
  await applied(stage);
  // The other request goes on asking for an answer.
  await settled(stage, "waiting-partner", "waiting-us", "waiting-partner");
  const { connections = [] } = (await stage.look()).targets.find(({ target }) => target === "network-use1") ?? {};
  expect(new Map(connections.map(({ endpointId, state }) => [endpointId, state]))).toEqual(
    new Map([
      [adobes, "pendingacceptance"],
      [strangers, "available"],
    ]),
  );
});

describe("R068 port 443", () => {
  const https = async (): Promise<Partnership> => {
    const stage = await start();
    stage.rewrite('"SQL:3306"', '"HTTPS:443"');
    stage.rewrite("ports: 3306", "ports: 443");
    return stage;
  };

  it("is refused, with both of Adobe's texts named", async () => {
    const stage = await https();
    await expectRefused(stage, "adobe.port-443");
    const [finding] = (await stage.plan()).plan.findings.filter(({ id }) => id === "adobe.port-443");
    expect(finding).toMatchObject({ waivable: true });
    expect(finding?.message).toMatch(/long excluded .*today's text excludes it on Azure only/);
  });

  it("is allowed once somebody says why, and the plan says so too", async () => {
    const stage = await https();
    stage.append("acknowledge: [{ finding: adobe.port-443, reason: Adobe confirms it for AWS in SHOP-31 }]");
    expect(await verdicts(stage, "adobe.port-443")).toEqual(["error adobe.port-443 waived"]);
    expect((await stage.plan({ format: "text" })).out).toContain("Adobe confirms it for AWS in SHOP-31");
    const theirs = await partnerOffers(stage, ADOBE, { byHand: false });
    await theirs.allow(OURS);
    tell(stage, `service_name: ${theirs.name}`);
    await applied(stage);
    await settled(stage, "active");
    expect((await bodies(stage))[0]).toMatch(/:443\/$/);
  });

  it("of a service of ours that Adobe reaches is nobody's business", async () => {
    const stage = await both();
    stage.rewrite("port: 8443\n", "port: 443\n");
    expect(await verdicts(stage, "adobe.port-443")).toEqual([]);
    expect((await stage.plan()).exit).toBe(2);
  });
});

describe("what Adobe would refuse is refused before the first write", () => {
  it.each([
    ["R064 R074 a Region mismatch", "region: us-east-1", "region: eu-west-1", ["adobe.region"]],
    ["R066 a Starter project", "project_plan: pro", "project_plan: starter", ["adobe.plan"]],
    ["R066 an integration environment", "staging]", "integration]", ["adobe.environment"]],
    ["R066 a local environment", "[production, staging]", "[local]", ["adobe.environment"]],
    ["R067 SSH to the endpoint", "ports: 3306", "ports: 22", ["adobe.ssh"]],
    ["R067 SSH at Adobe", '"SQL:3306"', '"Shell:22"', ["adobe.ssh-service"]],
    ["R067 SSH within a range", "ports: 3306", 'ports: "20-30"', ["adobe.ssh"]],
    [
      "R069 PrivateDNS",
      "  - target: apps-use1\n",
      "  - target: apps-use1\n    privateDns: true\n",
      ["adobe.private-dns"],
    ],
    [
      "R064 a service of another Region",
      "  - target: apps-use1\n",
      "  - target: apps-use1\n    serviceRegion: eu-west-1\n    service: com.amazonaws.vpce.eu-west-1.vpce-svc-0b16e88f3b706aaf1\n",
      ["adobe.service-region"],
    ],
  ])("%s", async (_what, from, to, wanted) => {
    const stage = await start();
    stage.rewrite(from, to);
    await expectRefused(stage, ...wanted);
  });

  it.each([
    ["R064 R074 a Region mismatch", "region: us-east-1", "region: eu-west-1", ["adobe.region"]],
    ["R067 SSH to our service", "port: 8443\n", "port: 22\n", ["adobe.ssh"]],
    ["R080 R081 a missing principal", "Adobe Commerce, SHOP-12", "ended", ["adobe.principal"]],
    ["everybody lets himself in", "acceptance: required", "acceptance: automatic", ["partner.accept-automatic"]],
    ["R065 only the direction that Adobe does not have", "endpoints:\n", "gone:\n", ["adobe.direction"]],
  ])("bidirectional: %s", async (what, from, to, wanted) => {
    const stage = await both();
    stage.rewrite(from, to);
    if (what.includes("R080")) stage.rewrite("until: 2027-06-30", "until: 2026-01-31");
    if (what.includes("R065")) stage.rewrite(stage.spec(), stage.spec().replace(/gone:[\s\S]*$/, ""));
    await expectRefused(stage, ...wanted);
  });

  it("R097 our own service is not Adobe's", async () => {
    const stage = await both();
    await applied(stage);
    const { outputs } = await stage.live("adobe-commerce-both/service");
    tell(stage, `service_name: ${outputs.serviceName}`);
    expect(await verdicts(stage, "adobe.service-name")).toEqual(["error adobe.service-name"]);
  });

  it("ports that nobody opens, and private DNS on our side, are said", async () => {
    const stage = await both();
    stage.rewrite("ports: 3306", "ports: 3307");
    stage.rewrite(
      "  acceptance: required\n",
      "  acceptance: required\n  privateDns: { name: stock.services.example.com, zone: Z0PUBLIC000000000001 }\n",
    );
    expect((await verdicts(stage, "adobe.")).filter((line) => !line.includes("deferred")).toSorted()).toEqual([
      "warning adobe.ports",
      "warning adobe.ports-open",
      "warning adobe.private-dns",
    ]);
  });

  it.each([
    ["R067 a service that is called SSH", '"SQL:3306"', '"ssh:2200"', "SSH cannot be used"],
    ["R078 a port that does not exist", '"SQL:3306"', '"SQL:65536"', "services"],
    ["R078 a service without a port", '"SQL:3306"', '"SQL"', "services"],
    [
      "R063 a service name that was cut off",
      "company: Acme",
      "service_name: com.amazonaws.vpce.us-east-1.vpce-svc-0b16e88f",
      "service_name",
    ],
  ])("%s", async (_what, from, to, said) => {
    const stage = await start();
    stage.rewrite(from, to);
    const { exit, err } = await stage.plan();
    expect(exit).toBe(1);
    expect(err).toContain(said);
    expect(await stage.requests()).toEqual([]);
  });
});

describe("R090 what curl prints", () => {
  it.each([
    [
      "* Connected to vpce-0088d56482571241d-yfhmywqh.vpce-svc-083cb2a1f0e9d8c7b.us-east-1.vpce.amazonaws.com (191.210.82.246) port 80 (#0)",
      "good",
    ],
    [
      "Failed to connect to vpce-0088d56482571241d-yfhmywqh.vpce-svc-083cb2a1f0e9d8c7b.us-east-1.vpce.amazonaws.com port 80: Connection timed out",
      "bad",
    ],
  ])("%s", async (printed, verdict) => {
    const stage = await start();
    const { out } = await stage.captured(printed, { format: "json" });
    expect(JSON.parse(out).tests).toEqual([expect.objectContaining({ verdict })]);
  });
});
