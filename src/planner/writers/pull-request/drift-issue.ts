import type { DriftClass, DriftItem } from "../../status/drift.ts";
import { type Cut, characters, cutTo, fitTo, GITHUB_LIMIT, type LeftOut, type Piece, type Show } from "../budget.ts";
import { asPlanned, CLASSES, TITLE } from "../drift-text.ts";
import { diffBlock, leftOutNote } from "../markdown-blocks.ts";
import { diffRows } from "../markdown-change.ts";
import { rowsOfDifferences } from "../rows.ts";
import { code, inline } from "../safe-markdown.ts";
import { clip, visible } from "../visible.ts";
import { count, ended, KIND_WORDS, listWords, moment, positionText } from "../words.ts";

/** A grant that is about to end, or has ended. */
export interface ExpiringGrant {
  readonly principal: string;
  /** `YYYY-MM-DD`, its last day. */
  readonly until: string;
  readonly reason?: string;
  /** Where the spec says it. */
  readonly at?: DriftItem["at"];
}

/** A connection request that waits for our answer. */
export interface OpenRequest {
  readonly endpointId: string;
  readonly account: string;
  /** ISO 8601: how long it has waited. A date and no age, so that the issue says the same tomorrow. */
  readonly since?: string;
  /** ISO 8601: when AWS or the partner gives up. */
  readonly until?: string;
  /** The line that would accept it, to put under `service.connections.accept`. */
  readonly accept: string;
}

export interface DriftIssueInput {
  readonly marker: string;
  readonly connection: string;
  readonly items: readonly DriftItem[];
  readonly expiring: readonly ExpiringGrant[];
  readonly requests: readonly OpenRequest[];
  /** Why not all of it could be compared or can be mended, in sentences. */
  readonly errors?: readonly string[];
  readonly limit?: number;
}

type Part = "difference" | "request" | "grant" | "error";

const CUTS: readonly Cut<Part>[] = [
  { name: "difference", to: "short" },
  { name: "grant", to: "gone" },
  { name: "error", to: "short" },
  { name: "difference", to: "gone" },
  { name: "request", to: "gone" },
  { name: "error", to: "gone" },
];

const LONGEST_NAME = 60;
const LONG = 400;
const SHORT = 160;
/** In a diff: `!` orange, `-` red, `+` green. */
const MARK: { readonly [C in DriftClass]: string } = { changed: "!", missing: "-", unexpected: "+" };

/** The title by which people know the issue of a connection: the same for as long as the connection lives. */
export function driftTitle(connection: string): string {
  return `Landline: ${clip(visible(connection), LONGEST_NAME)} needs a look`;
}

/** What has moved at one connection, what to do about it, and what else is open there: grants that end, requests that wait. */
export function driftIssue(input: DriftIssueInput): { readonly title: string; readonly body: string } {
  const limit = characters(input.limit ?? GITHUB_LIMIT);
  const pieces = piecesOf(input);
  const head = [input.marker, headline(input), ""];
  const layout = (show: Show<Part>, leftOut: LeftOut<Part>) => {
    const lines = [
      ...head,
      ...leftOutNote(leftOut, "`landline drift` shows all of it."),
      ...CLASSES.flatMap((sort) => titled(TITLE[sort], diffBlock(pieces.items[sort], show))),
      ...(input.items.length > 0 ? waysOn(input.connection) : []),
      ...requestLines(pieces.requests.map(show)),
      ...listed("Grants that end", pieces.grants.map(show)),
      ...listed("Could not be compared, or cannot be mended", pieces.errors.map(show)),
    ];
    return `${lines.join("\n").trimEnd()}\n`;
  };
  const all = [
    ...CLASSES.flatMap((sort) => pieces.items[sort]),
    ...pieces.requests,
    ...pieces.grants,
    ...pieces.errors,
  ];
  return {
    title: driftTitle(input.connection),
    body: fitTo(all, CUTS, limit, layout) ?? cutTo(`${head.join("\n").trimEnd()}\n`, limit),
  };
}

/** The body of the issue once there is nothing left to do; it is then closed. */
export function driftClosed({ marker, connection }: Pick<DriftIssueInput, "marker" | "connection">): string {
  const name = code(clip(visible(connection), LONGEST_NAME));
  return `${marker}\n✅ **${name} is as its spec wants it again**, no grant is about to end and no request waits. Closed; it opens again when something moves.\n`;
}

