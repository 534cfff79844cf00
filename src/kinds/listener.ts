import {
  AddListenerCertificatesCommand,
  type Certificate,
  CreateListenerCommand,
  DeleteListenerCommand,
  type Listener,
  ModifyListenerCommand,
  type ProtocolEnum,
  RemoveListenerCertificatesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Aws } from "../aws/aws.ts";
import {
  belongings,
  byMark,
  forwardsTo,
  listenersOfOurs,
  type Owned,
  retagElb,
  standing,
  strangerAt,
  type Tagged,
} from "../aws/elb-owned.ts";
import { absentOn } from "../aws/errors.ts";
import { tagList } from "../aws/ownership.ts";
import { listenerCertificates, type Reads } from "../aws/reads.ts";
import type { Live, Obstacle, Tags } from "../model.ts";
import {
  json,
  type Kind,
  type LiveAttributes,
  number,
  type ResolvedAttributes,
  sorted,
  tags,
  text,
  touchesTags,
} from "./kind.ts";

type Wanted = ResolvedAttributes<"listener">;

const GONE = ["ListenerNotFound"];
/** What ModifyListener changes. */
const OWN = ["protocol", "targetGroupArn", "certificateArns", "sslPolicy", "alpnPolicy"];

/** A listener. Load balancer and port are its identity: creating it again with the same settings gives the same one. */
export const listenerKind: Kind<"listener"> = {
  name: "listener",
  rules: {
    loadBalancerArn: text("replace"),
    port: number("replace", { changed: "interrupts" }),
    protocol: text("update", { changed: "interrupts" }),
    targetGroupArn: text("update"),
    // The first one is the default; the order of the others means nothing.
    certificateArns: json("update"),
    sslPolicy: text("update"),
    alpnPolicy: text("update"),
    tags: tags(),
  },
  orphan: "delete",
  actions: {
    read: [
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeListenerCertificates",
      "elasticloadbalancing:DescribeTags",
    ],
    write: [
      "elasticloadbalancing:CreateListener",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:DeleteListener",
      "elasticloadbalancing:AddListenerCertificates",
      "elasticloadbalancing:RemoveListenerCertificates",
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:RemoveTags",
    ],
  },
  deadlineSeconds: 120,

  async list(reads) {
    const { ours, others } = await byMark(reads, await listenersOfOurs(reads), arnOf);
    const live = await Promise.all(ours.map((owned) => toLive(reads, owned)));
    return { live: live.filter((one) => one !== undefined), obstacles: others.map(toObstacle) };
  },

  async look(reads, known) {
    const listeners = await reads.listeners(loadBalancerOf(known.id));
    const { ours } = await byMark(
      reads,
      listeners.filter((listener) => arnOf(listener) === known.id),
      arnOf,
    );
    return ours[0] && toLive(reads, ours[0]);
  },

  async seek(reads, { address, attributes }) {
    const listeners = await reads.listeners(attributes.loadBalancerArn);
    const there = listeners.filter(({ Port }) => Port === attributes.port);
    const { own, stranger } = standing(await byMark(reads, there, arnOf), address);
    const live = own && (await toLive(reads, own));
    if (live) return { live };
    return stranger && { obstacle: toObstacle(stranger) };
  },

  async create(aws, { attributes }) {
    const { Listeners } = await aws.elbv2.send(
      new CreateListenerCommand({
        LoadBalancerArn: attributes.loadBalancerArn,
        Port: attributes.port,
        ...settings(attributes),
        Tags: tagList(attributes.tags),
      }),
    );
    const arn = Listeners?.[0]?.ListenerArn ?? "";
    await addCertificates(aws, arn, attributes.certificateArns.slice(1));
    return arn;
  },

  async update(aws, live, { attributes }, touched) {
    if (OWN.some((name) => touched.has(name))) {
      await aws.elbv2.send(new ModifyListenerCommand({ ListenerArn: live.id, ...settings(attributes) }));
    }
    if (touched.has("certificateArns")) await settleCertificates(aws, live.id, attributes.certificateArns);
    if (touchesTags(touched)) await retagElb(aws, live.id, live.attributes.tags as Tags, attributes.tags);
  },

  async remove(aws, live) {
    await absentOn(GONE, () => aws.elbv2.send(new DeleteListenerCommand({ ListenerArn: live.id })));
  },

  progress: () => ({ is: "ready" }),

  retryRemoveOn: [],
};

