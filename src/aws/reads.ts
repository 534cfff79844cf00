import * as ec2 from "@aws-sdk/client-ec2";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as r53 from "@aws-sdk/client-route-53";
import { GetCallerIdentityCommand, type GetCallerIdentityCommandOutput } from "@aws-sdk/client-sts";
import pLimit from "p-limit";
import type { Wanted } from "../model.ts";
import type { Aws } from "./aws.ts";
import { absentOn } from "./errors.ts";
import { markedName } from "./records.ts";

/** What is being read, and for whom. */
export interface ReadScope {
  readonly project: string;
  readonly target: string;
  readonly wanted: Wanted;
}

/**
 * Every list that Landline reads, each asked of AWS once however many kinds need it. Has no way to send a command of the caller's choice:
 * who holds only this cannot write. Throws the SDK's errors; an id that does not exist is left out of the answer, never an error.
 */
export interface Reads extends ReadScope {
  identity(): Promise<GetCallerIdentityCommandOutput>;
  /** Filters that select what carries our mark, within the scope. */
  readonly ours: readonly ec2.Filter[];
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
  /** All load balancers of the account and Region. */
  loadBalancers(): Promise<elb.LoadBalancer[]>;
  loadBalancersByArn(arns: readonly string[]): Promise<elb.LoadBalancer[]>;
  loadBalancersByName(names: readonly string[]): Promise<elb.LoadBalancer[]>;
  loadBalancerAttributes(arn: string): Promise<ReadonlyMap<string, string>>;
  targetGroups(): Promise<elb.TargetGroup[]>;
  targetGroupsByArn(arns: readonly string[]): Promise<elb.TargetGroup[]>;
  targetGroupsByName(names: readonly string[]): Promise<elb.TargetGroup[]>;
  targetGroupAttributes(arn: string): Promise<ReadonlyMap<string, string>>;
  targetHealth(arn: string): Promise<elb.TargetHealthDescription[]>;
  listeners(loadBalancerArn: string): Promise<elb.Listener[]>;
  listenerAttributes(arn: string): Promise<ReadonlyMap<string, string>>;
  /** The account's limits in the Region, by AWS's names. */
  elbLimits(): Promise<elb.Limit[]>;
  /** All certificates of a TLS listener; DescribeListeners tells only the default one. */
  listenerCertificates(listenerArn: string): Promise<elb.Certificate[]>;
  /** Tags of load balancers, target groups and listeners, by ARN. */
  elbTags(arns: readonly string[]): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>>;
  hostedZones(): Promise<r53.HostedZone[]>;
  hostedZone(id: string): Promise<r53.HostedZone | undefined>;
  /** The private zones, of whatever account, that a VPC of the target's Region is associated with. */
  hostedZonesOfVpc(vpcId: string): Promise<r53.HostedZoneSummary[]>;
  /** Every record set of a zone. */
  records(zoneId: string): Promise<r53.ResourceRecordSet[]>;
  /** The record sets of one name. */
  recordsAt(zoneId: string, name: string): Promise<r53.ResourceRecordSet[]>;
}

/** How many reads of one target are under way at once; Route 53 allows five requests a second for the whole account. */
const CONCURRENCY = 24;
const ROUTE53_CONCURRENCY = 4;
const PAGE = 1000;
/** Part of the input: the SDK's paginators of ELBv2 have no page size of their own and pass over the one they are given. */
const ELB_PAGE = { PageSize: 400 };
/** EC2 takes up to 200 values in the filters of one call, all of them together, ELBv2 20 ARNs or names a call. */
const FILTER_VALUES = 200;
const ARNS = 20;

