import { newId } from "../ids.ts";
import { AwsError, type Call } from "../operation.ts";
import type { LoadBalancer, NetworkInterface, Subnet } from "../world.ts";
import { freeAddress, inCidr, isTaken } from "./addresses.ts";
import { here, invalid } from "./input.ts";

/** How long the network interfaces of a deleted load balancer stay, in seconds; Terraform waits for up to five minutes. */
const lingerSeconds = 120;

/**
 * Gives the load balancer a network interface in each of these subnets, or in none. @throws AwsError InvalidSubnet when a subnet is full,
 * ValidationError when a chosen address is not free
 */
export function addInterfaces(call: Call, balancer: LoadBalancer, subnets: readonly Subnet[]): void {
  const addressed = subnets.map((subnet) => ({ subnet, privateIp: addressIn(call, balancer, subnet) }));
  for (const { subnet, privateIp } of addressed) addInterface(call, balancer, subnet, privateIp);
}

function addressIn(call: Call, balancer: LoadBalancer, subnet: Subnet): string {
  const chosen = balancer.fixedAddresses?.[subnet.id];
  if (chosen !== undefined) checkFixedAddress(call, subnet, chosen);
  const address = chosen ?? freeAddress(here(call), subnet);
  if (address !== undefined) return address;
  throw new AwsError("InvalidSubnet", `Not enough IP space available in ${subnet.id}. ELB requires at least 1 free IP`);
}

function addInterface(call: Call, balancer: LoadBalancer, subnet: Subnet, privateIp: string): void {
  const id = newId(call.world, "eni-");
  here(call).networkInterfaces[id] = {
    id,
    interfaceType: "network_load_balancer",
    description: `ELB ${balancer.arn.split(":loadbalancer/")[1]}`,
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    privateIp,
    securityGroupIds: [...balancer.securityGroupIds],
    ownerId: balancer.arn,
  };
}

function checkFixedAddress(call: Call, subnet: Subnet, address: string): void {
  if (!inCidr(address, subnet.cidr)) throw invalid(`The IP address '${address}' is not in the subnet '${subnet.id}'`);
  if (isTaken(here(call), subnet.id, address)) throw invalid(`The IP address '${address}' is already in use`);
}

/** The network interfaces that a load balancer has now. */
export function interfacesOf(call: Call, balancer: LoadBalancer): NetworkInterface[] {
  return Object.values(here(call).networkInterfaces).filter(
    (each) => each.ownerId === balancer.arn && each.lingering === undefined,
  );
}

/** Lets go of the interfaces in the given subnets: they stay visible for a while, and with them the use of their security groups. */
export function releaseInterfaces(call: Call, balancer: LoadBalancer, subnetIds: readonly string[]): void {
  for (const each of interfacesOf(call, balancer)) {
    if (subnetIds.includes(each.subnetId)) each.lingering = call.clock.settle(lingerSeconds);
  }
}
