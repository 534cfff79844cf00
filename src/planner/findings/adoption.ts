import type { Change, Finding, Live, Position } from "../../model.ts";
import { asSet, groupBy } from "../collections.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import type { ConnectionDocument } from "../specs/index.ts";
import { KIND_WORDS } from "../writers/words.ts";

/** The tag that makes an object ours. */
const PROJECT = "landline:project";
const MARK = "tags.landline:";

/** Whether a live object is here only because a spec adopts it: it carries no mark yet, and until it does it may only be marked or changed. */
export function isUnmarked({ attributes: { tags } }: Pick<Live, "attributes">): boolean {
  return typeof tags === "object" && tags !== null && !Array.isArray(tags) && !(PROJECT in tags);
}

/** Whether a change does nothing but put our tags on an object. */
export const onlyMarks = ({ action, differences }: Pick<Change, "action" | "differences">): boolean =>
  action === "update" && differences.every(({ attribute }) => attribute.startsWith("tags."));

/** What adopting this object means for it. */
export function adoptionNote({
  action,
  differences,
  live,
  kind,
}: Pick<Change, "action" | "differences" | "live" | "kind">): string {
  const id = live && idOf(live);
  const changed = differences.map(({ attribute }) => attribute).filter((name) => !name.startsWith("tags."));
  const tags = differences.flatMap(({ attribute }) =>
    attribute.startsWith("tags.") && !attribute.startsWith(MARK) ? [attribute.slice("tags.".length)] : [],
  );
  const marks = `its marks${tags.length > 0 ? ` and the project's tags (${tags.join(", ")})` : ""}`;
  return changed.length === 0
    ? `${KIND_WORDS[kind]} ${id} becomes ours: it gets ${marks}, nothing else about it changes`
    : `${KIND_WORDS[kind]} ${id} becomes ours and is ${action}d: besides ${marks} it differs in ${changed.join(", ")}`;
}

/** What there is to say about the entries of `adopt`: what cannot be adopted and why, what only gets its marks, what is done already. */
export function adoptionFindings(
  documents: readonly ConnectionDocument[],
  cloud: SnapshotIndex,
  changes: readonly Change[],
): Finding[] {
  const changesOf = groupBy(changes, ({ connection }) => connection);
  const byId = new Map(cloud.live.map((live) => [idOf(live), live]));
  return documents.flatMap((document) => {
    const connection = document.spec.metadata.name;
    const entries = (document.spec.adopt ?? []).map(({ address, id }, index) => ({
      id,
      address: `${connection}/${address}`,
      at: document.at(["adopt", index]),
    }));
    const judged = entries.map((entry) => judge(connection, entry, cloud, byId));
    const own = changesOf.get(connection) ?? [];
    const findings = [
      ...judged.flatMap((verdict) => (verdict === "done" ? [] : verdict)),
      ...(judged.some((verdict) => verdict !== "done" && verdict.length > 0) ? [] : replacements(connection, own)),
      ...summary(connection, own, () => document.at(["adopt"])),
    ];
    if (entries.length === 0 || judged.some((verdict) => verdict !== "done")) return findings;
    const message = `everything under adopt is ours by now; the list may go`;
    return [...findings, { id: "adopt.done", severity: "info", connection, message, at: document.at(["adopt"]) }];
  });
}

interface Entry {
  readonly id: string;
  readonly address: string;
  readonly at: Position;
}

/** What is wrong with one entry, or nothing; `done` when the address is ours already. */
function judge(
  connection: string,
  { id, address, at }: Entry,
  cloud: SnapshotIndex,
  byId: ReadonlyMap<string | undefined, Live>,
): "done" | Finding[] {
  const refuse = (finding: string, message: string): Finding[] => [
    { id: finding, severity: "error", connection, address, message, at },
  ];
  const here = cloud.at(address);
  const marked = here.filter((live) => !isUnmarked(live));
  const adoptee = byId.get(id);
  if (adoptee && adoptee.address !== address)
    return refuse(
      "adopt.taken",
      `${id} is ${adoptee.address} of this project already; take the entry out, or name the object that ${address} is to be`,
    );
  if (adoptee && isUnmarked(adoptee))
    return marked[0]
      ? refuse(
          "adopt.taken",
          `${id} cannot become ${address}: ${marked[0].id} is that already. Take the entry out, or remove ${marked[0].id} first`,
        )
      : [];
  if (adoptee || marked.length > 0) return "done";
  const stranger = cloud.snapshot.targets.flatMap(({ obstacles }) => obstacles).find((obstacle) => obstacle.id === id);
  return stranger?.project !== undefined
    ? refuse(
        "not-ours",
        `${id} belongs to the Landline project "${stranger.project}"; it is not adopted and not touched. Give it up there first (its landline: tags have to go), or take the entry out`,
      )
    : refuse(
        "adopt.missing",
        `AWS shows no ${id} to be ${address}; nothing is made in its place. Correct the id and the target, or take the entry out to have it made`,
      );
}

/** By what `adopt` names an object; undefined for what hangs on another that carries the mark for both. */
function idOf({ kind, id, attributes }: Live): string | undefined {
  if (kind === "private-dns") return `${attributes.zoneId}/${attributes.recordName}`;
  return "tags" in attributes ? id : undefined;
}

/** To replace is to delete what is not ours. Where another object is missing, what hangs on it only seems to differ. */
function replacements(connection: string, own: readonly Change[]): Finding[] {
  return own.flatMap((change): Finding[] => {
    if (change.action !== "replace" || !change.live || !isUnmarked(change.live)) return [];
    const { address, live, desired } = change;
    const forcing = change.differences
      .filter(({ forcesReplacement }) => forcesReplacement)
      .map(({ attribute }) => attribute);
    const message = `${live.id} cannot be adopted as ${address}: it differs in ${forcing.join(", ")}, and to replace it would delete what is not ours yet. Write into the spec what lives (\`landline import\` does), adopt, and change it afterwards`;
    return [
      { id: "adopt.replaces", severity: "error", connection, address, message, ...(desired ? { at: desired.at } : {}) },
    ];
  });
}

/** Whether a connection is adopted as it lives, in one sentence for the reviewer. */
function summary(connection: string, own: readonly Change[], at: () => Position): Finding[] {
  const adopted = own.filter(({ live }) => live && isUnmarked(live));
  if (adopted.length === 0) return [];
  const other = own.filter((change) => !adopted.includes(change) || !onlyMarks(change));
  const count = `${adopted.length} ${adopted.length === 1 ? "object is" : "objects are"} adopted`;
  const message =
    other.length === 0
      ? `${count}: only marks are added, every other difference is zero`
      : `${count}, and not all as they live: see ${asSet(other.map(({ step }) => step)).join(", ")}`;
  return [
    {
      id: other.length === 0 ? "adopt.only-marks" : "adopt.changes",
      severity: other.length === 0 ? "info" : "warning",
      connection,
      message,
      at: at(),
    },
  ];
}
