#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { OUT_FOLDER } from "./commands/ci/names.ts";
import type { Io } from "./commands/io.ts";
import { CommandError, type GlobalOptions } from "./commands/options.ts";

/** The front door: argv to a command to an exit code. Commands are loaded only when they run: the EC2 client alone takes a quarter of a second. */
const version = (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string })
  .version;

// The lockfile pins an SDK that runs on this Node.js; that its successors will not is news for our maintainers, not for our users.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** FORCE_COLOR wins over NO_COLOR, both over what stdout is; `FORCE_COLOR=0` means none. */
function wantsColor({ FORCE_COLOR, NO_COLOR }: NodeJS.ProcessEnv, isTTY: boolean): boolean {
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0";
  return NO_COLOR ? false : isTTY;
}

// Whoever reads our output may stop reading (`| head`): no reason to stop an apply half-way.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const io: Io = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  color: wantsColor(process.env, process.stdout.isTTY === true),
  cwd: process.cwd(),
  env: process.env,
  now: () => new Date(),
  isTTY: process.stderr.isTTY === true,
  screen: process.stdout.isTTY === true,
};

const program = new Command("landline")
  .description(
    "GitOps for AWS PrivateLink: connection specs in YAML, a plan to review, an apply that does exactly what was reviewed.",
  )
  .version(version)
  .option("--project <file>", "the project file", "landline.yaml")
  .option("--sandbox", "run on an embedded AWS that is kept in .landline/", false)
  .option("--json-logs", "progress as JSON lines", false)
  .option("--no-color", "no colours")
  .option("--quiet", "no progress", false)
  .showHelpAfterError("(landline --help shows the commands)")
  .addHelpText(
    "after",
    "\nExit codes: 0 done · 1 error · 2 the plan has changes (plan --detailed-exitcode, drift) · 3 refused, nothing was changed · 4 applied in part",
  );

const global = (): GlobalOptions => {
  const { project, sandbox, jsonLogs, quiet, color } = program.opts<GlobalOptions & { color: boolean }>();
  if (!color) io.color = false;
  return { project, sandbox, jsonLogs, quiet };
};

const format = (...choices: string[]) =>
  new Option("--format <format>", "how to print it").choices(choices).default("text");
const only = new Option("--only <name...>", "only these connections");
const count = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0)
    throw new InvalidArgumentError("it has to be a whole number, 0 or more.");
  return number;
};

const period = (text: string): number => {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 86_400))
    throw new InvalidArgumentError("it has to be a number of seconds, 1 to 86400.");
  return seconds;
};

const timeout = (text: string): number => {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 300)) throw new InvalidArgumentError("it has to be a number of seconds, up to 300.");
  return seconds;
};

const CI_HELP = `
Environment: GITHUB_TOKEN, and what GitHub Actions sets: GITHUB_API_URL, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_EVENT_NAME,
GITHUB_EVENT_PATH, GITHUB_SHA, GITHUB_REF, GITHUB_RUN_ID, GITHUB_STEP_SUMMARY, GITHUB_OUTPUT. LANDLINE_TEAMS_TOKEN may read the members of
teams; LANDLINE_BOT is the login of the GitHub App that posts (acme-landline[bot]) when it is not github-actions[bot].`;

program
  .command("init")
  .description("write a project file, a first spec and a world for the sandbox; or the workflows for GitHub")
  .option("--name <name>", "the project's name, its ownership id in every tag")
  .option("--account <id>", "the AWS account of the first target")
  .option("--region <region>", "its Region")
  .option("--github", "write the workflows for GitHub instead")
  .option("--action <owner/repo@commit>", "with --github: where the workflows find Landline")
  .option("--branch <name>", "with --github: the default branch; main when left out")
  .action(async (options) => run(async () => (await import("./commands/init.ts")).init(options, io)));

program
  .command("validate")
  .description("parse and check the specs; needs no credentials")
  .argument("[path...]", "show only problems of these files and folders")
  .addOption(format("text", "json"))
  .action(async (paths, options) =>
    run(async () => (await import("./commands/validate.ts")).validate({ ...global(), paths, ...options }, io)),
  );

program
  .command("plan")
  .description("show what an apply would do; reads only")
  .addOption(format("text", "markdown", "json", "html"))
  .option("--out <file>", "write it to a file")
  .addOption(only)
  .option("--changed-since <ref>", "only what the change since this commit reaches; the commit is read from git")
  .option("--detailed-exitcode", "exit 2 when there are changes", false)
  .option("--snapshot <file...>", "plan from snapshot files instead of the cloud")
  .option("--verbose", "show every attribute of what is created", false)
  .action(async (options) =>
    run(async () => (await import("./commands/plan.ts")).plan({ ...global(), ...options }, io)),
  );

