import { asSet } from "../collections.ts";
import { count } from "../writers/words.ts";
import type { Judged, Requirement, Verdict } from "./words.ts";

/** One line of the list of what a merge still needs. Plain text: whoever shows it makes it safe for where it goes. */
export interface ChecklistItem {
  readonly done: boolean;
  /** Whether the plan is not carried out while this is open. */
  readonly blocks: boolean;
  readonly text: string;
}

/** So many steps are named in a line; the plan shows them all. */
const NAMED = 3;

/** What approvals are there and what is missing, one item a rule, then who objects. */
export function checklistOf(verdict: Verdict): ChecklistItem[] {
  const rules = verdict.judged.map((one) => ({ done: one.met, blocks: true, text: ruleText(one, verdict) }));
  const objections = verdict.objections.map((login) => ({
    done: false,
    blocks: verdict.judged.length > 0,
    text: `${login} asks for changes: ${login} has to approve, or somebody has to dismiss the review`,
  }));
  return [...rules, ...objections];
}

function ruleText(one: Judged, { pusherKnown }: Verdict): string {
  const { requirement, counted, uncounted, needed, met } = one;
  const have = counted.map(({ reviewer }) => reviewer).join(", ");
  const more =
    !pusherKnown && requirement.count > 0
      ? ` (one more than ${requirement.count}, because it cannot be seen who pushed last)`
      : "";
  const state = `${counted.length} of ${count(needed, "approval")}${more}${peopleOf(requirement)}${have ? `: ${have}` : ""}`;
  const why = whyOf(requirement);
  const not =
    met || uncounted.length === 0 ? "" : `. Not counted: ${uncounted.map(({ message }) => message).join("; ")}`;
  return `${state} (${why})${not}`;
}

const peopleOf = ({ from }: Requirement): string => (from.length === 0 ? "" : ` from ${from.join(" or ")}`);

/** `grants-access, deletes: create a/service/allowlist and 2 more`. */
function whyOf({ risks, why }: Requirement): string {
  const said = asSet(why.flatMap((cause) => (risks.includes("any") ? [] : cause.risks)));
  const steps = why.slice(0, NAMED).map(({ action, step }) => `${action} ${step}`);
  const rest = why.length > NAMED ? ` and ${why.length - NAMED} more` : "";
  return `${said.length === 0 ? "any change" : said.join(", ")}: ${steps.join(", ")}${rest}`;
}

/** What the report keeps: for every rule who approved what and when, and what was given and did not count. Plain text. */
export function evidenceOf(verdict: Verdict): string[] {
  const pusher = verdict.pusherKnown ? [] : ["it could not be seen who pushed last"];
  return [
    ...verdict.judged.flatMap((one) => [
      `${one.met ? "met" : "not met"}: ${one.counted.length} of ${count(one.needed, "approval")}${peopleOf(one.requirement)} of ${verdict.head} (${whyOf(one.requirement)})`,
      ...one.counted.map(
        ({ reviewer, submittedAt }) => `  approved by ${reviewer}${submittedAt ? ` at ${submittedAt}` : ""}`,
      ),
      ...one.uncounted.map(({ message }) => `  not counted: ${message}`),
    ]),
    ...verdict.objections.map((login) => `${login} asks for changes`),
    ...pusher,
  ];
}
