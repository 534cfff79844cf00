/** The object is not as the plan saw it: somebody changed it since. Nothing was done to it. */
export class StaleError extends Error {
  readonly Code = "StalePlan";
}

/** What a change needs is not there yet because somebody else has to act first: a wait, not a failure. */
export class RestingError extends Error {}
