import { type Check, checker } from "./check.ts";
import { portsOfEndpoint } from "./declared-ports.ts";
import { type Answers, type ExpectedName, keyOf } from "./names.ts";
import { endpointsOf, type Verified } from "./subject.ts";

/** A connection that is to be tried. */
export interface Attempt {
  readonly host: string;
  readonly port: number;
  /** Whether people declared the name, so that a certificate has to be for it. */
  readonly declared: boolean;
}

/** What a port that speaks TLS shows. */
export interface ShownCertificate {
  readonly names: readonly string[];
  /** Why a client would not take it for the name. */
  readonly problem?: string;
  /** Why the handshake came to no end. */
  readonly refused?: string;
}

/** What came of it: `tls` is absent where the port does not begin with TLS. */
export type Outcome = { readonly error: string } | { readonly address: string; readonly tls?: ShownCertificate };

/** So many are tried at most: a range of ports is no list of ports that listen. */
const MOST = 64;

/** Each TCP port that is declared by itself, at the names that clients use, or at AWS's where there is none. */
export function attemptsFor(verified: Verified, names: readonly ExpectedName[]): Attempt[] {
  const all = endpointsOf(verified).flatMap((placed) => {
    const aws = placed.live?.outputs.dnsName;
    if (aws === undefined) return [];
    const own = names.filter(({ endpoint, type, name }) => endpoint === placed.name && type !== "TXT" && name !== aws);
    // Nobody listens at the made-up name of a wildcard's check, and no certificate is for it alone.
    const hosts = [...new Set(own.filter(({ name, query }) => name === query).map(({ query }) => query))];
    const ports = portsOfEndpoint(placed, verified).filter(
      ({ protocol, from, to }) => protocol === "tcp" && from === to,
    );
    return (hosts.length > 0 ? hosts : [aws]).flatMap((host) =>
      ports.map(({ from: port }): Attempt => ({ host, port, declared: host !== aws })),
    );
  });
  return all.slice(0, MOST);
}

/** The address to connect to; undefined where the name does not resolve, which is a check of its own. */
export function addressOf({ host }: Attempt, answers: Answers): string | undefined {
  const answer = answers.get(keyOf("A", host));
  return answer && "values" in answer ? answer.values[0] : undefined;
}

/** Judges one attempt: the connection, and the names of the certificate where the port speaks TLS. */
export function connectionChecks({ host, port, declared }: Attempt, outcome: Outcome): Check[] {
  const about = `${host}:${port}`;
  const connect = checker("connect");
  if ("error" in outcome) return [connect.fails(about, failure(outcome.error))];
  const opened = connect.holds(about, `accepts connections (${outcome.address})`);
  return outcome.tls ? [opened, tlsCheck(about, declared, outcome.tls)] : [opened];
}

function tlsCheck(about: string, declared: boolean, { names, problem, refused }: ShownCertificate): Check {
  const { holds, fails, unknown } = checker("tls");
  if (refused !== undefined)
    return unknown(about, `speaks TLS and refuses our handshake (${refused}): it may want a client's certificate`);
  const shown = names.length === 0 ? "nobody" : names.join(", ");
  if (problem === undefined) return holds(about, `shows a certificate for ${shown}`);
  return declared
    ? fails(about, `shows a certificate for ${shown}: ${problem}`)
    : unknown(
        about,
        `shows a certificate for ${shown}; clients have to use one of these names, and it has to lead here`,
      );
}

const WORDS: { readonly [code: string]: string } = {
  ECONNREFUSED: "refuses connections: something answers, and nothing listens on the port",
  ETIMEDOUT: "does not answer: a security group, a route or a target group keeps it back",
  EHOSTUNREACH: "cannot be reached from here",
  ENETUNREACH: "cannot be reached from here",
  ECONNRESET:
    "closes the connection at once: no healthy target behind the load balancer, or it is no service for this port",
};

const failure = (code: string): string => `${WORDS[code] ?? "cannot be connected to"} (${code})`;
