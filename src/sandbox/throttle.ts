import { AwsError } from "./operation.ts";

/** A token bucket: `burst` calls at once, `perSecond` refilled. */
interface Rate {
  burst: number;
  perSecond: number;
}

/**
 * AWS's rates. Those marked "documented" stand in AWS's guides; AWS publishes no table for the others, which are experience and may be off.
 */
const rates = {
  /** EC2, a describe with filters, ids or paging: documented. */
  ec2Describe: { burst: 100, perSecond: 20 },
  /** EC2, a describe of everything: documented to be smaller, the figure is not. */
  ec2DescribeAll: { burst: 50, perSecond: 10 },
  /** EC2, changing calls in general: not documented. */
  ec2Write: { burst: 50, perSecond: 5 },
  /** CreateVpcEndpoint, ModifyVpcEndpoint, DeleteVpcEndpoints: not documented. */
  ec2Endpoint: { burst: 4, perSecond: 0.3 },
  /** Service configurations, permissions, accept and reject: not documented. */
  ec2EndpointService: { burst: 10, perSecond: 1 },
  /** ELBv2 Describe*: documented. */
  elbv2Describe: { burst: 40, perSecond: 10 },
  /** ELBv2, changing calls: not documented. */
  elbv2Write: { burst: 20, perSecond: 3 },
  /** Route 53, all calls of an account together: documented. */
  route53: { burst: 5, perSecond: 5 },
  /** STS: not documented. */
  sts: { burst: 100, perSecond: 50 },
} satisfies Record<string, Rate>;

/** What a bucket is chosen by. */
export interface ThrottledCall {
  service: string;
  action: string;
  account: string;
  region: string;
  /** Names of the parameters sent. */
  params: readonly string[];
}

/** Takes a token for the call. @throws AwsError RequestLimitExceeded (EC2), Throttling (elsewhere) when its bucket is empty */
export type Throttle = (call: ThrottledCall, nowMs: number) => void;

/** Fresh, full buckets. */
export function createThrottle(): Throttle {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (call, nowMs) => {
    const { key, rate } = bucketOf(call);
    const bucket = buckets.get(key) ?? { tokens: rate.burst, at: nowMs };
    const refilled = bucket.tokens + (Math.max(0, nowMs - bucket.at) / 1000) * rate.perSecond;
    const tokens = Math.min(rate.burst, refilled);
    buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: nowMs });
    if (tokens < 1) throw refusal(call.service);
  };
}

/** EC2 keeps a bucket per action, account and Region; ELBv2 one per kind of call; Route 53 and STS one per account. */
function bucketOf({ service, action, account, region, params }: ThrottledCall): { key: string; rate: Rate } {
  const place = `${service}/${account}`;
  if (service === "route53") return { key: place, rate: rates.route53 };
  if (service === "sts") return { key: place, rate: rates.sts };
  const read = action.startsWith("Describe");
  if (service === "elbv2") {
    return {
      key: `${place}/${region}/${read ? "read" : "write"}`,
      rate: read ? rates.elbv2Describe : rates.elbv2Write,
    };
  }
  const all = !params.some((name) => name !== "Action" && name !== "Version" && name !== "DryRun");
  return { key: `${place}/${region}/${action}/${all}`, rate: ec2Rate(action, read, all) };
}

function ec2Rate(action: string, read: boolean, all: boolean): Rate {
  if (read) return all ? rates.ec2DescribeAll : rates.ec2Describe;
  if (/^(Create|Modify|Delete)VpcEndpoints?$/.test(action)) return rates.ec2Endpoint;
  return /VpcEndpoint/.test(action) ? rates.ec2EndpointService : rates.ec2Write;
}

function refusal(service: string): AwsError {
  if (service === "ec2") return new AwsError("RequestLimitExceeded", "Request limit exceeded.", 503);
  return new AwsError("Throttling", "Rate exceeded");
}
