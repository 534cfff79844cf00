import type { Action, KindName, Position, Result, Risk, Severity, Summary, Wait } from "../../model.ts";

/** The words that all writers share, so that a terminal, a pull request and a page say the same. */

export const SIGN: { readonly [A in Action]: string } = { create: "+", update: "~", replace: "±", delete: "-" };

export const KIND_WORDS: { readonly [K in KindName]: string } = {
  "load-balancer": "network load balancer",
  "target-group": "target group",
  listener: "listener",
  "endpoint-service": "endpoint service",
  allowlist: "allowed principals",
  acceptance: "endpoint connection",
  notification: "connection notification",
  "private-dns": "private DNS name",
  "security-group": "security group",
  "vpc-endpoint": "interface endpoint",
  "dns-record": "alias record",
  "value-record": "CNAME or TXT record",
  "hosted-zone": "private hosted zone",
  "zone-association": "VPC of a hosted zone",
  "zone-authorization": "leave to associate a VPC",
};

/** In the order in which they are listed: what cuts traffic first, then who gets in, then the rest. */
export const RISK_WORDS: { readonly [R in Risk]: string } = {
  disconnects: "disconnects",
  deletes: "deletes",
  interrupts: "interrupts traffic",
  "internet-facing": "internet-facing",
  "grants-access": "grants access",
  accepts: "accepts a connection",
  "broadens-ingress": "broadens ingress",
  "revokes-access": "revokes access",
  "moves-dns": "moves DNS",
  adopts: "adopts",
};

/** How loudly a risk is shown: traffic or objects are lost, somebody gets in, something moves. */
export type Tone = "loss" | "access" | "move";

export const RISK_TONE: { readonly [R in Risk]: Tone } = {
  disconnects: "loss",
  deletes: "loss",
  interrupts: "loss",
  "internet-facing": "access",
  "grants-access": "access",
  accepts: "access",
  "broadens-ingress": "access",
  "revokes-access": "move",
  "moves-dns": "move",
  adopts: "move",
};

/** The risks in the order of `RISK_WORDS`. */
export const RISK_ORDER: readonly Risk[] = Object.keys(RISK_WORDS).filter((name): name is Risk => name in RISK_TONE);

export const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];
export const SEVERITY_TITLE: { readonly [S in Severity]: string } = {
  error: "Errors",
  warning: "Warnings",
  info: "For information",
};

export const RESULTS: readonly Result[] = ["done", "failed", "skipped", "refused"];
export const ACTIONS: readonly Action[] = ["create", "update", "replace", "delete"];

const WAIT_ON: { readonly [O in Wait["on"]]: string } = { partner: "partner", us: "us", aws: "AWS" };

/** Risks without duplicates, in the order of `RISK_WORDS`. */
export function orderRisks(risks: Iterable<Risk>): Risk[] {
  const present = new Set(risks);
  return RISK_ORDER.filter((risk) => present.has(risk));
}

/** `1 change`, `3 changes`; give the plural where adding an s is wrong. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listWords(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** `Plan: 7 to create, 1 to update, 0 to replace, 0 to delete; 12 unchanged.` */
export function summaryLine(summary: Summary): string {
  const counts = ACTIONS.map((action) => `${summary[action]} to ${action}`);
  return `Plan: ${counts.join(", ")}; ${summary.unchanged} unchanged.`;
}

/** `1 error, 2 warnings, 1 wait`: only what there is; empty when there is nothing. */
export function troubleWords(summary: Summary): string {
  const parts = [
    summary.errors > 0 ? count(summary.errors, "error") : "",
    summary.warnings > 0 ? count(summary.warnings, "warning") : "",
    summary.waits > 0 ? count(summary.waits, "wait") : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** `2026-03-01 09:30 UTC` for a moment in ISO 8601; a date, or anything else, as it is. */
export function moment(iso: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/.exec(iso);
  return parts ? `${parts[1]} ${parts[2]} UTC` : iso;
}

/** `waiting for partner: TEXT, since 2026-03-01, until 2026-03-08`. */
export function waitWords(wait: Wait): string {
  const since = wait.since === null ? "" : `, since ${moment(wait.since)}`;
  const until = wait.until === null ? ", no deadline" : `, until ${moment(wait.until)}`;
  return `waiting for ${WAIT_ON[wait.on]}: ${wait.for}${since}${until}`;
}

/** A sentence that ends like one, so that others can follow it. */
export function ended(sentence: string): string {
  return sentence === "" || /[.!?…:]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** `specs/payments-api.yaml:31:7` */
export function positionText(at: Position): string {
  return `${at.file}:${at.line}:${at.column}`;
}
