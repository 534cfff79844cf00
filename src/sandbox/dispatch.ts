import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Fault, type Faults, faultError } from "./faults.ts";
import { type Hiding, objectKeys } from "./hiding.ts";
import { type Caller, callerOf } from "./identity.ts";
import { AwsError, type Call, type Clock, type Tree } from "./operation.ts";
import { accountOf, regionOf } from "./places.ts";
import { authorize } from "./policy.ts";
import type { RequestLog } from "./requests.ts";
import { type Recognised, type Request, recognise } from "./route.ts";
import { isWrite } from "./services.ts";
import type { Store } from "./store.ts";
import type { Throttle } from "./throttle.ts";
import type { World } from "./world.ts";

/** What one running sandbox consists of. */
export interface Host {
  world: World;
  clock: Clock;
  requests: RequestLog;
  faults: Faults;
  hiding: Hiding;
  store: Store;
  throttle: Throttle | undefined;
  latencyMs: number;
  /** Told about mistakes of the sandbox itself. */
  log: (line: string) => void;
  /** Shown the world after every call. */
  witness: (world: World) => void;
}

/** An HTTP answer; `dropped` closes the connection without one. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
  dropped?: true;
}

const dropped: Reply = { status: 0, headers: {}, body: "", dropped: true };

/** Carries out one AWS call and answers it in its protocol. */
export async function dispatch(host: Host, request: Request): Promise<Reply> {
  if (host.latencyMs > 0) await sleep(host.latencyMs);
  const recognised = recognise(request);
  const requestId = randomUUID();
  const { service, action } = recognised;
  let caller: Caller | undefined;
  let fault: Fault | undefined;
  let reply: Reply;
  let errorCode: string | undefined;
  try {
    caller = identify(request, recognised);
    fault = host.faults.meet({ service: service.name, action, account: caller.account });
    const answer = await carryOut(host, recognised, caller, fault);
    reply = answer ? success(recognised, answer, requestId) : dropped;
  } catch (error) {
    const refusal = asAwsError(host, error, action);
    errorCode = refusal.code;
    reply = failure(recognised, refusal, requestId);
  }
  host.requests.add({
    time: host.clock.now(),
    service: service.name,
    action,
    account: caller?.account ?? "",
    region: caller?.region ?? "",
    status: reply.status,
    ...(errorCode === undefined ? {} : { errorCode }),
    write: isWrite(action) && !isDryRun(recognised),
  });
  host.witness(host.world);
  return reply;
}

/** EC2 has its own code for a key that it does not know. */
function identify(request: Request, { service }: Recognised): Caller {
  try {
    return callerOf(request.authorization);
  } catch (error) {
    if (service.name === "ec2" && error instanceof AwsError) throw new AwsError("AuthFailure", error.message, 401);
    throw error;
  }
}

/** The operation's answer; undefined when a fault drops the connection. */
async function carryOut(host: Host, asked: Recognised, caller: Caller, fault?: Fault): Promise<Tree | undefined> {
  if (fault?.effect === "delay") await sleep(fault.delayMs ?? 0);
  if (fault?.effect === "error-before") throw faultError(fault);
  if (fault?.effect === "drop-before") return undefined;
  const answer = run(host, asked, caller, fault);
  if (isWrite(asked.action)) await host.store.save();
  if (fault?.effect === "error-after") throw faultError(fault);
  return fault?.effect === "drop-after" ? undefined : answer;
}

/** Everything between throttle and effect, in one piece: no other call comes in between. */
function run(host: Host, { service, action, params }: Recognised, caller: Caller, fault?: Fault): Tree {
  const { account, region } = caller;
  const sent = Object.keys(params);
  host.throttle?.({ service: service.name, action, account, region, params: sent }, Date.parse(host.clock.now()));
  const operation = Object.hasOwn(service.operations, action) ? service.operations[action] : undefined;
  if (!operation)
    throw new AwsError(
      "InvalidAction",
      `The action ${action} is not valid for this web service: the sandbox does not implement it.`,
    );
  authorize(host.world, caller, service.iam, action, params);
  if (isDryRun({ service, params })) {
    throw new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
  }
  accountOf(host.world, account);
  regionOf(host.world, account, region);
  const before = fault?.effect === "hide" ? objectKeys(host.world, caller) : undefined;
  const { clock, moved } = watched(host.clock);
  const call: Call = { action, account, region, callerArn: caller.arn, params, world: host.world, clock };
  try {
    return host.hiding.during(host.world, action, () => operation(call));
  } finally {
    if (moved()) host.store.saveLazily();
    if (before) host.hiding.hideNew(host.world, caller, before, fault?.reads ?? 1);
  }
}

/** EC2's question whether the caller might: asked after permissions, answered before anything is looked at, and nothing comes of it. */
function isDryRun({ service, params }: Pick<Recognised, "service" | "params">): boolean {
  return service.name === "ec2" && params.DryRun === "true";
}

/** A clock that remembers whether a countdown was moved, so that reads which changed nothing are not saved. */
function watched(clock: Clock): { clock: Clock; moved: () => boolean } {
  let looked = false;
  return {
    clock: {
      now: clock.now,
      settle: clock.settle,
      look(settle) {
        looked = true;
        return clock.look(settle);
      },
    },
    moved: () => looked,
  };
}

function asAwsError(host: Host, error: unknown, action: string): AwsError {
  if (error instanceof AwsError) return error;
  host.log(`sandbox: ${action} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return new AwsError("InternalFailure", `The sandbox failed in ${action}; its log says more.`, 500);
}

function success({ service, action }: Recognised, answer: Tree, requestId: string): Reply {
  const created = service.name === "route53" && action.startsWith("Create");
  return {
    status: created ? 201 : 200,
    headers: { ...headers(requestId), ...(created ? { location: location(answer) } : {}) },
    body: service.protocol.success(action, answer, requestId),
  };
}

function failure({ service }: Recognised, error: AwsError, requestId: string): Reply {
  return { status: error.status, headers: headers(requestId), body: service.protocol.failure(error, requestId) };
}

function headers(requestId: string): Record<string, string> {
  return { "content-type": "text/xml;charset=UTF-8", "x-amzn-requestid": requestId };
}

/** Where Route 53 says that the made object is: its answer's first structure with an Id names it. */
function location(answer: Tree): string {
  for (const node of Object.values(answer)) {
    if (typeof node !== "object" || node === null || Array.isArray(node) || node.Id === undefined) continue;
    return `https://route53.amazonaws.com/2013-04-01/${String(node.Id).replace(/^\//, "")}`;
  }
  return "https://route53.amazonaws.com/2013-04-01/";
}
