import { kinds } from "../kinds/index.ts";
import { factActions } from "../state/snapshot.ts";
import { surveyActions } from "../state/survey.ts";
import type { Io } from "./io.ts";
import { EXIT } from "./options.ts";

export interface IamOptions {
  readonly mode: "plan" | "apply";
}

/** `landline iam`: the least policy for a role, from what the kinds declare. */
export async function iam({ mode }: IamOptions, io: Io): Promise<number> {
  const Action = actionsFor(mode);
  const statement = { Sid: mode === "plan" ? "LandlinePlan" : "LandlineApply", Effect: "Allow", Action, Resource: "*" };
  io.out(`${JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, null, 2)}\n`);
  return EXIT.done;
}

/** The IAM actions that a role needs, sorted. */
export function actionsFor(mode: IamOptions["mode"]): readonly string[] {
  const read = Object.values(kinds).flatMap(({ actions }) => actions.read);
  const write = mode === "apply" ? Object.values(kinds).flatMap(({ actions }) => actions.write) : [];
  return [...new Set([...factActions, ...surveyActions, ...read, ...write])].sort();
}
