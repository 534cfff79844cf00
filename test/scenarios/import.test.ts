import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateTagsCommand, DescribeVpcEndpointsCommand } from "@aws-sdk/client-ec2";
import {
  AddTagsCommand,
  CreateListenerCommand,
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { ChangeResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FileChange } from "../../src/planner/writers/json.ts";
import type { World } from "../../src/sandbox/world.ts";
import { type MadeEstate, makeEstate, PRIVATE_ZONE, SHARED_GROUP } from "./estate.ts";
import { APPS, expectNothingToDo, gist, NETWORK, openStage, type Said, type Stage } from "./harness.ts";

let stage: Stage;
let estate: MadeEstate;
/** The world as somebody made it by hand; nothing in it is ours. */
let made: World;

beforeAll(async () => {
  stage = await openStage({ fixture: "rich" });
  estate = await makeEstate(stage);
  made = stage.world();
}, 60_000);
afterAll(() => stage.close());
beforeEach(async () => {
  for (const file of specs()) stage.remove(`specs/${file}`);
  await stage.putWorld(made);
});

const specs = (): string[] => readdirSync(join(stage.folder, "specs")).sort();
const spec = (name: string): string => readFileSync(join(stage.folder, "specs", `${name}.yaml`), "utf8");

interface Report {
  readonly files: readonly {
    readonly path: string;
    readonly connection: string;
    readonly id: string;
    readonly adopts: number;
  }[];
  readonly left: readonly { readonly id: string; readonly why: string }[];
  readonly plan: { readonly adoptions: number; readonly others: readonly string[]; readonly errors: readonly string[] };
}
function reported({ exit, out, err }: Said): Report {
  expect(exit, err).toBe(0);
  return JSON.parse(out) as Report;
}

/** Fails unless every change of a plan adopts an object and does nothing else to it. */
function expectOnlyAdoptions(changes: readonly FileChange[]): void {
  const others = changes.filter(
    ({ action, risks, differences }) =>
      action !== "update" ||
      String(risks) !== "adopts" ||
      differences.some(({ attribute }) => !attribute.startsWith("tags.")),
  );
  expect(others).toEqual([]);
}

/** Takes the lists away that are of no use once everything is adopted. */
function dropAdopt(): void {
  for (const file of specs()) {
    const text = spec(file.replace(".yaml", ""));
    stage.write(`specs/${file}`, text.slice(0, text.indexOf("# what lives and becomes ours")));
  }
}

describe("an estate made by hand", () => {
  test("is imported, adopted as it lives, and then there is nothing to do", async () => {
    const before = (await stage.requests()).length;
    const report = reported(await stage.import({ all: true }));
    expect(report.files.map(({ connection, adopts }) => [connection, adopts])).toEqual([
      ["payments-api", 7],
      ["logs", 4],
      ...[...estate.logsEndpoints, estate.paymentsEndpoint]
        .sort()
        .map((id) => [id, id === estate.paymentsEndpoint ? 4 : 1]),
    ]);
    expect(report.plan).toEqual({ adoptions: 17, others: [], errors: [] });
    const { exit, plan } = await stage.plan({ out: "plan.json" });
    expect(exit, gist(plan).join("\n")).toBe(2);
    expect((await stage.requests(before)).filter(({ write }) => write)).toEqual([]);

    const reviewed = JSON.parse(readFileSync(join(stage.folder, "plan.json"), "utf8")) as typeof plan;
    expect(reviewed.changes).toHaveLength(17);
    expectOnlyAdoptions(reviewed.changes);
    expect(reviewed.findings.map(({ id, severity }) => [id, severity])).toEqual(
      Array.from({ length: 5 }, () => ["adopt.only-marks", "info"]),
    );

    const applied = await stage.apply({ planFile: "plan.json" });
    expect({ exit: applied.exit, results: new Set(applied.outcomes.map(({ result }) => result)) }, applied.err).toEqual(
      {
        exit: 0,
        results: new Set(["done"]),
      },
    );
    const writes = new Set((await stage.requests(before)).flatMap(({ write, action }) => (write ? [action] : [])));
    expect([...writes].sort()).toEqual(["AddTags", "ChangeResourceRecordSets", "CreateTags"]);
    await expectNothingToDo(stage, "all is ours");
    dropAdopt();
    await expectNothingToDo(stage, "the adopt lists are gone");
  });

  test("reads as a person would write it, and says what a person has to fill in", async () => {
    await stage.import({ all: true });
    const [withGroup = "", shared = ""] = [estate.paymentsEndpoint, estate.logsEndpoints[0]].map(spec);
    expect(
      spec("payments-api")
        .replaceAll(estate.payments, "SERVICE")
        .replaceAll(estate.partnersEndpoint, "PARTNERS")
        .split("adopt:")[0],
    ).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=../schema/connection.v1.schema.json
      # Imported from SERVICE (account 111111111111) on 2026-11-20.
      apiVersion: landline/v1
      kind: Connection
      metadata:
        name: payments-api
        # owner: who to ask
        # description: what it is for
      service:
        target: network-use1
        loadBalancers:
          - name: payments-nlb
            subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002]
            crossZone: true
            listeners:
              - port: 443
                protocol: TLS
                certificates: [arn:aws:acm:us-east-1:111111111111:certificate/b0000000-0000-4000-8000-000000000001]
                sslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06
                alpnPolicy: HTTP2Preferred
                targetGroup:
                  port: 8443
                  type: ip
                  protocol: TLS
                  targets: [10.0.1.10, 10.0.17.10:9443]
                  healthCheck:
                    protocol: HTTPS
                    port: 8080
                    path: /healthy
                    intervalSeconds: 20
                  deregistrationDelaySeconds: 120
              - port: 5432
                protocol: TCP
                targetGroup:
                  port: 5432
                  type: ip
                  targets: [10.0.1.10, 10.0.17.10:9443]
                  deregistrationDelaySeconds: 120
        connections:
          accept:
            - { endpoint: PARTNERS, reason: "imported from SERVICE on 2026-11-20: connected, of account 402592597372; say why" }
        # say why of each, and until when
        allowedPrincipals:
          - { principal: arn:aws:iam::222222222222:root, reason: imported from SERVICE on 2026-11-20; say why, until: 2027-11-20 }
          - { principal: arn:aws:iam::402592597372:root, reason: imported from SERVICE on 2026-11-20; say why, until: 2027-11-20 }
        privateDns: { name: api.example.com, zone: Z0PUBLIC000000000001 }
      # what lives and becomes ours as it is; once that is applied the list may go
      "
    `);
    expect(withGroup).toContain("service: { connection: payments-api }");
    expect(withGroup).toContain("- { ports: 443, from: 10.20.0.0/16, description: applications }");
    expect(withGroup).toContain(
      "- { name: payments.apps.internal.example.com, zone: Z0PRIVATE00000000001, evaluateTargetHealth: true }",
    );
    expect(shared).toContain(
      `# only referred to, never changed: it is shared by 2 endpoints\n    securityGroups: [${SHARED_GROUP}]`,
    );
  });

  test("is imported once: what is ours is left out, and no file is written over", async () => {
    await stage.import({ all: true });
    await stage.apply();
    const texts = specs().map((file) => spec(file.replace(".yaml", "")));
    const again = reported(await stage.import({ all: true }));
    expect(again.files).toEqual([]);
    expect(again.left.map(({ why }) => why)).toEqual(
      Array.from({ length: 5 }, () => expect.stringContaining("of this project already")),
    );
    expect(specs().map((file) => spec(file.replace(".yaml", "")))).toEqual(texts);
  });

  test("goes on where an adoption was cut short", async () => {
    await stage.import({ all: true });
    await stage.faults({ action: "AddTags", effect: "error-before", code: "AccessDenied", status: 403, times: 1 });
    const first = await stage.apply();
    await stage.clearFaults();
    expect(first.exit).toBe(4);
    expectOnlyAdoptions((await stage.plan()).plan.changes);
    expect((await stage.apply()).exit).toBe(0);
    await expectNothingToDo(stage);
  });
});

