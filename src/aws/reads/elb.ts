import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Aws } from "../aws.ts";
import { absentOn } from "../errors.ts";
import { all, type Door, inChunks, oneByOne } from "./lists.ts";
import { plainTags } from "./plain.ts";

/** What is read of ELBv2. */
export interface ElbReads {
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
}

/** Part of the input: the SDK's paginators of ELBv2 have no page size of their own and pass over the one they are given. */
const ELB_PAGE = { PageSize: 400 };
/** ELBv2 takes 20 ARNs or names a call. */
const ARNS = 20;

export function elbReads(aws: Aws, { once, limit }: Door): ElbReads {
  const elbPages = { client: aws.elbv2 };
  return {
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
  };
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
