import { expect } from "vitest";
import { aws, type GuideCommand } from "./command.ts";
import { PROVIDER } from "./world.ts";

const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);

const loadBalancerArn = like(
  /^arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer\/net\/my-service-nlb\/[0-9a-f]{16}$/,
);
const targetGroupArn = like(
  /^arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup\/my-service-targets\/[0-9a-f]{16}$/,
);

const loadBalancer = {
  LoadBalancerArn: loadBalancerArn,
  DNSName: like(/^my-service-nlb-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com$/),
  CanonicalHostedZoneId: "Z26RNL4JYFTOTI",
  CreatedTime: like(/^2026-01-15T10:00:00/),
  LoadBalancerName: "my-service-nlb",
  Scheme: "internal",
  VpcId: "vpc-provider",
  Type: "network",
  AvailabilityZones: [
    { ZoneName: "us-east-1a", SubnetId: "subnet-provider-1a" },
    { ZoneName: "us-east-1b", SubnetId: "subnet-provider-1b" },
  ],
  IpAddressType: "ipv4",
};

/** The provider's load balancer, with its targets and its listener. */
export const loadBalancerCommands: readonly GuideCommand[] = [
  {
    as: PROVIDER,
    argv: aws`elbv2 create-load-balancer --name my-service-nlb --type network --scheme internal
      --subnets subnet-provider-1a subnet-provider-1b --tags Key=Purpose,Value=PrivateLink`,
    keep: { loadBalancer: "LoadBalancers.0.LoadBalancerArn" },
    answer: { LoadBalancers: [{ ...loadBalancer, State: { Code: "provisioning" } }] },
  },
  {
    as: PROVIDER,
    argv: aws`elbv2 create-target-group --name my-service-targets --protocol TCP --port 443 --vpc-id vpc-provider
      --target-type instance --health-check-protocol TCP --health-check-port 443`,
    keep: { targetGroup: "TargetGroups.0.TargetGroupArn" },
    answer: {
      TargetGroups: [
        {
          TargetGroupArn: targetGroupArn,
          TargetGroupName: "my-service-targets",
          Protocol: "TCP",
          Port: 443,
          VpcId: "vpc-provider",
          HealthCheckProtocol: "TCP",
          HealthCheckPort: "443",
          HealthCheckEnabled: true,
          HealthCheckIntervalSeconds: 30,
          HealthCheckTimeoutSeconds: 10,
          HealthyThresholdCount: 5,
          UnhealthyThresholdCount: 2,
          TargetType: "instance",
          IpAddressType: "ipv4",
        },
      ],
    },
  },
  {
    as: PROVIDER,
    argv: aws`elbv2 register-targets --target-group-arn {targetGroup}
      --targets Id=i-0a1b2c3d4e5f60001 Id=i-0a1b2c3d4e5f60002`,
    answer: undefined,
  },
  {
    as: PROVIDER,
    argv: aws`elbv2 create-listener --load-balancer-arn {loadBalancer} --protocol TCP --port 443
      --default-actions Type=forward,TargetGroupArn={targetGroup}`,
    keep: { listener: "Listeners.0.ListenerArn" },
    answer: {
      Listeners: [
        {
          ListenerArn: like(/:listener\/net\/my-service-nlb\/[0-9a-f]{16}\/[0-9a-f]{16}$/),
          LoadBalancerArn: loadBalancerArn,
          Port: 443,
          Protocol: "TCP",
          DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
        },
      ],
    },
  },
  {
    as: PROVIDER,
    argv: aws`elbv2 describe-load-balancers --load-balancer-arns {loadBalancer}`,
    answer: { LoadBalancers: [{ ...loadBalancer, State: { Code: "active" } }] },
    beyond: "an endpoint service takes only an active load balancer",
    tries: 5,
  },
  {
    as: PROVIDER,
    argv: aws`elbv2 describe-listeners --load-balancer-arn {loadBalancer}`,
    answer: { Listeners: [{ LoadBalancerArn: loadBalancerArn, Port: 443, Protocol: "TCP" }] },
    beyond: "a look at what was made",
  },
  {
    as: PROVIDER,
    argv: aws`elbv2 describe-target-health --target-group-arn {targetGroup}`,
    answer: {
      TargetHealthDescriptions: ["i-0a1b2c3d4e5f60001", "i-0a1b2c3d4e5f60002"].map((Id) => ({
        Target: { Id, Port: 443 },
        HealthCheckPort: "443",
        TargetHealth: { State: "healthy" },
      })),
    },
    beyond: "a look at what was made, until the health checks pass",
    tries: 5,
  },
];

