import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import type { FileChange, PlanFile } from "./json.ts";
import { clip, visible } from "./visible.ts";
import { count } from "./words.ts";

/** A change of a plan file that always knows its step. */
export interface ReviewedStep extends FileChange {
  readonly step: string;
}

/** A plan file that a person hands to `landline apply`. */
export interface ReadPlan {
  readonly plan: PlanFile;
  /** What may be carried out, by step. A change that the plan refuses was not approved and is not in here. */
  readonly reviewed: ReadonlyMap<string, ReviewedStep>;
}

/** Why a text is no plan: sentences with the place in the file. */
export interface PlanFileProblem {
  readonly problem: string;
}

const VERSION = 1;
const MOST_PROBLEMS = 5;
const AGAIN = "Write it again with `landline plan --format json --out FILE`.";

/** Reads a plan file. `schema` is `schema/plan.v1.schema.json`, parsed. Never throws on bad text. */
export function readPlanFile(text: string, schema: object): ReadPlan | PlanFileProblem {
  const json = parse(text);
  if ("problem" in json) return json;
  const version = versionOf(json.value);
  if (version !== undefined && version !== VERSION) return otherVersion(version);
  const validate = new Ajv2020({ allErrors: true }).compile<PlanFile>(schema);
  if (!validate(json.value)) return invalid(validate.errors ?? []);
  return readSteps(json.value);
}

function parse(text: string): { readonly value: unknown } | PlanFileProblem {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof Error ? clip(visible(error.message), 200) : "not JSON";
    return { problem: `This is not a plan file: ${why}. ${AGAIN}` };
  }
}

function versionOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "formatVersion" in value ? value.formatVersion : undefined;
}

function otherVersion(version: unknown): PlanFileProblem {
  const found = clip(visible(JSON.stringify(version)), 40);
  return {
    problem: `This plan file has formatVersion ${found}; this Landline reads version ${VERSION}. Plan again with the version that applies.`,
  };
}

function invalid(errors: readonly ErrorObject[]): PlanFileProblem {
  const places = errors.slice(0, MOST_PROBLEMS).map((error) => `  ${placeOf(error)}: ${whatIsWrong(error)}`);
  const rest = errors.length > MOST_PROBLEMS ? [`  and ${errors.length - MOST_PROBLEMS} more`] : [];
  const head = `This is not a plan file: ${count(errors.length, "problem")}.`;
  return { problem: [head, ...places, ...rest, AGAIN].join("\n") };
}

function placeOf(error: ErrorObject): string {
  return clip(visible(error.instancePath.slice(1).replaceAll("/", ".")), 120) || "the whole file";
}

function whatIsWrong(error: ErrorObject): string {
  const extra: unknown = error.params.additionalProperty;
  const message = error.message ?? error.keyword;
  return typeof extra === "string" ? `has an unknown field ${clip(visible(JSON.stringify(extra)), 60)}` : message;
}

function readSteps(plan: PlanFile): ReadPlan | PlanFileProblem {
  const reviewed = new Map<string, ReviewedStep>();
  const seen = new Set<string>();
  for (const change of plan.changes) {
    const step = change.step ?? change.address;
    if (seen.has(step)) {
      return {
        problem: `This plan file holds ${clip(visible(step), 120)} twice, so it is unclear what was reviewed. ${AGAIN}`,
      };
    }
    seen.add(step);
    if (change.refused === undefined) reviewed.set(step, { ...change, step });
  }
  return { plan, reviewed };
}
