import {
  AddListenerCertificatesCommand,
  type Certificate,
  CreateListenerCommand,
  DeleteListenerCommand,
  type Listener,
  ModifyListenerAttributesCommand,
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
import { isHealthy, notYetHealthy } from "../aws/health.ts";
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
const IDLE_TIMEOUT = "tcp.idle_timeout.seconds";
/** What ModifyListener changes. */
const OWN = ["port", "protocol", "targetGroupArn", "certificateArns", "sslPolicy", "alpnPolicy"];

/** A listener. Load balancer and port are its identity: creating it again with the same settings gives the same one. */
export const listenerKind: Kind<"listener"> = {
  name: "listener",
  rules: {
    loadBalancerArn: text("replace"),
    port: number("update", { changed: "interrupts" }),
    protocol: text("update", { changed: "interrupts" }),
    targetGroupArn: text("update"),
    // The first one is the default; the order of the others means nothing.
    certificateArns: json("update"),
    sslPolicy: text("update"),
    alpnPolicy: text("update"),
    idleTimeoutSeconds: number("update"),
    tags: tags(),
  },
  orphan: "delete",
  actions: {
    read: [
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeListenerCertificates",
      "elasticloadbalancing:DescribeListenerAttributes",
      "elasticloadbalancing:DescribeTags",
    ],
    write: [
      "elasticloadbalancing:CreateListener",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:DeleteListener",
      "elasticloadbalancing:AddListenerCertificates",
      "elasticloadbalancing:RemoveListenerCertificates",
      // Asked before a listener is switched to another target group.
      "elasticloadbalancing:DescribeTargetHealth",
      "elasticloadbalancing:DescribeTargetGroups",
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
        ...settings(attributes),
        Tags: tagList(attributes.tags),
      }),
    );
    const arn = Listeners?.[0]?.ListenerArn ?? "";
    await addCertificates(aws, arn, attributes.certificateArns.slice(1));
    await setIdleTimeout(aws, arn, attributes.idleTimeoutSeconds);
    return arn;
  },

  /** A listener whose targets answer is switched only to targets that answer too. */
  async readyFor(reads, live, { attributes }, touched) {
    const present = String(live.attributes.targetGroupArn);
    if (!touched.has("targetGroupArn") || !(await isHealthy(reads, present))) return { is: "ready" };
    const why = await notYetHealthy(reads, attributes.targetGroupArn);
    return why === undefined ? { is: "ready" } : { is: "moving", state: "unhealthy", why };
  },

  async update(aws, live, { attributes }, touched) {
    if (OWN.some((name) => touched.has(name))) {
      await aws.elbv2.send(new ModifyListenerCommand({ ListenerArn: live.id, ...settings(attributes) }));
    }
    if (touched.has("idleTimeoutSeconds")) await setIdleTimeout(aws, live.id, attributes.idleTimeoutSeconds);
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
  Port: wanted.port,
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

/** Left out: AWS's default, or whatever somebody has set. */
async function setIdleTimeout(aws: Aws, ListenerArn: string, seconds: number | undefined): Promise<void> {
  if (seconds === undefined) return;
  const Attributes = [{ Key: IDLE_TIMEOUT, Value: String(seconds) }];
  await aws.elbv2.send(new ModifyListenerAttributesCommand({ ListenerArn, Attributes }));
}

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

/** Each listener's attributes cost a call of their own, so only those are read that a spec compares. */
async function idleTimeoutOf(
  reads: Reads,
  { item: { Protocol }, arn, owner }: Owned<Listener>,
): Promise<number | undefined> {
  if (Protocol !== "TCP" || !reads.wanted.listenersWithIdleTimeout.includes(owner.address)) return undefined;
  const seconds = (await absentOn(GONE, () => reads.listenerAttributes(arn)))?.get(IDLE_TIMEOUT);
  return seconds === undefined ? undefined : Number(seconds);
}

async function toLive(reads: Reads, owned: Owned<Listener>): Promise<Live<"listener"> | undefined> {
  const { item: listener, arn } = owned;
  const tls = listener.Protocol === "TLS";
  const certificates = tls ? await absentOn(GONE, () => reads.listenerCertificates(arn)) : [];
  const idleTimeout = await idleTimeoutOf(reads, owned);
  if (!certificates) return undefined;
  const attributes: LiveAttributes<"listener"> = {
    loadBalancerArn: listener.LoadBalancerArn ?? "",
    port: listener.Port ?? 0,
    protocol: listener.Protocol ?? "",
    targetGroupArn: forwardsTo(listener).join(", "),
    certificateArns: defaultFirst(certificates),
    ...(tls && listener.SslPolicy ? { sslPolicy: listener.SslPolicy } : {}),
    alpnPolicy: listener.AlpnPolicy?.[0] ?? "None",
    ...(idleTimeout === undefined ? {} : { idleTimeoutSeconds: idleTimeout }),
    tags: owned.tags,
  };
  return { kind: "listener", ...belongings(reads, owned), attributes, outputs: { arn } };
}
