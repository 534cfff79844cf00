import { AuthorizeSecurityGroupIngressCommand, ModifyVpcEndpointCommand } from "@aws-sdk/client-ec2";
import { APPS } from "../harness.ts";
import { apps, ec2Tag, edit, type Table } from "./scene.ts";

const DUAL = "rich/endpoint/both";
const PLAIN = "rich/endpoint/plain";
const GROUP = `${DUAL}/security-group`;
const DENY = JSON.stringify({ Statement: [{ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" }] });

/** Endpoints and their security groups. */
export const consuming: Pick<Table, "security-group" | "vpc-endpoint"> = {
  "security-group": {
    vpcId: {
      at: GROUP,
      by: edit(APPS, "securityGroups", (one) => Object.assign(one, { vpcId: "vpc-0b1b2c3d4e5f60009" })),
    },
    ingress: {
      at: GROUP,
      by: (scene) =>
        apps(scene).ec2.send(
          new AuthorizeSecurityGroupIngressCommand({
            GroupId: scene.live.id,
            IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
          }),
        ),
    },
    tags: ec2Tag(GROUP, APPS),
  },
  "vpc-endpoint": {
    vpcId: {
      at: PLAIN,
      by: edit(APPS, "vpcEndpoints", (one) => Object.assign(one, { vpcId: "vpc-0b1b2c3d4e5f60009" })),
    },
    serviceName: {
      at: PLAIN,
      by: edit(APPS, "vpcEndpoints", (one) =>
        Object.assign(one, { serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0" }),
      ),
    },
    serviceRegion: {
      at: PLAIN,
      by: edit(APPS, "vpcEndpoints", (one) => Object.assign(one, { serviceRegion: "eu-west-1" })),
    },
    subnetIds: {
      at: PLAIN,
      by: (scene) =>
        apps(scene).ec2.send(
          new ModifyVpcEndpointCommand({ VpcEndpointId: scene.live.id, AddSubnetIds: ["subnet-0b1b2c3d4e5f60001"] }),
        ),
    },
    securityGroupIds: {
      at: DUAL,
      by: (scene) =>
        apps(scene).ec2.send(
          new ModifyVpcEndpointCommand({ VpcEndpointId: scene.live.id, AddSecurityGroupIds: ["sg-0b1b2c3d4e5f60005"] }),
        ),
    },
    dnsRecordIpType: {
      at: DUAL,
      by: (scene) =>
        apps(scene).ec2.send(
          new ModifyVpcEndpointCommand({ VpcEndpointId: scene.live.id, DnsOptions: { DnsRecordIpType: "ipv4" } }),
        ),
    },
    ipAddressType: {
      at: PLAIN,
      by: (scene) =>
        apps(scene).ec2.send(
          new ModifyVpcEndpointCommand({ VpcEndpointId: scene.live.id, IpAddressType: "dualstack" }),
        ),
    },
    privateDnsEnabled: {
      at: DUAL,
      by: (scene) =>
        apps(scene).ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: scene.live.id, PrivateDnsEnabled: false })),
    },
    policy: {
      at: PLAIN,
      by: edit(APPS, "vpcEndpoints", (one) => Object.assign(one, { policySet: true, policyDocument: DENY })),
    },
    tags: ec2Tag(PLAIN, APPS),
  },
};
