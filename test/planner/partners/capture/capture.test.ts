import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Capture, captureFrom } from "../../../../src/planner/partners/capture/index.ts";
import { editSpec } from "../../../../src/planner/specs/edit.ts";
import { parseConnections } from "../../../../src/planner/specs/index.ts";
import { project, service } from "../../builders.ts";
import { profilesOf } from "../nimbus.ts";
import { STRATUS } from "./stratus.ts";

const profiles = profilesOf(STRATUS);
const of = project();
const json = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../schema/${name}.v1.schema.json`, import.meta.url), "utf8"));
const schemas = { project: json("project"), connection: json("connection") };

const PROVIDES = JSON.stringify({ ...service().service, connections: undefined, acceptance: undefined });
const provider = (more = ""): string =>
  `apiVersion: landline/v1
kind: Connection
metadata: { name: orders } # ours
partner:
  profile: stratus # who
${more}service: ${PROVIDES}
`;
const consumer = (service = "", params = ""): string =>
  `apiVersion: landline/v1
kind: Connection
metadata: { name: orders }
partner: { profile: stratus${params} }
endpoints:
  - target: app # here
    vpc: vpc-0b1b2c3d4e5f60001
${service}    subnets: [subnet-0b1b2c3d4e5f60001]
    securityGroup: { ingress: [{ ports: 443, from: 10.20.0.0/16 }] }
`;

interface Read extends Capture {
  /** The spec as it becomes. */
  readonly text: string;
}

function read(spec: string, output: string, step?: string): Read {
  const { connections, problems } = parseConnections([{ path: "specs/orders.yaml", text: spec }], of, {
    schemas,
    today: "1970-01-01",
    profiles,
  });
  const [document] = connections;
  const profile = profiles.get("stratus");
  if (!document || !profile) throw new Error(`bad spec in a test: ${JSON.stringify(problems)}`);
  const capture = captureFrom({ document, profile, output, today: "2026-11-20", ...(step ? { step } : {}) });
  const edited = editSpec(spec, "orders", capture.edits);
  if ("problem" in edited) throw new Error(edited.problem);
  return { ...capture, text: edited.text };
}

const found = ({ written }: Capture) => written.map(({ field, value, how }) => `${how} ${field} ${String(value)}`);

const ENDPOINT = "vpce-047f057f38a2e27e1";
const SERVICE = "com.amazonaws.vpce.us-east-1.vpce-svc-0d727708b69ad6738";
const waiting = (id = ENDPOINT, name = "com.amazonaws.vpc.us-east-1.vpce-svc-0d727708b69ad6738") =>
  `Showing status of last operation:

