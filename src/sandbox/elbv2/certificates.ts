import type { Call, Tree } from "../operation.ts";
import { type Struct, structs } from "../params.ts";
import type { Listener } from "../world.ts";
import { members } from "../xml.ts";
import { findListener } from "./find.ts";
import { invalid, need } from "./input.ts";
import { checkCertificate } from "./tls.ts";

/** DescribeListenerCertificates: the default certificate first, then those beside it. */
export function describeListenerCertificates(call: Call): Tree {
  const { certificates } = findListener(call, need(call.params, "ListenerArn"));
  return { Certificates: members(certificates.map((arn, index) => ({ CertificateArn: arn, IsDefault: index === 0 }))) };
}

/** AddListenerCertificates: one that is there already stays where it is. */
export function addListenerCertificates(call: Call): Tree {
  const listener = encrypted(call);
  const arns = named(call.params);
  listener.certificates.push(...arns.filter((arn) => !listener.certificates.includes(arn)));
  return { Certificates: members(arns.map((arn) => ({ CertificateArn: arn, IsDefault: false }))) };
}

/** RemoveListenerCertificates: never the default one, which only ModifyListener changes. */
export function removeListenerCertificates(call: Call): Tree {
  const listener = encrypted(call);
  const arns = named(call.params);
  const [first] = listener.certificates;
  if (first !== undefined && arns.includes(first)) {
    throw invalid("The default certificate cannot be removed: set another one with ModifyListener");
  }
  listener.certificates = listener.certificates.filter((arn) => !arns.includes(arn));
  return {};
}

function encrypted(call: Call): Listener {
  const listener = findListener(call, need(call.params, "ListenerArn"));
  if (listener.protocol !== "TLS")
    throw invalid(`A certificate cannot be specified for ${listener.protocol} listeners`);
  return listener;
}

function named(params: Struct): string[] {
  const arns = structs(params, "Certificates").map((each) => need(each, "CertificateArn"));
  for (const arn of arns) checkCertificate(arn);
  return arns;
}
