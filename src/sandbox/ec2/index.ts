import type { Operations } from "../operation.ts";
import { connections } from "./connections.ts";
import { consumerServices } from "./consumer-services.ts";
import { endpointServices } from "./endpoint-services.ts";
import { interfaces } from "./interfaces.ts";
import { modifyEndpoint } from "./modify-endpoint.ts";
import { network } from "./network.ts";
import { notifications } from "./notifications.ts";
import { principals } from "./principals.ts";
import { privateDns } from "./private-dns.ts";
import { securityGroupRules } from "./security-group-rules.ts";
import { securityGroups } from "./security-groups.ts";
import { tagging } from "./tagging.ts";
import { vpcEndpoints } from "./vpc-endpoints.ts";

/** EC2's operations by action name: the parts that AWS PrivateLink touches. */
export const operations: Operations = {
  ...network,
  ...interfaces,
  ...securityGroups,
  ...securityGroupRules,
  ...tagging,
  ...endpointServices,
  ...privateDns,
  ...principals,
  ...connections,
  ...notifications,
  ...consumerServices,
  ...vpcEndpoints,
  ...modifyEndpoint,
};