program
  .command("apply")
  .description("plan, show, ask, apply; with a plan file only what that file holds")
  .argument("[plan.json]", "a plan written by `landline plan --format json --out FILE`")
  .option("--yes", "do not ask", false)
  .addOption(only)
  .option("--parallel <n>", "how many changes may be under way at once", count, 8)
  .option("--journal <file>", "where every step is recorded (default: .landline/journal.jsonl beside the project file)")
  .addOption(format("text", "markdown", "json"))
  .action(async (planFile, options) =>
    run(async () =>
      (await import("./commands/apply.ts")).apply(
        { ...global(), ...options, ...(planFile ? { planFile } : {}) },
        io,
        ask,
      ),
    ),
  );

program
  .command("drift")
  .description("compare the cloud with the specs; exit 2 when something moved")
  .addOption(only)
  .addOption(format("text", "json"))
  .action(async (options) =>
    run(async () => (await import("./commands/drift.ts")).drift({ ...global(), ...options }, io)),
  );

program
  .command("status")
  .description("every connection: its state, who is connected, how targets and names fare, what is open")
  .argument("[name]", "only this connection, with all details")
  .addOption(format("text", "json"))
  .addOption(
    new Option("--watch [seconds]", "look again and again: in place on a terminal, in a log only when it changed")
      .argParser(period)
      .preset("10"),
  )
  .action(async (name, options) =>
    run(async () =>
      (await import("./commands/status.ts")).status(
        { ...global(), ...options, ...(name ? { name } : {}) },
        io,
        options.watch === undefined ? undefined : stopped(),
      ),
    ),
  );

program
  .command("handoff")
  .description("what to send to the partner next, filled in")
  .argument("<name>", "a connection")
  .option("--step <id>", "only this step")
  .addOption(format("text", "json"))
  .action(async (name, options) =>
    run(async () => (await import("./commands/handoff.ts")).handoff({ ...global(), ...options, name }, io)),
  );

program
  .command("capture")
  .description("read what the partner has printed, from standard input, and write what it tells into the spec")
  .argument("<name>", "a connection")
  .option("--step <id>", "only what this hand-off captures")
  .option("--reason <text>", "why the endpoint is accepted: who has confirmed it, and where")
  .addOption(new Option("--write", "write it into the spec (the default)").conflicts("dryRun"))
  .option("--dry-run", "show what would be written, and write nothing", false)
  .addOption(format("text", "json"))
  .action(async (name, options) =>
    run(async () => (await import("./commands/capture.ts")).capture({ ...global(), ...options, name }, io, pasted)),
  );

program
  .command("verify")
  .description("check a connection end to end, as far as that can be done from here")
  .argument("<name>", "a connection")
  .option("--connect", "open connections too: from a machine inside the VPC", false)
  .option("--timeout <seconds>", "how long a look-up or a connection may take", timeout, 5)
  .addOption(format("text", "json"))
  .action(async (name, options) =>
    run(async () => (await import("./commands/verify.ts")).verify({ ...global(), ...options, name }, io)),
  );

program
  .command("import")
  .description(
    "write specs for endpoint services and endpoints that others made; adopting them is the plan that follows",
  )
  .argument("[id...]", "vpce-svc-... and vpce-...")
  .option("--target <name>", "look only in this target")
  .option("--all", "every endpoint service and interface endpoint", false)
  .option("--name <name>", "how the connection is called, for one id")
  .option("--refer", "refer to load balancers and security groups instead of managing them", false)
  .option("--out-dir <folder>", "where to write the specs", "specs")
  .addOption(format("text", "json"))
  .action(async (ids, options) =>
    run(async () => (await import("./commands/import.ts")).importSpecs({ ...global(), ...options, ids }, io)),
  );

program
  .command("snapshot")
  .description("read the live state of targets into a file")
  .requiredOption("--target <name...>", "targets of the project")
  .requiredOption("--out <file>", "where to write it")
  .action(async (options) =>
    run(async () => (await import("./commands/snapshot.ts")).snapshot({ ...global(), ...options }, io)),
  );

program
  .command("iam")
  .description("the least policy for the role that plans or applies")
  .addOption(new Option("--mode <mode>", "for which role").choices(["plan", "apply"]).default("plan"))
  .action(async (options) => run(async () => (await import("./commands/iam.ts")).iam(options, io)));

