import type { Region, World } from "../../src/sandbox/world.ts";

/** What differs between two worlds that are the same for everybody: counters, times, countdowns, addresses and names chosen at random. */
const CHANCE = new Set([
  "nextId",
  "tokens",
  "changes",
  "createdAt",
  "settle",
  "connectionId",
  "dnsLabel",
  "privateIp",
  "networkInterfaceIds",
]);

/** Objects with ids, in the order in which they are named: a later one may be known by an earlier one's name. */
const COLLECTIONS = [
  "loadBalancers",
  "targetGroups",
  "listeners",
  "endpointServices",
  "securityGroups",
  "vpcEndpoints",
  "securityGroupRules",
  "networkInterfaces",
] as const satisfies readonly (keyof Region)[];

/**
 * A world without what chance puts into it, as sorted lines: one for every object, with each id replaced by what the object is. Two runs that
 * came to the same end give the same lines; a duplicate or an orphan is a line more.
 */
export function essenceOf(world: World): string[] {
  const names = new Map<string, string>();
  const lines: string[] = [];
  for (const [account, { regions, hostedZones }] of Object.entries(world.accounts)) {
    for (const [region, here] of Object.entries(regions)) {
      for (const collection of COLLECTIONS) {
        for (const [id, object] of Object.entries(here[collection])) {
          names.set(id, `<${collection} ${addressOf(object)}>`);
          if (isGone(object)) continue;
          lines.push(`${account} ${region} ${collection} ${plain(object)}`);
        }
      }
    }
    for (const zone of Object.values(hostedZones)) {
      lines.push(...zone.records.map((record) => `${account} ${zone.id} ${plain(record)}`));
    }
  }
  return lines.map((line) => named(line, names)).sort();
}

function addressOf(object: object): string {
  const { tags, account } = object as { tags?: { [key: string]: string }; account?: string };
  return tags?.["landline:address"] ?? `of ${account ?? "somebody"}`;
}

/** What AWS still lists for a while after it is gone. */
function isGone(object: object): boolean {
  const { state, lingering } = object as { state?: string; lingering?: unknown };
  return lingering !== undefined || ["deleted", "deleting"].includes(String(state).toLowerCase());
}

const plain = (object: object): string =>
  JSON.stringify(arrived(object), (key, value: unknown) => (CHANCE.has(key) ? undefined : sortedKeys(value)));

/** An object on its way to a state counts as there: how many looks that takes is chance too. */
function arrived(object: object): object {
  const { next, ...rest } = object as { readonly next?: { readonly state: string } };
  return next ? { ...rest, state: next.state } : object;
}

function sortedKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Ids become names; what is random inside a name that AWS makes goes. */
function named(line: string, names: ReadonlyMap<string, string>): string {
  const ids = /arn:aws:elasticloadbalancing:[^"]*|vpce-svc-[0-9a-f]{17}|(?:vpce|sg|sgr|eni)-[0-9a-f]{17}/g;
  return line
    .replace(/(vpce-[0-9a-f]{17})-[0-9a-z]{8}\./g, "$1.")
    .replace(/-[0-9a-f]{16}(\.elb\.)/g, "$1")
    .replace(/"dnsName":"[^"]*\.elb[^"]*"/g, '"dnsName":"..."')
    .replace(/vpce-svc-perm-[0-9a-f]{17}/g, "...")
    .replace(/(ELB net\/[^/"]*)\/[0-9a-f]{16}/g, "$1")
    .replace(ids, (id) => names.get(id) ?? id);
}
