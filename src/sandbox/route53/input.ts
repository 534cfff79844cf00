import { AwsError, type Call } from "../operation.ts";
import { type Struct, struct, text } from "../params.ts";
import { accountOf, regionOf } from "../places.ts";
import type { Account } from "../world.ts";

/** A VPC as Route 53 names it. */
export interface VpcRef {
  id: string;
  region: string;
}

/** A request that breaks a rule of the API itself. */
export function invalidInput(message: string): AwsError {
  return new AwsError("InvalidInput", message);
}

/** The caller's account, which owns its zones in no particular Region. */
export function mine(call: Call): Account {
  return accountOf(call.world, call.account);
}

/** The text of a member that must be sent. @throws AwsError InvalidInput */
export function need(params: Struct, name: string): string {
  const value = text(params, name);
  if (value === undefined || value === "") throw invalidInput(`Invalid request: Missing field '${name}'`);
  return value;
}

/** The page size: what is asked for, at most what AWS shows. @throws AwsError InvalidInput */
export function pageSize(params: Struct, name: string, most: number): number {
  const asked = text(params, name);
  if (asked === undefined) return most;
  if (!/^[1-9]\d{0,8}$/.test(asked))
    throw invalidInput(`Invalid value '${asked}' for ${name}: a number of at least 1 is expected`);
  return Math.min(Number(asked), most);
}

/** The VPC of a request. @throws AwsError InvalidInput */
export function readVpc(call: Call): VpcRef {
  const vpc = struct(call.params, "VPC") ?? {};
  return { id: need(vpc, "VPCId"), region: need(vpc, "VPCRegion") };
}

/** Whether the VPC belongs to the account. */
export function ownsVpc(call: Call, account: string, vpc: VpcRef): boolean {
  return regionOf(call.world, account, vpc.region).vpcs[vpc.id] !== undefined;
}

/** Whether both are the same VPC. */
export function sameVpc(a: VpcRef, b: VpcRef): boolean {
  return a.id === b.id && a.region === b.region;
}
