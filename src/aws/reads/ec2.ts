import * as ec2 from "@aws-sdk/client-ec2";
import type { Aws } from "../aws.ts";
import { all, type Door, inChunks } from "./lists.ts";

/** What is read of EC2. */
export interface Ec2Reads {
  subnets(ids: readonly string[]): Promise<ec2.Subnet[]>;
  /** Subnets that carry a tag of one of these keys, whatever its value. */
  subnetsTagged(keys: readonly string[]): Promise<ec2.Subnet[]>;
  /** Every VPC of the account and Region: there are few. */
  vpcs(): Promise<ec2.Vpc[]>;
  endpointServices(filters: readonly ec2.Filter[]): Promise<ec2.ServiceConfiguration[]>;
  /** Connections to our services; all of the account's services, or only these. */
  connections(serviceIds?: readonly string[]): Promise<ec2.VpcEndpointConnection[]>;
  permissions(serviceId: string): Promise<ec2.AllowedPrincipal[]>;
  endpoints(filters: readonly ec2.Filter[]): Promise<ec2.VpcEndpoint[]>;
  /** Notifications about these services or endpoints, or about all of the account. */
  notifications(filters: readonly ec2.Filter[]): Promise<ec2.ConnectionNotification[]>;
  /** The consumer's view of services in one Region; what does not exist or is not allowed is missing. */
  consumerServices(names: readonly string[], region: string): Promise<ec2.ServiceDetail[]>;
  securityGroups(filters: readonly ec2.Filter[]): Promise<ec2.SecurityGroup[]>;
  securityGroupRules(groupIds: readonly string[]): Promise<ec2.SecurityGroupRule[]>;
  networkInterfaces(filters: readonly ec2.Filter[]): Promise<ec2.NetworkInterface[]>;
}

const PAGE = 1000;
/** EC2 takes up to 200 values in the filters of one call, all of them together. */
const FILTER_VALUES = 200;

