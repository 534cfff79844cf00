import type { Estate, Live } from "../../model.ts";
import { compareText } from "../collections.ts";
import type { ConnectionDocument, ProjectDocument } from "../specs/index.ts";
import type { JsonMap } from "../specs/json.ts";
import { arrange } from "./arrange.ts";
import { type Context, type Draft, find, type Provider } from "./context.ts";
import { draftEndpoint } from "./endpoint.ts";
import { nameOf } from "./names.ts";
import { draftService, principalsOf } from "./service.ts";
import { specText } from "./text.ts";

export type { Draft } from "./context.ts";
export { learn } from "./learn.ts";

/** All that specs are drafted from. */
export interface ImportInput {
  readonly project: ProjectDocument;
  readonly connections: readonly ConnectionDocument[];
  /** Live objects of this project, to find the services that its specs provide. */
  readonly ours: readonly Live[];
  readonly estates: readonly Estate[];
  readonly schema: JsonMap;
  /** Names that connections or files have already. */
  readonly taken: ReadonlySet<string>;
  /** How the one connection is to be called. */
  readonly name?: string;
  readonly refer: boolean;
  /** YYYY-MM-DD */
  readonly day: string;
  /** What the plan has shown that no spec can say: why, by id. */
  readonly cannot: ReadonlyMap<string, string>;
}

/** One connection for each endpoint service and each endpoint of the estates, services first, in the order of their names. */
export function draftSpecs(input: ImportInput): Draft[] {
  const services = inEstates(input.estates, "endpoint-service", ({ services: ids }) => ids);
  const endpoints = inEstates(input.estates, "vpc-endpoint", ({ endpoints: ids }) => ids);
  const taken = new Set(input.taken);
  const named = [...services, ...endpoints].map((one) => {
    const name = input.name ?? nameOf(one.live, taken);
    taken.add(name);
    return { ...one, name };
  });
  const nameById = new Map(named.map(({ live, name }) => [live.id, name]));
  const context: Context = {
    ...input,
    provider: providers(input, services, nameById),
    isDeclared: declared(input, endpoints),
  };
  return named.map(({ estate, live, name }) =>
    live.kind === "endpoint-service"
      ? draftService(context, estate, live, name)
      : draftEndpoint(context, estate, live, name),
  );
}

/** The draft as the text of its file; `schemaPath` is where editors find the schema from there. */
export function draftText(
  draft: Draft,
  { schema, day, project }: Pick<ImportInput, "schema" | "day" | "project">,
  schemaPath: string,
): string {
  const { name, id, target, spec, remarks } = draft;
  const whole = { apiVersion: "landline/v1", kind: "Connection", metadata: { name }, ...spec };
  const account = project.spec.targets[target]?.account;
  return specText(
    arrange(whole, schema, schema) as object,
    [`yaml-language-server: $schema=${schemaPath}`, `Imported from ${id} (account ${account}) on ${day}.`],
    [
      { path: ["metadata"], place: "behind", text: "owner: who to ask\ndescription: what it is for" },
      ...remarks,
      {
        path: ["adopt"],
        place: "above",
        text: "what lives and becomes ours as it is; once that is applied the list may go",
      },
    ],
  );
}

interface Chosen {
  readonly estate: Estate;
  readonly live: Live;
}

const inEstates = (
  estates: readonly Estate[],
  kind: Live["kind"],
  idsOf: (estate: Estate) => readonly string[],
): Chosen[] =>
  estates
    .flatMap((estate) =>
      idsOf(estate).flatMap((id) => {
        const live = find(estate, kind, id);
        return live ? [{ estate, live }] : [];
      }),
    )
    .sort((a, b) => compareText(a.live.id, b.live.id));

function providers(
  { ours, connections, project }: ImportInput,
  services: readonly Chosen[],
  nameById: ReadonlyMap<string, string>,
): Context["provider"] {
  const known = new Map<string, Provider>();
  for (const { connection, kind, outputs } of ours) {
    const service = connections.find(({ spec }) => spec.metadata.name === connection)?.spec.service;
    if (kind !== "endpoint-service" || !service || outputs.serviceName === undefined) continue;
    known.set(outputs.serviceName, {
      connection,
      account: project.spec.targets[service.target]?.account ?? "",
      principals: (service.allowedPrincipals ?? []).map(({ principal }) => principal),
      privateDns: service.privateDns !== undefined,
    });
  }
  for (const { estate, live } of services) {
    known.set(live.outputs.serviceName ?? "", {
      connection: nameById.get(live.id) ?? "",
      account: estate.snapshot.account,
      principals: principalsOf(estate, live.id),
      privateDns: live.attributes.privateDnsName !== null,
    });
  }
  return (serviceName) => known.get(serviceName);
}

function declared({ ours }: ImportInput, endpoints: readonly Chosen[]): Context["isDeclared"] {
  const ids = new Set(
    [...ours.filter(({ kind }) => kind === "vpc-endpoint"), ...endpoints.map(({ live }) => live)].map(({ id }) => id),
  );
  return (id) => ids.has(id);
}
