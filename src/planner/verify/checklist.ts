import { allowlistAddress, loadBalancerAddress } from "../addresses.ts";
import type { Check, Topic } from "./check.ts";
import { type DeclaredPorts, portsOfEndpoint, portsOfService } from "./declared-ports.ts";
import { endpointsOf, liveService, type Placed, textsOf, type Verified } from "./subject.ts";

/** One thing to look at when a connection does not work. */
export interface ChecklistItem {
  readonly item: string;
  /** What is known of it already. */
  readonly known: readonly string[];
  /** What shows the rest, on which machine it is run. */
  readonly commands: readonly string[];
}

/** What to look at, in the order in which a packet goes wrong most often; what Landline knows of it is filled in. */
export function checklist(verified: Verified, checks: readonly Check[]): ChecklistItem[] {
  const { service } = verified.document.spec;
  const endpoints = endpointsOf(verified);
  const ports = [
    ...(service ? portsOfService(service) : []),
    ...endpoints.flatMap((one) => portsOfEndpoint(one, verified)),
  ];
  const single = [
    ...new Set(ports.flatMap(({ from, to, protocol }) => (from === to && protocol === "tcp" ? [from] : []))),
  ];
  const seen = (...topics: readonly Topic[]) =>
    checks
      .filter(({ topic }) => topics.includes(topic))
      .map(({ about, says, result }) => `${SIGN[result]}${about} ${says}`);
  const ours = service !== undefined;
  return [
    {
      item: ours ? "The service listens on its machines" : "The partner's service listens on its machines",
      known: ours ? targetsOf(verified) : ["it runs at the partner: ask there"],
      commands: ours ? targetPorts(verified).map((port) => `netstat -na | grep ${port}    # on each target`) : [],
    },
    {
      item: "Packets arrive",
      known: endpoints.flatMap(addressesOf),
      commands: single.map(
        (port) =>
          `tcpdump -i any -tt -nn port ${port}    # on the machine that should receive them; add: and host SOURCE-ADDRESS`,
      ),
    },
    {
      item: "The settings of the endpoint service and the endpoints",
      known: [
        ...serviceSettings(verified),
        ...endpoints.flatMap(endpointSettings),
        ...seen("service", "requests", "endpoint"),
        ...seen("ports"),
      ],
      commands: [],
    },
    {
      item: "The settings of the Network Load Balancer",
      known: ours ? balancerSettings(verified, seen("balancer")) : ["it is the partner's: ask there"],
      commands: [],
    },
    {
      item: "The target groups are healthy",
      known: ours ? seen("targets") : ["they are the partner's: ask there"],
      commands: [],
    },
    {
      item: "The names lead to the endpoint, and it answers from each machine that uses it",
      known: seen("dns", "connect", "tls"),
      commands: endpoints.flatMap((one) => reachCommands(one, portsOfEndpoint(one, verified))),
    },
  ];
}

const SIGN: { readonly [R in Check["result"]]: string } = { holds: "", fails: "FAILS: ", unknown: "not known: " };

const targetsOf = ({ status }: Verified): string[] =>
  (status.service?.targets ?? []).map(
    ({ target, state, reason }) => `target ${target} is ${state}${reason ? ` (${reason})` : ""}`,
  );

/** Where the targets listen, which is not where the load balancer does. */
const targetPorts = ({ document }: Verified): number[] => [
  ...new Set(
    (document.spec.service?.loadBalancers ?? []).flatMap((balancer) =>
      "arn" in balancer ? [] : balancer.listeners.map(({ port, targetGroup }) => targetGroup.port ?? port),
    ),
  ),
];

function addressesOf({ name, live }: Placed): string[] {
  return live ? [`endpoint ${name} (${live.id}) is in ${textsOf(live.attributes.subnetIds).join(", ")}`] : [];
}

function serviceSettings(verified: Verified): string[] {
  const live = liveService(verified);
  if (!live) return [];
  const { acceptanceRequired, privateDnsName, supportedRegions } = live.attributes;
  const allowed = verified.cloud
    .at(allowlistAddress(live.connection))
    .flatMap(({ attributes }) => textsOf(attributes.principals));
  return [
    `${live.outputs.serviceName} is ${live.state}; acceptance ${acceptanceRequired ? "required" : "automatic"}; private DNS name ${privateDnsName ?? "none"}`,
    `it serves ${textsOf(supportedRegions).join(", ") || "its own Region"} and allows ${allowed.join(", ") || "nobody"}`,
  ];
}

function endpointSettings({ name, live }: Placed): string[] {
  if (!live) return [`endpoint ${name} is not there`];
  const { serviceName, vpcId, securityGroupIds, privateDnsEnabled } = live.attributes;
  return [
    `${live.id} in ${vpcId} leads to ${serviceName}; security groups ${textsOf(securityGroupIds).join(", ") || "none"}; private DNS ${privateDnsEnabled ? "on" : "off"}`,
  ];
}

function balancerSettings({ document, cloud }: Verified, seen: readonly string[]): string[] {
  const { service, metadata } = document.spec;
  const own = (service?.loadBalancers ?? []).flatMap((balancer) => {
    if ("arn" in balancer) return [`${balancer.arn} is not managed here`];
    const [live] = cloud.at(loadBalancerAddress(metadata.name, balancer.name));
    if (!live) return [`${balancer.name} is not there`];
    const listeners = balancer.listeners.map(({ port, protocol }) => `${protocol} ${port}`).join(", ");
    const { crossZone, subnetIds } = live.attributes;
    return [
      `${balancer.name} listens on ${listeners}; in ${textsOf(subnetIds).join(", ")}; cross-zone ${crossZone ? "on" : "off"}`,
    ];
  });
  return [...own, ...seen];
}

function reachCommands({ live }: Placed, ports: readonly DeclaredPorts[]): string[] {
  const host = live?.outputs.dnsName;
  if (host === undefined) return [];
  return ports.flatMap(({ from, to, protocol }) =>
    from === to && protocol === "tcp" ? [`nc -vz ${host} ${from}`, `curl -v telnet://${host}:${from}`] : [],
  );
}