export function ec2Reads(aws: Aws, { once, limit }: Door): Ec2Reads {
  const ec2Page = { client: aws.ec2, pageSize: PAGE };
  return {
    subnets: (ids) =>
      once(`subnets ${ids}`, () =>
        inChunks(ids, FILTER_VALUES, (Values) =>
          limit(() =>
            all(
              ec2.paginateDescribeSubnets(ec2Page, { Filters: [{ Name: "subnet-id", Values }] }),
              (page) => page.Subnets,
            ),
          ),
        ),
      ),
    subnetsTagged: (keys) =>
      once(`subnets tagged ${keys}`, () =>
        inChunks(keys, FILTER_VALUES, (Values) =>
          limit(() =>
            all(
              ec2.paginateDescribeSubnets(ec2Page, { Filters: [{ Name: "tag-key", Values }] }),
              (page) => page.Subnets,
            ),
          ),
        ),
      ),
    vpcs: () => once("vpcs", () => limit(() => all(ec2.paginateDescribeVpcs(ec2Page, {}), (page) => page.Vpcs))),
    endpointServices: (filters) =>
      once(`services ${keyOf(filters)}`, () =>
        inCalls(filters, (Filters) =>
          limit(() =>
            all(
              ec2.paginateDescribeVpcEndpointServiceConfigurations(ec2Page, { Filters }),
              (page) => page.ServiceConfigurations,
            ),
          ),
        ),
      ),
    connections: (serviceIds) =>
      once(`connections ${serviceIds}`, async () => {
        const list = (Filters?: ec2.Filter[]) =>
          limit(() =>
            all(
              ec2.paginateDescribeVpcEndpointConnections(ec2Page, Filters ? { Filters } : {}),
              (page) => page.VpcEndpointConnections,
            ),
          );
        return serviceIds
          ? inChunks(serviceIds, FILTER_VALUES, (Values) => list([{ Name: "service-id", Values }]))
          : list();
      }),
    permissions: (ServiceId) =>
      once(`permissions ${ServiceId}`, () =>
        limit(() =>
          all(
            ec2.paginateDescribeVpcEndpointServicePermissions(ec2Page, { ServiceId }),
            (page) => page.AllowedPrincipals,
          ),
        ),
      ),
    endpoints: (filters) =>
      once(`endpoints ${keyOf(filters)}`, () =>
        inCalls(filters, (Filters) =>
          limit(() => all(ec2.paginateDescribeVpcEndpoints(ec2Page, { Filters }), (page) => page.VpcEndpoints)),
        ),
      ),
    notifications: (filters) =>
      once(`notifications ${keyOf(filters)}`, () =>
        inCalls(filters, (Filters) =>
          limit(() =>
            all(
              ec2.paginateDescribeVpcEndpointConnectionNotifications(ec2Page, { Filters }),
              (page) => page.ConnectionNotificationSet,
            ),
          ),
        ),
      ),
    consumerServices: (names, region) =>
      once(`consumer ${region} ${names}`, () =>
        inChunks(names, FILTER_VALUES, (Values) =>
          limit(() =>
            consumerServices(aws, {
              Filters: [{ Name: "service-name", Values }],
              ServiceRegions: [region],
              MaxResults: PAGE,
            }),
          ),
        ),
      ),
    securityGroups: (filters) =>
      once(`groups ${keyOf(filters)}`, () =>
        inCalls(filters, (Filters) =>
          limit(() => all(ec2.paginateDescribeSecurityGroups(ec2Page, { Filters }), (page) => page.SecurityGroups)),
        ),
      ),
    securityGroupRules: (groupIds) =>
      once(`rules ${groupIds}`, () =>
        inChunks(groupIds, FILTER_VALUES, (Values) =>
          limit(() =>
            all(
              ec2.paginateDescribeSecurityGroupRules(ec2Page, { Filters: [{ Name: "group-id", Values }] }),
              (page) => page.SecurityGroupRules,
            ),
          ),
        ),
      ),
    networkInterfaces: (filters) =>
      once(`interfaces ${keyOf(filters)}`, () =>
        inCalls(filters, (Filters) =>
          limit(() =>
            all(ec2.paginateDescribeNetworkInterfaces(ec2Page, { Filters }), (page) => page.NetworkInterfaces),
          ),
        ),
      ),
  };
}

const keyOf = (filters: readonly ec2.Filter[]): string =>
  filters.map(({ Name, Values }) => `${Name}=${Values}`).join("&");

/** One question to EC2 in as many calls as its filters' values need: the longest filter is divided among them. */
async function inCalls<T>(filters: readonly ec2.Filter[], read: (filters: ec2.Filter[]) => Promise<T[]>): Promise<T[]> {
  const count = (filter: ec2.Filter | undefined) => filter?.Values?.length ?? 0;
  const longest = filters.reduce((a, b) => (count(b) > count(a) ? b : a), filters[0] ?? {});
  const room = FILTER_VALUES - filters.reduce((sum, filter) => sum + (filter === longest ? 0 : count(filter)), 0);
  if (count(longest) <= room) return read([...filters]);
  return inChunks(longest.Values ?? [], room, (Values) =>
    read(filters.map((filter) => (filter === longest ? { ...filter, Values } : filter))),
  );
}

/** The SDK has no paginator for DescribeVpcEndpointServices. */
async function consumerServices(
  aws: Aws,
  input: ec2.DescribeVpcEndpointServicesCommandInput,
): Promise<ec2.ServiceDetail[]> {
  const found: ec2.ServiceDetail[] = [];
  let NextToken: string | undefined;
  do {
    const page: ec2.DescribeVpcEndpointServicesCommandOutput = await aws.ec2.send(
      new ec2.DescribeVpcEndpointServicesCommand({ ...input, ...(NextToken ? { NextToken } : {}) }),
    );
    found.push(...(page.ServiceDetails ?? []));
    NextToken = page.NextToken || undefined;
  } while (NextToken);
  return found;
}
