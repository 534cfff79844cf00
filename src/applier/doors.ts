import type { Aws } from "../aws/aws.ts";
import type { Reads } from "../aws/reads.ts";
import type { Kind } from "../kinds/kind.ts";
import type { Change, KindName } from "../model.ts";
import type { Outputs } from "./outputs.ts";
import type { Time } from "./wait.ts";

/** The ways out of the applier: AWS by target, the kinds, tokens and time. */
export interface Doors {
  readonly project: string;
  aws(target: string): Aws;
  /** Reads that see the cloud afresh. */
  reads(target: string): Reads;
  kind(name: KindName): Kind<KindName>;
  /** A client token for the n-th try to carry out this change; the same in every run that plans the same change. */
  token(change: Change, attempt: number): string;
  readonly time: Time;
}

/** One change under way. */
export interface Work {
  readonly change: Change;
  readonly doors: Doors;
  readonly outputs: Outputs;
  readonly kind: Kind<KindName>;
  /** Whether other changes of this run come after it. */
  readonly awaited: boolean;
}
