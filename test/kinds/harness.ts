import { expect, onTestFinished } from "vitest";
import { type Aws, openAws, openReadOnlyAws } from "../../src/aws/aws.ts";
import { openReads, type Reads } from "../../src/aws/reads.ts";
import { kindInfos } from "../../src/kinds/index.ts";
import type { Kind, Resolved, ResolvedAttributes } from "../../src/kinds/kind.ts";
import type { KindInfo, KindName, Live, Wanted } from "../../src/model.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { provider, startTestSandbox } from "../sandbox/helper.ts";

export const project = "acme-network";
export const target = "prod-use1";

const nothingWanted: Wanted = {
  subnetIds: [],
  loadBalancerNames: [],
  targetGroupNames: [],
  targetGroupsWithTargets: [],
  listenersWithIdleTimeout: [],
  elbAddresses: [],
  nearLimits: false,
  securityGroupNames: [],
  loadBalancerArns: [],
  services: [],
  zoneIds: [],
  records: [],
  provides: true,
  consumes: true,
};

/** One account of a sandbox as the kinds see it. */
export interface Bench {
  readonly sandbox: Sandbox;
  /** For writes, as the applier has it. */
  readonly aws: Aws;
  /** What reads go through, as planning has it: it throws on every write. */
  readonly readAws: Aws;
  /** Reads without memory of earlier ones. */
  reads(wanted?: Partial<Wanted>): Reads;
}

/** A sandbox of its own for one test, seen from one account. */
export async function startBench(seed?: string, wanted: Partial<Wanted> = {}): Promise<Bench> {
  return benchOf(await startTestSandbox(seed), provider, wanted);
}

/** Another account of the same sandbox; `wanted` is what its reads look for unless told otherwise. */
export function benchOf(sandbox: Sandbox, account: string, wanted: Partial<Wanted> = {}): Bench {
  const credentials = { accessKeyId: account, secretAccessKey: "any" };
  const access = { target, region: "us-east-1", endpoint: sandbox.url, credentials };
  const [aws, readAws] = [openAws(access), openReadOnlyAws(access)];
  onTestFinished(() => {
    aws.close();
    readAws.close();
  });
  const reads = (more: Partial<Wanted> = {}) =>
    openReads(readAws, { project, target, wanted: { ...nothingWanted, ...wanted, ...more } });
  return { sandbox, aws, readAws, reads };
}

/** The mark that a TXT record holds beside what has no tags. */
export const recordTags = (address: string): Record<string, string> => ({
  "landline:project": project,
  "landline:address": address,
});

/** The mark that the planner puts on everything taggable. */
export const ownTags = (address: string, more: Record<string, string> = {}): Record<string, string> => ({
  "cost-center": "network",
  "landline:address": address,
  "landline:connection": address.split("/")[0] ?? "",
  "landline:project": project,
  ...more,
});

/** A resource as the applier hands it to its kind. */
export const resolved = <K extends KindName>(
  kind: K,
  address: string,
  attributes: ResolvedAttributes<K>,
): Resolved<K> => ({ kind, address, connection: address.split("/")[0] ?? "", target, project, attributes });

/** Reads an object until the step after it could go on; throws when that takes too many reads. */
export async function settle<K extends KindName>(
  kind: Kind<K>,
  bench: Bench,
  wanted: Resolved<K>,
  id: string,
): Promise<Live<K>> {
  for (let reads = 0; reads < 20; reads++) {
    const live = await kind.look(bench.reads(), { ...wanted, id });
    if (live && ["ready", "resting"].includes(kind.progress(live).is)) return live;
  }
  throw new Error(`${wanted.address} (${id}) does not settle`);
}

/** Every wanted attribute, and nothing else, as the live object has it; what AWS fills in at the first use may still be empty. */
export function expectAttributes<K extends KindName>(live: Live<K> | undefined, wanted: ResolvedAttributes<K>): void {
  const rules: KindInfo["rules"] | undefined = live && kindInfos[live.kind].rules;
  const compared = Object.entries(wanted).filter(
    ([name]) => !(rules?.[name]?.unsetFits && live?.attributes[name] === null),
  );
  const seen = compared.map(([name]) => [name, live?.attributes[name]]);
  expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(compared));
}

/**
 * The life of one object: made as wanted, listed as wanted, changed step by step (each step gives the attributes that differ from the
 * original), removed. After each write the cloud is read afresh and every wanted attribute compared.
 */
export async function roundTrip<K extends KindName>(
  kind: Kind<K>,
  bench: Bench,
  wanted: Resolved<K>,
  steps: readonly Partial<ResolvedAttributes<K>>[],
): Promise<void> {
  expect(await kind.seek(bench.reads(), wanted)).toBeUndefined();
  const id = await kind.create(bench.aws, wanted, `token-of-${wanted.address}`.slice(0, 64));
  let live = await settle(kind, bench, wanted, id);
  expectAttributes(live, wanted.attributes);
  expect((await kind.list(bench.reads())).live).toEqual([live]);
  expect(await kind.seek(bench.reads(), wanted)).toEqual({ live });
  for (const step of steps) {
    const next = { ...wanted, attributes: { ...wanted.attributes, ...step } };
    await kind.update(bench.aws, live, next, touchedBy(live, next));
    live = await settle(kind, bench, next, id);
    expectAttributes(live, next.attributes);
  }
  await kind.remove(bench.aws, live);
  await expectGone(kind, bench, wanted, id);
  // A second run may find its work done already.
  await kind.remove(bench.aws, live);
}

/** The attributes in which two differ, as the planner tells the applier. */
function touchedBy<K extends KindName>(live: Live<K>, wanted: Resolved<K>): Set<string> {
  const differing = Object.entries(wanted.attributes).filter(
    ([name, value]) => JSON.stringify(live.attributes[name]) !== JSON.stringify(value),
  );
  return new Set(differing.map(([name]) => name));
}

async function expectGone<K extends KindName>(kind: Kind<K>, bench: Bench, wanted: Resolved<K>, id: string) {
  for (let reads = 0; reads < 20; reads++) {
    if ((await kind.look(bench.reads(), { ...wanted, id })) === undefined) break;
  }
  expect(await kind.look(bench.reads(), { ...wanted, id })).toBeUndefined();
  expect(await kind.list(bench.reads())).toEqual({ live: [], obstacles: [] });
}
