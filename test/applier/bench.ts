import { apply } from "../../src/applier/apply.ts";
import type { Doors } from "../../src/applier/doors.ts";
import type { Entry, Journal } from "../../src/applier/journal.ts";
import { Outputs } from "../../src/applier/outputs.ts";
import type { Aws } from "../../src/aws/aws.ts";
import type { Reads } from "../../src/aws/reads.ts";
import type { Kind } from "../../src/kinds/kind.ts";
import type { Change, Desired, KindName, Live, Outcome, Value } from "../../src/model.ts";

/** The applier on a cloud of plain objects: one kind, a clock that runs only while somebody sleeps, a journal in memory. */
export interface Bench {
  /** What the kind was told to do, in order: `create a`, `update a size`, `remove a`. */
  readonly calls: string[];
  /** The live objects by id. */
  readonly cloud: Map<string, Live>;
  readonly journal: Entry[];
  /** Tokens that creates came with. */
  readonly tokens: string[];
  /** Milliseconds that the applier has slept. */
  slept(): number;
  /** Puts an object into the cloud, as if an earlier run had made it. */
  put(live: Live): Live;
  run(changes: readonly Change[], options?: Partial<Parameters<typeof apply>[0]>): Promise<Outcome[]>;
}

/** The parts of the kind that a test makes behave otherwise; each is given what the bench would have done. */
export type Twist = (bench: Bench, usual: Kind<KindName>) => Partial<Kind<KindName>>;

export const PROJECT = "acme";

export function startBench(twist: Twist = () => ({})): Bench {
  const cloud = new Map<string, Live>();
  const [calls, tokens, journal]: [string[], string[], Entry[]] = [[], [], []];
  let now = 0;
  const usual = usualKind(cloud, calls, tokens);
  const bench: Bench = {
    calls,
    cloud,
    journal,
    tokens,
    slept: () => now,
    put(live) {
      cloud.set(live.id, live);
      return live;
    },
    run: (changes, options = {}) =>
      apply({
        planId: "sha256:plan",
        changes,
        doors,
        outputs: new Outputs([...cloud.values()]),
        journal: inMemory(journal),
        parallel: 8,
        ...options,
      }),
  };
  const kind = { ...usual, ...twist(bench, usual) };
  const doors: Doors = {
    project: PROJECT,
    aws: (target) => ({ target }) as Aws,
    reads: (target) => ({ target, project: PROJECT }) as Reads,
    kind: () => kind,
    token: ({ digest }, attempt) => `${digest} ${attempt}`,
    time: {
      now: () => now,
      async sleep(milliseconds) {
        now += milliseconds;
        await turn();
      },
    },
  };
  return bench;
}

/** Lets everything else that can run do so. */
export const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

const inMemory = (entries: Entry[]): Journal => ({ path: "memory", write: (entry) => entries.push(entry), close() {} });

/** A kind whose calls work at once. Objects are ready unless their state says otherwise. */
function usualKind(cloud: Map<string, Live>, calls: string[], tokens: string[]): Kind<KindName> {
  return {
    name: "vpc-endpoint",
    rules: { name: { shape: "fixed", onChange: "update" } } as never,
    orphan: "delete",
    actions: { read: [], write: [] },
    deadlineSeconds: 60,
    list: async () => ({ live: [], obstacles: [] }),
    look: async (_reads, { id }) => cloud.get(id),
    seek: async (_reads, { address }) => {
      const live = [...cloud.values()].find((one) => one.address === address);
      return live && { live };
    },
    async create(_aws, { address, attributes }, token) {
      calls.push(`create ${address}`);
      tokens.push(token);
      const id = `id-of-${address}`;
      cloud.set(
        id,
        object(address, attributes as unknown as Live["attributes"], { id, outputs: { name: `${address}.aws` } }),
      );
      return id;
    },
    async update(_aws, live, wanted, touched) {
      calls.push(`update ${live.address} ${[...touched]}`);
      const now = cloud.get(live.id) ?? live;
      cloud.set(live.id, {
        ...now,
        attributes: { ...now.attributes, ...(wanted.attributes as unknown as Live["attributes"]) },
      });
    },
    async remove(_aws, live) {
      calls.push(`remove ${live.address}`);
      cloud.delete(live.id);
    },
    progress({ state = "ready" }) {
      if (state === "ready" || state === "resting") return { is: state };
      return state.startsWith("failed")
        ? { is: "failed", state: "failed", why: state.slice(8) }
        : { is: "moving", state };
    },
    retryRemoveOn: ["StillInUse"],
  };
}

/** A live object with the mark of our project. */
export function object(address: string, attributes: Live["attributes"] = {}, more: Partial<Live> = {}): Live {
  return {
    kind: "vpc-endpoint",
    address,
    connection: address.split("/")[0] ?? address,
    target: "net",
    id: `id-of-${address}`,
    attributes: { tags: { "landline:project": PROJECT }, ...attributes },
    outputs: {},
    protect: false,
    ...more,
  };
}

/** The step that makes an object. */
export const creation = (address: string, more: Partial<Change> & { readonly attributes?: object } = {}): Change => ({
  ...step("create", address),
  desired: desired(address, more.attributes),
  ...more,
});

/** The step that moves a live object's attributes to these values. */
export const updating = (
  live: Live,
  to: { readonly [attribute: string]: Value },
  more: Partial<Change> = {},
): Change => ({
  ...step("update", live.address),
  differences: Object.entries(to).map(([attribute, after]) => ({
    attribute,
    before: live.attributes[attribute] ?? null,
    after,
  })),
  desired: desired(live.address, { ...live.attributes, ...to }),
  live,
  ...more,
});

/** The step that deletes a live object. */
export const deletion = (live: Live, more: Partial<Change> = {}): Change => ({
  ...step("delete", live.address),
  live,
  ...more,
});

const step = (action: Change["action"], address: string): Change => ({
  step: address,
  address,
  connection: address.split("/")[0] ?? address,
  kind: "vpc-endpoint",
  target: "net",
  action,
  risks: [],
  notes: [],
  differences: [],
  dependsOn: [],
  relies: {},
  digest: `digest-of-${address}`,
});

function desired(address: string, attributes: object = {}): Desired {
  return {
    kind: "vpc-endpoint",
    address,
    connection: address.split("/")[0] ?? address,
    target: "net",
    attributes: { tags: { "landline:project": PROJECT }, ...attributes } as unknown as Desired["attributes"],
    after: [],
    protect: false,
    at: { file: "specs/a.yaml", line: 1, column: 1 },
  };
}

/** An error as the SDK throws it. */
export const awsError = (code: string, message = `AWS says ${code}`): Error =>
  Object.assign(new Error(message), { name: code, Code: code });

/** Outcomes in few words: `a done`, `b failed`. */
export const results = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map(({ step: name, result }) => `${name} ${result}`);
