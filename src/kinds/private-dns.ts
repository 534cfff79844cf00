import {
  DescribeVpcEndpointServiceConfigurationsCommand,
  type ServiceConfiguration,
  StartVpcEndpointServicePrivateDnsVerificationCommand,
} from "@aws-sdk/client-ec2";
import type { Aws } from "../aws/aws.ts";
import { absentOn } from "../aws/errors.ts";
import { connectionOf, MARK } from "../aws/ownership.ts";
import { allProofs, type Proof, proofsAt, proofsIn } from "../aws/proofs.ts";
import { plainTags, type Reads } from "../aws/reads.ts";
import { markName, markValue, parseMark, txtText, txtValue } from "../aws/records.ts";
import { ownedServices, proofRequestOf, serviceById } from "../aws/services.ts";
import { editTxt, inSync, type TxtEdit } from "../aws/txt.ts";
import type { Live } from "../model.ts";
import {
  type Kind,
  type LiveAttributes,
  NotYetError,
  type Resolved,
  skips,
  tags,
  text,
  type Whereabouts,
} from "./kind.ts";

/** The name servers usually have a change within a minute. */
const SYNC_SECONDS = 120;

/** The proof that a service's private DNS name is ours: a TXT record in the public zone, with our mark beside it, and AWS's verification. */
export const privateDnsKind: Kind<"private-dns"> = {
  name: "private-dns",
  rules: {
    serviceId: text("replace"),
    zoneId: text("update"),
    name: text("update"),
    recordName: text("update"),
    recordValue: text("update"),
    state: text("update"),
    tags: tags(),
  },
  orphan: "delete",
  actions: {
    read: [
      "ec2:DescribeVpcEndpointServiceConfigurations",
      "route53:ListHostedZones",
      "route53:GetHostedZone",
      "route53:ListResourceRecordSets",
    ],
    write: [
      "ec2:StartVpcEndpointServicePrivateDnsVerification",
      "route53:ListResourceRecordSets",
      "route53:ChangeResourceRecordSets",
      "route53:GetChange",
    ],
  },
  deadlineSeconds: 1800,

  async list(reads) {
    if (skips(reads, "provides")) return { live: [], obstacles: [] };
    const services = await ownedServices(reads);
    const recordNames = services.flatMap(({ service }) => proofRequestOf(service)?.recordName ?? []);
    const proofs = await (reads.wanted.connections ? proofsAt(reads, recordNames) : allProofs(reads));
    const byAddress = new Map(services.map(({ owner, service }) => [`${owner.address}/private-dns`, service]));
    // A rename that was cut short has reached the service before its proof.
    const byProof = (at: string) =>
      services.find(({ service }) =>
        proofs.some(({ address, recordName }) => address === at && recordName === proofRequestOf(service)?.recordName),
      )?.service;
    const live = [...new Set(proofs.map(({ address }) => address))].flatMap((address) =>
      liveAt(reads, address, proofs, byAddress.get(address) ?? byProof(address)),
    );
    return { live, obstacles: [] };
  },

  async look(reads, known) {
    const [zoneId = "", recordName] = known.id.split("/");
    const isHere = ({ address }: Proof) => address === known.address || address === known.formerly;
    if (recordName !== undefined) {
      const left = (await proofsIn(reads, zoneId, recordName)).find(isHere);
      return left && toLive(known, left, undefined);
    }
    const service = await serviceById(reads, known.id);
    const asked = service && proofRequestOf(service)?.recordName;
    const proofs = (await proofsAt(reads, asked === undefined ? [] : [asked])).filter(isHere);
    // The service may have got another name, or none, since the proof was written: only then the zones are searched.
    const [proof] = proofs.length > 0 ? proofs : (await allProofs(reads, asked)).filter(isHere);
    return proof && toLive(known, proof, service);
  },

  async seek(reads, wanted) {
    const { zoneId, recordName, serviceId } = wanted.attributes;
    const proofs = await proofsIn(reads, zoneId, recordName);
    const proof = proofs.find(({ address }) => address === wanted.address);
    return proof && { live: toLive(wanted, proof, await serviceById(reads, serviceId)) };
  },

  async create(aws, wanted) {
    await prove(aws, wanted);
    return wanted.attributes.serviceId;
  },

  async update(aws, live, wanted) {
    await prove(aws, wanted, live.formerly);
    const { zoneId, recordName, recordValue } = live.attributes;
    const { attributes } = wanted;
    const moved = zoneId !== attributes.zoneId || recordName !== attributes.recordName;
    if (moved) await takeAway(aws, live, { withMark: true });
    else if (recordValue !== attributes.recordValue) await takeAway(aws, live, { withMark: false });
  },

  async remove(aws, live) {
    await absentOn(["NoSuchHostedZone"], () => takeAway(aws, live, { withMark: true }));
  },

  progress({ state = "" }) {
    if (state === "verified") return { is: "ready" };
    const why =
      "AWS does not find the TXT record; look whether the public zone is the one that the domain is delegated to";
    return state === "failed" ? { is: "failed", state, why } : { is: "moving", state };
  },

  retryRemoveOn: [],

  serialBy: ({ attributes }) => String(attributes.zoneId),
};

