import * as ec2 from "@aws-sdk/client-ec2";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as r53 from "@aws-sdk/client-route-53";
import type { Aws } from "./aws.ts";
import { type AwsFailure, failureOf, isDenied } from "./errors.ts";
import { partitionOf } from "./partition.ts";

/** Where to look, and a VPC of the account if it has one: Route 53 refuses to list the zones of a VPC that is not ours. */
export interface ProbePlaces {
  readonly region: string;
  readonly account: string;
  readonly vpcId?: string;
}

/** `skipped`: there is nothing in the account that the question could be asked about. */
export type ReadAnswer =
  | { readonly is: "allowed" | "skipped" }
  | { readonly is: "denied" | "unclear"; readonly failure: AwsFailure };

type Probe = (aws: Aws, places: ProbePlaces) => Promise<unknown> | undefined;

/** EC2's smallest page; Describe calls of some lists take no less. */
const FEW = { MaxResults: 5 };
const ONE = { PageSize: 1 };
const NO_SERVICE = "vpce-svc-00000000000000000";
const NO_ZONE = "Z00000000000000000000";

/**
 * One harmless call for each read that Landline makes, by the IAM action that it needs: a page of the smallest size, or a question about an
 * object that nobody has, which AWS answers with "not found" only to who may ask. Tests hold the names against what `landline iam` prints.
 */
const PROBES: { readonly [action: string]: Probe } = {
  "ec2:DescribeNetworkInterfaces": ({ ec2: to }) => to.send(new ec2.DescribeNetworkInterfacesCommand(FEW)),
  "ec2:DescribeSecurityGroupRules": ({ ec2: to }) => to.send(new ec2.DescribeSecurityGroupRulesCommand(FEW)),
  "ec2:DescribeSecurityGroups": ({ ec2: to }) => to.send(new ec2.DescribeSecurityGroupsCommand(FEW)),
  "ec2:DescribeSubnets": ({ ec2: to }) => to.send(new ec2.DescribeSubnetsCommand(FEW)),
  "ec2:DescribeVpcEndpointConnectionNotifications": ({ ec2: to }) =>
    to.send(new ec2.DescribeVpcEndpointConnectionNotificationsCommand(FEW)),
  "ec2:DescribeVpcEndpointConnections": ({ ec2: to }) => to.send(new ec2.DescribeVpcEndpointConnectionsCommand(FEW)),
  "ec2:DescribeVpcEndpointServiceConfigurations": ({ ec2: to }) =>
    to.send(new ec2.DescribeVpcEndpointServiceConfigurationsCommand(FEW)),
  "ec2:DescribeVpcEndpointServicePermissions": ({ ec2: to }) =>
    to.send(new ec2.DescribeVpcEndpointServicePermissionsCommand({ ServiceId: NO_SERVICE })),
  "ec2:DescribeVpcEndpointServices": ({ ec2: to }) => to.send(new ec2.DescribeVpcEndpointServicesCommand(FEW)),
  "ec2:DescribeVpcEndpoints": ({ ec2: to }) => to.send(new ec2.DescribeVpcEndpointsCommand(FEW)),
  "ec2:DescribeVpcs": ({ ec2: to }) => to.send(new ec2.DescribeVpcsCommand(FEW)),
  "elasticloadbalancing:DescribeAccountLimits": ({ elbv2 }) => elbv2.send(new elb.DescribeAccountLimitsCommand(ONE)),
  "elasticloadbalancing:DescribeListenerAttributes": ({ elbv2 }, places) =>
    elbv2.send(new elb.DescribeListenerAttributesCommand({ ListenerArn: arn(places, "listener") })),
  "elasticloadbalancing:DescribeListenerCertificates": ({ elbv2 }, places) =>
    elbv2.send(new elb.DescribeListenerCertificatesCommand({ ListenerArn: arn(places, "listener") })),
  "elasticloadbalancing:DescribeListeners": ({ elbv2 }, places) =>
    elbv2.send(new elb.DescribeListenersCommand({ LoadBalancerArn: arn(places, "loadbalancer") })),
  "elasticloadbalancing:DescribeLoadBalancerAttributes": ({ elbv2 }, places) =>
    elbv2.send(new elb.DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn(places, "loadbalancer") })),
  "elasticloadbalancing:DescribeLoadBalancers": ({ elbv2 }) => elbv2.send(new elb.DescribeLoadBalancersCommand(ONE)),
  "elasticloadbalancing:DescribeTags": ({ elbv2 }, places) =>
    elbv2.send(new elb.DescribeTagsCommand({ ResourceArns: [arn(places, "loadbalancer")] })),
  "elasticloadbalancing:DescribeTargetGroupAttributes": ({ elbv2 }, places) =>
    elbv2.send(new elb.DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn(places, "targetgroup") })),
  "elasticloadbalancing:DescribeTargetGroups": ({ elbv2 }) => elbv2.send(new elb.DescribeTargetGroupsCommand(ONE)),
  "elasticloadbalancing:DescribeTargetHealth": ({ elbv2 }, places) =>
    elbv2.send(new elb.DescribeTargetHealthCommand({ TargetGroupArn: arn(places, "targetgroup") })),
  "route53:GetHostedZone": ({ route53 }) => route53.send(new r53.GetHostedZoneCommand({ Id: NO_ZONE })),
  "route53:ListHostedZones": ({ route53 }) => route53.send(new r53.ListHostedZonesCommand({ MaxItems: 1 })),
  "route53:ListHostedZonesByVPC": ({ route53 }, { vpcId, region }) =>
    vpcId === undefined
      ? undefined
      : route53.send(
          new r53.ListHostedZonesByVPCCommand({ VPCId: vpcId, VPCRegion: region as r53.VPCRegion, MaxItems: 1 }),
        ),
  "route53:ListResourceRecordSets": ({ route53 }) =>
    route53.send(new r53.ListResourceRecordSetsCommand({ HostedZoneId: NO_ZONE, MaxItems: 1 })),
  "route53:ListTagsForResources": ({ route53 }) =>
    route53.send(new r53.ListTagsForResourcesCommand({ ResourceType: "hostedzone", ResourceIds: [NO_ZONE] })),
  "route53:ListVPCAssociationAuthorizations": ({ route53 }) =>
    route53.send(new r53.ListVPCAssociationAuthorizationsCommand({ HostedZoneId: NO_ZONE })),
};

