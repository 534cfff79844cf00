import { type CheckedConnection, endpointName, type World } from "../documents.ts";
import { type Path, quote, type Report } from "../problem.ts";
import type { ReportFor } from "./together.ts";

/** One thing that may have had another name. */
interface Named {
  readonly name: string;
  readonly renamedFrom?: string | undefined;
  readonly path: Path;
}

/** The endpoints and load balancers of one connection that had another name before. */
export function checkRenames({ spec: { service, endpoints = [] } }: CheckedConnection, report: Report): void {
  const balancers = (service?.loadBalancers ?? []).flatMap((balancer, index): Named[] =>
    "arn" in balancer ? [] : [{ ...balancer, path: ["service", "loadBalancers", index, "renamedFrom"] }],
  );
  const named = endpoints.map((endpoint, index): Named => {
    const { renamedFrom } = endpoint;
    return { name: endpointName(endpoint), renamedFrom, path: ["endpoints", index, "renamedFrom"] };
  });
  check(balancers, "load balancer", () => report);
  check(named, "endpoint", () => report);
}

/** The connections that had another name before. */
export function checkRenamedConnections({ connections }: World, reportFor: ReportFor): void {
  const reports = new Map<Named, Report>();
  for (const connection of connections.filter(({ named }) => named)) {
    const { name, renamedFrom } = connection.spec.metadata;
    reports.set({ name, renamedFrom, path: ["metadata", "renamedFrom"] }, reportFor(connection));
  }
  check([...reports.keys()], "connection", (one) => reports.get(one));
}

/** What lives under an old name can go to one new name, and only when nothing has the old one any more. */
function check(all: readonly Named[], what: string, reportOf: (one: Named) => Report | undefined): void {
  const names = new Set(all.map(({ name }) => name));
  const taken = new Map<string, string>();
  for (const one of all) {
    const { name, renamedFrom, path } = one;
    if (renamedFrom === undefined) continue;
    const heir = taken.get(renamedFrom);
    taken.set(renamedFrom, heir ?? name);
    if (names.has(renamedFrom))
      reportOf(one)?.(path, {
        code: "rename.taken",
        message: `there is ${article(what)} ${quote(renamedFrom)} still, so what lives under that name is not ${quote(name)}`,
        hint: "take renamedFrom out, or rename the other one first and apply that",
      });
    else if (heir !== undefined)
      reportOf(one)?.(path, {
        code: "rename.taken",
        message: `the ${what} ${quote(heir)} has taken over the name ${quote(renamedFrom)} already`,
        hint: "only one can be what lived under the old name: keep one of the two",
      });
  }
}

const article = (what: string): string => `${/^[aeiou]/.test(what) ? "an" : "a"} ${what}`;
