import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { readClock, slowClock } from "./clock.ts";
import { control } from "./control.ts";
import { dispatch, type Host, type Reply } from "./dispatch.ts";
import { createFaults } from "./faults.ts";
import { createHiding } from "./hiding.ts";
import type { Clock } from "./operation.ts";
import { emptyWorld } from "./places.ts";
import { createRequestLog } from "./requests.ts";
import type { Request } from "./route.ts";
import { parseSeed } from "./seed.ts";
import { createStore, loadWorld } from "./store.ts";
import { createThrottle } from "./throttle.ts";
import type { World } from "./world.ts";

/** How a sandbox is to run; everything may be left out. */
export interface SandboxOptions {
  /** 0 takes any free port. */
  port?: number;
  /** YAML text of the world at the start; ignored when the state file already holds a world. */
  seed?: string;
  /** What messages about the seed call it. */
  seedName?: string;
  /** Where the world is kept between runs. Without it nothing is written. */
  stateFile?: string;
  /** Milliseconds that every AWS call waits. */
  latencyMs?: number;
  /** Holds callers to AWS's token buckets. */
  throttle?: boolean;
  /** Transitions take seconds instead of reads. */
  slow?: boolean;
  /** Another clock; overrides `slow`. */
  clock?: Clock;
  /** Told about mistakes of the sandbox itself; silent unless given. */
  log?: (line: string) => void;
  /** Shown the world after every AWS call, before its answer goes out; for tests that look at each moment. */
  witness?: (world: World) => void;
}

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>`, for AWS_ENDPOINT_URL. */
  url: string;
  port: number;
  /** The world as it is now. */
  readonly world: World;
  /** Saves and stops; open connections are cut. */
  close(): Promise<void>;
}

/**
 * Starts the embedded AWS on 127.0.0.1.
 * @throws SeedError when the seed does not describe a world
 * @throws Error when the state file holds something else, or the port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const seeded = (): World => (options.seed === undefined ? emptyWorld() : parseSeed(options.seed, options.seedName));
  const kept = options.stateFile === undefined ? undefined : await loadWorld(options.stateFile);
  const host: Host = {
    world: kept ?? seeded(),
    clock: options.clock ?? (options.slow ? slowClock() : readClock()),
    requests: createRequestLog(),
    faults: createFaults(),
    hiding: createHiding(),
    store: createStore(options.stateFile, () => host.world),
    throttle: options.throttle ? createThrottle() : undefined,
    latencyMs: options.latencyMs ?? 0,
    log: options.log ?? (() => {}),
    witness: options.witness ?? (() => {}),
  };
  const server = createServer((request, response) => {
    void serve(host, seeded, request, response);
  });
  server.keepAliveTimeout = 60_000;
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get world() {
      return host.world;
    },
    async close() {
      await stop(server);
      await host.store.close();
    },
  };
}

async function serve(
  host: Host,
  seeded: () => World,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const request = await readRequest(incoming);
    const inside = /^\/_sandbox(\/|$)/.test(request.path);
    send(response, await (inside ? control(host, request, seeded) : dispatch(host, request)));
  } catch (error) {
    // The store could not write, or the client went away: either way the call must not look acknowledged.
    host.log(`sandbox: ${error instanceof Error ? error.message : String(error)}`);
    response.destroy();
  }
}

async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  return {
    method: incoming.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    authorization: incoming.headers.authorization,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.dropped) {
    response.destroy();
    return;
  }
  response.writeHead(reply.status, { ...reply.headers, "content-length": Buffer.byteLength(reply.body) });
  response.end(reply.body);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
