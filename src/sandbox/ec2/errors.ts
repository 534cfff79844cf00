import { AwsError } from "../operation.ts";

/** EC2's refusals that more than one operation uses, in its own words. */

/** A parameter whose value cannot be used here. */
export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameter", message);
}

/** A parameter whose value is not of the kind that it should be. */
export function invalidValue(value: string, parameter: string, why: string): AwsError {
  return new AwsError("InvalidParameterValue", `Value (${value}) for parameter ${parameter} is invalid. ${why}`);
}

/** Parameters that exclude each other. */
export function invalidCombination(message: string): AwsError {
  return new AwsError("InvalidParameterCombination", message);
}

/** A VPC that the caller does not have in this Region. */
export function noVpc(id: string): AwsError {
  return new AwsError("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);
}

/** A subnet that the caller does not have in this Region. */
export function noSubnet(id: string): AwsError {
  return new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);
}

/** A prefix list that the caller cannot see in this Region. */
export function noPrefixList(id: string): AwsError {
  return new AwsError("InvalidPrefixListId.NotFound", `The prefix list ID '${id}' does not exist`);
}

/** A security group that the caller does not have in this Region, or an id that is none. */
export function noGroup(id: string): AwsError {
  if (!id.startsWith("sg-"))
    return new AwsError("InvalidGroupId.Malformed", `Invalid id: "${id}" (expecting "sg-...")`);
  return new AwsError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
}

/** A security group rule that the caller does not have in this Region. */
export function noRule(id: string): AwsError {
  return new AwsError("InvalidSecurityGroupRuleId.NotFound", `The security group rule ID '${id}' does not exist`);
}

/** An endpoint that the caller does not have in this Region, or an id that is none. */
export function noEndpoint(id: string): AwsError {
  if (!id.startsWith("vpce-"))
    return new AwsError("InvalidVpcEndpointId.Malformed", `Invalid Id: '${id}' (expecting 'vpce-...')`);
  return new AwsError("InvalidVpcEndpointId.NotFound", `The Vpc Endpoint Id '${id}' does not exist`);
}

/** An endpoint service that the caller does not own in this Region. */
export function noService(id: string): AwsError {
  return new AwsError("InvalidVpcEndpointServiceId.NotFound", `The VpcEndpointService Id '${id}' does not exist`);
}

/** A service name that nobody offers here, or that the caller may not use: AWS does not tell which. */
export function noServiceName(name: string): AwsError {
  return new AwsError("InvalidServiceName", `The Vpc Endpoint Service '${name}' does not exist`);
}

/** An object in a state in which this cannot be done. */
export function incorrectState(message: string): AwsError {
  return new AwsError("IncorrectState", message);
}