status:     create in progress
message:    Connection from VPC Endpoint ID '${id}' not yet approved at VPC Endpoint Service '${name}'. Waiting for approval.
started:    2026-11-20T10:00:00Z
updated:    2026-11-20T10:01:00Z
`;
describe("a request to our service", () => {
  it("becomes an entry with its reason, and the partner's word", () => {
    const one = read(provider(), waiting());
    expect(one.refusals).toEqual([]);
    expect(one.accept).toBe(ENDPOINT);
    expect(one.reported).toMatchObject({ is: "awaiting-acceptance", on: "2026-11-20" });
    expect(found(one)).toEqual([
      `new service.connections.accept ${ENDPOINT}`,
      `new partner.reported create in progress Connection from VPC Endpoint ID '${ENDPOINT}' not yet approved`,
    ]);
    expect(one.text).toContain(`endpoint: ${ENDPOINT}, reason: `);
    expect(one.text).toContain("Stratus showed this id (Create the instance), captured on 2026-11-20");
    expect(one.text).toContain("profile: stratus # who");
    expect(one.text).toContain("metadata: { name: orders } # ours");
  });

  it("is nothing new the second time", () => {
    const first = read(provider(), waiting());
    const again = read(first.text, waiting());
    expect(again.written.map(({ how }) => how)).toEqual(["same", "same"]);
    expect(again.edits).toEqual([]);
    expect(again.text).toBe(first.text);
  });

  it("R014 is read in the tool's other words and spelling, in colour, wrapped and with pretty quotes", () => {
    const esc = String.fromCharCode(27);
    const pretty = `${esc}[32mstatus:${esc}[0m     create in progress\r\nmessage:    Connection from VPC Endpoint ID \u2018${ENDPOINT}\u2019\r\n            not yet approved to service '${SERVICE}'.`;
    const one = read(provider(), pretty);
    expect(one.accept).toBe(ENDPOINT);
    expect(one.reported?.is).toBe("awaiting-acceptance");
  });

  it("changes the partner's word and day in place", () => {
    const one = read(
      provider("  reported: { state: create in progress, on: 2026-11-19 } # by hand\n"),
      "status:     create succeeded\nmessage:  is established.",
    );
    expect(found(one)).toEqual(["changed partner.reported create succeeded"]);
    expect(one.written[0]?.was).toBe("create in progress (2026-11-19)");
    expect(one.text).toContain("reported: { state: create succeeded, on: 2026-11-20 } # by hand");
  });

  it.each([
    [
      "two requests",
      `${waiting()}\n${waiting("vpce-0000000000000000a")}`,
      /vpce-0000000000000000a, vpce-047f057f38a2e27e1/,
    ],
    [
      "an id that no pattern knows beside it",
      `${waiting()}see also vpce-0000000000000000a`,
      /2 different values for accept/,
    ],
    ["an id that is cut off", waiting("vpce-047f057f38"), /vpce-047f057f38 is not whole/],
    ["one with a digit too many", waiting("vpce-047f057f38a2e27e11"), /is not whole/],
    ["a service name that is cut off", waiting(ENDPOINT, "com.amazonaws.vpce.us-east-1.vpce-svc-0d72770"), /not whole/],
    [
      "two states",
      `status: create in progress\nstatus: create succeeded\n`,
      /2 states: "create in progress", "create succeeded"/,
    ],
  ])("is refused with %s", (_what, output, why) => {
    const one = read(provider(), output);
    expect(one.refusals.join("\n")).toMatch(why);
  });

  it("is refused where the spec rejects it, and where there is no service", () => {
    const rejects = provider().replace(
      /}\n$/,
      `, connections: { reject: [{ endpoint: ${ENDPOINT}, reason: no }] } }\n`,
    );
    expect(read(rejects, waiting()).refusals.join()).toMatch(/rejects vpce-047f057f38a2e27e1/);
    expect(read(consumer(), waiting()).accept).toBeUndefined();
  });
});

describe("parameters", () => {
  it("have the type that the profile gives them", () => {
    const one = read(provider(), "Please set the parameter 'count' to 2. Zones: use1-az4, use1-az6, use1-az4");
    expect(found(one)).toEqual(["new partner.params.count 2", "new partner.params.zones use1-az4,use1-az6"]);
    expect(one.written.map(({ value }) => value)).toEqual([2, ["use1-az4", "use1-az6"]]);
    expect(read(one.text, "the parameter 'count' to 3").written).toMatchObject([
      { how: "changed", was: "2", value: 3 },
    ]);
  });

  it("are refused in another form", () => {
    expect(read(provider(), "the parameter 'count' to two").refusals.join()).toMatch(/count is the text "two"/);
    expect(read(provider(), "the parameter 'count' to 2, the parameter 'count' to 3").refusals.join()).toMatch(/2, 3/);
  });

  it("are only those of the step that is asked for", () => {
    const output = `the parameter 'count' to 2\n"hostname": "db.example.com"`;
    expect(found(read(provider(), output, "bind"))).toEqual(["new partner.params.host db.example.com"]);
  });

  it("put the service's name into its own parameter, and in the place of pending", () => {
    const table = `AWS_SERVICE_ID             AWS_SERVICE_NAME                                        PRINCIPALS  STATE
========================== ======================================================= =========== ========
vpce-svc-0d727708b69ad6738 ${SERVICE}                                             -           active
`;
    expect(found(read(consumer(), table))).toEqual([
      `new partner.params.service_name ${SERVICE}`,
      "new partner.reported active",
    ]);
    const pending = read(consumer("    service: pending # until they tell\n"), table);
    expect(found(pending)).toContain(`changed endpoints[0].service ${SERVICE}`);
    expect(pending.text).toContain(`service: ${SERVICE} # until they tell`);
    const named = consumer(`    service: ${SERVICE}\n`);
    expect(found(read(named, table)).filter((one) => one.includes("endpoints"))).toEqual([]);
  });

  it("are taken from JSON on one line, and each row of a table stands for itself", () => {
    const one = read(consumer(), JSON.stringify([{ aws_service_name: SERVICE, state: "creating" }]));
    expect(one.reported?.is).toBe("waiting-partner");
    expect(found(one)).toContain(`new partner.params.service_name ${SERVICE}`);
    const rows = `NAME  STATE\n===== ======\na     creating\nb     active\n`;
    expect(read(consumer(), rows).refusals.join()).toMatch(/2 states: "(creating|active)", "(creating|active)"/);
  });

  it.each([
    ["a cell that is cut off", "com.amazonaws.vpce.eu-west-1.vpce-svc-0b16e88f3b"],
    ["an ellipsis", "com.amazonaws.vpce.eu-west-1.vpce-svc-0b16…"],
    ["dots", "com.amazonaws.vpce.eu-west-1.vpce-svc-0b16e88f3b706aaf1..."],
    ["hardly anything", "com.amazon…"],
    ["no id at all", "com.amazonaws.vpce.eu-west-1.vpce-sv"],
    ["a digit too many", "com.amazonaws.vpce.eu-west-1.vpce-svc-0b16e88f3b706aaf11"],
  ])("no name of a service is taken from %s", (_what, name) => {
    const table = `AWS_SERVICE_ID             AWS_SERVICE_NAME\n========================== =======\nvpce-svc-0b16e88f3b706aaf1 ${name}\n`;
    const one = read(consumer(), table);
    expect(one.refusals.join("\n")).toMatch(/is not whole/);
  });

  it("are taken where the cell is cut off and the name stands elsewhere as a whole", () => {
    const output = `vpce-svc-0d727708b69ad6738 com.amazonaws.vpce.us-east-1.vpce-svc-0d727708b6\n${SERVICE}\n`;
    const one = read(consumer(), output);
    expect(one.refusals).toEqual([]);
    expect(found(one)).toEqual([`new partner.params.service_name ${SERVICE}`]);
    const another = `com.amazonaws.vpce.us-east-1.vpce-sv\n${SERVICE}\n`;
    expect(read(consumer(), another).refusals.join()).toMatch(/vpce-sv is not whole/);
  });
});

