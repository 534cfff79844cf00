import { AwsError, type Call, type Tree } from "../operation.ts";
import { type Struct, structs, text, texts } from "../params.ts";
import { members } from "../xml.ts";
import { invalid, need, oneOf } from "./input.ts";
import { page } from "./pages.ts";

/** What the API takes when the caller names no policy; the console proposes a newer one. */
const defaultPolicy = "ELBSecurityPolicy-2016-08";

/** Known security policies with the protocol versions they allow. */
const policies: Record<string, string[]> = {
  [defaultPolicy]: ["TLSv1", "TLSv1.1", "TLSv1.2"],
  "ELBSecurityPolicy-TLS-1-1-2017-01": ["TLSv1.1", "TLSv1.2"],
  "ELBSecurityPolicy-TLS-1-2-2017-01": ["TLSv1.2"],
  "ELBSecurityPolicy-TLS-1-2-Ext-2018-06": ["TLSv1.2"],
  "ELBSecurityPolicy-FS-1-2-2019-08": ["TLSv1.2"],
  "ELBSecurityPolicy-FS-1-2-Res-2020-10": ["TLSv1.2"],
  "ELBSecurityPolicy-TLS13-1-2-2021-06": ["TLSv1.2", "TLSv1.3"],
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06": ["TLSv1.2", "TLSv1.3"],
  "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06": ["TLSv1.2", "TLSv1.3"],
  "ELBSecurityPolicy-TLS13-1-3-2021-06": ["TLSv1.3"],
};

/** How a listener encrypts. Without TLS all of it is empty. */
export interface Encryption {
  certificates: string[];
  sslPolicy?: string;
  alpnPolicy: string[];
}

/** Reads certificates, policy and ALPN; what is not sent stays as it was. @throws AwsError */
export function readEncryption(params: Struct, protocol: string, before: Encryption): Encryption {
  const certificates = readCertificates(params);
  const policy = text(params, "SslPolicy");
  const alpn = "AlpnPolicy" in params ? readAlpn(params) : undefined;
  if (protocol !== "TLS" && protocol !== "HTTPS") {
    if (certificates.length > 0) throw invalid(`A certificate cannot be specified for ${protocol} listeners`);
    if (policy) throw invalid(`An SSL policy cannot be specified for ${protocol} listeners`);
    if (alpn && alpn.length > 0) throw invalid(`An ALPN policy cannot be specified for ${protocol} listeners`);
    return { certificates: [], alpnPolicy: [] };
  }
  // What is sent is the default certificate; those beside it stay.
  const beside = before.certificates.slice(1).filter((arn) => !certificates.includes(arn));
  const used = certificates.length > 0 ? [...certificates, ...beside] : before.certificates;
  if (used.length === 0) throw invalid(`A certificate must be specified for ${protocol} listeners`);
  const sslPolicy = policy ?? before.sslPolicy ?? defaultPolicy;
  if (!Object.hasOwn(policies, sslPolicy))
    throw new AwsError("SSLPolicyNotFound", `SSL policy '${sslPolicy}' not found`);
  return { certificates: used, sslPolicy, alpnPolicy: alpn ?? before.alpnPolicy };
}

function readCertificates(params: Struct): string[] {
  const arns = structs(params, "Certificates").map((each) => need(each, "CertificateArn"));
  if (arns.length > 1)
    throw invalid("Only one certificate can be specified: add further ones with AddListenerCertificates");
  for (const arn of arns) checkCertificate(arn);
  return arns;
}

/** There is no certificate store here: what looks like a certificate's ARN is one. @throws AwsError */
export function checkCertificate(arn: string): void {
  if (!/^arn:[a-z-]+:(acm:[a-z0-9-]+|iam:):\d{12}:(server-)?certificate\/.+$/.test(arn)) {
    throw new AwsError("CertificateNotFound", `Certificate '${arn}' not found`);
  }
}

function readAlpn(params: Struct): string[] {
  const sent = texts(params, "AlpnPolicy");
  if (sent.length > 1) throw invalid("Only one ALPN policy can be specified");
  const known = ["HTTP1Only", "HTTP2Only", "HTTP2Optional", "HTTP2Preferred", "None"];
  const policy = oneOf({ AlpnPolicy: sent[0] ?? "None" }, "AlpnPolicy", known);
  return sent.length === 0 || policy === undefined ? [] : [policy];
}

/** DescribeSSLPolicies: the policies' protocol versions; the sandbox lists no ciphers. */
export function describeSslPolicies(call: Call): Tree {
  const asked = texts(call.params, "Names");
  const missing = asked.find((name) => !Object.hasOwn(policies, name));
  if (missing !== undefined) throw new AwsError("SSLPolicyNotFound", `SSL policy '${missing}' not found`);
  const { shown, next } = page(call, asked.length > 0 ? asked : Object.keys(policies), (name) => name);
  const trees = shown.map((name) => ({
    SslProtocols: members(policies[name] ?? []),
    Ciphers: members([]),
    Name: name,
    SupportedLoadBalancerTypes: members(["application", "network"]),
  }));
  return { SslPolicies: members(trees), NextMarker: next };
}
