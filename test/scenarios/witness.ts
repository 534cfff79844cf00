import { DescribeVpcEndpointsCommand } from "@aws-sdk/client-ec2";
import { DescribeTargetGroupsCommand, DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type {
  EndpointService,
  LoadBalancer,
  Region,
  TargetGroup,
  VpcEndpoint,
  World,
} from "../../src/sandbox/world.ts";
import { APPS, NETWORK, type Stage } from "./harness.ts";

/** Who looks at the sandbox's world after every single call and notes each moment at which somebody would not get through. */
export interface Witness {
  /** For the sandbox. */
  readonly witness: (world: World) => void;
  /** From now on: what is reachable now has to stay so. */
  start(world: World): void;
  /** Each complaint once, in the order in which they came up. */
  readonly seen: readonly string[];
  /** The private names that somebody had at the start and that nobody had at some moment since. */
  readonly gaps: readonly string[];
}

export function openWitness(): Witness {
  const [seen, gaps] = [new Set<string>(), new Set<string>()];
  const arrived = new Set<string>();
  let reachable: Reachable | undefined;
  let known: ReadonlySet<string> = new Set();
  return {
    witness(world) {
      for (const { id, state } of endpointsIn(world)) if (state === "available") arrived.add(id);
      if (!reachable) return;
      const now = reachableIn(world, arrived);
      for (const what of reachable.services)
        if (!now.services.has(what)) seen.add(`${what} has no healthy load balancer`);
      for (const what of reachable.connections)
        if (now.endpoints.has(what) && !now.connections.has(what)) seen.add(`${what} is cut off from its service`);
      for (const name of reachable.privateNames) if (!now.privateNames.has(name)) gaps.add(name);
      for (const what of [...brokenAliases(world, arrived), ...hasty(world, known)]) seen.add(what);
      reachable = {
        ...now,
        services: new Set([...reachable.services, ...now.services]),
        connections: new Set([...reachable.connections, ...now.connections]),
        privateNames: new Set([...reachable.privateNames, ...now.privateNames]),
      };
    },
    start(world) {
      reachable = reachableIn(world, arrived);
      known = new Set(changesIn(world).map(({ id }) => id));
    },
    get seen() {
      return [...seen];
    },
    get gaps() {
      return [...gaps];
    },
  };
}

interface Reachable {
  /** Services with a healthy load balancer. */
  readonly services: ReadonlySet<string>;
  /** Endpoints that exist. */
  readonly endpoints: ReadonlySet<string>;
  /** Endpoints that are tied to a healthy load balancer of their service. */
  readonly connections: ReadonlySet<string>;
  /** `VPC name` that an endpoint answers to. */
  readonly privateNames: ReadonlySet<string>;
}

const endpointsIn = (world: World): VpcEndpoint[] =>
  Object.values(world.accounts)
    .flatMap(({ regions }) => Object.values(regions))
    .flatMap(({ vpcEndpoints }) => Object.values(vpcEndpoints));

const changesIn = (world: World) => Object.values(world.accounts).flatMap(({ changes }) => Object.values(changes));

/** Endpoints that go while name servers may still lead to them: a change since the start that nobody has seen INSYNC. */
function hasty(world: World, known: ReadonlySet<string>): string[] {
  const spreading = changesIn(world).some(({ id, settle }) => !known.has(id) && (settle.reads ?? 0) > 0);
  return endpointsIn(world).flatMap(({ id, state }) =>
    spreading && state === "deleting" ? [`${id} goes before its alias has moved everywhere`] : [],
  );
}

function reachableIn(world: World, arrived: ReadonlySet<string>): Reachable {
  const regions = Object.values(world.accounts).flatMap(({ regions: all }) => Object.values(all));
  const services = regions.flatMap((region) =>
    Object.values(region.endpointServices).map((service) => ({ region, service })),
  );
  const healthy = new Map(services.map(({ region, service }) => [service.id, healthyBalancers(region, service)]));
  const endpoints = endpointsIn(world).filter((endpoint) => isServing(endpoint, arrived));
  const names = endpoints.filter(({ privateDnsEnabled }) => privateDnsEnabled);
  const nameOf = (endpoint: VpcEndpoint) =>
    services.find(({ service }) => service.id === endpoint.service?.id)?.service.privateDnsName;
  return {
    services: new Set([...healthy].flatMap(([id, arns]) => (arns.length > 0 ? [id] : []))),
    endpoints: new Set(endpoints.map(({ id }) => id)),
    connections: new Set(
      endpoints.flatMap(({ id, service, loadBalancerArns }) =>
        loadBalancerArns.some((arn) => healthy.get(service?.id ?? "")?.includes(arn)) ? [id] : [],
      ),
    ),
    privateNames: new Set(names.map((endpoint) => `${endpoint.vpcId} ${nameOf(endpoint)}`)),
  };
}

/** A change of an endpoint shows as pending for a moment, while its traffic flows. */
const isServing = ({ id, state }: VpcEndpoint, arrived: ReadonlySet<string>): boolean =>
  state === "available" || (state === "pending" && arrived.has(id));

const healthyBalancers = (region: Region, { networkLoadBalancerArns }: EndpointService): string[] =>
  networkLoadBalancerArns.filter((arn) => isHealthy(region, region.loadBalancers[arn]));

function isHealthy(region: Region, balancer: LoadBalancer | undefined): boolean {
  if (balancer?.state !== "active") return false;
  const listeners = Object.values(region.listeners).filter((one) => one.loadBalancerArn === balancer.arn);
  const serving = listeners.filter(({ tags }) => !tags["landline:address"]?.endsWith("/warm-up"));
  return serving.length > 0 && serving.some(({ targetGroupArn }) => answers(region.targetGroups[targetGroupArn]));
}

/** The sandbox keeps a countdown until the first health checks have passed. */
const answers = (group: TargetGroup | undefined): boolean =>
  group?.targets.some(({ settle, draining, unhealthy }) => !settle && !draining && unhealthy === undefined) ?? false;

/** Aliases that lead to an endpoint that is not there or not available. */
function brokenAliases(world: World, arrived: ReadonlySet<string>): string[] {
  const endpoints = endpointsIn(world);
  const zones = Object.values(world.accounts).flatMap(({ hostedZones }) => Object.values(hostedZones));
  return zones
    .flatMap(({ records }) => records)
    .flatMap(({ name, alias }) => {
      if (!alias?.dnsName.includes(".vpce.amazonaws.com")) return [];
      const endpoint = endpoints.find(({ id, dnsLabel }) => alias.dnsName.startsWith(`${id}-${dnsLabel}`));
      if (endpoint && isServing(endpoint, arrived)) return [];
      return [`${name} leads to ${endpoint?.id ?? alias.dnsName}, which is ${endpoint?.state ?? "gone"}`];
    });
}

/** Looks until targets and endpoints have arrived where they are going: AWS needs some time for it, the sandbox some looks. */
export async function untilCalm(stage: Stage): Promise<void> {
  for (let looks = 0; looks < 4; looks++) {
    await stage.as(APPS).ec2.send(new DescribeVpcEndpointsCommand({}));
    const { elbv2 } = stage.as(NETWORK);
    const { TargetGroups = [] } = await elbv2.send(new DescribeTargetGroupsCommand({}));
    for (const { TargetGroupArn } of TargetGroups)
      await elbv2.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
  }
}
