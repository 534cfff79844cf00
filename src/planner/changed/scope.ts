import { same } from "../canonical.ts";
import { asSet, compareText } from "../collections.ts";
import type { Profiles } from "../partners/profile.ts";
import type { ConnectionDocument, ProjectDocument, TargetSpec } from "../specs/index.ts";
import { targetsIn } from "./intents.ts";
import { consumersOf, providersOf, rivalsOf } from "./neighbours.ts";
import { ownProfileOf } from "./profile.ts";

/** A project and its specs at one moment. */
export interface Version {
  readonly project: ProjectDocument;
  readonly connections: readonly ConnectionDocument[];
  /** The partner profiles that the specs may name; absent: none. */
  readonly profiles?: Profiles;
}

/** A connection that a change reaches. */
export interface Reached {
  readonly name: string;
  /** For people: `spec changed`, `added`, `consumes payments-api, whose service changed`. */
  readonly why: string;
}

/** What a change reaches. */
export interface Scope {
  /** Every connection, also what removed specs have left: nothing less than a full plan shows what the change does. */
  readonly everything: boolean;
  /** Sorted by name. Connections that have no spec any more are in it. */
  readonly reached: readonly Reached[];
  /** Connections that had a spec and have none, and are not renamed; in the order of their specs. */
  readonly removed: readonly string[];
}

/** A change that no limited plan can show. */
export const everything = (
  connections: readonly ConnectionDocument[],
  why: string,
  removed: readonly string[] = [],
): Scope => ({
  everything: true,
  reached: asSet(connections.map(nameOf)).map((name) => ({ name, why })),
  removed,
});

/**
 * The connections that have to be planned to see all that the step from one version to the other does, each with its reason: those whose spec
 * says something else, and from there on what a change of one does to another. Layout, comments and the order of files say nothing.
 */
export function scopeOf(base: Version, head: Version): Scope {
  const gone = removedFrom(base, head);
  const removed = gone.filter(({ why }) => why === "removed").map(({ name }) => name);
  if (base.project.spec.metadata.name !== head.project.spec.metadata.name)
    return everything(head.connections, "project renamed", removed);
  if (!same(base.project.spec.tags, head.project.spec.tags))
    return everything(head.connections, "project tags changed", removed);
  const edited = firstOf([
    ...editsOf(base, head),
    ...gone,
    ...leftBy(base, head),
    ...throughProject(base, head),
    ...throughProfiles(base, head),
  ]);
  const through = firstOf([...edited, ...throughServices(base, head, edited), ...throughNames(base, head, edited)]);
  return { everything: false, reached: firstOf([...through, ...providing(head, through)]), removed };
}

const nameOf = ({ spec }: ConnectionDocument): string => spec.metadata.name;
const byName = ({ connections }: Version) => new Map(connections.map((document) => [nameOf(document), document]));

/** One entry a connection, sorted; the reason that comes first is told. */
function firstOf(all: readonly Reached[]): Reached[] {
  const reached = new Map([...all].reverse().map((one) => [one.name, one]));
  return [...reached.values()].sort((a, b) => compareText(a.name, b.name));
}

function editsOf(base: Version, head: Version): Reached[] {
  const before = byName(base);
  return head.connections.flatMap(({ spec }): Reached[] => {
    const { name, renamedFrom } = spec.metadata;
    const old = before.get(name);
    if (old) return same(old.spec, spec) ? [] : [{ name, why: "spec changed" }];
    return [
      { name, why: renamedFrom !== undefined && before.has(renamedFrom) ? `renamed from ${renamedFrom}` : "added" },
    ];
  });
}

function removedFrom(base: Version, head: Version): Reached[] {
  const now = byName(head);
  const heirs = new Map(head.connections.map(({ spec }) => [spec.metadata.renamedFrom, spec.metadata.name]));
  return base.connections
    .map(nameOf)
    .filter((name) => !now.has(name))
    .map((name) => ({ name, why: heirs.has(name) ? `renamed to ${heirs.get(name)}` : "removed" }));
}

