import type { Host, Reply } from "./dispatch.ts";
import { parseFaults } from "./faults.ts";
import { isWorld } from "./places.ts";
import type { Request } from "./route.ts";
import type { World } from "./world.ts";

const help = `The sandbox of Landline: a teaching and testing cloud on this machine, not AWS.

GET    /_sandbox/requests?since=N   the calls after number N: n, time, service, action, account, region, status, errorCode, write
POST   /_sandbox/reset              back to the seeded world; forgets calls and faults
GET    /_sandbox/faults             the faults still to come
POST   /_sandbox/faults             adds one fault or a list: {service, action, account, skip, times, effect, code, message, status, delayMs, reads}
                                    effect: error-before, error-after, drop-before, drop-after, delay, hide
DELETE /_sandbox/faults             forgets all faults
GET    /_sandbox/state              the whole world as JSON
PUT    /_sandbox/state              replaces it
`;

type Handler = (host: Host, request: Request, seeded: () => World) => Reply | Promise<Reply>;

const handlers: Record<string, Handler> = {
  "GET /_sandbox/": () => ({ status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: help }),
  "GET /_sandbox/requests": (host, request) => json(host.requests.since(Number(request.query.get("since") ?? 0))),
  "POST /_sandbox/reset": async (host, _request, seeded) => {
    forget(host);
    host.requests.clear();
    return replaceWorld(host, seeded());
  },
  "GET /_sandbox/faults": (host) => json(host.faults.pending()),
  "POST /_sandbox/faults": (host, request) => {
    host.faults.add(parseFaults(JSON.parse(request.body)));
    return json(host.faults.pending());
  },
  "DELETE /_sandbox/faults": (host) => {
    forget(host);
    return json([]);
  },
  "GET /_sandbox/state": (host) => json(host.world),
  "PUT /_sandbox/state": (host, request) => {
    const world: unknown = JSON.parse(request.body);
    if (!isWorld(world)) throw new Error("The body is not a world; GET /_sandbox/state shows one.");
    return replaceWorld(host, world);
  },
};

/** Answers a request below `/_sandbox/`. `seeded` makes the world that a reset goes back to. */
export async function control(host: Host, request: Request, seeded: () => World): Promise<Reply> {
  const path = request.path === "/_sandbox" ? "/_sandbox/" : request.path;
  const handler = handlers[`${request.method} ${path}`];
  if (!handler)
    return json({ error: `There is no ${request.method} ${path}; GET /_sandbox/ lists what there is.` }, 404);
  try {
    return await handler(host, request, seeded);
  } catch (error) {
    return json({ error: error instanceof Error ? error.message : String(error) }, 400);
  }
}

async function replaceWorld(host: Host, world: World): Promise<Reply> {
  host.world = world;
  await host.store.save();
  return json({ done: true });
}

function forget(host: Host): void {
  host.faults.clear();
  host.hiding.clear();
}

function json(value: unknown, status = 200): Reply {
  return { status, headers: { "content-type": "application/json" }, body: `${JSON.stringify(value)}\n` };
}
