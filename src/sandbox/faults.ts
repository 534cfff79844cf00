import { AwsError } from "./operation.ts";

/** What goes wrong: `-before` leaves the world untouched, `-after` happens once the call's effect is saved. */
export const effects = ["error-before", "error-after", "drop-before", "drop-after", "delay", "hide"] as const;

/** One planned mishap. Without `service`, `action` or `account` it meets every call. */
export interface Fault {
  service?: string;
  /** An action name; `*` stands for any text. */
  action?: string;
  account?: string;
  /** So many matching calls pass unharmed first. */
  skip?: number;
  /** How many matching calls it meets; 1 unless told. */
  times?: number;
  effect: (typeof effects)[number];
  /** Error code and message of the `error-` effects, `InternalError` unless told. */
  code?: string;
  message?: string;
  /** HTTP status of the `error-` effects, 500 unless told. */
  status?: number;
  /** For `delay`: how long the answer waits. */
  delayMs?: number;
  /** For `hide`: how many reads do not show what the call made. */
  reads?: number;
}

/** The faults of a running sandbox. */
export interface Faults {
  add(faults: readonly Fault[]): void;
  clear(): void;
  /** What is still to come. */
  pending(): Fault[];
  /** Counts the call against every fault that matches it; answers with the one that meets it. */
  meet(call: { service: string; action: string; account: string }): Fault | undefined;
}

/** An empty list of faults. */
export function createFaults(): Faults {
  let active: Fault[] = [];
  return {
    add: (faults) => active.push(...faults.map((fault) => ({ ...fault }))),
    clear: () => {
      active = [];
    },
    pending: () => active.map((fault) => ({ ...fault })),
    meet(call) {
      const ready = active.filter((fault) => matches(fault, call)).filter(passedSkip);
      const [met] = ready;
      if (!met) return undefined;
      met.times = (met.times ?? 1) - 1;
      active = active.filter((fault) => (fault.times ?? 1) > 0);
      return met;
    },
  };
}

/** Takes one call off the fault's `skip`; true when it was already used up. */
function passedSkip(fault: Fault): boolean {
  const left = fault.skip ?? 0;
  fault.skip = Math.max(0, left - 1);
  return left === 0;
}

function matches(fault: Fault, call: { service: string; action: string; account: string }): boolean {
  return (
    (fault.service ?? call.service) === call.service &&
    (fault.account ?? call.account) === call.account &&
    (fault.action === undefined || wildcard(fault.action).test(call.action))
  );
}

function wildcard(pattern: string): RegExp {
  return new RegExp(`^${pattern.split("*").map(escapeRegExp).join(".*")}$`);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.+^${}()|[\]\\?]/g, "\\$&");
}

/** The error that an `error-` fault answers with. */
export function faultError(fault: Fault): AwsError {
  const code = fault.code ?? "InternalError";
  return new AwsError(code, fault.message ?? `A fault of the sandbox: ${fault.effect}`, fault.status ?? 500);
}

/** Reads the JSON of `POST /_sandbox/faults`: one fault or a list. @throws Error saying what is wrong with which one */
export function parseFaults(json: unknown): Fault[] {
  return [json].flat().map((entry: unknown, index) => parseFault(entry, `fault ${index + 1}`));
}

const textKeys = ["service", "action", "account", "code", "message"] as const;
const numberKeys = ["skip", "times", "status", "delayMs", "reads"] as const;

function parseFault(entry: unknown, where: string): Fault {
  if (typeof entry !== "object" || entry === null) throw new Error(`${where} is not an object`);
  const given = new Map<string, unknown>(Object.entries(entry));
  const effect = effects.find((name) => name === given.get("effect"));
  if (!effect) throw new Error(`${where} has no effect; one of: ${effects.join(", ")}`);
  const known: readonly string[] = ["effect", ...textKeys, ...numberKeys];
  const unknown = [...given.keys()].filter((key) => !known.includes(key));
  if (unknown.length > 0)
    throw new Error(`${where} has an unknown member ${unknown.join(", ")}; known: ${known.join(", ")}`);
  const fault: Fault = { effect };
  for (const key of textKeys) {
    const value = given.get(key);
    if (typeof value === "string") fault[key] = value;
    else if (value !== undefined) throw new Error(`${where}: ${key} must be a text`);
  }
  for (const key of numberKeys) {
    const value = given.get(key);
    if (typeof value === "number") fault[key] = value;
    else if (value !== undefined) throw new Error(`${where}: ${key} must be a number`);
  }
  return fault;
}