/** A removed spec, or one that has lost its `renamedFrom`, may have a rename behind it that was never carried out. */
function leftBy(base: Version, head: Version): Reached[] {
  const now = byName(head);
  return base.connections.flatMap(({ spec: { metadata } }) => {
    const { name, renamedFrom: old } = metadata;
    const goesOn = now.get(name)?.spec.metadata.renamedFrom === old;
    return old === undefined || goesOn || now.has(old) ? [] : [{ name: old, why: `the name of ${name} before` }];
  });
}

const placeOf = (target: TargetSpec | undefined) => target && { account: target.account, region: target.region };

/** What the project file says of some connections. Roles, approvals and limits of deletions change what may be done, not what is wanted. */
function throughProject(base: Version, head: Version): Reached[] {
  const [was, is] = [base.project.spec, head.project.spec];
  const moved = Object.entries(is.targets)
    .filter(([name, target]) => was.targets[name] && !same(placeOf(was.targets[name]), placeOf(target)))
    .map(([name]) => name);
  const judged = !same(was.policy.principals, is.policy.principals);
  return head.connections.flatMap(({ spec }): Reached[] => {
    const { name } = spec.metadata;
    const target = targetsIn(spec).find((one) => moved.includes(one));
    if (target !== undefined) return [{ name, why: `target ${target} is another account or Region` }];
    return judged && spec.service ? [{ name, why: "policy.principals changed" }] : [];
  });
}

/** A profile of the project's own decides what is checked, and whose requests are accepted. */
function throughProfiles(base: Version, head: Version): Reached[] {
  const before = byName(base);
  return head.connections.flatMap((document): Reached[] => {
    const [old, { partner }] = [before.get(nameOf(document)), document.spec];
    if (!old || !partner || same(ownProfileOf(old, base.profiles), ownProfileOf(document, head.profiles))) return [];
    return [{ name: nameOf(document), why: `partner profile ${partner.profile} changed` }];
  });
}

/** Endpoints follow the service of ours that they consume: it may be replaced, move, or get and lose zones and names. */
function throughServices(base: Version, head: Version, first: readonly Reached[]): Reached[] {
  const before = byName(base);
  const now = byName(head);
  return first.flatMap(({ name, why }) => {
    const service = now.get(name)?.spec.service;
    if (!service || same(serviceOf(before.get(name), base), serviceOf(now.get(name), head))) return [];
    return consumersOf(name, head.connections).map((consumer) => ({
      name: nameOf(consumer),
      why: `consumes ${name}: ${why}`,
    }));
  });
}

/** A connection's service with the place in which it is. */
const serviceOf = (document: ConnectionDocument | undefined, { project }: Version) => {
  const service = document?.spec.service;
  return service && { service, place: placeOf(project.spec.targets[service.target]) };
};

/** One VPC knows a private DNS name once: who else has it there is judged together with the one that changed. */
const throughNames = (base: Version, head: Version, first: readonly Reached[]): Reached[] => {
  const names = new Set(first.map(({ name }) => name));
  const changed = [...base.connections, ...head.connections].filter((document) => names.has(nameOf(document)));
  return rivalsOf(changed, base.connections, head.connections).map(({ name, of }) => ({
    name,
    why: `wants the same private DNS name as ${of}`,
  }));
};

/** An endpoint cannot be planned without the service that it is to reach, which may not be there yet. */
function providing(head: Version, reached: readonly Reached[]): Reached[] {
  const now = byName(head);
  const found: Reached[] = [];
  const seen = new Set(reached.map(({ name }) => name));
  const queue = [...seen];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const document = now.get(name);
    for (const provider of document ? providersOf(document) : []) {
      if (seen.has(provider)) continue;
      seen.add(provider);
      queue.push(provider);
      found.push({ name: provider, why: `provides for ${name}` });
    }
  }
  return found;
}
