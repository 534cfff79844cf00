import { operations as ec2 } from "./ec2/index.ts";
import { operations as elbv2 } from "./elbv2/index.ts";
import type { Operations } from "./operation.ts";
import { awsQuery, ec2Query, type Protocol, restXml } from "./protocol.ts";
import { operations as route53 } from "./route53/index.ts";
import { operations as sts } from "./sts/index.ts";

/** One AWS service as the sandbox serves it. */
export interface Service {
  /** As faults and the request log name it. */
  name: "ec2" | "elbv2" | "route53" | "sts";
  /** The prefix of its IAM actions, which is also its signing name. */
  iam: string;
  /** The API version that its query requests carry. */
  version: string;
  protocol: Protocol;
  operations: Operations;
}

/** Every service that the sandbox speaks. */
export const services = {
  ec2: { name: "ec2", iam: "ec2", version: "2016-11-15", protocol: ec2Query, operations: ec2 },
  elbv2: {
    name: "elbv2",
    iam: "elasticloadbalancing",
    version: "2015-12-01",
    protocol: awsQuery("http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"),
    operations: elbv2,
  },
  sts: {
    name: "sts",
    iam: "sts",
    version: "2011-06-15",
    protocol: awsQuery("https://sts.amazonaws.com/doc/2011-06-15/"),
    operations: sts,
  },
  route53: {
    name: "route53",
    iam: "route53",
    version: "2013-04-01",
    protocol: restXml("https://route53.amazonaws.com/doc/2013-04-01/"),
    operations: route53,
  },
} satisfies Record<string, Service>;

/** True for an operation that changes something; AssumeRole changes nothing. */
export function isWrite(action: string): boolean {
  return !/^(Describe|List|Get|Assume)/.test(action);
}
