import {
  CreateVPCAssociationAuthorizationCommand,
  DeleteVPCAssociationAuthorizationCommand,
} from "@aws-sdk/client-route-53";
import { absentOn } from "../aws/errors.ts";
import { guestsOf, type OwnedZone, ownedZones, plainVpc, vpcOf } from "../aws/hosted-zones.ts";
import type { Reads } from "../aws/reads.ts";
import type { Live } from "../model.ts";
import { type Kind, type LiveAttributes, text, type Whereabouts } from "./kind.ts";

/**
 * The leave of a zone's account for the owner of a VPC to associate it. It stands only while a plan is carried out: AWS advises to take it
 * back once the VPC is associated, which stays; else its owner could do it again after it was ended.
 */
export const zoneAuthorizationKind: Kind<"zone-authorization"> = {
  name: "zone-authorization",
  rules: { zoneId: text("replace"), vpc: text("replace") },
  orphan: "delete",
  actions: {
    read: ["route53:ListHostedZones", "route53:ListTagsForResources", "route53:ListVPCAssociationAuthorizations"],
    write: [
      "route53:CreateVPCAssociationAuthorization",
      "route53:DeleteVPCAssociationAuthorization",
      "route53:ListVPCAssociationAuthorizations",
    ],
  },
  deadlineSeconds: 120,

  /** Asked only of zones that VPCs of other accounts are to be associated with. */
  async list(reads) {
    const zones = (await ownedZones(reads)).filter(({ owner }) => guestsOf(reads, owner.address).length > 0);
    const live = zones.map(async (zone) =>
      (await vpcsAllowed(reads, zone.id)).map((vpc) =>
        toLive({ ...zone.owner, address: addressIn(zone, vpc), target: reads.target }, zone.id, vpc),
      ),
    );
    return { live: (await Promise.all(live)).flat(), obstacles: [] };
  },

  async look(reads, known) {
    const [zoneId = "", ...vpc] = known.id.split("/");
    return (await vpcsAllowed(reads, zoneId)).includes(vpc.join("/"))
      ? toLive(known, zoneId, vpc.join("/"))
      : undefined;
  },

  async seek(reads, wanted) {
    const { zoneId, vpc } = wanted.attributes;
    return (await vpcsAllowed(reads, zoneId)).includes(vpc) ? { live: toLive(wanted, zoneId, vpc) } : undefined;
  },

  /** Once more is no error, AWS says. */
  async create(aws, { attributes: { zoneId, vpc } }) {
    await aws.route53.send(new CreateVPCAssociationAuthorizationCommand({ HostedZoneId: zoneId, VPC: vpcOf(vpc) }));
    return `${zoneId}/${vpc}`;
  },

  async update(_aws, live) {
    throw new Error(`${live.id} cannot be changed: another VPC or zone is another authorization`);
  },

  async remove(aws, { attributes: { zoneId, vpc } }) {
    const input = { HostedZoneId: String(zoneId), VPC: vpcOf(String(vpc)) };
    await absentOn(["VPCAssociationAuthorizationNotFound", "NoSuchHostedZone"], () =>
      aws.route53.send(new DeleteVPCAssociationAuthorizationCommand(input)),
    );
  },

  progress: () => ({ is: "ready" }),

  retryRemoveOn: [],
};

const addressIn = ({ owner }: OwnedZone, vpc: string): string => `${owner.address}/authorization/${vpc.split("/")[1]}`;

const vpcsAllowed = async (reads: Reads, zoneId: string): Promise<string[]> =>
  (await reads.zoneAuthorizations(zoneId)).map(plainVpc);

function toLive({ address, connection, target }: Whereabouts, zoneId: string, vpc: string): Live<"zone-authorization"> {
  return {
    kind: "zone-authorization",
    address,
    connection,
    target,
    id: `${zoneId}/${vpc}`,
    attributes: { zoneId, vpc } satisfies LiveAttributes<"zone-authorization">,
    outputs: {},
    protect: false,
  };
}
