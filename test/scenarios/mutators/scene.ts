import { CreateTagsCommand } from "@aws-sdk/client-ec2";
import { AddTagsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Attributes, Json, KindName, Live } from "../../../src/model.ts";
import type {
  EndpointService,
  LoadBalancer,
  Region,
  SecurityGroup,
  TargetGroup,
  VpcEndpoint,
  World,
} from "../../../src/sandbox/world.ts";
import { APPS, NETWORK, type Stage } from "../harness.ts";

/** One object that is about to drift, and the ways to reach it. */
export interface Scene {
  readonly stage: Stage;
  readonly live: Live;
}

/** A way to change one live attribute without Landline. */
export interface Mutator {
  /** The address of the object that drifts. */
  readonly at: string;
  /** What somebody does: as the account, through the SDK, or for what AWS cannot change in place straight to the sandbox's world. */
  readonly by: (scene: Scene) => Promise<unknown>;
  /** The difference's name where it is not the attribute's: tags are told apart by key. */
  readonly shows?: string;
  /** Attributes of the same object that cannot but change with this one. */
  readonly also?: readonly string[];
  /** Why AWS does not let an apply undo this change, and the code it says so with. */
  readonly stays?: { readonly because: string; readonly code: string };
}

/** An attribute that no change in the cloud can make differ, because Landline knows the object by it. Such a difference stands in a snapshot only. */
export interface Identity {
  readonly at: string;
  readonly identity: string;
}

export type Table = {
  readonly [K in KindName]: { readonly [A in keyof Required<Attributes[K]>]?: Mutator | Identity };
};

const here = (world: World, account: string): Region => {
  const region = world.accounts[account]?.regions["us-east-1"];
  if (!region) throw new Error(`no ${account}`);
  return region;
};

/** The sorts of objects that are changed in the sandbox's world itself. */
interface Objects {
  readonly endpointServices: EndpointService;
  readonly loadBalancers: LoadBalancer;
  readonly securityGroups: SecurityGroup;
  readonly targetGroups: TargetGroup;
  readonly vpcEndpoints: VpcEndpoint;
}

/** Changes an object in the sandbox's world, where AWS itself has no call for it. */
export const edit =
  <C extends keyof Objects>(account: string, collection: C, change: (object: Objects[C]) => unknown) =>
  async ({ stage, live }: Scene): Promise<void> => {
    const world = stage.world();
    const region: { readonly [K in keyof Objects]: Record<string, Objects[K]> } = here(world, account);
    const object = region[collection][live.id];
    if (!object) throw new Error(`no ${live.id} among ${collection}`);
    change(object);
    await stage.putWorld(world);
  };

export const network = ({ stage }: Scene) => stage.as(NETWORK);
export const apps = ({ stage }: Scene) => stage.as(APPS);

const OUR_TAG = { Key: "cost-center", Value: "somebody else's" };
export const elbTag = (at: string): Mutator => ({
  at,
  shows: `tags.${OUR_TAG.Key}`,
  by: (scene) => network(scene).elbv2.send(new AddTagsCommand({ ResourceArns: [scene.live.id], Tags: [OUR_TAG] })),
});
export const ec2Tag = (at: string, account: string): Mutator => ({
  at,
  shows: `tags.${OUR_TAG.Key}`,
  by: ({ stage, live }) => stage.as(account).ec2.send(new CreateTagsCommand({ Resources: [live.id], Tags: [OUR_TAG] })),
});

/** A value of the same sort that no spec wants; of tags every one is another. */
export function otherValue(value: Json | undefined): Json {
  if (!isTags(value)) return `${String(value)}-other`;
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, otherValue(text)]));
}

/** What the plan calls the differences of an attribute with this value: tags are told apart by key. */
export const differencesNamed = (attribute: string, value: Json | undefined): string[] =>
  isTags(value) ? Object.keys(value).map((key) => `${attribute}.${key}`) : [attribute];

const isTags = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
