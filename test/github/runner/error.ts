/** The runner does not know what a workflow asks for. Never the outcome of a step: a scenario that expects a failure must not take this for one. */
export class RunnerError extends Error {}
