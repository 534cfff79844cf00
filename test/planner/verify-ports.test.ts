import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../src/model.ts";
import { resolveSelectors } from "../../src/planner/selectors/index.ts";
import { indexSnapshot } from "../../src/planner/snapshot-index.ts";
import type { ConnectionSpec } from "../../src/planner/specs/index.ts";
import { portsOfEndpoint } from "../../src/planner/verify/declared-ports.ts";
import { endpointsOf, type Verified } from "../../src/planner/verify/subject.ts";
import { wantsOf } from "../../src/planner/verify/wanted.ts";
import { connections, project, service } from "./builders.ts";
import { profilesOf } from "./partners/nimbus.ts";

type Body = Omit<ConnectionSpec, "apiVersion" | "kind" | "metadata">;

const DELTA = `apiVersion: landline/v1
kind: PartnerProfile
metadata: { name: delta, title: Delta, checkedOn: 2026-11-01, sources: [{ id: docs, url: "https://delta.example" }] }
params:
  kind: { type: string, enum: [stream, table], default: table, obtain: you }
  ports: { type: list, items: port, obtain: the console }
consumer:
  service: { name: "{{params.kind}}", source: docs }
  acceptance: { by: nobody, source: docs }
  dns: { mode: none, source: docs }
  checks:
    - { id: delta.ports, kind: ports.ingress, severity: error, when: { kind: stream }, args: { ports: ["10000-31000"] }, message: open them, source: docs }
`;
const profiles = profilesOf(DELTA);
const NAME = "com.amazonaws.vpce.us-east-1.vpce-svc-0d727708b69ad6738";

const endpoint = (more: object = {}): NonNullable<Body["endpoints"]>[number] => ({
  target: "app",
  vpc: "vpc-0b1b2c3d4e5f60001",
  subnets: ["subnet-0b1b2c3d4e5f60001"],
  securityGroup: { ingress: [{ ports: 443, from: "10.20.0.0/16" }] },
  service: NAME,
  ...more,
});

function ports(body: Body, others: { readonly [name: string]: Body } = {}): string[] {
  const of = project();
  const snapshot: Snapshot = { formatVersion: 1, project: "acme", targets: [] };
  const cloud = indexSnapshot(snapshot);
  const resolved = resolveSelectors(
    connections({ one: body, ...others }, of, profiles),
    cloud,
    () => false,
  ).connections;
  const document = resolved.get("one");
  if (!document) throw new Error("no document");
  const profile = profiles.get(document.spec.partner?.profile ?? "");
  const status = {
    connection: "one",
    state: "active",
    reasons: [],
    changes: 0,
    endpoints: [],
    waits: [],
    findings: [],
  } as const;
  const verified: Verified = { project: of, document, connections: resolved, profile, cloud, status };
  return endpointsOf(verified).flatMap((placed) =>
    portsOfEndpoint(placed, verified).map(({ protocol, from, to }) => `${protocol} ${from}-${to}`),
  );
}

describe("the ports of an endpoint", () => {
  it("are what its own security group lets in, where nothing else tells them", () => {
    const ingress = [
      { ports: 8443, from: "10.20.0.0/16" },
      { ports: 443, from: "10.20.0.0/16" },
      { ports: 443, from: "10.21.0.0/16" },
      { ports: 53, protocol: "udp", from: "10.20.0.0/16" },
    ];
    expect(ports({ endpoints: [endpoint({ securityGroup: { ingress } })] })).toEqual([
      "udp 53-53",
      "tcp 443-443",
      "tcp 8443-8443",
    ]);
  });

  it("are those of the partner's demands and parameters", () => {
    const partner = { profile: "delta", params: { kind: "stream", ports: [9092] } };
    expect(ports({ partner, endpoints: [endpoint()] })).toEqual(["tcp 9092-9092", "tcp 10000-31000"]);
    // A demand that is not for this case, and no parameter.
    expect(ports({ partner: { profile: "delta" }, endpoints: [endpoint()] })).toEqual(["tcp 443-443"]);
  });

  it("are those of our own service behind it", () => {
    const consumes = {
      endpoints: [
        endpoint({ service: { connection: "two" }, securityGroup: { ingress: [{ ports: 1, from: "10.20.0.0/16" }] } }),
      ],
    };
    expect(ports(consumes, { two: service() })).toEqual(["tcp 443-443"]);
  });
});

it("the rules of existing security groups are looked at, and only those of the connection", () => {
  const groups = (...securityGroups: string[]) => endpoint({ securityGroup: undefined, securityGroups });
  const documents = connections({
    one: { endpoints: [JSON.parse(JSON.stringify(groups("sg-0b1b2c3d4e5f60001")))] },
    two: { endpoints: [JSON.parse(JSON.stringify(groups("sg-0b1b2c3d4e5f60002")))] },
  });
  expect([...wantsOf(documents, "one")]).toEqual([
    ["app", { health: [], balancers: [], ingress: ["sg-0b1b2c3d4e5f60001"], ingressOfChosen: false }],
  ]);
});
