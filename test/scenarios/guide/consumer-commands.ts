import { expect } from "vitest";
import { aws, type GuideCommand } from "./command.ts";
import { CONSUMER, PROVIDER } from "./world.ts";

const like = (pattern: RegExp): unknown => expect.stringMatching(pattern);

const endpointId = like(/^vpce-[0-9a-f]{17}$/);

const endpoint = {
  VpcEndpointId: endpointId,
  VpcEndpointType: "Interface",
  VpcId: "vpc-consumer",
  ServiceName: like(/^com\.amazonaws\.vpce\.us-east-1\.vpce-svc-[0-9a-f]{17}$/),
  SubnetIds: ["subnet-consumer-1a", "subnet-consumer-1b"],
  Groups: [{ GroupId: "sg-consumer-endpoint", GroupName: "consumer-endpoint" }],
  IpAddressType: "ipv4",
  PrivateDnsEnabled: false,
  RequesterManaged: false,
  NetworkInterfaceIds: [like(/^eni-[0-9a-f]{17}$/), like(/^eni-[0-9a-f]{17}$/)],
  OwnerId: CONSUMER,
  Tags: [{ Key: "Name", Value: "my-api-endpoint" }],
};

/** The consumer's endpoint, from its request to `available`. */
export const connectionCommands: readonly GuideCommand[] = [
  {
    as: CONSUMER,
    argv: aws`ec2 describe-vpc-endpoint-services --service-names {serviceName}`,
    answer: {
      ServiceNames: [endpoint.ServiceName],
      ServiceDetails: [
        {
          ServiceName: endpoint.ServiceName,
          ServiceType: [{ ServiceType: "Interface" }],
          Owner: PROVIDER,
          AvailabilityZones: ["us-east-1a", "us-east-1b"],
          AcceptanceRequired: true,
          ManagesVpcEndpoints: false,
        },
      ],
    },
    beyond: "a look at the service from the other account",
  },
  {
    as: CONSUMER,
    argv: aws`ec2 create-vpc-endpoint --vpc-id vpc-consumer --vpc-endpoint-type Interface
      --service-name {serviceName} --subnet-ids subnet-consumer-1a subnet-consumer-1b
      --security-group-ids sg-consumer-endpoint
      --tag-specifications ResourceType=vpc-endpoint,Tags=[{Key=Name,Value=my-api-endpoint}]`,
    keep: { endpoint: "VpcEndpoint.VpcEndpointId" },
    answer: { VpcEndpoint: { ...endpoint, State: "pendingAcceptance" } },
  },
  {
    as: PROVIDER,
    argv: aws`ec2 describe-vpc-endpoint-connections --filters Name=vpc-endpoint-state,Values=pendingAcceptance
      --query ${"VpcEndpointConnections[].{EndpointId:VpcEndpointId,Owner:VpcEndpointOwner,State:VpcEndpointState}"}`,
    answer: [{ EndpointId: endpointId, Owner: CONSUMER, State: "pendingAcceptance" }],
  },
  {
    as: PROVIDER,
    argv: aws`ec2 accept-vpc-endpoint-connections --service-id {service} --vpc-endpoint-ids {endpoint}`,
    answer: { Unsuccessful: [] },
  },
  {
    as: CONSUMER,
    argv: aws`ec2 describe-vpc-endpoints --vpc-endpoint-ids {endpoint}`,
    answer: { VpcEndpoints: [{ ...endpoint, State: "available" }] },
    beyond: "an accepted endpoint is pending for a while, and cannot be modified before it is available",
    tries: 5,
  },
  {
    as: PROVIDER,
    argv: aws`ec2 describe-vpc-endpoint-connections --filters Name=service-id,Values={service}`,
    answer: {
      VpcEndpointConnections: [
        {
          ServiceId: like(/^vpce-svc-[0-9a-f]{17}$/),
          VpcEndpointId: endpointId,
          VpcEndpointOwner: CONSUMER,
          VpcEndpointState: "available",
          CreationTimestamp: like(/^2026-01-15T10:00:00/),
          NetworkLoadBalancerArns: [like(/:loadbalancer\/net\/my-service-nlb\//)],
          IpAddressType: "ipv4",
          VpcEndpointConnectionId: like(/^vpce-con-[0-9a-f]{17}$/),
        },
      ],
    },
    beyond: "a look at the connection from the provider's side",
  },
];

const group = like(/^sg-[0-9a-f]{17}$/);

const endpointPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: "arn:aws:iam::222222222222:role/AppRole" }, Action: "*", Resource: "*" },
  ],
});

/** Who may use the consumer's endpoint: its security group and its policy. */
export const securityCommands: readonly GuideCommand[] = [
  {
    as: CONSUMER,
    argv: aws`ec2 create-security-group --group-name endpoint-sg
      --description ${"Security group for PrivateLink endpoint"} --vpc-id vpc-consumer`,
    keep: { group: "GroupId" },
    answer: {
      GroupId: group,
      SecurityGroupArn: like(/^arn:aws:ec2:us-east-1:222222222222:security-group\/sg-[0-9a-f]{17}$/),
    },
  },
  {
    as: CONSUMER,
    argv: aws`ec2 authorize-security-group-ingress --group-id {group} --protocol tcp --port 443
      --source-group sg-application-instances`,
    answer: {
      Return: true,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: like(/^sgr-[0-9a-f]{17}$/),
          GroupId: group,
          GroupOwnerId: CONSUMER,
          IsEgress: false,
          IpProtocol: "tcp",
          FromPort: 443,
          ToPort: 443,
          ReferencedGroupInfo: { GroupId: "sg-application-instances", UserId: CONSUMER },
        },
      ],
    },
  },
  {
    as: CONSUMER,
    argv: aws`ec2 modify-vpc-endpoint --vpc-endpoint-id {endpoint} --policy-document ${endpointPolicy}`,
    answer: { Return: true },
  },
  {
    as: CONSUMER,
    argv: aws`ec2 describe-vpc-endpoints --vpc-endpoint-ids {endpoint}`,
    answer: { VpcEndpoints: [{ State: "available", PolicyDocument: endpointPolicy }] },
    beyond: "an endpoint takes one change at a time",
    tries: 5,
  },
  {
    as: CONSUMER,
    argv: aws`ec2 modify-vpc-endpoint --vpc-endpoint-id {endpoint} --private-dns-enabled`,
    answer: { Return: true },
    beyond: "the guide calls the service by its private DNS name, which the endpoint has to switch on",
  },
  {
    as: CONSUMER,
    argv: aws`ec2 describe-vpc-endpoints --vpc-endpoint-ids {endpoint}`,
    answer: { VpcEndpoints: [{ ...endpoint, State: "available", PrivateDnsEnabled: true }] },
    beyond: "a look at what was changed",
    tries: 5,
  },
];