program
  .command("doctor")
  .description("look at everything Landline relies on (project, workflows, GitHub, AWS) and say what to mend")
  .option("--github <owner/repo>", "the repository on GitHub (default: GITHUB_REPOSITORY)")
  .addOption(format("text", "json"))
  .action(async (options) =>
    run(async () => (await import("./commands/doctor.ts")).doctor({ ...global(), ...options }, io)),
  );

const ci = program
  .command("ci")
  .description("what the workflows on GitHub run: everything else comes from the environment of GitHub Actions")
  .addHelpText("after", CI_HELP);
const out = new Option("--out <folder>", "where it leaves files for the workflow to upload").default(OUT_FOLDER);

ci.command("plan")
  .description("plan a pull request: one comment, a check for each target; a fork is only validated")
  .addOption(out)
  .addHelpText("after", CI_HELP)
  .action(async (options) =>
    run(async () => (await import("./commands/ci/plan.ts")).ciPlan({ ...global(), ...options }, io)),
  );

ci.command("apply")
  .description("carry out what the merged pull requests of a push held and their reviewers approved, and nothing else")
  .option(
    "--approved-plan <id>",
    "a new plan that somebody approved in the environment landline-approve-new-plan of this run",
  )
  .option("--parallel <n>", "how many changes may be under way at once", count, 8)
  .option("--journal <file>", "where every step is recorded (default: journal.jsonl in the folder of --out)")
  .addOption(out)
  .addHelpText("after", CI_HELP)
  .action(async (options) =>
    run(async () => (await import("./commands/ci/apply.ts")).ciApply({ ...global(), ...options }, io)),
  );

ci.command("check")
  .description("plan open pull requests, or a merge queue's group, anew: their checks turn red when the plan moved")
  .addOption(out)
  .addHelpText("after", CI_HELP)
  .action(async (options) =>
    run(async () => (await import("./commands/ci/check.ts")).ciCheck({ ...global(), ...options }, io)),
  );

ci.command("drift")
  .description("one issue for each connection that is no longer what its spec says, or that waits for us")
  .option("--propose", "open a pull request for each connection request that no spec names", false)
  .addOption(out)
  .addHelpText("after", CI_HELP)
  .action(async (options) =>
    run(async () => (await import("./commands/ci/drift.ts")).ciDrift({ ...global(), ...options }, io)),
  );

program
  .command("schema")
  .description("print a schema: project, connection, plan, snapshot, drift, status, partner, offline")
  .argument("[name]", "which one; left out: their names")
  .action(async (name) => run(async () => (await import("./commands/schema.ts")).schema(name ? { name } : {}, io)));

program
  .command("explain")
  .description("what a field means and what changing it does")
  .argument("<field>", "endpoints.vpc, service.loadBalancers.listeners.port, ...")
  .addOption(format("text", "json"))
  .action(async (field, options) =>
    run(async () => (await import("./commands/explain.ts")).explain({ field, ...options }, io)),
  );

program
  .command("sandbox")
  .description("serve the embedded AWS on 127.0.0.1: for learning and testing")
  .option("--port <n>", "the port; 0 takes a free one", count, 4510)
  .option("--seed <file>", "the world it begins with")
  .option("--state <file>", "where the world is kept")
  .option("--latency <ms>", "milliseconds that each call waits", count)
  .option("--throttle", "hold callers to AWS's rate limits", false)
  .option("--slow", "transitions take seconds instead of reads", false)
  .action(async (options) => run(async () => (await import("./commands/sandbox.ts")).sandbox(options, io, stopped())));

/** Resolves when somebody asks the process to end. */
const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });

/** Standard input to its end; whoever types it is told how it ends. */
async function pasted(): Promise<string> {
  if (process.stdin.isTTY) io.err("Paste what the partner has printed, then press Ctrl-D on a line of its own.\n");
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

const ask =
  process.stdin.isTTY && process.stderr.isTTY
    ? async (question: string): Promise<string> => {
        const terminal = createInterface({ input: process.stdin, output: process.stderr });
        try {
          return await terminal.question(question);
        } finally {
          terminal.close();
        }
      }
    : undefined;

/** Runs a command and leaves with its exit code. What a person can mend is told in one message; only a bug of ours shows where it is. */
async function run(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    const known = error instanceof CommandError;
    const message = error instanceof Error ? error.message : String(error);
    io.err(`landline: ${message}\n`);
    if (!known && process.env.LANDLINE_DEBUG && error instanceof Error) io.err(`${error.stack}\n`);
    process.exitCode = known ? error.exitCode : 1;
  }
}

await program.parseAsync();