/** Reads of one target with a memory of their own; make a new one to see the cloud afresh. */
export function openReads(aws: Aws, scope: ReadScope): Reads {
  const once = memo();
  const limit = pLimit(CONCURRENCY);
  const dnsLimit = pLimit(ROUTE53_CONCURRENCY);
  const ec2Page = { client: aws.ec2, pageSize: PAGE };
  const elbPages = { client: aws.elbv2 };
  const tag = (key: string, values: readonly string[]): ec2.Filter => ({ Name: `tag:${key}`, Values: [...values] });
  const ours = [
    tag("landline:project", [scope.project]),
    ...(scope.wanted.connections ? [tag("landline:connection", scope.wanted.connections)] : []),
  ];

  return {
    ...scope,
    ours,
    identity: () => once("identity", () => limit(() => aws.sts.send(new GetCallerIdentityCommand({})))),
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
    loadBalancers: () =>
      once("balancers", () =>
        limit(() => all(elb.paginateDescribeLoadBalancers(elbPages, { ...ELB_PAGE }), (page) => page.LoadBalancers)),
      ),
    loadBalancersByArn: (arns) =>
      once(`balancers ${arns}`, () =>
        eachOrAll(arns, ["LoadBalancerNotFound"], (LoadBalancerArns) =>
          limit(() =>
            all(
              elb.paginateDescribeLoadBalancers({ client: aws.elbv2 }, { LoadBalancerArns }),
              (page) => page.LoadBalancers,
            ),
          ),
        ),
      ),
    loadBalancersByName: (names) =>
      once(`balancers named ${names}`, () =>
        oneByOne(names, ["LoadBalancerNotFound"], (Names) =>
          limit(() =>
            all(elb.paginateDescribeLoadBalancers({ client: aws.elbv2 }, { Names }), (page) => page.LoadBalancers),
          ),
        ),
      ),
    loadBalancerAttributes: (LoadBalancerArn) =>
      once(`attributes ${LoadBalancerArn}`, () =>
        limit(async () =>
          pairs((await aws.elbv2.send(new elb.DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }))).Attributes),
        ),
      ),
    targetGroups: () =>
      once("target groups", () =>
        limit(() => all(elb.paginateDescribeTargetGroups(elbPages, { ...ELB_PAGE }), (page) => page.TargetGroups)),
      ),
    targetGroupsByArn: (arns) =>
      once(`target groups ${arns}`, () =>
        eachOrAll(arns, ["TargetGroupNotFound"], (TargetGroupArns) =>
          limit(() =>
            all(
              elb.paginateDescribeTargetGroups({ client: aws.elbv2 }, { TargetGroupArns }),
              (page) => page.TargetGroups,
            ),
          ),
        ),
      ),
    targetGroupsByName: (names) =>
      once(`target groups named ${names}`, () =>
        oneByOne(names, ["TargetGroupNotFound"], (Names) =>
          limit(() =>
            all(elb.paginateDescribeTargetGroups({ client: aws.elbv2 }, { Names }), (page) => page.TargetGroups),
          ),
        ),
      ),
    targetGroupAttributes: (TargetGroupArn) =>
      once(`attributes ${TargetGroupArn}`, () =>
        limit(async () =>
          pairs((await aws.elbv2.send(new elb.DescribeTargetGroupAttributesCommand({ TargetGroupArn }))).Attributes),
        ),
      ),
    targetHealth: (TargetGroupArn) =>
      once(`health ${TargetGroupArn}`, () =>
        limit(
          async () =>
            (await aws.elbv2.send(new elb.DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions ??
            [],
        ),
      ),
    listeners: (LoadBalancerArn) =>
      once(`listeners ${LoadBalancerArn}`, async () => {
        const read = () =>
          limit(() =>
            all(elb.paginateDescribeListeners(elbPages, { LoadBalancerArn, ...ELB_PAGE }), (page) => page.Listeners),
          );
        return (await absentOn(["LoadBalancerNotFound"], read)) ?? [];
      }),
    listenerAttributes: (ListenerArn) =>
      once(`attributes ${ListenerArn}`, () =>
        limit(async () =>
          pairs((await aws.elbv2.send(new elb.DescribeListenerAttributesCommand({ ListenerArn }))).Attributes),
        ),
      ),
    elbLimits: () =>
      once("limits", () =>
        limit(() => all(elb.paginateDescribeAccountLimits(elbPages, { ...ELB_PAGE }), (page) => page.Limits)),
      ),
    listenerCertificates: (ListenerArn) =>
      once(`certificates ${ListenerArn}`, () => limit(() => listenerCertificates(aws, ListenerArn))),
    elbTags: (arns) =>
      once(`tags ${arns}`, async () => {
        const found = await inChunks(arns, ARNS, (ResourceArns) => limit(() => elbTags(aws, ResourceArns)));
        return new Map(found.map(({ ResourceArn = "", Tags }) => [ResourceArn, plainTags(Tags)]));
      }),
    hostedZones: () =>
      once("zones", () =>
        dnsLimit(() => all(r53.paginateListHostedZones({ client: aws.route53 }, {}), (page) => page.HostedZones)),
      ),
    hostedZone: (Id) =>
      once(`zone ${Id}`, () =>
        absentOn(["NoSuchHostedZone"], () =>
          dnsLimit(async () => (await aws.route53.send(new r53.GetHostedZoneCommand({ Id }))).HostedZone),
        ),
      ),
    hostedZonesOfVpc: (vpcId) => once(`zones of ${vpcId}`, () => dnsLimit(() => hostedZonesOfVpc(aws, vpcId))),
    records: (zoneId) => once(`records ${zoneId}`, () => inZone(() => dnsLimit(() => allRecords(aws, zoneId)))),
    recordsAt: (zoneId, name) =>
      inZone(async () => {
        const from = (start: string) =>
          once(`records ${zoneId} ${start}`, () => dnsLimit(() => recordsFrom(aws, zoneId, start)));
        // Route 53 lists what lies below a name right behind it: the mark of a record mostly comes with the record.
        const beside = markedName(name);
        const found = beside === undefined ? undefined : wholeSets(await from(beside), name);
        return found ?? setsAt(await from(name), name);
      }),
  };
}

