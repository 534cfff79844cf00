// @ts-check
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Estates of any size: a project file, one spec per connection, and the world that they live in. One account and Region on purpose: all
 * reads go through one target then, which is the slowest case.
 */

const ACCOUNT = "111111111111";
const PROVIDER = { vpc: "vpc-0a1b2c3d4e5f60001", subnets: ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"] };
const CONSUMER = { vpc: "vpc-0b1b2c3d4e5f60001", subnets: ["subnet-0b1b2c3d4e5f60001", "subnet-0b1b2c3d4e5f60002"] };
const ZONE = "Z0BENCH000000000000001";
const DOMAIN = "bench.internal.example.com";

export const TARGET = "bench-use1";

/** What a connection of the estate consists of, in resources of ours; the allowlist holds three principals, the group two rules. */
export const RESOURCES_PER_CONNECTION = 9;

/** The name of the n-th connection, from 1. @param {number} n */
export const connectionName = (n) => `conn-${String(n).padStart(5, "0")}`;

export const projectText = `apiVersion: landline/v1
kind: Project
metadata:
  name: bench
specs: ["specs/*.yaml"]
targets:
  ${TARGET}:
    account: "${ACCOUNT}"
    region: us-east-1
tags: { cost-center: bench }
`;

/** The n-th spec. @param {number} n */
export function specText(n) {
  const name = connectionName(n);
  const [one, two] = [n % 250, Math.floor(n / 250)];
  return `apiVersion: landline/v1
kind: Connection
metadata:
  name: ${name}
  owner: team-bench
  description: Connection ${n} of the benchmark
# The seeded account has raised its quota of endpoints in one VPC.
acknowledge:
  - { finding: quota.endpoints, reason: "raised in the account of the benchmark" }
service:
  target: ${TARGET}
  loadBalancers:
    - name: api
      subnets: [${PROVIDER.subnets.join(", ")}]
      listeners:
        - port: 443
          protocol: TCP
          targetGroup: { port: 8443, type: ip, targets: ["10.0.${two}.${one + 1}", "10.0.${128 + two}.${one + 1}"] }
  allowedPrincipals:
    - { principal: "arn:aws:iam::${ACCOUNT}:root", reason: "our own account", until: 2099-12-31 }
    - { principal: "arn:aws:iam::402592597372:root", reason: "partner platform", until: 2099-12-31 }
    - { principal: "arn:aws:iam::402592597372:role/connector", reason: "partner connector", until: 2099-12-31 }
endpoints:
  - target: ${TARGET}
    vpc: ${CONSUMER.vpc}
    subnets: [${CONSUMER.subnets.join(", ")}]
    securityGroup:
      ingress:
        - { ports: 443, from: 10.20.0.0/16, description: applications }
        - { ports: "10000-31000", from: 10.30.0.0/16 }
    aliases:
      - { name: ${name}.${DOMAIN}, zone: ${ZONE}, evaluateTargetHealth: true }
`;
}

/** The world before anything is applied: two VPCs with room for all, and quotas raised as a large customer's are. */
export const seedText = `accounts:
  "${ACCOUNT}":
    quotas: { network-load-balancers: 5000, target-groups: 5000, interface-endpoints-per-vpc: 5000 }
    regions:
      us-east-1:
        vpcs:
${vpcText(PROVIDER, "10.0")}
${vpcText(CONSUMER, "10.20")}
    hostedZones:
      - { id: ${ZONE}, name: ${DOMAIN}, vpcs: [${CONSUMER.vpc}] }
`;

/** @param {typeof PROVIDER} place @param {string} network */
function vpcText({ vpc, subnets: [first, second] }, network) {
  return `          - id: ${vpc}
            cidr: ${network}.0.0/16
            subnets:
              - { id: ${first}, az: us-east-1a, azId: use1-az4, cidr: ${network}.0.0/17 }
              - { id: ${second}, az: us-east-1b, azId: use1-az6, cidr: ${network}.128.0/17 }`;
}

/** What a snapshot says about the surroundings of an estate in which nothing of ours exists yet. */
export const surroundings = {
  target: TARGET,
  account: ACCOUNT,
  region: "us-east-1",
  caller: `arn:aws:iam::${ACCOUNT}:root`,
  takenAt: "2026-01-01T00:00:00.000Z",
  subnets: [PROVIDER, CONSUMER].flatMap(({ vpc, subnets: [first = "", second = ""] }) => [
    { id: first, vpcId: vpc, az: "us-east-1a", azId: "use1-az4" },
    { id: second, vpcId: vpc, az: "us-east-1b", azId: "use1-az6" },
  ]),
  services: [],
  loadBalancers: [],
  obstacles: [],
  zones: [{ id: ZONE, name: DOMAIN, private: true }],
};

/**
 * Writes a project with connections 1 to `size` and the seed file.
 * @param {string} folder
 * @param {number} size
 */
export function writeEstate(folder, size) {
  mkdirSync(join(folder, "specs"), { recursive: true });
  writeFileSync(join(folder, "landline.yaml"), projectText);
  writeFileSync(join(folder, "seed.yaml"), seedText);
  addConnections(folder, 1, size);
}

/**
 * Writes the specs of connections `from` to `to`.
 * @param {string} folder
 * @param {number} from
 * @param {number} to
 */
export function addConnections(folder, from, to) {
  for (let n = from; n <= to; n++) writeFileSync(join(folder, "specs", `${connectionName(n)}.yaml`), specText(n));
}
