import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from "node:http";

/** One AWS call as it went over the wire, without what differs from run to run: signatures, dates and random ids. */
export interface Exchange {
  /** The CLI command that made the call. */
  readonly command: string;
  /** What of the signature matters: account, Region and signing name. */
  readonly scope: { readonly account: string; readonly region: string; readonly service: string };
  readonly request: {
    readonly method: string;
    /** With the query. */
    readonly path: string;
    readonly contentType: string;
    readonly body: string;
  };
  readonly response: { readonly status: number; readonly body: string };
}

/** A server between a client and the sandbox that writes down what passes. */
export interface Recorder {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  /** Names the command that the following calls belong to. */
  startCommand(command: string): void;
  close(): Promise<void>;
}

/** Starts a recorder on 127.0.0.1 in front of the sandbox at `url`. */
export async function startRecorder(url: string): Promise<Recorder> {
  const exchanges: Exchange[] = [];
  let command = "";
  const server = createServer((incoming, response) => {
    void passOn(url, incoming).then(({ exchange, requestId }) => {
      exchanges.push({ command, ...exchange, response: scrubbed(exchange.response) });
      response.writeHead(exchange.response.status, { "content-type": "text/xml", "x-amzn-requestid": requestId });
      response.end(exchange.response.body);
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    exchanges,
    startCommand(next) {
      command = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Sends a recorded request to the sandbox at `url`; answers with the response as a recorder would have written it down. */
export async function replay(url: string, { scope, request }: Exchange): Promise<Exchange["response"]> {
  const credential = `${scope.account}/20260115/${scope.region}/${scope.service}/aws4_request`;
  const response = await send(
    url,
    request,
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
  );
  return scrubbed({ status: response.status, body: await response.text() });
}

async function passOn(url: string, incoming: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const request = {
    method: incoming.method ?? "GET",
    path: incoming.url ?? "/",
    contentType: incoming.headers["content-type"] ?? "",
    body: Buffer.concat(chunks).toString("utf8"),
  };
  const answer = await send(url, request, incoming.headers.authorization ?? "");
  const response = { status: answer.status, body: await answer.text() };
  const tokenless = { ...request, body: request.body.replace(uuid, noUuid) };
  return {
    exchange: { scope: scopeOf(incoming.headers), request: tokenless, response },
    requestId: answer.headers.get("x-amzn-requestid") ?? "",
  };
}

function send(url: string, { method, path, contentType, body }: Exchange["request"], authorization: string) {
  return fetch(`${url}${path}`, {
    method,
    headers: { authorization, ...(contentType === "" ? {} : { "content-type": contentType }) },
    ...(body === "" ? {} : { body }),
  });
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const noUuid = "00000000-0000-0000-0000-000000000000";

/** Request ids are random; everything else of an answer is the same on every run. */
function scrubbed({ status, body }: Exchange["response"]): Exchange["response"] {
  return { status, body: body.replace(uuid, noUuid) };
}

function scopeOf({ authorization }: IncomingHttpHeaders): Exchange["scope"] {
  const [, account = "", region = "", service = ""] =
    /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\//.exec(authorization ?? "") ?? [];
  return { account, region, service };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address === "object" && address) resolve(address.port);
    });
  });
}
