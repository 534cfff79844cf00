// @ts-check
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  DescribeVpcEndpointServiceConfigurationsCommand,
  EC2Client,
  ModifyVpcEndpointServicePermissionsCommand,
} from "@aws-sdk/client-ec2";
import { heading, output, say, typed } from "./paper.mjs";
import { pageOf } from "./pr/page.mjs";
import { checksOn, commentsOn, onGitHub, push, REPOSITORY, runJob, setScene } from "./pr/stage.mjs";
import { Departure, edit, landline, play } from "./stage.mjs";

/**
 * The life of a pull request: every command is real, and runs as a job of GitHub Actions would, on the local GitHub and the embedded AWS. What
 * stood on GitHub goes into a page.
 *
 * @import { Scene } from "./pr/stage.mjs"
 * @import { Moment } from "./pr/page.mjs"
 */

const PAGE = fileURLToPath(new URL("../.landline/demo/pull-request.html", import.meta.url));
const SPEC = "specs/payments-api.yaml";
const ROLE = "arn:aws:iam::402592597372:role/connector";
const BRANCH = "ledger-for-apps";
const TITLE = "Offer the ledger to our applications, let the connector in";
const DESCRIPTION =
  "Our applications account consumes the ledger under `ledger.apps.internal.example.com`, and our partner's connector connects under a role of its own (NET-15).";

/** The project before the story: the ledger has no spec yet, and the connector no grant. @param {string} folder */
function rewind(folder) {
  const ledger = join(folder, "specs/ledger.yaml");
  const later = readFileSync(ledger, "utf8");
  rmSync(ledger);
  const path = join(folder, SPEC);
  const text = readFileSync(path, "utf8");
  const at = text.indexOf("    - {\n");
  if (at < 0 || !text.slice(at).includes(ROLE)) throw new Departure(`${SPEC} does not end with the connector's grant`);
  writeFileSync(path, text.slice(0, at));
  return { ledger: later, grant: text.slice(at) };
}

/** @param {string} folder @param {(moment: Moment) => void} keep */
async function tell(folder, keep) {
  const later = rewind(folder);
  say("`landline` stands for `node dist/cli.js`. People push and click; the jobs of GitHub Actions run the commands.");
  heading("A repository with a project in it");
  await landline(folder, `init --github --action acme/landline@${"0123456789".repeat(4)}`, {
    says: "landline-apply.yml",
  });
  const scene = await setScene(folder);
  try {
    await landline(folder, "apply --yes --quiet", { env: scene.identity, says: "0 failed", show: lastLines(1) });
    await propose(scene, later);
    await review(scene, keep);
    const run = await merge(scene, keep);
    await drift(scene, run, keep);
    heading("Where we stand");
    await landline(folder, "plan --detailed-exitcode --quiet", { env: scene.identity, says: "No changes" });
  } finally {
    await scene.close();
  }
}

/** @param {Scene} scene @param {{ ledger: string, grant: string }} later */
async function propose(scene, { ledger, grant }) {
  const { project, git } = scene;
  heading("alice opens a pull request");
  typed(`git switch -c ${BRANCH}`);
  git("switch", "-q", "-c", BRANCH);
  typed("vi specs/ledger.yaml");
  output(
    `a new spec, ${ledger.split("\n").length} lines: a service of ours, the endpoint of our applications, its DNS name`,
  );
  writeFileSync(join(project, "specs/ledger.yaml"), ledger);
  edit(project, SPEC, (text) => `${text}${grant}`);
  typed("git push");
  push(scene, "alice", TITLE);
  await onGitHub(scene, "alice", "POST", "/pulls", { title: TITLE, body: DESCRIPTION, head: BRANCH, base: "main" });
  say(
    "The job of landline-plan.yml: the merge result, a role that can only read, one comment, a check for each target.",
  );
  await runJob(scene, "ci plan", { event: "pull_request", of: "plan", says: "to create", show: log });
  showComment(scene, 9);

  heading("A second push");
  say("A colleague finds 10.20.0.0/16 too wide. The comment is brought up to date; there is still one.");
  edit(project, "specs/ledger.yaml", (text) => text.replace("5432, from: 10.20.0.0/16", "5432, from: 10.20.0.0/20"));
  typed("git push");
  push(scene, "alice", "Only the applications' own subnets");
  await runJob(scene, "ci plan", { event: "pull_request", of: "plan", says: "10.20.0.0/20", show: log });
  if (commentsOn(scene, 1).length !== 1) throw new Departure("there should be one comment");
}

/** @param {Scene} scene @param {(moment: Moment) => void} keep */
async function review(scene, keep) {
  heading("bob of the security team approves");
  say(
    "The project asks for him because access is granted. A review runs the plan again: what it found, and what is still missing.",
  );
  await onGitHub(scene, "bob", "POST", "/pulls/1/reviews", { event: "APPROVE" });
  await runJob(scene, "ci plan", { event: "pull_request_review", of: "plan", show: log });
  showComment(scene, 5, "**Yes");
  keep({
    id: "review",
    caption: "What a reviewer sees",
    state: "Open",
    ...pull(),
    entries: [...opened(scene, 1), APPROVED, checks(scene)],
  });
}

