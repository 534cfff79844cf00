import {
  ModifyVpcEndpointConnectionNotificationCommand,
  ModifyVpcEndpointServiceConfigurationCommand,
  ModifyVpcEndpointServicePermissionsCommand,
} from "@aws-sdk/client-ec2";
import { CreateLoadBalancerCommand, DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { EndpointService } from "../../../src/sandbox/world.ts";
import { NETWORK } from "../harness.ts";
import { ec2Tag, edit, network, type Scene, type Table } from "./scene.ts";

/** The acceptance of the partner's endpoint; its id ends the address. */
export const PARTNERS = "rich-udp/service/acceptance/";

/** Somebody's own load balancer beside ours. */
async function strangersBalancer(scene: Scene): Promise<string> {
  const { elbv2 } = network(scene);
  const Subnets = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
  const { LoadBalancers } = await elbv2.send(
    new CreateLoadBalancerCommand({
      Name: "strangers",
      Type: "network",
      Scheme: "internal",
      Subnets,
      IpAddressType: "dualstack",
    }),
  );
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  for (;;) {
    const seen = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [LoadBalancerArn] }));
    if (seen.LoadBalancers?.[0]?.State?.Code === "active") return LoadBalancerArn;
  }
}

const service = (change: (service: EndpointService) => unknown) => edit(NETWORK, "endpointServices", change);

const TOLD = "rich/service/notification/us-east-1:111111111111:connections";

/** Endpoint services, who may ask for a connection, who has one and who is told. */
export const providing: Pick<Table, "endpoint-service" | "allowlist" | "acceptance" | "notification"> = {
  notification: {
    serviceOrEndpointId: { at: TOLD, identity: "the notification of the service that carries the address" },
    topicArn: { at: TOLD, identity: "the topic is in the address" },
    events: {
      at: TOLD,
      by: (scene) =>
        network(scene).ec2.send(
          new ModifyVpcEndpointConnectionNotificationCommand({
            ConnectionNotificationId: scene.live.id,
            ConnectionEvents: ["Delete"],
          }),
        ),
    },
  },
  "endpoint-service": {
    loadBalancerArns: {
      at: "rich/service",
      by: async (scene) =>
        network(scene).ec2.send(
          new ModifyVpcEndpointServiceConfigurationCommand({
            ServiceId: scene.live.id,
            AddNetworkLoadBalancerArns: [await strangersBalancer(scene)],
          }),
        ),
    },
    acceptanceRequired: {
      at: "rich/service",
      by: (scene) =>
        network(scene).ec2.send(
          new ModifyVpcEndpointServiceConfigurationCommand({ ServiceId: scene.live.id, AcceptanceRequired: true }),
        ),
    },
    privateDnsName: {
      // AWS takes no name away from a service that endpoints are connected to; to this one none is.
      at: "payments-api/service",
      by: (scene) =>
        network(scene).ec2.send(
          new ModifyVpcEndpointServiceConfigurationCommand({
            ServiceId: scene.live.id,
            PrivateDnsName: "payments.example.com",
          }),
        ),
    },
    supportedRegions: {
      at: "rich/service",
      by: service((one) => {
        one.supportedRegions = one.supportedRegions.filter(({ region }) => region === "us-east-1");
      }),
    },
    ipAddressTypes: {
      at: "rich/service",
      by: service((one) => Object.assign(one, { supportedIpAddressTypes: ["ipv4"] })),
    },
    tags: ec2Tag("rich/service", NETWORK),
  },
  allowlist: {
    serviceId: { at: "rich/service/allowlist", identity: "the list of the service that carries the address" },
    principals: {
      at: "rich/service/allowlist",
      by: (scene) =>
        network(scene).ec2.send(
          new ModifyVpcEndpointServicePermissionsCommand({
            ServiceId: scene.live.id,
            AddAllowedPrincipals: ["arn:aws:iam::999999999999:root"],
            RemoveAllowedPrincipals: ["arn:aws:iam::402592597372:root"],
          }),
        ),
    },
  },
  acceptance: {
    serviceId: { at: PARTNERS, identity: "the connection of this service and that endpoint" },
    endpointId: { at: PARTNERS, identity: "the connection of this service and that endpoint" },
    // Whoever rejects an endpoint ends it: then the endpoint itself is what differs (people.test.ts).
    decision: { at: PARTNERS, identity: "a connection that lives is an accepted one" },
  },
};
