import type { Change, Desired, Finding, KindInfos, KindName, Live } from "../../model.ts";
import { refsIn } from "../canonical.ts";
import { groupBy } from "../collections.ts";
import { compare, type Draft } from "../compare.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import type { ConnectionDocument } from "../specs/index.ts";
import { bearsOldName, isBelow, type Rename, renamesOf, underNewNames } from "./index.ts";

/** What a connection consists of; everything else hangs on these. */
const ROOTS: ReadonlySet<KindName> = new Set(["load-balancer", "endpoint-service", "vpc-endpoint"]);
/** What may not differ between an object and itself under another name, though AWS could change it. */
const IDENTITY: ReadonlySet<string> = new Set(["subnetIds", "loadBalancerArns"]);
const FINDING = "rename.possible";

interface Plan {
  readonly documents: ReadonlyMap<string, Pick<ConnectionDocument, "spec" | "at">>;
  readonly desired: readonly Desired[];
  readonly changes: readonly Change[];
  readonly cloud: SnapshotIndex;
  readonly kinds: KindInfos;
}

/**
 * What goes and comes again as the same under another name: a connection, an endpoint, a load balancer. To delete and make it anew would cut
 * everybody off, so nobody gets that by accident; the finding names the line that makes it a rename. A load balancer is replaced without an
 * interruption, so for that it is a warning.
 */
export function renameOffers(plan: Plan): Finding[] {
  const lost = plan.changes.filter(({ kind, action, leftover }) => ROOTS.has(kind) && action === "delete" && !leftover);
  const made = plan.changes.filter(({ kind, action }) => ROOTS.has(kind) && action === "create");
  if (lost.length === 0 || made.length === 0) return [];
  const candidates = [...pairs(lost, made, plan)].filter(({ from, to }) => isSame(from, to, plan));
  return [...groupBy(candidates, ({ to }) => to)].flatMap(([to, some]) => findings(to, some, plan));
}

interface Pair {
  readonly from: string;
  readonly to: string;
}

/** Only what is of the same build can be the same; comparing attribute for attribute comes after that. */
function pairs(lost: readonly Change[], made: readonly Change[], { documents, desired, cloud }: Plan): Pair[] {
  const gone = new Set(lost.map(({ connection }) => connection).filter((name) => !documents.has(name)));
  const fresh = new Set(made.map(({ connection }) => connection));
  const lives = groupBy(cloud.live, ({ connection }) => connection);
  const wants = groupBy(desired, ({ connection }) => connection);
  const builds = groupBy([...gone], (name) => buildOf(name, lives.get(name) ?? []));
  const whole = [...fresh].flatMap((to) =>
    (builds.get(buildOf(to, wants.get(to) ?? [])) ?? []).map((from): Pair => ({ from, to })),
  );
  const parts = made.flatMap(({ address: to, kind, connection, target }) =>
    lost
      .filter((one) => one.kind === kind && one.connection === connection && one.target === target)
      .filter(({ address }) => kind !== "endpoint-service" && address !== to)
      .map(({ address: from }): Pair => ({ from, to })),
  );
  return [...whole, ...parts];
}

const buildOf = (top: string, all: readonly (Live | Desired)[]): string =>
  all
    .filter(({ kind }) => ROOTS.has(kind))
    .map(({ kind, target, address }) => `${kind} ${target} ${address.slice(top.length)}`)
    .sort()
    .join("\n");

/** Whether what lives below `from` would be all that is wanted below `to`, if it were only called so. */
function isSame(from: string, to: string, { desired, cloud, kinds }: Plan): boolean {
  const wanted = desired.filter(({ address }) => isBelow(address, to));
  const refs = new Set(wanted.flatMap(({ attributes }) => refsIn(attributes).map(({ ref }) => ref)));
  const near = cloud.live.filter(({ address }) => isBelow(address, from) || refs.has(address));
  const rename: Rename = { connection: to, from, to, name: from, at: { file: "", line: 0, column: 0 } };
  const { drafts } = compare(wanted, underNewNames(near, [rename]), kinds);
  return drafts.filter(({ address }) => isBelow(address, to)).every(staysItself);
}

const staysItself = ({ kind, action, differences }: Draft): boolean =>
  !(ROOTS.has(kind) || kind === "listener") ||
  (action === "update" && !differences.some(({ attribute }) => IDENTITY.has(attribute)));

function findings(to: string, some: readonly Pair[], { documents, cloud }: Plan): Finding[] {
  const [connection = to, ...rest] = to.split("/");
  const document = documents.get(connection);
  const names = some.map(({ from }) => from.split("/").at(-1) ?? from);
  const [what, where] =
    rest.length === 0
      ? (["connection", "metadata"] as const)
      : rest.includes("nlb")
        ? (["load balancer", "this load balancer"] as const)
        : (["endpoint", "this endpoint"] as const);
  const ids = some.flatMap(({ from }) =>
    cloud.live.filter(({ kind, address }) => ROOTS.has(kind) && isBelow(address, from)).map(({ id }) => id),
  );
  const message =
    `${what} ${to} looks like ${names.map((name) => `"${name}"`).join(" or ")} under a new name: ${ids.join(", ")} would be deleted and made anew. ` +
    `If it is the same, write "renamedFrom: ${names[0]}" under ${where}: then only marks change. If it is another one, say so: acknowledge: [{finding: ${FINDING}, reason: "..."}]`;
  const severity = what === "load balancer" ? "warning" : "error";
  const at = document ? { at: document.at(rest.length === 0 ? ["metadata", "name"] : []) } : {};
  const offer: Finding = { id: FINDING, severity, connection, address: to, message, waivable: true, ...at };
  const waived = (document?.spec.acknowledge ?? []).some(({ finding }) => finding === FINDING);
  const kept = some
    .filter(({ from }) => rest.length === 0 && !waived && !documents.has(from))
    .map(({ from }): Finding => {
      const why = `nothing of "${from}" is deleted, because "${to}" looks like the same connection under a new name; see the finding there`;
      return { id: FINDING, severity: "error", connection: from, message: why };
    });
  return [offer, ...kept];
}

/** What is left to say of `renamedFrom`: that it has done its work, or never had any. */
export const idleRenames = (documents: readonly ConnectionDocument[], cloud: SnapshotIndex): Finding[] =>
  renamesOf(documents)
    .filter((rename) => !cloud.live.some((object) => bearsOldName(object, rename)))
    .map(({ connection, name, at }) => ({
      id: "rename.done",
      severity: "info",
      connection,
      message: `nothing lives under the name "${name}" any more; renamedFrom may go`,
      at,
    }));

/** What a rename does to one object, for the reviewer. */
export const renameNote = ({
  live,
  action,
  differences,
}: Pick<Change, "live" | "action" | "differences">): string[] => {
  if (live?.formerly === undefined || action !== "update") return [];
  const more = differences.map(({ attribute }) => attribute).filter((name) => !name.startsWith("tags."));
  return [
    `renamed from ${live.formerly}: ${more.length === 0 ? "only its marks change" : `besides its marks ${more.join(", ")} changes`}`,
  ];
};
