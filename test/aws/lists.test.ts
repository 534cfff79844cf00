import { describe, expect, it } from "vitest";
import { plainName, plainTags, plainZoneId, type Reads } from "../../src/aws/reads.ts";
import { refusal, stubReads } from "./stub.ts";

/** How Landline reads: each list once, all pages of it, in calls as large as AWS takes, and nothing hidden by what is missing. */

const ids = (count: number, prefix = "id-"): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe("memory", () => {
  it("asks AWS once for a list, however many ask for it at once and later", async () => {
    const { reads, calls } = stubReads(() => ({ LoadBalancers: [{ LoadBalancerArn: "arn:1" }] }));
    const answers = await Promise.all([reads.loadBalancers(), reads.loadBalancers()]);
    answers.push(await reads.loadBalancers());
    expect(answers).toEqual(Array(3).fill([{ LoadBalancerArn: "arn:1" }]));
    expect(calls).toHaveLength(1);
  });

  const everyList: [string, (reads: Reads) => Promise<unknown>][] = [
    ["identity", (reads) => reads.identity()],
    ["subnets", (reads) => reads.subnets(["subnet-1"])],
    ["endpointServices", (reads) => reads.endpointServices(reads.ours)],
    ["connections", (reads) => reads.connections()],
    ["connections of services", (reads) => reads.connections(["vpce-svc-1"])],
    ["permissions", (reads) => reads.permissions("vpce-svc-1")],
    ["endpoints", (reads) => reads.endpoints(reads.ours)],
    ["consumerServices", (reads) => reads.consumerServices(["com.amazonaws.s3"], "us-east-1")],
    ["securityGroups", (reads) => reads.securityGroups(reads.ours)],
    ["securityGroupRules", (reads) => reads.securityGroupRules(["sg-1"])],
    ["networkInterfaces", (reads) => reads.networkInterfaces(reads.ours)],
    ["loadBalancersByArn", (reads) => reads.loadBalancersByArn(["arn:1"])],
    ["loadBalancersByName", (reads) => reads.loadBalancersByName(["a"])],
    ["loadBalancerAttributes", (reads) => reads.loadBalancerAttributes("arn:1")],
    ["targetGroups", (reads) => reads.targetGroups()],
    ["targetGroupsByArn", (reads) => reads.targetGroupsByArn(["arn:2"])],
    ["targetGroupsByName", (reads) => reads.targetGroupsByName(["a"])],
    ["targetGroupAttributes", (reads) => reads.targetGroupAttributes("arn:2")],
    ["targetHealth", (reads) => reads.targetHealth("arn:2")],
    ["listeners", (reads) => reads.listeners("arn:1")],
    ["listenerCertificates", (reads) => reads.listenerCertificates("arn:3")],
    ["elbTags", (reads) => reads.elbTags(["arn:1"])],
    ["hostedZones", (reads) => reads.hostedZones()],
    ["hostedZone", (reads) => reads.hostedZone("Z1")],
    ["records", (reads) => reads.records("Z1")],
    ["recordsAt", (reads) => reads.recordsAt("Z1", "x.example.com")],
  ];
  it.each(everyList)("covers %s", async (_name, ask) => {
    const { reads, calls } = stubReads(() => ({}));
    await Promise.all([ask(reads), ask(reads)]);
    expect(calls).toHaveLength(1);
  });

  it("keeps every list apart from every other", async () => {
    const { reads, calls } = stubReads(() => ({}));
    for (const [, ask] of everyList) await ask(reads);
    expect(calls).toHaveLength(everyList.length);
  });

  it("keeps questions with other arguments apart", async () => {
    const { reads, calls } = stubReads(({ input }) => ({
      AllowedPrincipals: [{ Principal: String(input.ServiceId) }],
    }));
    expect(await reads.permissions("vpce-svc-1")).toEqual([{ Principal: "vpce-svc-1" }]);
    expect(await reads.permissions("vpce-svc-2")).toEqual([{ Principal: "vpce-svc-2" }]);
    expect(calls).toHaveLength(2);
  });
});

