import type { World } from "./world.ts";

/** A request's parameters: dotted query keys or an XML body unfolded into one nested value; every leaf is text. */
export type Params = string | Params[] | { [name: string]: Params };

/**
 * An answer as an ordered tree of XML elements: `{serviceState: "Available"}` is `<serviceState>Available</serviceState>`.
 * An array repeats its element name; the protocol's list wrapping (`<item>`, `<member>`) is written by `items()` and `members()`.
 * `undefined` leaves the element out, `null` writes it empty.
 */
export type Tree = { [element: string]: Node };
export type Node = string | number | boolean | null | undefined | Tree | Node[];

/** What an operation gets to see of one call. */
export interface Call {
  /** `CreateVpcEndpoint`, `ChangeResourceRecordSets`, ... */
  action: string;
  /** The caller's account, 12 digits: from the access key id or from the assumed role. */
  account: string;
  /** From the credential scope of the signature. */
  region: string;
  callerArn: string;
  params: { [name: string]: Params };
  world: World;
  clock: Clock;
}

/** The sandbox's time, and how long its transitions take. */
export interface Clock {
  /** Now as ISO 8601, milliseconds, UTC. */
  now(): string;
  /** A fresh countdown for a transition that takes about so many seconds on AWS; by default it counts reads, with `--slow` seconds. */
  settle(seconds: number): import("./world.ts").Settle;
  /** Takes one read off a countdown; true when it has run out. `look` is called once for each describe that shows the object. */
  look(settle: import("./world.ts").Settle): boolean;
}

/** One API operation: reads and changes the world, answers with the members of its result. Throws AwsError. All synchronous, so that every call is atomic. */
export type Operation = (call: Call) => Tree;

/** A table of operations by action name; each service folder exports one. */
export type Operations = Record<string, Operation>;

/** A refusal in AWS's own code and words. */
export class AwsError extends Error {
  readonly code: string;
  /** HTTP status; 400 unless AWS uses another. */
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
