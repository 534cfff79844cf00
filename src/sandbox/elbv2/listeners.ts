import { newHex } from "../ids.ts";
import { AwsError, type Call, type Tree } from "../operation.ts";
import { text, texts } from "../params.ts";
import type { Listener, LoadBalancer } from "../world.ts";
import { members } from "../xml.ts";
import { arnPrefix, checkArn, findListener, findLoadBalancer, listenersOf } from "./find.ts";
import { checkForward, checkProtocol, readForward } from "./forward.ts";
import { here, invalid, need, numberIn, sameSet } from "./input.ts";
import { page } from "./pages.ts";
import { checkQuota } from "./quotas.ts";
import { readTags } from "./tags.ts";
import { readEncryption } from "./tls.ts";

/** CreateListener. Load balancer and port are the identity: the same request again answers with the existing one, another one is refused. */
export function createListener(call: Call): Tree {
  const balancer = findLoadBalancer(call, need(call.params, "LoadBalancerArn"));
  const wanted = readWanted(call, balancer);
  const there = listenersOf(here(call), balancer.arn).find((each) => each.port === wanted.port);
  if (there && settings(there) !== settings(wanted)) throw duplicate(balancer);
  if (there && !sameSet(tagList(there), tagList(wanted))) throw duplicate(balancer);
  const listener = there ?? make(call, balancer, wanted);
  return { Listeners: members([tree(listener)]) };
}

function duplicate(balancer: LoadBalancer): AwsError {
  return new AwsError(
    "DuplicateListener",
    `A listener already exists on this port for this load balancer '${balancer.arn}'`,
  );
}

function readWanted(call: Call, balancer: LoadBalancer): Listener {
  const { params } = call;
  const port = numberIn(params, "Port", 1, 65535);
  const protocol = text(params, "Protocol");
  if (port === undefined) throw invalid("A listener port must be specified");
  if (!protocol) throw invalid("A listener protocol must be specified");
  checkProtocol(balancer, protocol);
  const targetGroupArn = readForward(call, params);
  const encryption = readEncryption(params, protocol, { certificates: [], alpnPolicy: [] });
  checkForward(call, balancer, protocol, targetGroupArn);
  const tags = readTags(params);
  return {
    arn: "",
    loadBalancerArn: balancer.arn,
    port,
    protocol,
    targetGroupArn,
    ...encryption,
    attributes: {},
    tags,
  };
}

function settings({ protocol, port, targetGroupArn, certificates, sslPolicy, alpnPolicy }: Listener): string {
  return JSON.stringify([protocol, port, targetGroupArn, certificates, sslPolicy, alpnPolicy]);
}

function tagList({ tags }: Listener): string[] {
  return Object.entries(tags).map((entry) => JSON.stringify(entry));
}

function make(call: Call, balancer: LoadBalancer, wanted: Listener): Listener {
  const region = here(call);
  const quota =
    balancer.type === "network" ? "listeners-per-network-load-balancer" : "listeners-per-application-load-balancer";
  checkQuota(
    call,
    quota,
    listenersOf(region, balancer.arn).length + 1,
    "TooManyListeners",
    "listeners for this load balancer",
  );
  const path = balancer.arn.split(":loadbalancer/")[1];
  const arn = `${arnPrefix(call)}:listener/${path}/${newHex(call.world, "listener", 16)}`;
  const listener = { ...wanted, arn };
  region.listeners[arn] = listener;
  return listener;
}

function tree(listener: Listener): Tree {
  // Those beside the default one are told only by DescribeListenerCertificates.
  const certificates = listener.certificates.slice(0, 1).map((arn) => ({ CertificateArn: arn }));
  return {
    ListenerArn: listener.arn,
    LoadBalancerArn: listener.loadBalancerArn,
    Port: listener.port,
    Protocol: listener.protocol,
    Certificates: certificates.length > 0 ? members(certificates) : undefined,
    SslPolicy: listener.sslPolicy,
    DefaultActions: members([forwardTree(listener)]),
    AlpnPolicy: listener.alpnPolicy.length > 0 ? members(listener.alpnPolicy) : undefined,
  };
}

/** AWS shows the target of a forward twice, whichever way it was given. */
export function forwardTree(listener: Listener): Tree {
  return {
    Type: "forward",
    TargetGroupArn: listener.targetGroupArn,
    Order: 1,
    ForwardConfig: {
      TargetGroups: members([{ TargetGroupArn: listener.targetGroupArn, Weight: 1 }]),
      TargetGroupStickinessConfig: { Enabled: false },
    },
  };
}

/** DescribeListeners: of one load balancer in pages, or by ARNs (one that is unknown refuses all). */
export function describeListeners(call: Call): Tree {
  const balancer = text(call.params, "LoadBalancerArn");
  const arns = texts(call.params, "ListenerArns");
  if ((balancer === undefined) === (arns.length === 0)) {
    throw invalid("You must specify either listener ARNs or a load balancer ARN");
  }
  if (balancer !== undefined) {
    const listeners = listenersOf(here(call), findLoadBalancer(call, balancer).arn);
    const { shown, next } = page(call, listeners, (each) => each.arn);
    return { Listeners: members(shown.map(tree)), NextMarker: next };
  }
  for (const arn of arns) checkArn(arn, "listener", "listener");
  const missing = arns.filter((arn) => !here(call).listeners[arn]);
  if (missing.length > 0) throw new AwsError("ListenerNotFound", `Listeners '[${missing.join(", ")}]' not found`);
  return { Listeners: members(arns.map((arn) => tree(findListener(call, arn)))) };
}

/** ModifyListener: changes in place what is sent; a listener that stops encrypting loses its certificates. */
export function modifyListener(call: Call): Tree {
  const { params } = call;
  const listener = findListener(call, need(params, "ListenerArn"));
  const balancer = findLoadBalancer(call, listener.loadBalancerArn);
  const port = numberIn(params, "Port", 1, 65535) ?? listener.port;
  const protocol = text(params, "Protocol") ?? listener.protocol;
  checkProtocol(balancer, protocol);
  const taken = listenersOf(here(call), balancer.arn).some((each) => each.port === port && each.arn !== listener.arn);
  if (taken) throw duplicate(balancer);
  const targetGroupArn = "DefaultActions" in params ? readForward(call, params) : listener.targetGroupArn;
  const encryption = readEncryption(params, protocol, listener);
  checkForward(call, balancer, protocol, targetGroupArn);
  delete listener.sslPolicy;
  if (protocol !== listener.protocol) listener.attributes = {};
  Object.assign(listener, { port, protocol, targetGroupArn, ...encryption });
  return { Listeners: members([tree(listener)]) };
}

/** DeleteListener: one that is gone already is an error, unlike a load balancer. */
export function deleteListener(call: Call): Tree {
  const listener = findListener(call, need(call.params, "ListenerArn"));
  delete here(call).listeners[listener.arn];
  return {};
}