function headline({ items, requests, expiring, errors = [] }: DriftIssueInput): string {
  const parts = [
    ...(items.length > 0 ? [count(items.length, "difference")] : []),
    ...(requests.length > 0
      ? [`${count(requests.length, "request")} that ${requests.length === 1 ? "waits" : "wait"} for us`]
      : []),
    ...(expiring.length > 0
      ? [`${count(expiring.length, "grant")} that ${expiring.length === 1 ? "ends" : "end"}`]
      : []),
    ...(errors.length > 0 ? [count(errors.length, "error")] : []),
  ];
  return `${errors.length > 0 ? "🔴" : "🟠"} **${listWords(parts)}.**`;
}

function waysOn(connection: string): string[] {
  const name = clip(visible(connection), LONGEST_NAME);
  return [
    "#### What to do",
    "",
    `- To put the cloud back as the specs say, re-run the apply workflow, or ${code(`landline apply --only ${name}`)}; ${code(`landline plan --only ${name}`)} shows what it would do.`,
    "- To keep what the cloud has, write it into the spec in a pull request; its plan then shows no change for it.",
    "- A spec that was changed and is not applied yet looks the same from here.",
    "",
  ];
}

function piecesOf({ items, requests, expiring, errors = [] }: DriftIssueInput) {
  const of = (sort: DriftClass) => items.filter((item) => item.class === sort).map(itemPiece);
  return {
    items: { changed: of("changed"), missing: of("missing"), unexpected: of("unexpected") },
    requests: requests.map(requestPiece),
    grants: expiring.map(grantPiece),
    errors: errors.map(
      (text): Piece<Part> => ({
        name: "error",
        full: `- ${inline(ended(text))}`,
        short: `- ${inline(clip(visible(text), SHORT))}`,
      }),
    ),
  };
}

function itemPiece(item: DriftItem): Piece<Part> {
  const title = `${MARK[item.class]} ${item.address} (${KIND_WORDS[item.kind]}, ${item.target})`;
  const place = item.at === undefined ? [] : [`#     ${positionText(item.at)}`];
  const object = item.object === undefined ? [] : [`#     ${item.object}`];
  const rows = item.class === "changed" ? diffRows(rowsOfDifferences(asPlanned(item), false), "update") : [];
  const says = item.class === "changed" ? [] : [`#     ${item.message}`];
  const lines = [title, ...object, ...place, ...rows, ...says].map((line) => clip(visible(line), LONG));
  return { name: "difference", full: lines.join("\n"), short: clip(visible(title), SHORT) };
}

function requestPiece({ endpointId, account, since, until, accept }: OpenRequest): Piece<Part> {
  const waiting = since === undefined ? "" : `, waiting since ${inline(moment(since))}`;
  const deadline = until === undefined ? ", no deadline" : `, until ${inline(moment(until))}`;
  const text = `- ${code(endpointId)} of account ${code(account)}${waiting}${deadline}. To accept it: ${code(clip(visible(accept), LONG))}`;
  return { name: "request", full: text, short: text };
}

function grantPiece({ principal, until, reason, at }: ExpiringGrant): Piece<Part> {
  const why = reason === undefined ? "" : `, given for: ${inline(clip(visible(reason), SHORT))}`;
  const place = at === undefined ? "" : ` (${code(clip(visible(positionText(at)), SHORT))})`;
  const text = `- ${code(clip(visible(principal), LONG))} until ${inline(until)}${why}${place}`;
  return { name: "grant", full: text, short: text };
}

function requestLines(shown: readonly (string | undefined)[]): string[] {
  const lines = listed("Requests that wait for us", shown);
  if (lines.length === 0) return [];
  return [
    ...lines,
    "Nothing is accepted unless a reviewed spec names it: put the line under `service.connections.accept`, or under `reject`.",
    "",
  ];
}

function listed(title: string, texts: readonly (string | undefined)[]): string[] {
  const present = texts.filter((text) => text !== undefined);
  return present.length === 0 ? [] : titled(title, [...present, ""]);
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`#### ${title}`, "", ...lines];
}
