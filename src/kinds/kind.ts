import type { Aws } from "../aws/aws.ts";
import { failureOf } from "../aws/errors.ts";
import type { Reads } from "../aws/reads.ts";
import type { Attributes, Json, KindName, Live, Obstacle, Outputs, Rule, Rules } from "../model.ts";

/** A Desired resource as the applier hands it over: every Ref replaced by its value. */
export interface Resolved<K extends KindName> {
  readonly kind: K;
  readonly address: string;
  readonly connection: string;
  readonly target: string;
  /** Whose it will be: records carry the project in a TXT record, having no tags. */
  readonly project: string;
  readonly attributes: ResolvedAttributes<K>;
}
export type ResolvedAttributes<K extends KindName> = { readonly [A in keyof Attributes[K]]: Plain<Attributes[K][A]> };
type Plain<V> = V extends string | { readonly ref: string }
  ? Extract<V, string>
  : V extends readonly (infer E)[]
    ? readonly Plain<E>[]
    : V;

/** What stands where a Desired resource belongs: ours, somebody else's, or nothing. */
export type Found<K extends KindName> = { readonly live: Live<K> } | { readonly obstacle: Obstacle } | undefined;

/** Enough of a Live object to find it again. */
export type Known<K extends KindName> = Pick<Live<K>, "kind" | "address" | "formerly" | "connection" | "target" | "id">;

/** The part of a Live object that AWS cannot tell from the object alone. */
export type Whereabouts = Pick<Live, "address" | "connection" | "target">;

/** How far an object has come towards the state that the next step needs. `resting`: it waits for somebody else; that is a result, not a failure. */
export type Progress =
  | { readonly is: "ready" | "resting" }
  | { readonly is: "moving" | "failed"; readonly state: string; readonly why?: string };

/**
 * One sort of cloud resource. Every kind has the same parts in the same order: rules, actions, list, find, create, update, remove, progress.
 */
export interface Kind<K extends KindName> {
  readonly name: K;
  /** One rule per attribute; the compiler demands it. */
  readonly rules: Rules<K>;
  readonly orphan: "delete" | "keep";
  /** What `landline iam` puts into the policies. */
  readonly actions: { readonly read: readonly string[]; readonly write: readonly string[] };
  /** How long to wait for `ready`, in seconds. */
  readonly deadlineSeconds: number;

  /** Every object of this kind that is ours within the scope of `reads`, from bulk lists that are read once per run. */
  list(reads: Reads): Promise<Listing<K>>;

  /** The object with this id, read afresh; undefined when it is gone. For preconditions and for waiting. */
  look(reads: Reads, known: Known<K>): Promise<Live<K> | undefined>;

  /** What stands at the natural key (a name, a tag, a place) where this resource belongs: before a create, and to recognise what an earlier, killed run has made. */
  seek(reads: Reads, wanted: Resolved<K>): Promise<Found<K>>;

  /**
   * Makes the object with its tags in the creating call; answers with its id. Safe to call twice with the same token. Throws `StaleTokenError`
   * when AWS answers the token with an object that is gone already.
   */
  create(aws: Aws, wanted: Resolved<K>, token: string): Promise<string>;

  /**
   * Moves the object from `live` to `wanted`; only `touched` attributes differ. All of them in as few calls as AWS allows. Answers with AWS's
   * id of the change where that takes time to reach everybody (see `isEverywhere`).
   */
  update(aws: Aws, live: Live<K>, wanted: Resolved<K>, touched: ReadonlySet<string>): Promise<string | undefined>;

  /** Whether what an update hands traffic to can carry it; asked before the call, again and again until it can. Absent: nothing to ask. */
  readyFor?(reads: Reads, live: Live<K>, wanted: Resolved<K>, touched: ReadonlySet<string>): Promise<Progress>;

  /** Whether a change with this id, an answer of `update`, has reached everybody. Absent: a change is everywhere at once. */
  isEverywhere?(aws: Aws, receipt: string): Promise<boolean>;

  /** Deletes the object; an object that is gone already is a success. Inspects AWS's `Unsuccessful` lists. */
  remove(aws: Aws, live: Live<K>): Promise<void>;

  /** Whether the step after this one can go on from here. */
  progress(live: Live<K>): Progress;

