import { age } from "../../dates.ts";
import { code, inline } from "../safe-markdown.ts";
import { clip, visible } from "../visible.ts";
import { moment } from "../words.ts";

/** A connection request for which a pull request is opened: its merge is the acceptance. */
export interface ProposalInput {
  readonly connection: string;
  readonly endpointId: string;
  readonly account: string;
  /** The consumer's Region, when it is not the service's. */
  readonly region?: string;
  /** ISO 8601. */
  readonly since?: string;
  /** ISO 8601. */
  readonly now: string;
  /** The grants because of which AWS let it ask; never empty. */
  readonly grants: readonly { readonly principal: string; readonly reason?: string; readonly until?: string }[];
  /** Whether GitHub starts no workflow for a pull request that this token opens, as with a workflow's own. */
  readonly startsNothing: boolean;
}

const LONG = 300;
/** What GitHub takes. */
const LONGEST_TITLE = 256;
/** An account may be allowed role by role. */
const MOST_GRANTS = 10;

/** The reason that the spec gives until the reviewer writes a better one. */
export const proposedReason = ({ account, since }: Pick<ProposalInput, "account" | "since">): string =>
  `asked for by account ${account}${since === undefined ? "" : ` on ${since.slice(0, 10)}`}, accepted by the reviewer of this line`;

/** Title and text of the pull request: who asks, why AWS let them, and what the reviewer should know before it is merged. */
export function proposal(input: ProposalInput): { readonly title: string; readonly body: string } {
  const { connection, endpointId, account, region, since, now, grants, startsNothing } = input;
  const elsewhere = region === undefined ? "" : ` in ${code(region)}`;
  const waiting =
    since === undefined ? [] : [`- Waiting since ${inline(moment(since))}: ${age(since, now)} when this was opened.`];
  const lines = [
    `**Account ${code(account)} asks to connect to ${code(clip(visible(connection), LONG))}.** Merging this pull request accepts the request; nothing else does.`,
    "",
    `- Endpoint ${code(endpointId)}${elsewhere}, of account ${code(account)}.`,
    ...waiting,
    ...grants.slice(0, MOST_GRANTS).map((grant) => `- ${grantWords(grant)}`),
    ...(grants.length > MOST_GRANTS
      ? [`- and because of ${grants.length - MOST_GRANTS} more grants of this account`]
      : []),
    "",
    "#### Before you approve",
    "",
    "- [ ] The account is the one that was agreed on, and its owner says that this endpoint is theirs.",
    "- [ ] The grant that let them ask is still meant: its reason and its end.",
    "- [ ] The reason in the spec is yours by now: why they are let in, and where that was agreed.",
    "- [ ] The plan shows this one acceptance and nothing else.",
    "",
    "To leave the request waiting, close this pull request: it is not opened again. To turn the request down, put the endpoint under `service.connections.reject` instead.",
    ...(startsNothing
      ? [
          "",
          "GitHub starts no workflow for a pull request that a workflow has opened: close it and open it again, and the plan is made.",
        ]
      : []),
  ];
  return {
    title: clip(visible(`Accept ${endpointId} into ${connection}`), LONGEST_TITLE),
    body: `${lines.join("\n")}\n`,
  };
}

function grantWords({ principal, reason, until }: ProposalInput["grants"][number]): string {
  const why = reason === undefined ? "" : `, given for: ${inline(clip(visible(reason), LONG))}`;
  const end = until === undefined ? ", without an end" : `, until ${inline(clip(visible(until), LONG))}`;
  return `It may ask because ${code(clip(visible(principal), LONG))} is allowed${end}${why}`;
}