describe("what hangs on others", () => {
  test("with --refer load balancers and security groups are only referred to", async () => {
    const report = reported(await stage.import({ all: true, refer: true }));
    expect(report.plan).toEqual({ adoptions: 8, others: [], errors: [] });
    expect(spec("logs")).toContain(`- arn: ${estate.balancers[1]}\n`);
    expect(spec(estate.paymentsEndpoint)).toMatch(/securityGroups: \[sg-[0-9a-f]+\]/);
    expect((await stage.apply()).exit).toBe(0);
    await expectNothingToDo(stage);
  });

  test("a load balancer whose listeners share a target group is only referred to, with the reason", async () => {
    const { elbv2 } = stage.as(NETWORK);
    const [LoadBalancerArn = ""] = estate.balancers.slice(1);
    const { Listeners } = await elbv2.send(new DescribeListenersCommand({ LoadBalancerArn }));
    const DefaultActions = Listeners?.[0]?.DefaultActions ?? [];
    await elbv2.send(new CreateListenerCommand({ LoadBalancerArn, Port: 8443, Protocol: "TCP", DefaultActions }));
    const report = reported(await stage.import({ ids: [estate.logs] }));
    expect(report.plan).toEqual({ adoptions: 1, others: [], errors: [] });
    expect(spec("logs")).toContain("# only referred to, never changed: its listeners on ports");
  });

  test("a load balancer with a setting that a spec cannot say is only referred to, with the setting", async () => {
    const world = stage.world();
    const balancer = world.accounts[NETWORK]?.regions["us-east-1"]?.loadBalancers[estate.balancers[1]];
    await stage.putWorld(
      Object.assign(world, balancer && Object.assign(balancer, { scheme: "internet-facing" }) && {}),
    );
    const report = reported(await stage.import({ ids: [estate.logs] }));
    expect(report.plan.adoptions).toBe(1);
    expect(spec("logs")).toMatch(
      /# only referred to, never changed: .* has scheme "internet-facing", which a spec cannot say/,
    );
  });
});