/** @param {Scene} scene @param {(moment: Moment) => void} keep */
async function merge(scene, keep) {
  heading("The merge applies what was reviewed");
  say(
    "alice merges. The job of landline-apply.yml plans again, holds that against the reviewed plan, and carries it out.",
  );
  await onGitHub(scene, "alice", "PUT", "/pulls/1/merge", {});
  const run = await runJob(scene, "ci apply", { event: "push", of: "apply", says: "0 failed", show: log });
  showComment(scene, 9, "**Applied");
  for (const { environment, statuses } of scene.github.world.deployments)
    output(`deployment ${environment}: ${statuses.map(({ state }) => state).join(" → ")}`);
  const merged = {
    event: "<b>alice</b> merged 2 commits into <code>main</code>",
    icon: /** @type {const} */ ("merged"),
  };
  keep({
    id: "merged",
    caption: "After the merge",
    state: "Merged",
    ...pull("merged"),
    entries: [...opened(scene, 1), APPROVED, merged],
  });
  return run;
}

/** @param {Scene} scene @param {number} run @param {(moment: Moment) => void} keep */
async function drift(scene, run, keep) {
  heading("Somebody changes something by hand");
  await meddle(scene);
  say("The schedule comes round: one issue for the connection that moved.");
  await runJob(scene, "ci drift", { event: "schedule", of: "drift", exit: 2, show: log });
  keep(issue(scene, "drift", "Drift, told as an issue"));
  say("The way back is the merge that was reviewed: its job runs again and does only what is missing.");
  await runJob(scene, "ci apply", { event: "push", of: "apply", again: run, says: "1 done", show: log });
  await runJob(scene, "ci drift", { event: "schedule", of: "drift", show: log });
  if (issue(scene, "", "").state !== "Closed issue") throw new Departure("the issue should be closed");
}

/** @param {Scene} scene */
async function meddle({ aws }) {
  const ec2 = new EC2Client({
    endpoint: aws.url,
    region: "us-east-1",
    credentials: { accessKeyId: "111111111111", secretAccessKey: "sandbox" },
  });
  const { ServiceConfigurations = [] } = await ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({}));
  const ours = ServiceConfigurations.find(({ Tags = [] }) =>
    Tags.some(({ Key, Value }) => Key === "landline:connection" && Value === "payments-api"),
  );
  typed(
    "aws ec2 modify-vpc-endpoint-service-permissions",
    `--service-id ${ours?.ServiceId} --remove-allowed-principals ${ROLE}`,
  );
  await ec2.send(
    new ModifyVpcEndpointServicePermissionsCommand({ ServiceId: ours?.ServiceId, RemoveAllowedPrincipals: [ROLE] }),
  );
  ec2.destroy();
}

const APPROVED = { event: "<b>bob</b> approved these changes", icon: /** @type {const} */ ("approved") };

/** @param {string} [words] */
const pull = (words = "wants to merge") => ({
  title: TITLE,
  number: 1,
  about: `<span><b>alice</b> ${words} 2 commits into <code>main</code> from <code>${BRANCH}</code></span>`,
});

/** @param {Scene} scene @param {number} number @returns {import("./pr/page.mjs").Entry[]} */
const opened = (scene, number) => [
  { who: "alice", words: "opened this pull request", markdown: DESCRIPTION },
  { event: "<b>alice</b> pushed 2 commits", icon: "commit" },
  { who: "github-actions[bot]", words: "commented · edited", markdown: commentsOn(scene, number)[0] ?? "" },
];

/** @param {Scene} scene */
function checks(scene) {
  const all = checksOn(scene, 1);
  return {
    checks: all,
    words: all.every(({ conclusion }) => conclusion === "success")
      ? "All checks have passed"
      : "Some checks were not successful",
  };
}

/** The only issue. @param {Scene} scene @param {string} id @param {string} caption @returns {Moment} */
function issue({ github }, id, caption) {
  const found = [...github.world.issues.values()].find(({ pull: own }) => own === undefined);
  if (!found) throw new Departure("there should be an issue about the drift");
  const entries = [{ who: "github-actions[bot]", words: "opened this issue", markdown: found.body ?? "" }];
  const state = found.state === "open" ? "Open issue" : "Closed issue";
  return {
    id,
    caption,
    title: found.title,
    number: found.number,
    state,
    about: `label <code>${found.labels.map(({ name }) => name).join(", ")}</code>`,
    entries,
  };
}

/** Only what stands in the job's log besides the plan. @param {string} _ @param {string} errors */
const log = (_, errors) => errors;

/** @param {number} count */
const lastLines = (count) => (/** @type {string} */ text) => text.trim().split("\n").slice(-count).join("\n");

/** The first lines of the comment. @param {Scene} scene @param {number} count @param {string} [says] */
function showComment(scene, count, says = "") {
  const [body = ""] = commentsOn(scene, 1);
  if (!body.includes(says)) throw new Departure(`the comment should say ${says}:\n${body}`);
  say(`The comment on ${REPOSITORY}#1 begins:`);
  const lines = body
    .split("\n")
    .slice(1)
    .filter((line) => line !== "");
  output(
    lines
      .slice(0, count)
      .map((line) => `│ ${line}`)
      .join("\n"),
    { whole: true },
  );
}

/** @type {Moment[]} */
const moments = [];
await play((folder) => tell(folder, (moment) => void moments.push(moment)), "What stood on GitHub, as a page:");
if (moments.length > 0) {
  mkdirSync(join(PAGE, ".."), { recursive: true });
  writeFileSync(PAGE, pageOf(`${TITLE} · ${REPOSITORY}`, moments));
  output(`  ${PAGE}`);
}
