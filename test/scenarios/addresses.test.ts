import { expect, test } from "vitest";
import { applyAll, raiseBrakes } from "./acts.ts";
import { APPS, expectNothingToDo, type Stage, startStage } from "./harness.ts";

const ZONE = "Z0PRIVATE00000000001";
const DOMAIN = "apps.internal.example.com";

/** The alias records at a name of ours: type and where it leads, without what is random. */
function aliasesAt(stage: Stage, name: string): string[] {
  const { records = [] } = stage.world().accounts[APPS]?.hostedZones[ZONE] ?? {};
  return records
    .filter((record) => record.name === `${name}.${DOMAIN}.` && record.alias)
    .map(
      ({ type, alias }) =>
        `${type} ${alias?.dnsName.replace(/^vpce-[0-9a-f]+-[0-9a-z]+/, "*").replace(/\.vpce-svc.*/, "")}`,
    )
    .sort();
}

const SUBNETS = ["subnet-0b1b2c3d4e5f60001", "subnet-0b1b2c3d4e5f60002"];

function write(stage: Stage, endpoint: object): void {
  const service = {
    target: "network-use1",
    loadBalancers: [
      {
        name: "main",
        subnets: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"],
        listeners: [
          { port: 443, protocol: "TCP", targetGroup: { port: 8443, type: "ip" } },
          { port: 514, protocol: "UDP", targetGroup: { port: 514, type: "ip" } },
        ],
      },
    ],
    acceptance: "automatic",
    allowedPrincipals: [{ principal: `arn:aws:iam::${APPS}:root`, reason: "ourselves", until: "2027-03-31" }],
    ipAddressTypes: ["ipv4", "ipv6"],
  };
  const taken = {
    target: "apps-use1",
    vpc: "vpc-0b1b2c3d4e5f60001",
    subnets: SUBNETS,
    securityGroups: ["sg-0b1b2c3d4e5f60004"],
    aliases: [
      { name: `all.${DOMAIN}`, zone: ZONE },
      { name: `zonal.${DOMAIN}`, zone: ZONE, azId: "use1-az4" },
    ],
    ...endpoint,
  };
  const document = { apiVersion: "landline/v1", kind: "Connection", metadata: { name: "addresses" }, service };
  stage.write("specs/addresses.yaml", JSON.stringify({ ...document, endpoints: [taken] }));
}

test("records follow the addresses of an endpoint: A, AAAA or both, for all zones and for one", async () => {
  const stage = await startStage({ fixture: "rich" });
  for (const name of ["rich", "rich-udp", "ledger", "event-stream", "payments-api"]) stage.remove(`specs/${name}.yaml`);
  raiseBrakes(stage);
  const steps: [object, string[]][] = [
    [{}, ["A"]],
    [{ ipAddressType: "dualstack" }, ["A", "AAAA"]],
    [{ ipAddressType: "dualstack", dnsRecordIpType: "ipv6" }, ["AAAA"]],
    [{ ipAddressType: "dualstack", dnsRecordIpType: "service-defined" }, ["A", "AAAA"]],
    [{ ipAddressType: "ipv6" }, ["AAAA"]],
    [{}, ["A"]],
  ];
  for (const [endpoint, types] of steps) {
    write(stage, endpoint);
    await applyAll(stage);
    await expectNothingToDo(stage, JSON.stringify(endpoint));
    expect(aliasesAt(stage, "all")).toEqual(types.map((type) => `${type} *`));
    // The consumer's us-east-1b is the zone that is use1-az4 everywhere.
    expect(aliasesAt(stage, "zonal")).toEqual(types.map((type) => `${type} *-us-east-1b`));
  }
});

test("a zonal alias to a zone that the endpoint gets in the same plan, and to one that it does not have", async () => {
  const stage = await startStage({ fixture: "rich" });
  for (const name of ["rich", "rich-udp", "ledger", "event-stream", "payments-api"]) stage.remove(`specs/${name}.yaml`);
  raiseBrakes(stage);
  write(stage, { subnets: SUBNETS.slice(0, 1), aliases: [] });
  await applyAll(stage);
  write(stage, {});
  await applyAll(stage);
  await expectNothingToDo(stage);
  expect(aliasesAt(stage, "zonal")).toEqual(["A *-us-east-1b"]);
  write(stage, { subnets: SUBNETS.slice(0, 1) });
  const { exit, plan } = await stage.plan();
  expect(exit).toBe(3);
  expect(plan.findings.map(({ id }) => id)).toContain("alias.zone");
  expect(plan.changes.map(({ action, address, refused }) => [action, address, refused])).toEqual([
    ["update", "addresses/endpoint/main", "alias.zone"],
  ]);
});
