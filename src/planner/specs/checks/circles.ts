import { compareText } from "../../collections.ts";
import type { CheckedConnection, World } from "../documents.ts";
import { referenceOf } from "./references.ts";
import type { ReportFor } from "./together.ts";

/** Connections that consume each other's services in a circle have no first step. Each circle is told once, at its first name. */
export function checkCircles({ connections, byName }: World, reportFor: ReportFor): void {
  const open = new Map<string, string[]>();
  for (const { spec } of connections) {
    const own = spec.metadata.name;
    const others = (spec.endpoints ?? [])
      .map((endpoint) => referenceOf(endpoint, own))
      .filter((name) => name !== undefined);
    open.set(own, [...new Set(others)].filter((name) => name !== own).sort(compareText));
  }
  for (dropLeaves(open); open.size > 0; dropLeaves(open)) {
    const circle = findCircle(open);
    const [first = "", second = first] = circle;
    const connection = byName.get(first);
    if (connection !== undefined) {
      reportFor(connection)(["endpoints", edgeIndex(connection, second), "service", "connection"], {
        code: "reference.circular",
        message: `these connections consume each other's services in a circle: ${[...circle, first].join(" -> ")}`,
        hint: "split one of them into a connection that provides and another that consumes",
      });
    }
    for (const name of circle) open.delete(name);
  }
}

/** Takes away, again and again, whatever refers to nothing that is left: only circles and what leads into them stay. */
function dropLeaves(open: Map<string, string[]>): void {
  let before: number;
  do {
    before = open.size;
    for (const [name, others] of open) {
      if (!others.some((other) => open.has(other))) open.delete(name);
    }
  } while (open.size < before);
}

/** Walks from the first name until a name comes twice; the circle begins at its smallest name. */
function findCircle(open: ReadonlyMap<string, readonly string[]>): string[] {
  const walked: string[] = [];
  let name = [...open.keys()].sort(compareText)[0] ?? "";
  while (!walked.includes(name)) {
    walked.push(name);
    name = open.get(name)?.find((other) => open.has(other)) ?? "";
  }
  const circle = walked.slice(walked.indexOf(name));
  const smallest = circle.indexOf([...circle].sort(compareText)[0] ?? "");
  return [...circle.slice(smallest), ...circle.slice(0, smallest)];
}

function edgeIndex(connection: CheckedConnection, other: string): number {
  const { endpoints = [], metadata } = connection.spec;
  return endpoints.findIndex((endpoint) => referenceOf(endpoint, metadata.name) === other);
}