/**
 * The proofs with one address. At most one belongs to the service; others are what a killed move has left behind, and go by where they lie.
 */
function liveAt(
  reads: Reads,
  address: string,
  proofs: readonly Proof[],
  service: ServiceConfiguration | undefined,
): Live<"private-dns">[] {
  const where = { address, connection: connectionOf(address), target: reads.target };
  const here = proofs.filter((proof) => proof.address === address);
  const asked = service && proofRequestOf(service)?.recordName;
  const current = here.find(({ recordName }) => recordName === asked) ?? here[0];
  return here.map((proof) => toLive(where, proof, proof === current ? service : undefined));
}

function toLive(
  where: Whereabouts,
  { zoneId, recordName, values, tags: own, address }: Proof,
  service: ServiceConfiguration | undefined,
): Live<"private-dns"> {
  const request = service && proofRequestOf(service);
  const asked = request?.recordName === recordName ? request : undefined;
  const isProven = asked !== undefined && values.includes(asked.recordValue);
  // Of several values only the service can tell which one is its own.
  const recordValue = isProven ? asked.recordValue : values.length === 1 ? (values[0] ?? null) : null;
  const state = isProven ? asked.state : "unproven";
  return {
    kind: "private-dns",
    address: where.address,
    ...(address === where.address ? {} : { formerly: address }),
    connection: where.connection,
    target: where.target,
    id: service?.ServiceId ?? `${zoneId}/${recordName}`,
    attributes: {
      serviceId: service?.ServiceId ?? null,
      zoneId,
      name: asked?.name ?? recordName.replace(/^[^.]*\./, ""),
      recordName,
      recordValue,
      state,
      tags: own,
    } satisfies LiveAttributes<"private-dns">,
    outputs: {},
    protect: plainTags(service?.Tags)[MARK.protect] === "true",
    state,
  };
}

/** Publishes the record with its mark, waits until the name servers have it, and has AWS look for it. */
async function prove(
  aws: Aws,
  { attributes, project, address }: Resolved<"private-dns">,
  formerly?: string,
): Promise<void> {
  const { serviceId, zoneId, recordName, recordValue } = attributes;
  const change = await editTxt(aws, zoneId, [
    { name: recordName, add: txtValue(recordValue) },
    {
      name: markName(recordName),
      add: markValue(project, address),
      drop: (value) => formerly !== undefined && value === markValue(project, formerly),
    },
  ]);
  if (change !== undefined && !(await inSync(aws, change, SYNC_SECONDS))) {
    throw new NotYetError(`the name servers do not answer with ${recordName} after ${SYNC_SECONDS} s`);
  }
  if ((await verificationState(aws, serviceId)) === "verified") return;
  await aws.ec2.send(new StartVpcEndpointServicePrivateDnsVerificationCommand({ ServiceId: serviceId }));
}

async function verificationState(aws: Aws, serviceId: string): Promise<string | undefined> {
  const Filters = [{ Name: "service-id", Values: [serviceId] }];
  const { ServiceConfigurations } = await aws.ec2.send(
    new DescribeVpcEndpointServiceConfigurationsCommand({ Filters }),
  );
  const [service] = ServiceConfigurations ?? [];
  return service && proofRequestOf(service)?.state;
}

/** Takes our value out of the record; values of others in the same record stay. */
async function takeAway(
  aws: Aws,
  { address, formerly = address, attributes }: Live<"private-dns">,
  { withMark }: { withMark: boolean },
) {
  const { recordValue } = attributes;
  const isOurs = (mark: string | undefined) => mark === address || mark === formerly;
  const name = String(attributes.recordName);
  const edits: TxtEdit[] = [{ name, drop: (value) => txtText(value) === recordValue }];
  if (withMark) edits.push({ name: markName(name), drop: (value) => isOurs(parseMark([value])?.address) });
  await editTxt(aws, String(attributes.zoneId), edits);
}
