import { absentOn, isCode } from "../aws/errors.ts";
import { guestsOf, type OwnedZone, ownedZones, plainVpc } from "../aws/hosted-zones.ts";
import { MARK } from "../aws/ownership.ts";
import { plainZoneId, type Reads } from "../aws/reads.ts";
import { associate, disassociate } from "../aws/zone-vpcs.ts";
import type { Live } from "../model.ts";
import { explained, type Kind, type LiveAttributes, NotYetError, text, type Whereabouts } from "./kind.ts";

/**
 * That a zone of ours resolves in a VPC of another account. The owner of the VPC makes it, with leave of the zone's (`zone-authorization`);
 * either of them may end it, and the zone's shows it. It has no tags: whatever hangs on a zone of ours is ours.
 */
export const zoneAssociationKind: Kind<"zone-association"> = {
  name: "zone-association",
  rules: { zoneId: text("replace"), vpc: text("replace") },
  orphan: "delete",
  actions: {
    read: [
      "route53:ListHostedZones",
      "route53:GetHostedZone",
      "route53:ListTagsForResources",
      "route53:ListHostedZonesByVPC",
    ],
    write: ["route53:AssociateVPCWithHostedZone", "route53:DisassociateVPCFromHostedZone", "ec2:DescribeVpcs"],
  },
  deadlineSeconds: 300,

  async list(reads) {
    const live = (await ownedZones(reads)).map(async (zone) => {
      const guests = guestsOf(reads, zone.owner.address);
      const vpcs = ((await reads.hostedZoneVpcs(zone.id)) ?? []).map(plainVpc).filter((vpc) => guests.includes(vpc));
      return vpcs.map((vpc) =>
        toLive({ ...zone.owner, address: addressIn(zone, vpc), target: reads.target }, zone.id, vpc, zone.tags),
      );
    });
    return { live: (await Promise.all(live)).flat(), obstacles: [] };
  },

  async look(reads, known) {
    const [zoneId = "", ...vpc] = known.id.split("/");
    return (await isAssociated(reads, zoneId, vpc.join("/"))) ? toLive(known, zoneId, vpc.join("/")) : undefined;
  },

  async seek(reads, wanted) {
    const { zoneId, vpc } = wanted.attributes;
    return (await isAssociated(reads, zoneId, vpc)) ? { live: toLive(wanted, zoneId, vpc) } : undefined;
  },

  async create(aws, { attributes: { zoneId, vpc } }) {
    try {
      await associate(aws, zoneId, [vpc]);
    } catch (error) {
      if (isCode(error, "NotAuthorized"))
        throw new NotYetError(`AWS does not see yet that ${vpc} may be associated with hosted zone ${zoneId}`);
      if (isCode(error, "ConflictingDomainExists"))
        throw explained(
          error,
          `another zone of this name resolves in ${vpc}; take the VPC out of it, or out of the spec`,
        );
      throw error;
    }
    return `${zoneId}/${vpc}`;
  },

  async update(_aws, live) {
    throw new Error(`${live.id} cannot be changed: another VPC or zone is another association`);
  },

  async remove(aws, live) {
    await disassociate(aws, String(live.attributes.zoneId), [String(live.attributes.vpc)]);
  },

  progress: () => ({ is: "ready" }),

  retryRemoveOn: [],

  serialBy: ({ attributes }) => String(attributes.vpc),
};

const addressIn = ({ owner }: OwnedZone, vpc: string): string => `${owner.address}/vpc/${vpc.split("/")[1]}`;

/** The zone's account sees all VPCs of the zone, that of a VPC all its zones; what is asked from the other one is denied. */
async function isAssociated(reads: Reads, zoneId: string, vpc: string): Promise<boolean> {
  const denied = ["AccessDenied", "NoSuchHostedZone", "InvalidInput", "InvalidVPCId"];
  const vpcs = await absentOn(denied, () => reads.hostedZoneVpcs(zoneId));
  if (vpcs) return vpcs.map(plainVpc).includes(vpc);
  const zones = await absentOn(denied, () => reads.hostedZonesOfVpc(vpc.split("/")[1] ?? ""));
  return (zones ?? []).some(({ HostedZoneId }) => plainZoneId(HostedZoneId) === zoneId);
}

function toLive(
  { address, connection, target }: Whereabouts,
  zoneId: string,
  vpc: string,
  tags: OwnedZone["tags"] = {},
): Live<"zone-association"> {
  return {
    kind: "zone-association",
    address,
    connection,
    target,
    id: `${zoneId}/${vpc}`,
    attributes: { zoneId, vpc } satisfies LiveAttributes<"zone-association">,
    outputs: {},
    protect: tags[MARK.protect] === "true",
  };
}
