import type { GuideCommand } from "./guide/command.ts";
import { connectionCommands, securityCommands } from "./guide/consumer-commands.ts";
import { aliasCommands, privateDnsCommands } from "./guide/dns-commands.ts";
import { loadBalancerCommands, serviceCommands } from "./guide/provider-commands.ts";

/**
 * Every `aws ec2`, `aws elbv2` and `aws route53` command of a public guide to AWS PrivateLink, in its order, and what AWS needs in between.
 * The guide's CloudWatch metrics are not here: the sandbox moves no traffic, so that there is nothing to measure.
 */
export const guideCommands: readonly GuideCommand[] = [
  ...loadBalancerCommands,
  ...serviceCommands,
  ...connectionCommands,
  ...privateDnsCommands,
  ...aliasCommands,
  ...securityCommands,
];
