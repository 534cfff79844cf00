import {
  AcceptVpcEndpointConnectionsCommand,
  CreateVpcEndpointServiceConfigurationCommand,
  DeleteVpcEndpointServiceConfigurationsCommand,
  ModifyVpcEndpointServicePermissionsCommand,
} from "@aws-sdk/client-ec2";
import { CreateLoadBalancerCommand, DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Partnership, placeOf } from "./stage.ts";

/** An endpoint service of the partner's, made by plain calls of its own account. */
export interface Offer {
  /** `vpce-svc-...` */
  readonly id: string;
  readonly name: string;
  /** Lets more principals in. */
  allow(...principals: readonly string[]): Promise<void>;
  /** Accepts an endpoint of ours. */
  accept(endpoint: string): Promise<void>;
  /** Takes the service away; AWS refuses that while anybody is connected. */
  withdraw(): Promise<void>;
}

/** Whether the partner accepts each request by hand, and in how many zones its service is; all that its account has when left out. */
export interface OfferOptions {
  readonly byHand: boolean;
  readonly zones?: number;
}

/** A load balancer and an endpoint service in the partner's account, which nobody may use yet. */
export async function partnerOffers(
  stage: Partnership,
  account: string,
  { byHand, zones = 9 }: OfferOptions,
): Promise<Offer> {
  const { ec2, elbv2 } = stage.as(account);
  const Subnets = placeOf(stage, account).subnets.slice(0, zones);
  const made = await elbv2.send(
    new CreateLoadBalancerCommand({ Name: "partner", Type: "network", Scheme: "internal", Subnets }),
  );
  const arn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  for (let looks = 0; ; looks++) {
    const { LoadBalancers } = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
    if (LoadBalancers?.[0]?.State?.Code === "active") break;
    if (looks > 20) throw new Error(`${arn} does not become active`);
  }
  const { ServiceConfiguration } = await ec2.send(
    new CreateVpcEndpointServiceConfigurationCommand({ NetworkLoadBalancerArns: [arn], AcceptanceRequired: byHand }),
  );
  const { ServiceId = "", ServiceName = "" } = ServiceConfiguration ?? {};
  return {
    id: ServiceId,
    name: ServiceName,
    async allow(...principals) {
      await ec2.send(
        new ModifyVpcEndpointServicePermissionsCommand({ ServiceId, AddAllowedPrincipals: [...principals] }),
      );
    },
    async accept(endpoint) {
      await ec2.send(new AcceptVpcEndpointConnectionsCommand({ ServiceId, VpcEndpointIds: [endpoint] }));
    },
    async withdraw() {
      const { Unsuccessful = [] } = await ec2.send(
        new DeleteVpcEndpointServiceConfigurationsCommand({ ServiceIds: [ServiceId] }),
      );
      if (Unsuccessful.length > 0) throw new Error(JSON.stringify(Unsuccessful));
    },
  };
}
