import type { Filter } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, type GetCallerIdentityCommandOutput } from "@aws-sdk/client-sts";
import pLimit from "p-limit";
import type { Wanted } from "../model.ts";
import type { Aws } from "./aws.ts";
import { type DnsReads, dnsReads } from "./reads/dns.ts";
import { type Ec2Reads, ec2Reads } from "./reads/ec2.ts";
import { type ElbReads, elbReads } from "./reads/elb.ts";
import { memo } from "./reads/lists.ts";

export { allRecords, recordsAt } from "./reads/dns.ts";
export { listenerCertificates } from "./reads/elb.ts";
export { plainName, plainTags, plainZoneId } from "./reads/plain.ts";

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
export interface Reads extends ReadScope, Ec2Reads, ElbReads, DnsReads {
  identity(): Promise<GetCallerIdentityCommandOutput>;
  /** Filters that select what carries our mark, within the scope. */
  readonly ours: readonly Filter[];
}

/** How many reads of one target are under way at once; Route 53 allows five requests a second for the whole account. */
const CONCURRENCY = 24;
const ROUTE53_CONCURRENCY = 4;

/** Reads of one target with a memory of their own; make a new one to see the cloud afresh. */
export function openReads(aws: Aws, scope: ReadScope): Reads {
  const once = memo();
  const limit = pLimit(CONCURRENCY);
  const dnsLimit = pLimit(ROUTE53_CONCURRENCY);
  const tag = (key: string, values: readonly string[]): Filter => ({ Name: `tag:${key}`, Values: [...values] });
  const { connections } = scope.wanted;
  return {
    ...scope,
    ours: [tag("landline:project", [scope.project]), ...(connections ? [tag("landline:connection", connections)] : [])],
    identity: () => once("identity", () => limit(() => aws.sts.send(new GetCallerIdentityCommand({})))),
    ...ec2Reads(aws, { once, limit }),
    ...elbReads(aws, { once, limit }),
    ...dnsReads(aws, { once, limit: dnsLimit }),
  };
}
