import { isCode } from "../aws/errors.ts";
import { NotYetError, type Resolved, StaleTokenError } from "../kinds/kind.ts";
import type { Change, KindName, Live } from "../model.ts";
import type { Work } from "./doors.ts";
import { type Expected, settle } from "./settle.ts";
import { waitFor } from "./wait.ts";

/** How long something made a moment ago, here or in another account, may stay unknown to the next call, in seconds. */
const VISIBLE_SECONDS = 120;
/** So many tokens are tried in turn. */
const TOKENS = 4;

/**
 * Makes the object and waits until it has come as far as the next step needs. Until AWS knows what the object refers to the call is repeated.
 * An answer that leads to nothing is that of an earlier creation whose object has been deleted since: then the next token is taken.
 */
export async function make(work: Work, wanted: Resolved<KindName>, expected: Expected): Promise<Live> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const id = await call(work, wanted, attempt);
      return await settle(work, { ...wanted, id }, expected, VISIBLE_SECONDS);
    } catch (error) {
      if (!(error instanceof StaleTokenError) || attempt + 1 >= TOKENS) throw error;
    }
  }
}

function call(work: Work, wanted: Resolved<KindName>, attempt: number): Promise<string> {
  const { change, doors, kind } = work;
  const patience = doors.time.now() + VISIBLE_SECONDS * 1000;
  const once = async (): Promise<string | undefined> => {
    try {
      return await kind.create(doors.aws(change.target), wanted, doors.token(change, attempt));
    } catch (error) {
      if (doors.time.now() > patience || !isNotYet(error, change)) throw error;
      return undefined;
    }
  };
  // Ends by itself: `once` gives up sooner than this deadline, with AWS's own words.
  return waitFor(once, VISIBLE_SECONDS * 2000, () => `AWS to know what ${change.address} refers to`, doors.time);
}

/** AWS may not know yet what an earlier step of this run has made; of anything older a NotFound is meant. */
const isNotYet = (error: unknown, { dependsOn }: Change): boolean =>
  error instanceof NotYetError || (dependsOn.length > 0 && isCode(error, ...AFTER_OUR_OWN));

const AFTER_OUR_OWN = [
  "InvalidServiceName",
  "InvalidVpcEndpointServiceId.NotFound",
  "InvalidVpcEndpointId.NotFound",
  "InvalidGroup.NotFound",
  "InvalidSecurityGroupID.NotFound",
  "LoadBalancerNotFound",
  "TargetGroupNotFound",
  "ListenerNotFound",
];