describe("what somebody else goes on doing", () => {
  test("targets that Kubernetes registers are not listed", async () => {
    const { elbv2 } = stage.as(NETWORK);
    const { TargetGroups } = await elbv2.send(new DescribeTargetGroupsCommand({ Names: ["logs-targets"] }));
    const ResourceArns = TargetGroups?.flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []) ?? [];
    await elbv2.send(new AddTagsCommand({ ResourceArns, Tags: [{ Key: "elbv2.k8s.aws/cluster", Value: "main" }] }));
    const report = reported(await stage.import({ ids: [estate.logs] }));
    expect(report.plan).toEqual({ adoptions: 4, others: [], errors: [] });
    expect(spec("logs")).toContain("# Kubernetes registers the targets (tag elbv2.k8s.aws/cluster)");
    expect(spec("logs")).not.toContain("targets: [");
  });

  test("a name that is no alias record is left out, with the reason", async () => {
    const Name = "pay.apps.internal.example.com";
    const { DnsEntries = [] } = await endpointOf(estate.paymentsEndpoint);
    const ResourceRecords = [{ Value: DnsEntries[0]?.DnsName }];
    const Changes = [
      { Action: "CREATE" as const, ResourceRecordSet: { Name, Type: "CNAME" as const, TTL: 60, ResourceRecords } },
    ];
    await stage
      .as(APPS)
      .route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: PRIVATE_ZONE, ChangeBatch: { Changes } }));
    const report = reported(await stage.import({ ids: [estate.paymentsEndpoint] }));
    expect(report.left).toEqual([
      { id: `${PRIVATE_ZONE}/${Name}`, why: expect.stringMatching(/^it is a CNAME record, .* and leads to vpce-/) },
    ]);
    expect(reported(await stage.import({ ids: [estate.logsEndpoints[0]] })).left).toEqual([]);
  });

  const endpointOf = async (id: string) => {
    const seen = await stage.as(APPS).ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    return seen.VpcEndpoints?.[0] ?? {};
  };
});

