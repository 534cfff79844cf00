import type { World } from "../../../src/sandbox/world.ts";

/** One setting of one object: `endpoint / ipAddressType` → its value as JSON. */
export type Settings = ReadonlyMap<string, string>;

/** What the guide calls the things that stand before its first command, and ids that a spec takes for them. */
const GIVEN: readonly (readonly [guide: string, id: string])[] = [
  ["vpc-provider", "vpc-0a1b2c3d4e5f60001"],
  ["vpc-consumer", "vpc-0b1b2c3d4e5f60001"],
  ["subnet-provider-1a", "subnet-0a1b2c3d4e5f60001"],
  ["subnet-provider-1b", "subnet-0a1b2c3d4e5f60002"],
  ["subnet-consumer-1a", "subnet-0b1b2c3d4e5f60001"],
  ["subnet-consumer-1b", "subnet-0b1b2c3d4e5f60002"],
  ["sg-consumer-endpoint", "sg-0b1b2c3d4e5f60001"],
  ["sg-application-instances", "sg-0b1b2c3d4e5f60002"],
  ["Z1PUBLIC", "Z0PUBLIC000000000001"],
  ["Z1CONSUMER", "Z0PRIVATE00000000001"],
];

/** A text of the guide with ids that AWS could have given. */
export const withIds = (text: string): string =>
  GIVEN.reduce((so, [guide, id]) => so.replaceAll(new RegExp(`${guide}(?![\\w-])`, "g"), id), text);

/** What chance, time or the owner of an object decides, and not who asks for it. */
const CHANCE = new Set(
  "id arn connectionId dnsLabel networkInterfaceIds createdAt settle state next visibleToProvider".split(" "),
);

/** The objects that the guide's commands make, by what people call them. There is one of each, but for rules. */
const COLLECTIONS = [
  ["loadBalancers", "load balancer"],
  ["targetGroups", "target group"],
  ["listeners", "listener"],
  ["endpointServices", "service"],
  ["vpcEndpoints", "endpoint"],
  ["securityGroups", "security group"],
  ["securityGroupRules", "rule"],
] as const;

type Field = [path: string, value: unknown];

/** Every setting of everything that was made in a world since it was seeded. Marks of ours and what chance decides are left out. */
export function settingsOf(world: World, seeded: World): Settings {
  const names = new Map<string, string>();
  const found: Field[] = [];
  for (const [account, { regions, hostedZones }] of Object.entries(world.accounts)) {
    const before = seeded.accounts[account];
    for (const [region, here] of Object.entries(regions)) {
      for (const [collection, name] of COLLECTIONS) {
        const made = Object.entries(here[collection]).filter(([id]) => !before?.regions[region]?.[collection][id]);
        for (const [id, object] of made) {
          const called = collection === "securityGroupRules" ? ruleName(object) : name;
          names.set(id, `<${called}>`);
          found.push(...fields(called, object));
        }
      }
    }
    for (const zone of Object.values(hostedZones)) {
      const old = before?.hostedZones[zone.id]?.records ?? [];
      const made = zone.records.filter(
        (record) => !old.some((one) => one.name === record.name && one.type === record.type),
      );
      for (const record of made) found.push(...fields(`record ${record.type} ${record.name}`, record));
    }
  }
  const settings = found.map(([path, value]) => [named(path, names), named(JSON.stringify(value), names)] as const);
  const twice = settings.find(([path], index) => settings.findIndex(([one]) => one === path) !== index);
  // A second object of one sort would hide the first.
  if (twice) throw new Error(`there are two of ${twice[0]}`);
  return new Map(settings);
}

/** Where two worlds differ: setting → what the first has, what the second has. */
export function differences(
  guide: Settings,
  ours: Settings,
): Record<string, readonly [guide: string | undefined, ours: string | undefined]> {
  const paths = [...new Set([...guide.keys(), ...ours.keys()])].filter((path) => guide.get(path) !== ours.get(path));
  return Object.fromEntries(paths.map((path) => [path, [guide.get(path), ours.get(path)]]));
}

const ruleName = (rule: object): string => {
  const { egress, protocol, fromPort } = rule as { egress: boolean; protocol: string; fromPort: number };
  return `rule ${egress ? "out" : "in"} ${protocol === "-1" ? "all" : `${protocol} ${fromPort}`}`;
};

/** An object's leaves; lists of plain values in one order. */
function fields(path: string, value: unknown): Field[] {
  if (Array.isArray(value)) return [[path, value.every(isPlain) ? value.toSorted() : value.map(settled)]];
  if (typeof value !== "object" || value === null) return [[path, value]];
  return (
    Object.entries(value)
      .filter(([key, of]) => !CHANCE.has(key) && !key.startsWith("landline:") && of !== undefined)
      // What AWS calls a load balancer follows from the name that it is given.
      .filter(([key]) => key !== "dnsName" || path.endsWith("alias"))
      .flatMap(([key, of]) => fields(`${path} / ${key}`, of))
  );
}

const isPlain = (value: unknown): boolean => typeof value !== "object";
/** An item of a list; what it is called is all that tells a target from another. */
const settled = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !CHANCE.has(key) || key === "id"));

/** Ids become what the object is; what is random inside a name that AWS makes goes. */
function named(text: string, names: ReadonlyMap<string, string>): string {
  const ids = /arn:aws:elasticloadbalancing:[^"]*|(?:vpce-svc|vpce|sg|sgr)-[0-9a-f]{17}/g;
  return text
    .replace(/(vpce-[0-9a-f]{17})-[0-9a-z]{8}\./g, "$1.")
    .replace(/vpce-svc-perm-[0-9a-f]{17}/g, "...")
    .replace(/(?<![0-9a-z])_[0-9a-z]{20}(?=[."])/g, "_proof")
    .replace(/vpce:[0-9a-z]{20}/g, "vpce:proof")
    .replace(ids, (id) => names.get(id) ?? id);
}
