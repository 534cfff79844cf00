import type { Account, Region, World } from "./world.ts";
import { zonesOf } from "./zones.ts";

/** A world with nothing in it. */
export function emptyWorld(): World {
  return { version: 1, accounts: {}, tokens: {}, nextId: 0 };
}

/** The account of that id; one that nobody seeded exists too, and is empty. */
export function accountOf(world: World, id: string): Account {
  const there = world.accounts[id];
  if (there) return there;
  const made: Account = { id, regions: {}, hostedZones: {}, changes: {}, roles: {} };
  world.accounts[id] = made;
  return made;
}

/** The account's part of a Region; empty when nothing was ever made there. */
export function regionOf(world: World, account: string, name: string): Region {
  const owner = accountOf(world, account);
  const there = owner.regions[name];
  if (there) return there;
  const made: Region = {
    name,
    availabilityZones: zonesOf(account, name),
    vpcs: {},
    subnets: {},
    securityGroups: {},
    securityGroupRules: {},
    networkInterfaces: {},
    endpointServices: {},
    vpcEndpoints: {},
    notifications: {},
    loadBalancers: {},
    targetGroups: {},
    listeners: {},
  };
  owner.regions[name] = made;
  return made;
}

/** Whether a value read from outside is a world that this sandbox can serve. */
export function isWorld(value: unknown): value is World {
  if (typeof value !== "object" || value === null || !("version" in value) || value.version !== 1) return false;
  return (
    "accounts" in value && isRecord(value.accounts) && "tokens" in value && isRecord(value.tokens) && "nextId" in value
  );
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