describe("pages", () => {
  const token = (at: unknown) => (at === undefined ? 0 : Number(at));

  it("follows EC2's and ELBv2's tokens to the end", async () => {
    const { reads, calls } = stubReads(({ command, input }) => {
      const page = token(input.NextToken ?? input.Marker);
      const next = page < 2 ? String(page + 1) : undefined;
      return command === "DescribeVpcEndpoints"
        ? { VpcEndpoints: [{ VpcEndpointId: `vpce-${page}` }], NextToken: next }
        : { TargetGroups: [{ TargetGroupArn: `arn:${page}` }], NextMarker: next };
    });
    expect((await reads.endpoints(reads.ours)).map((one) => one.VpcEndpointId)).toEqual(["vpce-0", "vpce-1", "vpce-2"]);
    expect((await reads.targetGroups()).map((one) => one.TargetGroupArn)).toEqual(["arn:0", "arn:1", "arn:2"]);
    expect(calls).toHaveLength(6);
    expect(calls[0]?.input).toMatchObject({ MaxResults: 1000 });
    expect(calls[3]?.input).toMatchObject({ PageSize: 400 });
  });

  it("follows the two lists for which the SDK has no paginator", async () => {
    const { reads } = stubReads(({ command, input }) => {
      if (command === "DescribeVpcEndpointServices") {
        const page = token(input.NextToken);
        return { ServiceDetails: [{ ServiceName: `s-${page}` }], NextToken: page < 2 ? String(page + 1) : "" };
      }
      const start = String(input.StartRecordName ?? "a");
      const next = { a: "b", b: "c" }[start];
      return {
        ResourceRecordSets: [{ Name: start, Type: input.StartRecordType ?? "A" }],
        IsTruncated: next !== undefined,
        NextRecordName: next,
        NextRecordType: "TXT",
      };
    });
    expect(await reads.consumerServices(["s"], "eu-west-1")).toHaveLength(3);
    expect(await reads.records("Z1")).toEqual([
      { Name: "a", Type: "A" },
      { Name: "b", Type: "TXT" },
      { Name: "c", Type: "TXT" },
    ]);
  });
});

describe("many", () => {
  it.each([
    ["subnets", "Subnets", (reads: Reads, values: string[]) => reads.subnets(values)],
    [
      "security group rules",
      "SecurityGroupRules",
      (reads: Reads, values: string[]) => reads.securityGroupRules(values),
    ],
    ["connections", "VpcEndpointConnections", (reads: Reads, values: string[]) => reads.connections(values)],
    [
      "consumed services",
      "ServiceDetails",
      (reads: Reads, values: string[]) => reads.consumerServices(values, "us-east-1"),
    ],
  ])("ids of %s go into filters of 200, each id once", async (_what, member, ask) => {
    const { reads, calls } = stubReads(({ input }) => {
      const [filter] = input.Filters as { readonly Values: string[] }[];
      return { [member]: filter?.Values.map((id) => ({ id })) };
    });
    const found = await ask(reads, [...ids(401), "id-0"]);
    expect(calls.map(({ input }) => (input.Filters as { readonly Values: string[] }[])[0]?.Values.length)).toEqual([
      200, 200, 1,
    ]);
    expect(found).toHaveLength(401);
  });

  it("tags are asked for 20 objects a call", async () => {
    const { reads, calls } = stubReads(({ input }) => ({
      TagDescriptions: (input.ResourceArns as string[]).map((ResourceArn) => ({
        ResourceArn,
        Tags: [
          { Key: "name", Value: ResourceArn },
          { Key: "aws:cloudformation:stack", Value: "not ours to read" },
        ],
      })),
    }));
    const tags = await reads.elbTags(ids(45));
    expect(calls.map(({ input }) => (input.ResourceArns as string[]).length)).toEqual([20, 20, 5]);
    expect(tags.get("id-44")).toEqual({ name: "id-44" });
    expect(tags.size).toBe(45);
  });

  it.each(["subnets", "securityGroupRules", "loadBalancersByArn", "loadBalancersByName", "elbTags"] as const)(
    "nothing is asked when %s of nothing are wanted",
    async (list) => {
      const { reads, calls } = stubReads(() => ({}));
      await reads[list]([]);
      expect(calls).toEqual([]);
    },
  );
});

