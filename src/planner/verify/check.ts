/** What a check is about; the checklist is in the same words. */
export type Topic = "service" | "endpoint" | "requests" | "balancer" | "targets" | "ports" | "dns" | "connect" | "tls";

/** One thing that was looked at. */
export interface Check {
  readonly topic: Topic;
  /** The object or the name, as people know it. */
  readonly about: string;
  /** `unknown`: it cannot be told from here, and the sentence says why. */
  readonly result: "holds" | "fails" | "unknown";
  /** A sentence without a full stop. */
  readonly says: string;
}

/** Makes the checks of one topic. */
export const checker = (topic: Topic) => {
  const made =
    (result: Check["result"]) =>
    (about: string, says: string): Check => ({ topic, about, result, says });
  return { holds: made("holds"), fails: made("fails"), unknown: made("unknown") };
};
