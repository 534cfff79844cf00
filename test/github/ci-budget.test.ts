import { describe, expect, it } from "vitest";
import { commentMarker } from "../../src/commands/ci/names.ts";
import { ciPlan } from "../../src/commands/ci/plan.ts";
import { GITHUB_LIMIT, type PlanFile } from "../../src/planner/writers/index.ts";
import type { World } from "../../src/sandbox/world.ts";
import { dangersIn } from "../planner/writers/structure.ts";
import { NETWORK } from "../scenarios/harness.ts";
import { type Scene, startScene } from "./scene.ts";
import { exampleProject, type Files } from "./scene-git.ts";
import { PACE } from "./stage.ts";

/** A fiftieth of GitHub's limits, for a fiftieth of the pull requests: 500 an hour are 10. */
const PART = 50;
const LIMITS = { perHour: 1000 / PART, creatingPerHour: 500 / PART, creatingPerMinute: 80 / PART };
const PULLS = 500 / PART;
const HOUR = 3600_000;

/** The example with one target, as most projects have: a service of ours and nothing else. */
const oneTarget = (): Files => {
  const project = exampleProject();
  const text = project["landline.yaml"] ?? "";
  return {
    "sandbox.yaml": project["sandbox.yaml"],
    "specs/payments-api.yaml": project["specs/payments-api.yaml"],
    "landline.yaml": text.replace(/ {2}apps-use1:[\s\S]*?(?=tags:)/, ""),
  };
};

/** What the workflow's token was used for. */
const ours = (scene: Scene) => scene.requests().filter(({ login }) => login === "github-actions[bot]");

describe("an hour in which 500 pull requests are pushed to", () => {
  it("stays under GitHub's limits, at one write for each where no plan changes, and nothing fails or waits", async () => {
    const scene = await startScene({ files: oneTarget(), github: { stopped: true, limits: LIMITS } });
    const numbers: number[] = [];
    for (let n = 1; n <= PULLS; n++) {
      const description = `description: Payments API, ${n}`;
      scene.push(
        "alice",
        `change-${n}`,
        scene.edited("specs/payments-api.yaml", /description: Payments.*/, description),
      );
      numbers.push(await scene.openPull("alice", `change-${n}`));
      expect((await scene.run(ciPlan)).exit).toBe(0);
      // Two writes each: half as many an hour.
      scene.server.clock.advance((2 * HOUR) / PULLS);
    }
    scene.server.clock.advance(HOUR);
    scene.forget();
    for (let n = 1; n <= PULLS; n++) {
      scene.push("alice", `change-${n}`, { [`notes/${n}.md`]: "Read the other file.\n" });
      const { exit, err } = await scene.run(ciPlan);
      expect({ exit, err }).toEqual({ exit: 0, err: expect.stringContaining("comment unchanged") });
      expect(err).not.toContain("Waiting");
      scene.server.clock.advance(HOUR / PULLS);
    }
    expect(ours(scene).map(({ method, status }) => `${method} ${status}`)).toEqual(
      numbers.flatMap(() => ["GET 200", "POST 201"]),
    );
    // Each of the local GitHub's tokens has a limit of its own; on GitHub all runs of a repository share one.
    expect(ours(scene).length).toBeLessThanOrEqual(LIMITS.perHour);
    for (const number of numbers) expect(scene.comments(number)).toHaveLength(1);
  }, 120_000);
});

describe("a run at the limit", () => {
  it("waits until GitHub lets it, and posts everything once", async () => {
    const scene = await startScene({ files: oneTarget(), github: { limits: { creatingPerMinute: 1 } } });
    scene.push("alice", "change", scene.edited("specs/payments-api.yaml", /port: 443$/m, "port: 444"));
    const number = await scene.openPull("alice", "change");
    // GitHub's minute passes in a third of a second, and a second of ours in a millisecond.
    const minute = setInterval(() => scene.server.clock.advance(1_000), 5);
    const pace = { ...PACE, waits: 100 };
    const { exit, err } = await scene.run(ciPlan, { options: { pace } }).finally(() => clearInterval(minute));
    expect({ exit, err }).toEqual({ exit: 0, err: expect.stringMatching(/Waiting \d+ s/) });
    expect([scene.comments(number).length, scene.checks(scene.head(number)).length]).toEqual([1, 1]);
  });
});

