import { portsOf, type ValuesArg } from "../partners/checks/arguments.ts";
import { modeOf } from "../partners/mode.ts";
import { readParams } from "../partners/params.ts";
import type { Profile } from "../partners/profile.ts";
import { holds } from "../partners/when.ts";
import type { IngressSpec, ServiceSpec } from "../selectors/resolved-specs.ts";
import { type PortRange, parsePorts } from "../specs/index.ts";
import { type Placed, type Verified, valuesFor } from "./subject.ts";

/** A port, or a range of ports, that a connection is to carry. */
export interface DeclaredPorts extends PortRange {
  readonly protocol: "tcp" | "udp";
}

const PROTOCOLS: { readonly [listener: string]: readonly DeclaredPorts["protocol"][] } = {
  UDP: ["udp"],
  TCP_UDP: ["tcp", "udp"],
};

/** The listeners' ports; those of a load balancer that is not ours are not known. */
export const portsOfService = ({ loadBalancers }: Pick<ServiceSpec, "loadBalancers">): DeclaredPorts[] =>
  onceEach(loadBalancers.flatMap((balancer) => ("arn" in balancer ? [] : balancer.listeners.flatMap(portsOfListener))));

export const portsOfListener = ({
  port,
  protocol,
}: {
  readonly port: number;
  readonly protocol: string;
}): DeclaredPorts[] => (PROTOCOLS[protocol] ?? ["tcp"]).map((one) => ({ from: port, to: port, protocol: one }));

/**
 * The ports that clients of an endpoint use: those of our own service behind it, those that the partner's profile demands or has among its
 * parameters, and without any of these what the endpoint's own security group is to let in.
 */
export function portsOfEndpoint({ spec, name }: Placed, verified: Verified): DeclaredPorts[] {
  const { connections, document, profile } = verified;
  const own =
    typeof spec.service === "object"
      ? connections.get(spec.service.connection)?.spec.service
      : spec.service === undefined
        ? document.spec.service
        : undefined;
  if (own) return portsOfService(own);
  const partners = profile ? portsOfPartner(verified, profile, name) : [];
  return partners.length > 0 ? partners : portsOfGroup(spec.securityGroup?.ingress ?? []);
}

function portsOfPartner(verified: Verified, profile: Profile, endpoint: string): DeclaredPorts[] {
  const { spec } = verified.document;
  const mode = modeOf(spec, profile);
  const { values: params } = readParams(profile, spec.partner ?? {}, mode);
  const values = valuesFor(verified, profile, endpoint);
  const demanded = (profile.spec.consumer?.checks ?? [])
    .filter(({ kind, when }) => kind === "ports.ingress" && holds(when, { mode, params }))
    .flatMap(({ args }) => {
      // The loader has held the args against the schema of their kind.
      const { ports, protocol = "tcp" } = args as { ports: ValuesArg; protocol?: DeclaredPorts["protocol"] };
      const found = portsOf(ports, { profile, values });
      return "is" in found ? found.is.map((range) => ({ ...range, protocol })) : [];
    });
  const told = [...params].flatMap(([name, value]) => {
    const { items } = profile.spec.params?.[name] ?? {};
    return items === "port" ? [value].flat().map((port) => ({ from: Number(port), to: Number(port) })) : [];
  });
  return onceEach([...demanded, ...told.map((range): DeclaredPorts => ({ ...range, protocol: "tcp" }))]);
}

const portsOfGroup = (ingress: readonly IngressSpec[]): DeclaredPorts[] =>
  onceEach(
    ingress.flatMap(({ ports, protocol }) => {
      const range = parsePorts(ports);
      const known = protocol === undefined || protocol === "tcp" || protocol === "udp";
      return range && known ? [{ ...range, protocol: protocol ?? "tcp" }] : [];
    }),
  );

const onceEach = (ports: readonly DeclaredPorts[]): DeclaredPorts[] =>
  [...new Map(ports.map((one) => [`${one.protocol} ${one.from} ${one.to}`, one])).values()].sort(
    (a, b) => a.from - b.from || a.to - b.to,
  );
