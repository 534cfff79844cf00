import type { Attributes, Desired, Finding, Obstacle } from "../../model.ts";
import { isRef } from "../canonical.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";

/** What stands in the way of a Desired resource and is not ours: a finding each, with the object and the command that hands it over. */
export function obstacleFindings(desired: readonly Desired[], cloud: SnapshotIndex, project: string): Finding[] {
  const obstacles = new Map(
    cloud.snapshot.targets.flatMap((target) =>
      target.obstacles.map((one) => [`${target.target} ${one.kind} ${one.place}`, one]),
    ),
  );
  if (obstacles.size === 0) return [];
  return desired.flatMap((wanted): Finding[] => {
    if (cloud.at(wanted.address).length > 0) return [];
    const obstacle = placesOf(wanted, cloud).flatMap(
      (place) => obstacles.get(`${wanted.target} ${wanted.kind} ${place}`) ?? [],
    )[0];
    // Our own object under another address leaves in the same plan; two specs that claim one place were refused before.
    if (!obstacle || obstacle.project === project) return [];
    const { address, connection, at } = wanted;
    return [{ id: "not-ours", severity: "error", connection, address, at, message: sentence(wanted, obstacle) }];
  });
}

/** The place that a resource takes, in the form of `Obstacle.place`; none while it depends on what does not exist yet. */
function placesOf(wanted: Desired, cloud: SnapshotIndex): string[] {
  const place = placeByKind[wanted.kind] as
    | ((attributes: Desired["attributes"], known: (id: unknown) => string | undefined) => string | undefined)
    | undefined;
  const known = (id: unknown) => (isRef(id) ? cloud.at(id.ref)[0]?.outputs[id.output] : String(id));
  return [place?.(wanted.attributes, known)].filter((text) => text !== undefined);
}

type Places = {
  readonly [K in keyof Attributes]?: (
    attributes: Attributes[K],
    known: (id: unknown) => string | undefined,
  ) => string | undefined;
};
const placeByKind: Places = {
  "load-balancer": ({ name }) => name,
  "target-group": ({ name }) => name,
  "security-group": ({ vpcId, name }) => `${vpcId}/${name}`,
  "dns-record": ({ zoneId, name }, known) => (known(zoneId) === undefined ? undefined : `${known(zoneId)}/${name}`),
  "value-record": ({ zoneId, name, type }, known) =>
    known(zoneId) === undefined ? undefined : `${known(zoneId)}/${name}/${type}`,
  listener: ({ loadBalancerArn, port }, known) =>
    known(loadBalancerArn) === undefined ? undefined : `${known(loadBalancerArn)}:${port}`,
};

function sentence(wanted: Desired, { id, project: owner }: Obstacle): string {
  const who = owner ? `belongs to the Landline project "${owner}"` : "does not carry the mark of this project";
  const way = owner
    ? "Change the spec, or remove it there first"
    : `Remove it, change the spec, or take it over as it lives: ${handOver(wanted, id)}`;
  return `${id} stands where ${wanted.address} belongs and ${who}; it is not touched. ${way}`;
}

/** The entry of `adopt` that makes it ours. */
const handOver = ({ connection, address }: Desired, id: string): string =>
  `write adopt: [{address: ${address.slice(connection.length + 1)}, id: "${id}"}] into the spec`;
