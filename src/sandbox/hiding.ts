import type { Region, World } from "./world.ts";

/** Objects that reads do not show yet: what eventual consistency looks like from outside. */
export interface Hiding {
  /** Hides whatever the region holds now and did not hold at `before`, for so many reads. */
  hideNew(world: World, place: Place, before: ReadonlySet<string>, reads: number): void;
  /** Runs a read with the hidden objects out of sight; each read that would have shown one takes a read off its countdown. */
  during<T>(world: World, action: string, run: () => T): T;
  clear(): void;
}

/** A corner of the world. */
export interface Place {
  account: string;
  region: string;
}

/** The collections whose objects can be hidden, with the reads that would show them. */
const shownBy = {
  vpcEndpoints: /^DescribeVpcEndpoint(s|Connections)$/,
  endpointServices: /^DescribeVpcEndpointService/,
  notifications: /^DescribeVpcEndpointConnectionNotifications$/,
  securityGroups: /^DescribeSecurityGroups$/,
  securityGroupRules: /^DescribeSecurityGroupRules$/,
  loadBalancers: /^DescribeLoadBalancer/,
  targetGroups: /^DescribeTarget/,
  listeners: /^DescribeListener/,
} satisfies { [name in keyof Region]?: RegExp };

type Collection = keyof typeof shownBy;
const collections: Collection[] = [
  "vpcEndpoints",
  "endpointServices",
  "notifications",
  "securityGroups",
  "securityGroupRules",
  "loadBalancers",
  "targetGroups",
  "listeners",
];

interface Hidden {
  place: Place;
  collection: Collection;
  id: string;
  reads: number;
}

/** Nothing hidden. */
export function createHiding(): Hiding {
  let hidden: Hidden[] = [];
  return {
    hideNew(world, place, before, reads) {
      for (const { collection, id } of objectsIn(world, place)) {
        if (!before.has(`${collection}/${id}`)) hidden.push({ place, collection, id, reads });
      }
    },
    during(world, action, run) {
      const out = hidden.filter(({ collection }) => shownBy[collection].test(action));
      if (out.length === 0) return run();
      const putBack = out.map((one) => takeOut(world, one));
      try {
        return run();
      } finally {
        for (const restore of putBack) restore();
        for (const one of out) one.reads -= 1;
        hidden = hidden.filter((one) => one.reads > 0);
      }
    },
    clear: () => {
      hidden = [];
    },
  };
}

/** `collection/id` of everything in the region that can be hidden. */
export function objectKeys(world: World, place: Place): Set<string> {
  return new Set(objectsIn(world, place).map(({ collection, id }) => `${collection}/${id}`));
}

function objectsIn(world: World, { account, region }: Place): { collection: Collection; id: string }[] {
  const there = world.accounts[account]?.regions[region];
  if (!there) return [];
  return collections.flatMap((collection) => Object.keys(there[collection]).map((id) => ({ collection, id })));
}

/** Removes an object from its collection; the answer puts it back. An object deleted meanwhile stays away. */
function takeOut(world: World, { place, collection, id }: Hidden): () => void {
  const objects: Record<string, unknown> | undefined =
    world.accounts[place.account]?.regions[place.region]?.[collection];
  const object = objects?.[id];
  if (!objects || object === undefined) return () => {};
  delete objects[id];
  return () => {
    objects[id] = object;
  };
}