const service = {
  ServiceType: [{ ServiceType: "Interface" }],
  ServiceId: like(/^vpce-svc-[0-9a-f]{17}$/),
  ServiceName: like(/^com\.amazonaws\.vpce\.us-east-1\.vpce-svc-[0-9a-f]{17}$/),
  AvailabilityZones: ["us-east-1a", "us-east-1b"],
  AcceptanceRequired: true,
  ManagesVpcEndpoints: false,
  NetworkLoadBalancerArns: [loadBalancerArn],
  BaseEndpointDnsNames: [like(/^vpce-svc-[0-9a-f]{17}\.us-east-1\.vpce\.amazonaws\.com$/)],
  Tags: [{ Key: "Name", Value: "my-api-service" }],
};

/** The provider's endpoint service and who may connect to it. */
export const serviceCommands: readonly GuideCommand[] = [
  {
    as: PROVIDER,
    argv: aws`ec2 create-vpc-endpoint-service-configuration --network-load-balancer-arns {loadBalancer}
      --acceptance-required
      --tag-specifications ResourceType=vpc-endpoint-service-configuration,Tags=[{Key=Name,Value=my-api-service}]`,
    keep: { service: "ServiceConfiguration.ServiceId", serviceName: "ServiceConfiguration.ServiceName" },
    answer: { ServiceConfiguration: { ...service, ServiceState: like(/^(Pending|Available)$/) } },
  },
  ...["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:role/ServiceConsumerRole"].map(
    (principal): GuideCommand => ({
      as: PROVIDER,
      argv: aws`ec2 modify-vpc-endpoint-service-permissions --service-id {service}
        --add-allowed-principals ${principal}`,
      answer: {
        AddedPrincipals: [
          {
            PrincipalType: principal.endsWith(":root") ? "Account" : "Role",
            Principal: principal,
            ServicePermissionId: like(/^vpce-svc-perm-[0-9a-f]{17}$/),
            ServiceId: service.ServiceId,
          },
        ],
        ReturnValue: true,
      },
    }),
  ),
  {
    as: PROVIDER,
    argv: aws`ec2 modify-vpc-endpoint-service-permissions --service-id {service}
      --add-allowed-principals arn:aws:organizations::111111111111:organization/o-abc123`,
    // AWS documents no type for an organization, so none is asked for.
    answer: {
      AddedPrincipals: [{ Principal: "arn:aws:organizations::111111111111:organization/o-abc123" }],
      ReturnValue: true,
    },
  },
  {
    as: PROVIDER,
    argv: aws`ec2 describe-vpc-endpoint-service-permissions --service-id {service}`,
    answer: {
      AllowedPrincipals: [
        { PrincipalType: "Account", Principal: "arn:aws:iam::222222222222:root" },
        { PrincipalType: "Role", Principal: "arn:aws:iam::333333333333:role/ServiceConsumerRole" },
        { Principal: "arn:aws:organizations::111111111111:organization/o-abc123" },
      ],
    },
    beyond: "a look at what was made",
  },
  {
    as: PROVIDER,
    argv: aws`ec2 describe-vpc-endpoint-service-configurations --service-ids {service}`,
    answer: { ServiceConfigurations: [{ ...service, ServiceState: "Available" }] },
    beyond: "a look at what was made, until it can be used",
    tries: 5,
  },
];