const arnOf = ({ ListenerArn }: Listener): string => ListenerArn ?? "";

/** `...:listener/net/NAME/LB/LISTENER` hangs on `...:loadbalancer/net/NAME/LB`. */
const loadBalancerOf = (listenerArn: string): string =>
  listenerArn.replace(":listener/", ":loadbalancer/").replace(/\/[^/]*$/, "");

/** What create and modify both take. Only a TLS listener has certificates, and of these only the default one goes here. */
const settings = (wanted: Wanted) => ({
  Protocol: wanted.protocol as ProtocolEnum,
  DefaultActions: [{ Type: "forward" as const, TargetGroupArn: wanted.targetGroupArn }],
  ...(wanted.protocol === "TLS"
    ? {
        Certificates: wanted.certificateArns.slice(0, 1).map((CertificateArn) => ({ CertificateArn })),
        ...(wanted.sslPolicy === undefined ? {} : { SslPolicy: wanted.sslPolicy }),
        AlpnPolicy: [wanted.alpnPolicy],
      }
    : {}),
});

async function addCertificates(aws: Aws, ListenerArn: string, arns: readonly string[]): Promise<void> {
  if (arns.length === 0) return;
  const Certificates = arns.map((CertificateArn) => ({ CertificateArn }));
  await aws.elbv2.send(new AddListenerCertificatesCommand({ ListenerArn, Certificates }));
}

/** Brings the certificates beside the default one to what is wanted, once ModifyListener has set the default. */
async function settleCertificates(aws: Aws, ListenerArn: string, wanted: readonly string[]): Promise<void> {
  const extra = (await listenerCertificates(aws, ListenerArn)).filter(({ IsDefault }) => !IsDefault);
  const present = sorted(extra.map(({ CertificateArn }) => CertificateArn));
  const surplus = present.filter((arn) => !wanted.includes(arn));
  await addCertificates(
    aws,
    ListenerArn,
    wanted.slice(1).filter((arn) => !present.includes(arn)),
  );
  if (surplus.length === 0) return;
  const Certificates = surplus.map((CertificateArn) => ({ CertificateArn }));
  await aws.elbv2.send(new RemoveListenerCertificatesCommand({ ListenerArn, Certificates }));
}

/** A listener that is not ours on a load balancer that is. */
const toObstacle = (stranger: Tagged<Listener>): Obstacle => ({
  kind: "listener",
  ...strangerAt(`${stranger.item.LoadBalancerArn}:${stranger.item.Port}`, stranger),
});

/** The default certificate, then the others in order. */
function defaultFirst(certificates: readonly Certificate[]): string[] {
  const arns = (isDefault: boolean) =>
    sorted(
      certificates.flatMap(({ CertificateArn, IsDefault = false }) =>
        IsDefault === isDefault ? CertificateArn : undefined,
      ),
    );
  return [...arns(true), ...arns(false)];
}

async function toLive(reads: Reads, owned: Owned<Listener>): Promise<Live<"listener"> | undefined> {
  const { item: listener, arn } = owned;
  const tls = listener.Protocol === "TLS";
  const certificates = tls ? await absentOn(GONE, () => reads.listenerCertificates(arn)) : [];
  if (!certificates) return undefined;
  const attributes: LiveAttributes<"listener"> = {
    loadBalancerArn: listener.LoadBalancerArn ?? "",
    port: listener.Port ?? 0,
    protocol: listener.Protocol ?? "",
    targetGroupArn: forwardsTo(listener).join(", "),
    certificateArns: defaultFirst(certificates),
    ...(tls && listener.SslPolicy ? { sslPolicy: listener.SslPolicy } : {}),
    alpnPolicy: listener.AlpnPolicy?.[0] ?? "None",
    tags: owned.tags,
  };
  return { kind: "listener", ...belongings(reads, owned), attributes, outputs: { arn } };
}
