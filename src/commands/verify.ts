import type { TargetSnapshot, Wanted } from "../model.ts";
import { isUnread, unreadableWords } from "../planner/findings/unreadable.ts";
import {
  type Answer,
  addressOf,
  attemptsFor,
  expectedNames,
  judgeAll,
  keyOf,
  lookUpsFor,
  type Observed,
  type Verified,
  verifiedOf,
} from "../planner/verify/index.ts";
import { wantsOf } from "../planner/verify/wanted.ts";
import { verificationToJson, verificationToText } from "../planner/writers/verification.ts";
import { openCloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { lookAt, refuseBlindness, wantedOf } from "./look.ts";
import { CommandError, EXIT, type GlobalOptions } from "./options.ts";
import { planFrom, textOptions } from "./plan.ts";
import { openProgress } from "./progress.ts";
import { checkOnly, type Specs, specsToPlan } from "./specs.ts";
import { type Network, openNetwork } from "./verify/network.ts";

export interface VerifyOptions extends GlobalOptions {
  readonly name: string;
  /** Open connections too: this machine is inside the VPC. */
  readonly connect: boolean;
  /** Seconds that a look-up or a connection may take. */
  readonly timeout: number;
  readonly format: "text" | "json";
}

/** `landline verify NAME`: whether a connection works, as far as that can be told from here. Reads only. */
export async function verify(
  options: VerifyOptions,
  io: Io,
  network: Network = openNetwork(options.timeout * 1000),
): Promise<number> {
  const specs = specsToPlan(options, io);
  checkOnly([options.name], specs);
  refuseAbsent(options.name, specs);
  const verified = await seen(options, specs, io);
  openProgress(io, options).say(options.connect ? "looking up names, trying connections" : "looking up names");
  const verification = judgeAll(verified, await observe(verified, network, options.connect), options.connect);
  io.out(
    options.format === "json" ? verificationToJson(verification) : verificationToText(verification, textOptions(io)),
  );
  return verification.result === "holds" ? EXIT.done : EXIT.error;
}

function refuseAbsent(name: string, { connections }: Specs): void {
  const document = connections.find(({ spec }) => spec.metadata.name === name);
  if (document?.spec.state !== "absent") return;
  throw new CommandError(
    `the spec of ${name} says "state: absent": there is nothing to verify, \`landline status ${name}\` shows what is left`,
  );
}

/** The connection as AWS shows it, with the rules of its security groups. */
async function seen(options: VerifyOptions, specs: Specs, io: Io): Promise<Verified> {
  const { name } = options;
  const cloud = await openCloud(specs.project, options, io);
  try {
    const wanted = withMore(wantedOf(specs, [name]), wantsOf(specs.connections, name));
    openProgress(io, options).live("reading ...");
    const targets = await Promise.all([...wanted.keys()].map((target) => lookAt(specs, target, wanted, cloud, io)));
    openProgress(io, options).clear();
    refuseUnread(targets);
    const snapshot = { formatVersion: 1, project: specs.project.spec.metadata.name, targets } as const;
    const plan = planFrom(specs, snapshot, [name], io);
    const verified = verifiedOf({ ...specs, snapshot, plan, now: io.now().toISOString(), name });
    if (!verified) throw new CommandError(`no connection "${name}" in this project`);
    return verified;
  } finally {
    await cloud.close();
  }
}

/** Half a connection cannot be verified. */
function refuseUnread(targets: readonly TargetSnapshot[]): void {
  refuseBlindness(targets);
  const [unread] = targets.filter(isUnread);
  if (unread) throw new CommandError(unreadableWords(unread));
}

/** What a plan looks at, and what only a verification does. */
const withMore = (wanted: ReadonlyMap<string, Wanted>, more: ReturnType<typeof wantsOf>): ReadonlyMap<string, Wanted> =>
  new Map(
    [...wanted].map(([target, lists]) => {
      const own = more.get(target);
      const so = lists.forPartners;
      const forPartners = own && {
        health: [...new Set([...(so?.health ?? []), ...own.health])].sort(),
        balancers: [...new Set([...(so?.balancers ?? []), ...own.balancers])].sort(),
        ingress: [...new Set([...(so?.ingress ?? []), ...own.ingress])].sort(),
        ingressOfChosen: so?.ingressOfChosen === true || own.ingressOfChosen,
      };
      return [target, { ...lists, health: true as const, ...(forPartners ? { forPartners } : {}) }];
    }),
  );

async function observe(verified: Verified, network: Network, connect: boolean): Promise<Observed> {
  const names = expectedNames(verified);
  const answers = new Map<string, Answer>();
  const tried = attemptsFor(verified, names);
  const hosts = connect ? tried.map(({ host }) => ({ type: "A", name: host }) as const) : [];
  await Promise.all(
    [...lookUpsFor(names), ...hosts].map(async ({ type, name }) =>
      answers.set(keyOf(type, name), await network.lookUp(type, name)),
    ),
  );
  if (!connect) return { names, answers };
  const attempts = await Promise.all(
    tried.map(async (attempt) => {
      const address = addressOf(attempt, answers);
      const outcome = address === undefined ? { error: "ENOTFOUND" } : await network.connect(attempt, address);
      return { attempt, outcome };
    }),
  );
  return { names, answers, attempts };
}