describe("what does not exist", () => {
  /** An AWS that knows all but these, and refuses a call as a whole that names one of them. */
  const knowingAllBut = (missing: readonly string[], code: string, argument: string, member: string) =>
    stubReads(({ input }) => {
      const asked = input[argument] as string[];
      if (asked.some((one) => missing.includes(one))) throw refusal(code);
      return { [member]: asked.map((one) => ({ ResourceArn: one, name: one })) };
    });

  it("does not hide the load balancers with other names", async () => {
    const { reads } = knowingAllBut(["b"], "LoadBalancerNotFound", "Names", "LoadBalancers");
    expect(await reads.loadBalancersByName(["a", "b", "c"])).toMatchObject([{ name: "a" }, { name: "c" }]);
  });

  it("does not hide the target groups with other names", async () => {
    const { reads } = knowingAllBut(["b"], "TargetGroupNotFound", "Names", "TargetGroups");
    expect(await reads.targetGroupsByName(["a", "b", "c"])).toMatchObject([{ name: "a" }, { name: "c" }]);
  });

  it("costs one call more each, and only in the part of the list where it is", async () => {
    const { reads, calls } = knowingAllBut(["arn:21"], "LoadBalancerNotFound", "LoadBalancerArns", "LoadBalancers");
    expect(await reads.loadBalancersByArn(ids(25, "arn:"))).toHaveLength(24);
    expect(calls.map(({ input }) => (input.LoadBalancerArns as string[]).length)).toEqual([20, 5, 1, 1, 1, 1, 1]);
  });

  it.each(["LoadBalancerNotFound", "TargetGroupNotFound", "ListenerNotFound"])(
    "does not hide the tags of others: %s",
    async (code) => {
      const { reads } = knowingAllBut(["arn:1"], code, "ResourceArns", "TagDescriptions");
      expect([...(await reads.elbTags(["arn:0", "arn:1", "arn:2"])).keys()]).toEqual(["arn:0", "arn:2"]);
    },
  );

  it("is an empty list where AWS has an error for it", async () => {
    const { reads } = stubReads(({ command }) => {
      throw refusal(command === "DescribeListeners" ? "LoadBalancerNotFound" : "NoSuchHostedZone");
    });
    expect(await reads.listeners("arn:1")).toEqual([]);
    expect(await reads.records("Z1")).toEqual([]);
    expect(await reads.recordsAt("Z1", "x.example.com")).toEqual([]);
    expect(await reads.hostedZone("Z1")).toBeUndefined();
  });

  it("is not confused with what may not be read", async () => {
    const { reads } = stubReads(() => {
      throw refusal("AccessDenied");
    });
    await expect(reads.loadBalancersByName(["a"])).rejects.toThrow("AccessDenied");
    await expect(reads.records("Z1")).rejects.toThrow("AccessDenied");
    await expect(reads.endpoints(reads.ours)).rejects.toThrow("AccessDenied");
  });
});

describe("ours", () => {
  it("is what carries the project's mark", () => {
    expect(stubReads(() => ({})).reads.ours).toEqual([{ Name: "tag:landline:project", Values: ["acme"] }]);
  });

  it("and under --only the connections' marks as well", () => {
    expect(stubReads(() => ({}), { connections: ["ledger", "payments"] }).reads.ours).toEqual([
      { Name: "tag:landline:project", Values: ["acme"] },
      { Name: "tag:landline:connection", Values: ["ledger", "payments"] },
    ]);
  });
});

describe("values as people write them", () => {
  it("names: lower case, no trailing dot, no octal escapes", () => {
    expect(plainName("\\052.Corp.Example.")).toBe("*.corp.example");
    expect(plainName(undefined)).toBe("");
  });

  it("zone ids without their path", () => {
    expect(plainZoneId("/hostedzone/Z1")).toBe("Z1");
    expect(plainZoneId("Z1")).toBe("Z1");
  });

  it("tags without AWS's own", () => {
    expect(plainTags([{ Key: "a", Value: "1" }, { Key: "aws:x", Value: "2" }, { Key: "b" }])).toEqual({
      a: "1",
      b: "",
    });
    expect(plainTags(undefined)).toEqual({});
  });

  it("the records of one name only, although AWS lists on beyond it", async () => {
    const { reads, calls } = stubReads(() => ({
      ResourceRecordSets: [
        { Name: "\\052.x.example.com.", Type: "A" },
        { Name: "\\052.x.example.com.", Type: "AAAA" },
        { Name: "z.example.com.", Type: "A" },
      ],
    }));
    expect((await reads.recordsAt("Z1", "*.x.example.com")).map(({ Type }) => Type)).toEqual(["A", "AAAA"]);
    expect(calls[0]?.input).toMatchObject({ StartRecordName: "*.x.example.com" });
  });
});