/** Services of ours in front of load balancers that are somebody else's. */
const SERVICES = 1_200;
const numbers = Array.from({ length: SERVICES }, (_, n) => n + 1);
const nameOf = (n: number): string => `service-${String(n).padStart(4, "0")}`;
const hexOf = (n: number): string => n.toString(16).padStart(17, "0");
const balancerOf = (n: number): string =>
  `arn:aws:elasticloadbalancing:us-east-1:${NETWORK}:loadbalancer/net/${nameOf(n)}/${hexOf(n).slice(1)}`;
const PRINCIPALS = ["arn:aws:iam::402592597372:root", "arn:aws:iam::402592597372:role/connector"];

const specOf = (n: number, principals: readonly string[]): string => `apiVersion: landline/v1
kind: Connection
metadata: { name: ${nameOf(n)}, owner: team-${n} }
service:
  target: network-use1
  loadBalancers: [{ arn: "${balancerOf(n)}" }]
  allowedPrincipals:
${principals.map((principal) => `    - { principal: "${principal}", reason: "ticket NET-12", until: 2027-03-31 }`).join("\n")}
`;

const specsOf = (ns: readonly number[], principals?: readonly string[]): Files =>
  Object.fromEntries(ns.map((n) => [`specs/${nameOf(n)}.yaml`, principals && specOf(n, principals)]));

/** What applying all specs would have made, copied from the one service that was: 1,200 of them would take minutes. */
function multiply({ accounts }: World): void {
  const region = accounts[NETWORK]?.regions["us-east-1"];
  const [service] = Object.values(region?.endpointServices ?? {});
  const [balancer] = Object.values(region?.loadBalancers ?? {});
  if (!region || !service || !balancer) throw new Error("the example was not applied");
  for (const n of numbers) {
    const [name, arn, id] = [nameOf(n), balancerOf(n), `vpce-svc-${hexOf(n)}`];
    region.loadBalancers[arn] = { ...structuredClone(balancer), arn, name, tags: {} };
    const mark = {
      "landline:address": `${name}/service`,
      "landline:connection": name,
      "landline:project": "acme-network",
    };
    region.endpointServices[id] = {
      ...structuredClone(service),
      id,
      name: `com.amazonaws.vpce.us-east-1.${id}`,
      networkLoadBalancerArns: [arn],
      tags: { "cost-center": "network", ...mark },
    };
  }
}

describe("1,200 changed connections in one pull request", () => {
  it("give one valid comment in which every connection that loses something has its line", async () => {
    const scene = await startScene({ files: oneTarget() });
    await scene.applyMain();
    multiply(scene.aws.world);
    scene.push("ada", "main", specsOf(numbers, PRINCIPALS));
    const [deleted, edited] = [numbers.slice(0, SERVICES / 2), numbers.slice(SERVICES / 2)];
    scene.push("alice", "change", { ...specsOf(deleted), ...specsOf(edited, PRINCIPALS.slice(0, 1)) });
    const number = await scene.openPull("alice", "change");
    const ran = await scene.run(ciPlan);

    const { changes } = JSON.parse(ran.files["plan.json"] ?? "{}") as PlanFile;
    const what = changes.map(({ kind, action }) => `${action} ${kind}`);
    expect(what.filter((one) => one === "update allowlist")).toHaveLength(SERVICES / 2);
    expect(what.filter((one) => one === "delete endpoint-service")).toHaveLength(SERVICES / 2);
    // So many deletions at once are more than the policy allows.
    expect(ran.exit).toBe(3);
    const [body = "", ...others] = scene.comments(number);
    expect(others).toEqual([]);
    expect(body.length).toBeLessThanOrEqual(GITHUB_LIMIT);
    expect(body.length).toBeGreaterThan(GITHUB_LIMIT / 2);
    expect(
      dangersIn(body, {
        html: [commentMarker("landline.yaml")],
        links: [`${scene.server.webUrl}/acme/network/pull/1/checks`],
      }),
    ).toEqual([]);
    expect(numbers.map(nameOf).filter((name) => !body.includes(name))).toEqual([]);
    expect(Buffer.byteLength(ran.summary)).toBeLessThanOrEqual(1_024 * 1_024);
    expect(scene.checks(scene.head(number)).map(({ conclusion }) => conclusion)).toEqual(["failure"]);
  }, 120_000);
});
