import type { ConnectionStatus } from "../status/index.ts";
import type { AliasStatus, ConsumerStatus, EndpointStatus, ServiceStatus } from "../status/parts.ts";
import { columnOf, joinSections, paragraph, type Sheet, sheetOf, type TextOptions, type TextStyle } from "./layout.ts";
import { consumerWords, STATE_STYLE } from "./status-text.ts";
import { grantWords, healthWords, targetWords } from "./status-words.ts";
import { findingSections, waitSection } from "./text-blocks.ts";
import { visible } from "./visible.ts";
import { count, moment } from "./words.ts";

/** All that is known of one connection: why it is in its state, both sides with everything they hang on, then what is open. */
export function statusDetailsToText(status: ConnectionStatus, options: TextOptions): string {
  const sheet = sheetOf(options);
  return joinSections([
    headLines(sheet, status),
    partnerLines(sheet, status),
    ...(status.service ? [serviceLines(sheet, status.service)] : []),
    ...status.endpoints.map((endpoint) => endpointLines(sheet, endpoint)),
    waitSection(sheet, status.waits),
    ...findingSections(sheet, status.findings),
    closing(status),
  ]);
}

function headLines(sheet: Sheet, { connection, state, owner, description, reasons }: ConnectionStatus): string[] {
  const name = `${sheet.paint("bold", visible(connection))}  ${sheet.paint(STATE_STYLE[state], state)}`;
  const about = [owner, description].filter((text) => text !== undefined).join(": ");
  return [
    about === "" ? name : `${name}  ${sheet.paint("dim", visible(about))}`,
    ...reasons.flatMap((reason) => paragraph(sheet, undefined, "  · ", reason)),
  ];
}

/** The partner, its last word and what that means, and how far each half has got. */
function partnerLines(sheet: Sheet, { partner, halves = [] }: ConnectionStatus): string[] {
  if (!partner) return [];
  const { title, profile, reported } = partner;
  const word =
    reported && `"${reported.state}" on ${reported.on}${reported.is === undefined ? "" : ` (${reported.is})`}`;
  return block(sheet, `${sheet.paint("bold", "Partner")}  ${visible(title)}  ${sheet.paint("dim", visible(profile))}`, [
    [
      "reported",
      word === undefined ? [] : [visible(word), ...(reported?.hint === undefined ? [] : [visible(reported.hint)])],
    ],
    ...halves.map(
      ({ role, state, reasons }): Row => [
        role === "provider" ? "to us" : "to the partner",
        [[sheet.paint(STATE_STYLE[state], state), visible(reasons[0] ?? "")].join("  ").trimEnd()],
      ],
    ),
  ]);
}

/** A label and what stands beside it, one line each. */
type Row = readonly [label: string, lines: readonly string[]];

function block(sheet: Sheet, title: string, rows: readonly Row[]): string[] {
  const present = rows.filter(([, lines]) => lines.length > 0);
  const column = columnOf(
    present.map(([label]) => label),
    sheet.width,
  );
  return [
    title,
    ...present.flatMap(([label, lines]) =>
      lines.map((line, index) => `  ${sheet.paint("dim", (index === 0 ? label : "").padEnd(column))}  ${line}`),
    ),
  ];
}

const titleOf = ({ paint }: Sheet, what: string, id: string, state: string, target: string): string =>
  `${paint("bold", what)}  ${visible(id)}  ${paint(state === "available" ? "green" : "yellow", visible(state))}  ${paint("dim", visible(target))}`;

function serviceLines(sheet: Sheet, service: ServiceStatus): string[] {
  const { verification, loadBalancers, targets, connections, grants } = service;
  return block(sheet, titleOf(sheet, "Service", service.id, service.state, service.target), [
    ["name", [visible(service.name)]],
    [
      "load balancers",
      loadBalancers.map(({ arn, state }) => `${visible(arn)}  ${good(sheet, state === "active", state)}`),
    ],
    [
      "targets",
      [
        healthWords(targets),
        ...inColumns(
          targets,
          ({ target }) => target,
          (one) => good(sheet, one.state === "healthy", targetWords(one)),
        ),
      ],
    ],
    [
      "private DNS",
      verification
        ? [`${visible(verification.name)}  ${good(sheet, verification.state === "verified", verification.state)}`]
        : [],
    ],
    ["connections", connections.length === 0 ? ["none"] : connections.map((one) => consumerLine(sheet, one))],
    [
      "grants",
      inColumns(
        grants,
        ({ principal }) => principal,
        (one) =>
          [good(sheet, one.allowed && (one.daysLeft ?? 0) >= 0, grantWords(one)), visible(one.reason ?? "")]
            .join("  ")
            .trimEnd(),
      ),
    ],
  ]);
}

function endpointLines(sheet: Sheet, endpoint: EndpointStatus): string[] {
  const { serviceOwner, privateDns, since, aliases } = endpoint;
  return block(
    sheet,
    titleOf(sheet, `Endpoint ${visible(endpoint.name)}`, endpoint.id, endpoint.state, endpoint.target),
    [
      ["service", [`${visible(endpoint.service)}${serviceOwner ? visible(`  of account ${serviceOwner}`) : ""}`]],
      ["since", since === undefined ? [] : [visible(moment(since))]],
      ["DNS name", endpoint.dnsName === undefined ? [] : [visible(endpoint.dnsName)]],
      [
        "private DNS",
        privateDns
          ? [`${visible(privateDns.name)}  ${good(sheet, privateDns.state === "verified", privateDns.state)}`]
          : [],
      ],
      [
        "aliases",
        inColumns(
          aliases,
          ({ name }) => name,
          (one) => good(sheet, one.pointsAtEndpoint, aliasWords(one)),
        ),
      ],
    ],
  );
}

function consumerLine(sheet: Sheet, consumer: ConsumerStatus): string {
  const { state, region, since, connection, reason, expected } = consumer;
  const more = [
    region,
    since === undefined ? undefined : `since ${moment(since)}`,
    connection === undefined ? reason : `endpoint of ${connection}`,
    expected ? undefined : "nobody named it",
  ].filter((text) => text !== undefined);
  const who = good(sheet, state === "available" && expected, consumerWords(consumer));
  return [who, visible(more.join("; "))].filter((text) => text !== "").join("  ");
}

function aliasWords({ zoneId, pointsTo, pointsAtEndpoint }: AliasStatus): string {
  if (zoneId === undefined) return "not there";
  return pointsAtEndpoint
    ? `points at the endpoint (${zoneId})`
    : `points at ${pointsTo || "nothing of ours"} (${zoneId})`;
}

/** Names in a column of their own, what is said of each behind it. */
function inColumns<T>(items: readonly T[], name: (item: T) => string, say: (item: T) => string): string[] {
  const column = columnOf(
    items.map((item) => visible(name(item))),
    60,
  );
  return items.map((item) => `${visible(name(item)).padEnd(column)}  ${say(item)}`);
}

/** AWS's words are shown as they are: green where all is well, yellow where somebody should look. */
function good({ paint }: Sheet, well: boolean, text: string): string {
  const style: TextStyle = well ? "green" : "yellow";
  return paint(style, visible(text));
}

function closing({ connection, changes }: ConnectionStatus): string[] {
  if (changes === 0) return [];
  return [
    `${count(changes, "change")} to apply: \`landline plan --only ${visible(connection)}\` shows ${changes === 1 ? "it" : "them"}.`,
  ];
}
