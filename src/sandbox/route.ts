import { credentialScope } from "./identity.ts";
import type { Struct } from "./params.ts";
import { unfold } from "./params.ts";
import { route53 } from "./route53/index.ts";
import { type Service, services } from "./services.ts";

/** One HTTP request, as far as AWS's protocols care. */
export interface Request {
  method: string;
  path: string;
  query: URLSearchParams;
  authorization: string | undefined;
  body: string;
}

/** The service, action and parameters that a request asks for. The action may be one that nobody implements. */
export interface Recognised {
  service: Service;
  action: string;
  params: Struct;
}

/** Finds out which service a request is for: Route 53 by its path, the query services by API version or else by signing name. */
export function recognise(request: Request): Recognised {
  if (request.path.startsWith("/2013-04-01/")) {
    const found = route53(request.method, request.path, request.query, request.body);
    return { service: services.route53, ...(found ?? { action: `${request.method} ${request.path}`, params: {} }) };
  }
  const params = unfold([...request.query, ...new URLSearchParams(request.body)]);
  const action = typeof params.Action === "string" ? params.Action : `${request.method} ${request.path}`;
  return { service: queryService(params, request), action, params };
}

/** A service that the sandbox does not speak is answered like STS, whose error shape most clients can read. */
function queryService(params: Struct, request: Request): Service {
  const all: Service[] = Object.values(services);
  const signingName = credentialScope(request.authorization)?.service;
  return (
    all.find((service) => service.version === params.Version) ??
    all.find((service) => params.Version === undefined && service.iam === signingName) ??
    services.sts
  );
}