/** The actions that can be asked about. */
export const probedActions: readonly string[] = Object.keys(PROBES);

/** Whether the caller may make this read. Throws what is no answer of AWS: missing credentials, no connection. */
export async function probeRead(aws: Aws, action: string, places: ProbePlaces): Promise<ReadAnswer> {
  const probe = PROBES[action];
  if (!probe) throw new Error(`no probe for ${action}`);
  try {
    const asked = probe(aws, places);
    if (asked === undefined) return { is: "skipped" };
    await asked;
    return { is: "allowed" };
  } catch (error) {
    const failure = failureOf(error);
    if (isDenied(failure)) return { is: "denied", failure };
    if (failure.status === undefined) throw error;
    return /NotFound$|^NoSuch/.test(failure.code) ? { is: "allowed" } : { is: "unclear", failure };
  }
}

/** The first VPC of the account and Region; undefined when there is none or nobody may know. */
export async function anyVpc(aws: Aws): Promise<string | undefined> {
  try {
    return (await aws.ec2.send(new ec2.DescribeVpcsCommand(FEW))).Vpcs?.[0]?.VpcId;
  } catch (error) {
    if (isDenied(failureOf(error))) return undefined;
    throw error;
  }
}

/** The first Network Load Balancer of the account and Region; undefined when there is none or nobody may know. */
export async function anyNetworkLoadBalancer(aws: Aws): Promise<string | undefined> {
  try {
    const { LoadBalancers = [] } = await aws.elbv2.send(new elb.DescribeLoadBalancersCommand({ PageSize: 20 }));
    return LoadBalancers.find(({ Type }) => Type === "network")?.LoadBalancerArn;
  } catch (error) {
    if (isDenied(failureOf(error))) return undefined;
    throw error;
  }
}

/** A well-formed ARN of an object that is not there. */
function arn({ region, account }: ProbePlaces, type: "loadbalancer" | "listener" | "targetgroup"): string {
  const path = { loadbalancer: "net/landline-doctor", listener: "net/landline-doctor", targetgroup: "landline-doctor" };
  const ids = type === "listener" ? "0000000000000000/0000000000000000" : "0000000000000000";
  return `arn:${partitionOf(region)}:elasticloadbalancing:${region}:${account}:${type}/${path[type]}/${ids}`;
}