describe("credentials", () => {
  const SECRET = "hunter2-Zx81";
  it.each([
    `"password": "${SECRET}"`,
    `password=${SECRET}`,
    `DB_PASSWORD: ${SECRET}`,
    `avn login --token ${SECRET}`,
    `"uri": "postgres://avnadmin:${SECRET}@host:5432/db"`,
    `"client_secret": '${SECRET}'`,
    `Authorization: Bearer ${SECRET}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${SECRET}\n-----END RSA PRIVATE KEY-----`,
  ])("never come out: %s", (line) => {
    const one = read(provider(), `status: create succeeded\n${line}\n"hostname": "db.example.com"\n`, "create");
    expect(JSON.stringify(one)).not.toContain(SECRET);
    expect(one.reported?.is).toBe("active");
  });

  it("are refused where a profile would take them", () => {
    const one = read(provider(), `"password": "${SECRET}"`, "bind");
    expect(one.refusals.join()).toMatch(/credential/);
    expect(JSON.stringify(one)).not.toContain(SECRET);
  });
});

describe("outputs of tests", () => {
  it.each([
    ["good", "* Rebuilt URL to: telnet://x:80\n* Connected to x (191.210.82.246) port 80 (#0)"],
    ["bad", "* Connected to a\nFailed to connect to x port 80: Connection timed out"],
  ])("are read as %s", (verdict, output) => {
    expect(read(provider(), output).tests).toMatchObject([{ verdict }]);
  });
});

it("tells what it looks for when nothing is recognised", () => {
  const one = read(provider(), "hello");
  expect([one.written, one.tests, one.refusals, one.edits]).toEqual([[], [], [], []]);
  expect(one.looksFor.some((line) => line.includes("accept") && line.includes("create"))).toBe(true);
  expect(one.looksFor.some((line) => line.includes("rejected"))).toBe(true);
  expect(one.text).toBe(provider());
});
