import { Resolver } from "node:dns/promises";
import { isIP, Socket } from "node:net";
import { checkServerIdentity, connect as connectTls, type PeerCertificate } from "node:tls";
import type { Answer, Attempt, ExpectedName, Outcome, ShownCertificate } from "../../planner/verify/index.ts";

/** The network as a verification sees it. Nothing in here throws: what goes wrong is what was seen. */
export interface Network {
  lookUp(type: ExpectedName["type"], name: string): Promise<Answer>;
  connect(attempt: Attempt, address: string): Promise<Outcome>;
}

/** The network of this machine. `timeout`: milliseconds that each look-up and each connection may take. */
export function openNetwork(timeout: number): Network {
  const resolver = new Resolver({ timeout, tries: 1 });
  return {
    lookUp: (type, name) => lookUp(resolver, type, name),
    connect: (attempt, address) => tryConnection(attempt, address, timeout),
  };
}

async function lookUp(resolver: Resolver, type: ExpectedName["type"], name: string): Promise<Answer> {
  try {
    if (type === "CNAME") return { values: await resolver.resolveCname(name) };
    if (type === "TXT") return { values: (await resolver.resolveTxt(name)).map((parts) => parts.join("")) };
    return { values: await addresses(resolver, name) };
  } catch (error) {
    return { error: codeOf(error) };
  }
}

/** IPv4 first; a name that has neither fails with what IPv4 said. */
async function addresses(resolver: Resolver, name: string): Promise<string[]> {
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = [four, six].flatMap((one) => (one.status === "fulfilled" ? one.value : []));
  if (found.length === 0 && four.status === "rejected") throw four.reason;
  return found.sort((a, b) => isIP(a) - isIP(b) || (a < b ? -1 : 1));
}

/** Opens a connection, and once that works another one that speaks TLS. */
export async function tryConnection({ host, port }: Attempt, address: string, timeout: number): Promise<Outcome> {
  const error = await opens(address, port, timeout);
  if (error !== undefined) return { error };
  const tls = await handshake(host, address, port, timeout);
  return { address, ...(tls ? { tls } : {}) };
}

/** Undefined when it does, otherwise why not. */
function opens(address: string, port: number, timeout: number): Promise<string | undefined> {
  return new Promise((done) => {
    const socket = new Socket();
    const end = (result: string | undefined) => {
      socket.destroy();
      done(result);
    };
    socket.setTimeout(timeout, () => end("ETIMEDOUT"));
    socket.once("error", (error) => end(codeOf(error)));
    socket.connect(port, address, () => end(undefined));
  });
}

/**
 * The certificate that a port shows and what is wrong with it for the name; undefined where it does not speak TLS. Who signed it does not
 * count: many companies sign their own.
 */
function handshake(
  host: string,
  address: string,
  port: number,
  timeout: number,
): Promise<ShownCertificate | undefined> {
  return new Promise((done) => {
    const socket = connectTls({ host: address, port, servername: host, rejectUnauthorized: false });
    const end = (shown: ShownCertificate | undefined) => {
      socket.destroy();
      done(shown);
    };
    // Its own clock: a server that waits for us to speak its language keeps the socket open as long as we do.
    const clock = setTimeout(() => end(undefined), timeout);
    socket.once("close", () => clearTimeout(clock));
    socket.once("error", (error) => end(refusal(codeOf(error))));
    socket.once("secureConnect", () => end(shownBy(host, socket.getPeerCertificate())));
  });
}

/** An alert is an answer in TLS; anything else comes from a port that does not know it. */
const refusal = (code: string): ShownCertificate | undefined =>
  /^ERR_SSL_.*ALERT|^ERR_SSL_TLSV1/.test(code) ? { names: [], refused: code } : undefined;

function shownBy(host: string, certificate: PeerCertificate): ShownCertificate {
  const alternative = certificate.subjectaltname ?? "";
  const names = alternative
    .split(", ")
    .filter((one) => one !== "")
    .map((one) => one.replace(/^(DNS|IP Address):/, ""));
  const common = certificate.subject?.CN;
  const known = names.length > 0 ? names : [common ?? []].flat();
  const problem = checkServerIdentity(host, certificate) ? `none of it is ${host}` : expired(certificate);
  return { names: known, ...(problem === undefined ? {} : { problem }) };
}

/** What the certificate says of its own end. */
function expired({ valid_to: end }: PeerCertificate): string | undefined {
  return end !== undefined && Date.parse(end) < Date.now() ? `it ended on ${end}` : undefined;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "EUNKNOWN";
