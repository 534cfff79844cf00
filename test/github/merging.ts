import { readFileSync } from "node:fs";
import { AuthorizeSecurityGroupIngressCommand, DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import { expect } from "vitest";
import { ciApply } from "../../src/commands/ci/apply.ts";
import { ciPlan } from "../../src/commands/ci/plan.ts";
import type { CiApplyOptions } from "../../src/commands/ci/push.ts";
import type { LoggedRequest } from "../../src/sandbox/requests.ts";
import { clients, endpointService } from "../sandbox/helper.ts";
import { type Ran, type RunOptions, type Scene, type SceneOptions, startScene } from "./scene.ts";

/** Small connections, so that a whole life takes little: each wants a security group and waits for the name of its partner's service. */

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
export const APPS = "222222222222";
export const ENVIRONMENT = "landline-approve-new-plan";

/** A scene whose project has alpha and beta on main; nothing of them is applied. */
export interface Merging extends Scene {
  /** The spec of a connection that consumes somebody's service through these ports; `more` is foreign text in it. */
  connection(name: string, ports: string, more?: string): string;
}

const PROJECT = read("landline.yaml").replace(
  /\n {2}approvals:[\s\S]*$/,
  '\n  approvals:\n    - { risks: [deletes], count: 1, from: ["@acme/network-security"] }\n    - { risks: [any], count: 1 }\n',
);
/** The same, asking nobody: a project that says nothing asks for one approval. */
export const PERMISSIVE = PROJECT.replace(/\n {2}approvals:[\s\S]*$/, "\n  approvals: []\n");

export async function startMerging(options: SceneOptions = {}): Promise<Merging> {
  const scene = await startScene({
    files: { "landline.yaml": PROJECT, "sandbox.yaml": read("sandbox.yaml"), "README.md": "# Network\n" },
    ...options,
    github: {
      rules: { main: { requiredApprovals: 0 } },
      environments: [{ name: ENVIRONMENT, reviewers: ["alice", "bob", "carol"] }],
      ...options.github,
    },
  });
  const { ServiceName } = await endpointService(scene.aws, { AcceptanceRequired: false });
  const connection: Merging["connection"] = (name, ports, more = "") =>
    read("specs/event-stream.yaml")
      .replace("name: event-stream", `name: ${name}`)
      .replace("service: pending", `service: ${ServiceName}`)
      .replace('"10000-31000"', ports)
      .replace("Event stream of our data partner", JSON.stringify(`Event stream${more}`));
  scene.push("ada", "main", {
    "specs/alpha.yaml": connection("alpha", "1000"),
    "specs/beta.yaml": connection("beta", "2000"),
  });
  return { ...scene, connection };
}

/** A pull request by alice that gives alpha other ports, planned. */
export async function proposed(scene: Merging, ports = "1001", branch = "topic"): Promise<number> {
  return planned(scene, branch, { "specs/alpha.yaml": scene.connection("alpha", ports) });
}

export async function planned(
  scene: Scene,
  branch: string,
  files: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  scene.push("alice", branch, files);
  const number = await scene.openPull("alice", branch);
  expect((await scene.run(ciPlan)).exit).toBe(0);
  return number;
}

/** The plan workflow once more, as a review starts it. */
export const plannedAgain = (scene: Scene): Promise<Ran> => scene.run(ciPlan, { event: "pull_request_review" });

/** What the jobs that apply may do: as in our workflow. */
const PERMISSIONS = {
  contents: "read",
  "pull-requests": "write",
  checks: "read",
  actions: "read",
  deployments: "write",
} as const;

export const applied = (scene: Scene, more: RunOptions<CiApplyOptions> = {}): Promise<Ran> =>
  scene.run(ciApply, {
    event: "push",
    artifact: "landline-apply",
    permissions: PERMISSIONS,
    ...more,
    options: { parallel: 4, ...more.options },
  });

/** What AWS was asked to change, as actions. */
export const writesIn = async (scene: Scene, since = 0): Promise<string[]> =>
  (await scene.awsRequests(since)).filter(({ write }) => write).map(({ action }) => action);

export const requestsSoFar = async (scene: Scene): Promise<number> =>
  (await scene.awsRequests()).reduce((most: number, { n }: LoggedRequest) => Math.max(most, n), 0);

/** Opens a port in the security group of a connection as somebody with a console would. */
export async function drift(scene: Scene, port = 22, name = "alpha"): Promise<void> {
  const { ec2 } = clients(scene.aws, APPS);
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const group = SecurityGroups.find(({ GroupName }) => GroupName?.includes(name));
  if (!group?.GroupId) throw new Error(`${name} has no security group`);
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: group.GroupId,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: port, ToPort: port, IpRanges: [{ CidrIp: "10.9.0.0/16" }] }],
    }),
  );
}

/** The open ports of a connection's security groups, `[]` for a group without rules; none when there is no group. */
export async function portsOf(scene: Scene, name: string): Promise<(number | undefined)[][]> {
  const { SecurityGroups = [] } = await clients(scene.aws, APPS).ec2.send(new DescribeSecurityGroupsCommand({}));
  return SecurityGroups.filter(({ GroupName }) => GroupName?.includes(name)).map(({ IpPermissions = [] }) =>
    IpPermissions.map(({ FromPort }) => FromPort).sort(),
  );
}

/** The run waits in the environment, somebody approves, and its second job applies. */
export async function approvedBy(
  scene: Scene,
  run: Ran,
  who: string,
  { planId, comment }: { readonly planId?: string; readonly comment?: string } = {},
): Promise<Ran> {
  const { server } = scene;
  const found = server.world.runs.find(({ id }) => id === run.runId);
  if (!found) throw new Error(`no run ${run.runId}`);
  found.waitsFor.push(ENVIRONMENT);
  server.approveEnvironment(run.runId, ENVIRONMENT, who, comment === undefined ? {} : { comment });
  found.status = "completed";
  return applied(scene, {
    again: run.runId,
    artifact: "landline-apply-new-plan",
    options: { parallel: 4, approvedPlan: planId ?? run.outputs["plan-id"] ?? "none" },
  });
}

/** A whole merge of what `proposed` made, so that alpha stands in the cloud. */
export async function alphaApplied(scene: Merging): Promise<void> {
  const number = await proposed(scene, "1001", "first");
  await scene.review(number, "bob");
  await scene.merge(number, "alice");
  expect((await applied(scene)).exit).toBe(0);
}
