import { describe, expect, it } from "vitest";
import { planComment } from "../../../../src/planner/writers/pull-request/index.ts";
import { pictureOf } from "../../../../src/planner/writers/pull-request/picture.ts";
import { emptyCloud, endpoint, planOf, service, ZONE } from "../../builders.ts";
import { expectGolden } from "../golden.ts";
import { MARKER, MORE_AT } from "./fixture.ts";

/** Plans that the planner really makes: a service and its consumer in another account, and what a partner offers. */

const TARGETS = [
  { name: "net", account: "111111111111", region: "us-east-1" },
  { name: "app", account: "222222222222", region: "us-east-1" },
];
const PARTNERS = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
const OFFERED = {
  name: PARTNERS,
  region: "us-east-1",
  owner: "402592597372",
  acceptanceRequired: true,
  policySupported: false,
  azIds: ["use1-az4", "use1-az6"],
  ipAddressTypes: ["ipv4"],
};
const plan = planOf(
  {
    ledger: { ...service(), ...endpoint({ connection: "ledger" }) },
    stream: endpoint(PARTNERS, { aliases: [{ name: "stream.apps.example.com", zone: ZONE }] }),
    unnamed: endpoint("pending", { aliases: [] }),
  },
  emptyCloud({ app: { services: [OFFERED] } }),
);

describe("a plan of real specs", () => {
  it("golden: both sides of a new connection", () => {
    expectGolden(
      "pull-request/both-sides.md",
      planComment({ marker: MARKER, plan, targets: TARGETS, checklist: [], moreAt: MORE_AT }),
    );
  });

  it("has both sides and all names in its picture, each once", () => {
    const lines = (pictureOf(plan, TARGETS).text ?? "").split("\n");
    const boxes = lines.flatMap((line) => /n\d+\["(.*)"\]:::/.exec(line)?.[1] ?? []);
    expect(boxes.toSorted()).toEqual([
      "added: DNS name<br/>api.apps.example.com",
      "added: DNS name<br/>stream.apps.example.com",
      "added: endpoint service<br/>ledger",
      "added: endpoint<br/>ledger",
      "added: endpoint<br/>stream",
      "added: load balancer<br/>main",
      "added: principal<br/>arn#58;aws#58;iam#58;#58;222222222222#58;root",
      `endpoint service<br/>${PARTNERS}`,
    ]);
    expect(lines.filter((line) => line.includes("-->"))).toHaveLength(6);
  });
});