describe("what is another project's", () => {
  const theirs = [
    { Key: "landline:project", Value: "other" },
    { Key: "landline:address", Value: "logs/service" },
  ];

  test("is not imported", async () => {
    await stage.as(NETWORK).ec2.send(new CreateTagsCommand({ Resources: [estate.logs], Tags: theirs }));
    const { exit, err } = await stage.import({ ids: [estate.logs] });
    expect({ exit, err }).toEqual({
      exit: 1,
      err: expect.stringContaining('it belongs to the Landline project "other"; give it up there first'),
    });
    expect(specs()).toEqual([]);
  });

  test.each(["service", "load balancer"])("is not adopted and not touched: a %s", async (what) => {
    await stage.import({ ids: [estate.logs] });
    const { ec2, elbv2 } = stage.as(NETWORK);
    if (what === "service") await ec2.send(new CreateTagsCommand({ Resources: [estate.logs], Tags: theirs }));
    else await elbv2.send(new AddTagsCommand({ ResourceArns: [estate.balancers[1]], Tags: theirs }));
    const before = (await stage.requests()).length;
    const { exit, plan } = await stage.plan();
    const errors = plan.findings.filter(({ severity }) => severity === "error");
    expect({ exit, errors: new Set(errors.map(({ id }) => id)) }).toEqual({
      exit: 3,
      errors: new Set(what === "service" ? ["not-ours"] : ["not-ours", "adopt.missing"]),
    });
    expect(errors).toContainEqual(
      expect.objectContaining({
        id: "not-ours",
        message: expect.stringContaining('belongs to the Landline project "other"'),
      }),
    );
    expect((await stage.apply()).exit).toBe(3);
    expect((await stage.requests(before)).filter(({ write }) => write)).toEqual([]);
  });
});

describe("by id", () => {
  test("one with a name of its own", async () => {
    const report = reported(await stage.import({ ids: [estate.logs], name: "log-intake" }));
    expect(report.files).toMatchObject([{ path: "specs/log-intake.yaml", id: estate.logs, adopts: 4 }]);
    expectOnlyAdoptions((await stage.plan()).plan.changes);
  });

  test("an endpoint at a service that the project provides refers to its connection", async () => {
    await stage.import({ ids: [estate.logs] });
    expect((await stage.apply()).exit).toBe(0);
    const report = reported(await stage.import({ ids: [estate.logsEndpoints[0]], target: "apps-use1" }));
    expect(report.plan).toEqual({ adoptions: 1, others: [], errors: [] });
    expect(spec(estate.logsEndpoints[0])).toContain("service: { connection: logs }");
  });

  test.each([
    [{ ids: ["vpce-svc-00000000000000000"] }, "is not in apps-use1, network-use1"],
    [{ ids: ["sg-0b1b2c3d4e5f60004"] }, "is not the id of an endpoint service"],
    [{ ids: [] }, "say what to import"],
    [{ ids: ["vpce-0a008de1e407fb942"], all: true }, "--all takes everything"],
    [{ all: true, name: "one" }, "--name is for one id"],
    [{ all: true, target: "network-use2" }, 'did you mean "network-use1"?'],
  ])("%j is refused, and nothing is written", async (asked, message) => {
    const { exit, err } = await stage.import(asked);
    expect({ exit, err }).toEqual({ exit: 1, err: expect.stringContaining(message) });
    expect(specs()).toEqual([]);
  });

  test("a name that is taken is refused", async () => {
    await stage.import({ ids: [estate.logs] });
    const { exit, err } = await stage.import({ ids: [estate.payments], name: "logs" });
    expect({ exit, err }).toEqual({ exit: 1, err: expect.stringContaining('called "logs" already') });
  });
});

describe("beside specs that are there already", () => {
  test("an alias that another spec claims is left out, and the spec stays as it is", async () => {
    await stage.import({ ids: [estate.paymentsEndpoint] });
    const claiming = spec(estate.paymentsEndpoint).split("adopt:")[0] ?? "";
    const name = estate.paymentsEndpoint;
    stage.remove(`specs/${name}.yaml`);
    stage.write("specs/a-first.yaml", claiming.replace(`name: ${name}`, "name: a-first"));
    const report = reported(await stage.import({ ids: [name] }));
    expect(report.left.map(({ id }) => id)).toEqual([
      "Z0PRIVATE00000000001/*.payments.apps.internal.example.com",
      "Z0PRIVATE00000000001/payments.apps.internal.example.com",
    ]);
    expect(spec(name)).not.toContain("aliases");
  });

  test("a folder that the project does not read is pointed out", async () => {
    const { exit, err } = await stage.import({ ids: [estate.logs], outDir: "elsewhere" });
    expect({ exit, err }).toEqual({ exit: 0, err: expect.stringContaining("does not read elsewhere") });
    stage.remove("elsewhere/logs.yaml");
  });
});
