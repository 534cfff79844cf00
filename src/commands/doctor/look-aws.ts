import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import pLimit from "p-limit";
import { type Access, type Aws, openReadOnlyAws } from "../../aws/aws.ts";
import {
  DryRunIgnoredError,
  type DryRunPlaces,
  type DryRunQuestion,
  dryRunQuestions,
  NotADryRunError,
  openDryRuns,
} from "../../aws/dry-run.ts";
import { failureOf } from "../../aws/errors.ts";
import { anyNetworkLoadBalancer, anyVpc, type ProbePlaces, probedActions, probeRead } from "../../aws/read-probes.ts";
import type { ProjectDocument } from "../../planner/specs/index.ts";
import { type Cloud, type Mode, openCloud } from "../cloud.ts";
import { actionsFor } from "../iam.ts";
import type { Io } from "../io.ts";
import type { GlobalOptions } from "../options.ts";
import type { AwsFacts, Entry, Identity, RoleFacts } from "./aws-facts.ts";
import { type Seen, seen, unseen } from "./check.ts";

/** How many questions to one target are under way at once. */
const CONCURRENCY = 8;

/** Asks the AWS of every target, as each of its roles, by calls that change nothing. */
export async function lookAtAws(project: ProjectDocument, options: GlobalOptions, io: Io): Promise<AwsFacts> {
  const cloud = await openCloud(project, options, io);
  try {
    const targets = Object.keys(project.spec.targets);
    const caller = await lookAtCaller(cloud, targets[0] ?? "");
    const places = targets.flatMap((target) => (["plan", "apply"] as const).map((mode) => ({ target, mode })));
    const roles = caller.seen
      ? await Promise.all(places.map(({ target, mode }) => lookAtRole(project, target, mode, cloud)))
      : [];
    const event = io.env.GITHUB_EVENT_NAME;
    return { caller, roles, sandbox: options.sandbox, ...(event ? { event } : {}) };
  } finally {
    await cloud.close();
  }
}

/** Who we are before we assume anything. */
async function lookAtCaller(cloud: Cloud, target: string): Promise<Seen<Identity>> {
  const { role: _, ...ambient } = cloud.access(target, "plan");
  const aws = openReadOnlyAws(ambient);
  try {
    return seen(await identityOf(aws));
  } catch (error) {
    const { code, message } = failureOf(error);
    return unseen(
      `nobody knows us on AWS: ${code}: ${message}`,
      "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; in a workflow: aws-actions/configure-aws-credentials with role-to-assume",
    );
  } finally {
    aws.close();
  }
}

async function identityOf(aws: Aws): Promise<Identity> {
  const { Arn = "", Account = "" } = await aws.sts.send(new GetCallerIdentityCommand({}));
  return { arn: Arn, account: Account };
}

async function lookAtRole(project: ProjectDocument, target: string, mode: Mode, cloud: Cloud): Promise<RoleFacts> {
  const account = project.spec.targets[target]?.account ?? "";
  const access = cloud.access(target, mode);
  const aws = openReadOnlyAws(access);
  const place = { target, mode, account, ...(access.role ? { arn: access.role.arn } : {}) };
  try {
    return { ...place, entry: await lookInside(project, mode, account, access, aws) };
  } catch (error) {
    // Neither is an answer to be judged: the one is a mistake of ours, the other of whoever stands in for AWS.
    if (error instanceof NotADryRunError || error instanceof DryRunIgnoredError) throw error;
    const failure = failureOf(error);
    return { ...place, entry: { is: failure.status === undefined ? "unreachable" : "refused", failure } };
  } finally {
    aws.close();
  }
}

async function lookInside(
  project: ProjectDocument,
  mode: Mode,
  account: string,
  access: Access,
  aws: Aws,
): Promise<Entry> {
  const identity = await identityOf(aws);
  // In the wrong account every further question would be about the wrong things.
  if (identity.account !== account) return { is: "in", identity, reads: {}, writes: {} };
  const { region } = access;
  const [vpcId, loadBalancerArn] = await Promise.all([anyVpc(aws), anyNetworkLoadBalancer(aws)]);
  const places = { region, account, ...(vpcId ? { vpcId } : {}), ...(loadBalancerArn ? { loadBalancerArn } : {}) };
  const marked = mode === "apply" ? { ...places, project: project.spec.metadata.name } : places;
  const [reads, writes] = await Promise.all([askReads(aws, mode, places), askWrites(access, mode, marked)]);
  return { is: "in", identity, reads, writes };
}

async function askReads(aws: Aws, mode: Mode, places: ProbePlaces) {
  const needed = actionsFor(mode).filter((action) => probedActions.includes(action));
  return byAction(needed, (action) => probeRead(aws, action, places));
}

/**
 * A role that plans is asked about everything; nothing of it may be allowed. One that applies is asked about what it makes: about deleting
 * what is not there EC2 may answer that it is not there.
 */
async function askWrites(access: Access, mode: Mode, places: DryRunPlaces) {
  const asked = dryRunQuestions.filter((question) => mode === "plan" || question.startsWith("ec2:Create"));
  const door = openDryRuns(access);
  try {
    return await byAction<DryRunQuestion, Awaited<ReturnType<typeof door.may>>>(asked, (question) =>
      door.may(question, places),
    );
  } finally {
    door.close();
  }
}

async function byAction<A extends string, T>(
  actions: readonly A[],
  ask: (action: A) => Promise<T>,
): Promise<{ readonly [action: string]: T }> {
  const limit = pLimit(CONCURRENCY);
  return Object.fromEntries(
    await Promise.all(actions.map(async (action) => [action, await limit(() => ask(action))] as const)),
  );
}