/** Tags as a plain object, without AWS's own `aws:` tags, which nobody can write. */
export function plainTags(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Record<string, string> {
  const own = (tags ?? []).filter(({ Key }) => Key && !Key.startsWith("aws:"));
  return Object.fromEntries(own.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Route 53 writes names in lower case with a trailing dot and octal escapes (`\052` for `*`); we write them as people do. */
export function plainName(name: string | undefined): string {
  const unescaped = (name ?? "").replace(/\\(\d{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return unescaped.replace(/\.$/, "").toLowerCase();
}

/** The id without the `/hostedzone/` that Route 53 puts before it in answers. */
export const plainZoneId = (id: string | undefined): string => (id ?? "").replace(/^\/hostedzone\//, "");

function memo() {
  const known = new Map<string, Promise<unknown>>();
  return <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const answer = known.get(key) ?? read();
    known.set(key, answer);
    return answer as Promise<T>;
  };
}

const keyOf = (filters: readonly ec2.Filter[]): string =>
  filters.map(({ Name, Values }) => `${Name}=${Values}`).join("&");

async function all<P, T>(pages: AsyncIterable<P>, items: (page: P) => readonly T[] | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}

async function inChunks<T>(
  values: readonly string[],
  size: number,
  read: (chunk: string[]) => Promise<T[]>,
): Promise<T[]> {
  const unique = [...new Set(values)];
  const chunks = Array.from({ length: Math.ceil(unique.length / size) }, (_, index) =>
    unique.slice(index * size, (index + 1) * size),
  );
  return (await Promise.all(chunks.map(read))).flat();
}

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

/** A zone that does not exist holds no records. */
const inZone = async <T>(read: () => Promise<T[]>): Promise<T[]> => (await absentOn(["NoSuchHostedZone"], read)) ?? [];

/** ELBv2 fails a whole call for one unknown name, so names that may be missing are asked one by one. */
async function oneByOne<T>(
  names: readonly string[],
  absent: readonly string[],
  read: (name: string[]) => Promise<T[]>,
): Promise<T[]> {
  return inChunks(names, 1, async (name) => (await absentOn(absent, () => read(name))) ?? []);
}

/** ARNs are known to exist more often than not: all in one call, and one by one only when one of them is gone. */
async function eachOrAll<T>(
  arns: readonly string[],
  absent: readonly string[],
  read: (arns: string[]) => Promise<T[]>,
): Promise<T[]> {
  return inChunks(
    arns,
    ARNS,
    async (chunk) => (await absentOn(absent, () => read(chunk))) ?? (await oneByOne(chunk, absent, read)),
  );
}

const pairs = (
  list: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): ReadonlyMap<string, string> => new Map((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

/** One unknown ARN fails the call; an object deleted meanwhile must not hide the tags of the others. */
async function elbTags(aws: Aws, ResourceArns: string[]): Promise<elb.TagDescription[]> {
  const absent = ["LoadBalancerNotFound", "TargetGroupNotFound", "ListenerNotFound"];
  const read = async (arns: string[]) =>
    (await aws.elbv2.send(new elb.DescribeTagsCommand({ ResourceArns: arns }))).TagDescriptions ?? [];
  return (await absentOn(absent, () => read(ResourceArns))) ?? oneByOne(ResourceArns, absent, read);
}

/** The certificates of a listener, past the memory of `Reads`: for a write that has to know the extra ones. */
export const listenerCertificates = (aws: Aws, ListenerArn: string): Promise<elb.Certificate[]> =>
  all(
    elb.paginateDescribeListenerCertificates({ client: aws.elbv2 }, { ListenerArn, ...ELB_PAGE }),
    (page) => page.Certificates,
  );

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

/** Nor one for ListHostedZonesByVPC. */
async function hostedZonesOfVpc(aws: Aws, VPCId: string): Promise<r53.HostedZoneSummary[]> {
  const VPCRegion = (await aws.ec2.config.region()) as r53.VPCRegion;
  const found: r53.HostedZoneSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page: r53.ListHostedZonesByVPCCommandOutput = await aws.route53.send(
      new r53.ListHostedZonesByVPCCommand({ VPCId, VPCRegion, ...(NextToken ? { NextToken } : {}) }),
    );
    found.push(...(page.HostedZoneSummaries ?? []));
    NextToken = page.NextToken || undefined;
  } while (NextToken);
  return found;
}

/** Nor one for ListResourceRecordSets. */
async function allRecords(aws: Aws, HostedZoneId: string): Promise<r53.ResourceRecordSet[]> {
  const found: r53.ResourceRecordSet[] = [];
  let start: Partial<r53.ListResourceRecordSetsCommandInput> | undefined = {};
  while (start) {
    const page: r53.ListResourceRecordSetsCommandOutput = await aws.route53.send(
      new r53.ListResourceRecordSetsCommand({ HostedZoneId, ...start }),
    );
    found.push(...(page.ResourceRecordSets ?? []));
    start = page.IsTruncated
      ? {
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType,
          ...(page.NextRecordIdentifier ? { StartRecordIdentifier: page.NextRecordIdentifier } : {}),
        }
      : undefined;
  }
  return found;
}

/**
 * The record sets of one name, past the memory of `Reads`: for a write that has to repeat the exact values. A name has at most a dozen
 * record sets that matter; the listing starts at the name and goes on beyond it.
 */
export async function recordsAt(aws: Aws, zoneId: string, name: string): Promise<r53.ResourceRecordSet[]> {
  return setsAt(await recordsFrom(aws, zoneId, name), name);
}

type RecordPage = Pick<r53.ListResourceRecordSetsCommandOutput, "ResourceRecordSets" | "IsTruncated">;

const recordsFrom = (aws: Aws, HostedZoneId: string, StartRecordName: string): Promise<RecordPage> =>
  aws.route53.send(new r53.ListResourceRecordSetsCommand({ HostedZoneId, StartRecordName, MaxItems: 20 }));

const setsAt = ({ ResourceRecordSets = [] }: RecordPage, name: string): r53.ResourceRecordSet[] =>
  ResourceRecordSets.filter((record) => plainName(record.Name) === name);

/** The record sets of a name that a page certainly shows all of; undefined when they may be, or go on, beyond it. */
function wholeSets(page: RecordPage, name: string): r53.ResourceRecordSet[] | undefined {
  const sets = setsAt(page, name);
  const goesOn = sets.length === 0 || page.ResourceRecordSets?.at(-1) === sets.at(-1);
  return page.IsTruncated && goesOn ? undefined : sets;
}
