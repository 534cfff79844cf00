import type * as Written from "../specs/connection.generated.ts";
import type * as Documents from "../specs/documents.ts";

/**
 * Connection specs as everything after `selectors.ts` sees them: what people name by tags, names and domains is an id here. The types have
 * the names of the written ones, of which each is a narrower case.
 */
export interface ConnectionDocument extends Omit<Documents.ConnectionDocument, "spec"> {
  spec: ConnectionSpec;
}

export interface ConnectionSpec extends Omit<Written.ConnectionSpec, "service" | "endpoints" | "records"> {
  service?: ServiceSpec;
  endpoints?: EndpointSpec[];
  records?: RecordSpec[];
}

export interface ServiceSpec extends Omit<Written.ServiceSpec, "loadBalancers"> {
  loadBalancers: (Written.ExistingLoadBalancerSpec | ManagedLoadBalancerSpec)[];
}

export interface ManagedLoadBalancerSpec extends Omit<Written.ManagedLoadBalancerSpec, "subnets" | "securityGroups"> {
  subnets: string[];
  securityGroups?: string[];
}

export interface EndpointSpec
  extends Omit<Written.EndpointSpec, "vpc" | "subnets" | "securityGroup" | "securityGroups" | "aliases"> {
  vpc: string;
  subnets: string[];
  securityGroup?: ManagedSecurityGroupSpec;
  securityGroups?: string[];
  aliases?: AliasSpec[];
}

export interface ManagedSecurityGroupSpec extends Omit<Written.ManagedSecurityGroupSpec, "ingress"> {
  ingress?: IngressSpec[];
}

export interface IngressSpec extends Omit<Written.IngressSpec, "from"> {
  from: string;
}

export interface RecordSpec extends Omit<Written.RecordSpec, "zone"> {
  zone: string;
}

export interface AliasSpec extends Omit<Written.AliasSpec, "zone"> {
  zone: string;
}