  /** Error codes of `remove` that mean "not yet" (lingering network interfaces): tried again until the deadline. */
  readonly retryRemoveOn: readonly string[];

  /** Whether this is all that `remove` leaves: an allowlist is there as long as its service, and gone when it is empty. Absent: nothing is left. */
  readonly leavesEmpty?: (live: Live<K>) => boolean;

  /** Changes with the same key never run at the same time (records of one zone). Absent: no such limit. */
  readonly serialBy?: (wantedOrLive: { readonly attributes: { readonly [attribute: string]: unknown } }) => string;
}

/** AWS repeated the answer of an earlier create whose object has been deleted since: ask again with a new token. */
export class StaleTokenError extends Error {}

/**
 * AWS does not show yet what was made elsewhere a moment ago (another account's endpoint, a change on its way to the name servers): the same
 * call may work later.
 */
export class NotYetError extends Error {
  readonly Code = "NotVisibleYet";
}

/** What we refuse to do to an object as it stands now; `Code` is a word of ours, for reports and tests. */
export class RefusedError extends Error {
  readonly Code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.Code = code;
  }
}

export interface Listing<K extends KindName> {
  readonly live: readonly Live<K>[];
  readonly obstacles: readonly Obstacle[];
}

/** The names of what other resources may refer to. */
export type OutputsOf<K extends KindName> = { readonly [O in Outputs[K]]?: string };

type Risks = NonNullable<Rule["risk"]>;
type Effect = "update" | "replace";
const rule = (shape: Rule["shape"], onChange: Effect, risk?: Risks): Rule =>
  risk ? { shape, onChange, risk } : { shape, onChange };

/** Rules read as sentences: `vpcId: text("replace")`, `subnetIds: set("update")`. */
export const text = (onChange: Effect, risk?: Risks): Rule => rule("text", onChange, risk);
export const flag = (onChange: Effect, risk?: Risks): Rule => rule("flag", onChange, risk);
export const number = (onChange: Effect, risk?: Risks): Rule => rule("number", onChange, risk);
export const set = (onChange: Effect, risk?: Risks): Rule => rule("set", onChange, risk);
export const json = (onChange: Effect, risk?: Risks): Rule => rule("json", onChange, risk);
export const tags = (): Rule => rule("tags", "update");
/** Chosen at creation and kept by AWS for life: nothing to compare. */
export const fixed = (): Rule => rule("fixed", "update");

export type LiveAttributes<K extends KindName> = { readonly [A in keyof Attributes[K]]: Json };

/** A set as attributes hold it: sorted, without duplicates and gaps. */
export const sorted = (values: readonly (string | undefined)[] | undefined): string[] =>
  [...new Set((values ?? []).flatMap((value) => value || []))].sort();

/** What has to be added to and removed from a set to make `live` into `wanted`; a live attribute that is no list counts as empty. */
export function setChanges(live: Json | undefined, wanted: readonly string[]): { added: string[]; removed: string[] } {
  const present = Array.isArray(live) ? live.map(String) : [];
  return {
    added: wanted.filter((value) => !present.includes(value)),
    removed: present.filter((value) => !wanted.includes(value)),
  };
}

/** Whether an update touches tags, as a whole or by key (`tags.cost-center`). */
export const touchesTags = (touched: ReadonlySet<string>): boolean =>
  [...touched].some((attribute) => attribute === "tags" || attribute.startsWith("tags."));

/** Whether a run limited to some connections (`--only`) has no use for one side. A full run reads both, so that it finds what has to go. */
export const skips = (reads: Reads, side: "provides" | "consumes"): boolean =>
  reads.wanted.connections !== undefined && !reads.wanted[side];

/** AWS's refusal with what we know beyond it; the code stays. */
export function explained(error: unknown, more: string): Error {
  const { code, message } = failureOf(error);
  return Object.assign(new Error(`${message} (${more})`, { cause: error }), { name: code, Code: code });
}

/** What changes to the records of one zone share; a zone of ours may not have its id yet. */
export const zoneKey = ({ attributes: { zoneId } }: { readonly attributes: { readonly zoneId?: unknown } }): string =>
  typeof zoneId === "string" ? zoneId : JSON.stringify(zoneId);
