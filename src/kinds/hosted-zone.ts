import {
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  paginateListHostedZones,
  UpdateHostedZoneCommentCommand,
} from "@aws-sdk/client-route-53";
import type { Aws } from "../aws/aws.ts";
import { absentOn, isCode } from "../aws/errors.ts";
import {
  guestsOf,
  type OwnedZone,
  ownedZones,
  plainVpc,
  retagZone,
  strangersIn,
  vpcOf,
  zoneComment,
  zoneNow,
  zoneReference,
} from "../aws/hosted-zones.ts";
import { MARK } from "../aws/ownership.ts";
import { allRecords, plainZoneId, type Reads } from "../aws/reads.ts";
import { isInSync } from "../aws/records.ts";
import { associate, disassociate } from "../aws/zone-vpcs.ts";
import type { Live, Tags } from "../model.ts";
import {
  type Kind,
  type LiveAttributes,
  RefusedError,
  type Resolved,
  StaleTokenError,
  set,
  setChanges,
  sorted,
  tags,
  text,
  touchesTags,
  type Whereabouts,
} from "./kind.ts";

/** A private hosted zone with the VPCs of its own account in which it resolves. Those of other accounts are kinds of their own. */
export const hostedZoneKind: Kind<"hosted-zone"> = {
  name: "hosted-zone",
  rules: {
    name: text("replace"),
    account: text("replace"),
    vpcs: set("update", { added: "moves-dns", removed: "moves-dns" }),
    tags: tags(),
  },
  orphan: "delete",
  actions: {
    read: ["route53:ListHostedZones", "route53:GetHostedZone", "route53:ListTagsForResources"],
    write: [
      "route53:CreateHostedZone",
      "route53:ChangeTagsForResource",
      "route53:UpdateHostedZoneComment",
      "route53:AssociateVPCWithHostedZone",
      "route53:DisassociateVPCFromHostedZone",
      "route53:ListResourceRecordSets",
      "route53:DeleteHostedZone",
      "route53:GetChange",
      // Route 53 asks EC2 in the caller's name whether the VPC is there and in which Region.
      "ec2:DescribeVpcs",
    ],
  },
  deadlineSeconds: 300,

  async list(reads) {
    const zones = await ownedZones(reads);
    const live = zones.map((zone) => toLive(reads, { ...zone.owner, target: reads.target }, zone));
    return { live: await Promise.all(live), obstacles: [] };
  },

  async look(reads, known) {
    const zone = await zoneNow(reads, known.id);
    return zone && toLive(reads, known, zone);
  },

  async seek(reads, wanted) {
    const { address, attributes } = wanted;
    // While one replaces another both have the address; they differ in their domain.
    const zone = (await ownedZones(reads)).find(
      ({ owner, name }) => owner.address === address && name === attributes.name,
    );
    return zone && { live: await toLive(reads, wanted, zone) };
  },

  /** AWS takes one VPC and no tags in the creating call; the comment carries the mark until the tags do. */
  async create(aws, wanted, token) {
    const { vpcs, tags: own } = wanted.attributes;
    const id = await createZone(aws, wanted, token);
    await retagZone(aws, id, {}, own);
    await associate(aws, id, vpcs.slice(1));
    return id;
  },

  async update(aws, live, wanted, touched) {
    if (touchesTags(touched)) {
      await retagZone(aws, live.id, live.attributes.tags as Tags, wanted.attributes.tags);
      await aws.route53.send(
        new UpdateHostedZoneCommentCommand({ Id: live.id, Comment: zoneComment(wanted.project, wanted.address) }),
      );
    }
    return touched.has("vpcs")
      ? moveVpcs(aws, live.id, live.attributes.vpcs as readonly string[], wanted.attributes.vpcs)
      : undefined;
  },

  /** Whose records it holds is looked at first: a zone that stays keeps its VPCs. The last of these goes with the zone. */
  async remove(aws, live) {
    await absentOn(["NoSuchHostedZone"], async () => {
      await refuseOccupied(aws, live);
      await disassociate(aws, live.id, (live.attributes.vpcs as readonly string[]).slice(1));
      await aws.route53.send(new DeleteHostedZoneCommand({ Id: live.id }));
    });
  },

  progress: () => ({ is: "ready" }),
  isEverywhere: isInSync,

  retryRemoveOn: [],
};

/** `where`: the address that the plan gives it, while its tags may still say a former one. */
async function toLive(
  reads: Reads,
  where: Whereabouts & Pick<Live, "formerly">,
  { id, name, tags: own }: Pick<OwnedZone, "id" | "name" | "tags">,
): Promise<Live<"hosted-zone">> {
  const { address, connection, target, formerly } = where;
  const [{ Account = "" }, vpcs = []] = await Promise.all([reads.identity(), reads.hostedZoneVpcs(id)]);
  const guests = guestsOf(reads, address);
  return {
    kind: "hosted-zone",
    address,
    ...(formerly === undefined ? {} : { formerly }),
    connection,
    target,
    id,
    attributes: {
      name,
      account: Account,
      vpcs: sorted(vpcs.map(plainVpc)).filter((vpc) => !guests.includes(vpc)),
      tags: own,
    } satisfies LiveAttributes<"hosted-zone">,
    outputs: { zoneId: id },
    protect: own[MARK.protect] === "true",
  };
}

async function createZone(
  aws: Aws,
  { address, project, attributes: { name, vpcs } }: Resolved<"hosted-zone">,
  token: string,
): Promise<string> {
  const CallerReference = zoneReference(token);
  const HostedZoneConfig = { PrivateZone: true, Comment: zoneComment(project, address) };
  const VPC = vpcOf(vpcs[0] ?? "");
  try {
    const { HostedZone } = await aws.route53.send(
      new CreateHostedZoneCommand({ Name: name, CallerReference, HostedZoneConfig, VPC }),
    );
    return plainZoneId(HostedZone?.Id);
  } catch (error) {
    if (!isCode(error, "HostedZoneAlreadyExists")) throw error;
    const made = await zoneMadeWith(aws, CallerReference);
    if (made === undefined)
      throw new StaleTokenError(
        `AWS knows the caller reference ${CallerReference}, but shows no zone that was made with it`,
      );
    return made;
  }
}

/** After a lost answer, or one that a killed run never got. */
async function zoneMadeWith(aws: Aws, reference: string): Promise<string | undefined> {
  for await (const { HostedZones = [] } of paginateListHostedZones({ client: aws.route53 }, {})) {
    const found = HostedZones.find(({ CallerReference }) => CallerReference === reference);
    if (found) return plainZoneId(found.Id);
  }
  return undefined;
}

/** New VPCs first: a private zone always keeps one. Answers with the id of the last change. */
async function moveVpcs(
  aws: Aws,
  id: string,
  live: readonly string[],
  wanted: readonly string[],
): Promise<string | undefined> {
  const { added, removed } = setChanges(live, wanted);
  const last = await associate(aws, id, added);
  return (await disassociate(aws, id, removed)) ?? last;
}

async function refuseOccupied(aws: Aws, { id, attributes }: Live<"hosted-zone">): Promise<void> {
  const sets = await allRecords(aws, id);
  const strangers = strangersIn(ownerIn(attributes.tags), { name: String(attributes.name) }, sets);
  if (strangers.length === 0) return;
  throw new RefusedError(
    "NotOurs",
    `${id} (${String(attributes.name)}) holds records that are not ours: ${strangers.join(", ")}. The zone was not deleted; remove them, or move them elsewhere, and run the same command again`,
  );
}

const ownerIn = (own: unknown): string => String((own as Tags | null)?.[MARK.project] ?? "");
