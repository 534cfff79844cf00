import {
  CreateListenerCommand,
  type CreateListenerCommandInput,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DeleteListenerCommand,
  DescribeListenerAttributesCommand,
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeSSLPoliciesCommand,
  type ElasticLoadBalancingV2Client,
  ModifyListenerAttributesCommand,
  ModifyListenerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, test } from "vitest";
import { clients, startTestSandbox } from "./helper.ts";

const certificate = "arn:aws:acm:us-east-1:111111111111:certificate/0a1b2c3d-0000-1111-2222-333344445555";

async function group(
  elbv2: ElasticLoadBalancingV2Client,
  Name = "api",
  Protocol: CreateTargetGroupCommandInput["Protocol"] = "TCP",
) {
  const input = { Name, Protocol, Port: 8443, VpcId: "vpc-0a1b2c3d4e5f60001", TargetType: "ip" } as const;
  const { TargetGroups } = await elbv2.send(new CreateTargetGroupCommand(input));
  return TargetGroups?.[0]?.TargetGroupArn ?? "";
}

async function balancer(elbv2: ElasticLoadBalancingV2Client, Name = "payments") {
  const Subnets = ["subnet-0a1b2c3d4e5f60001"];
  const { LoadBalancers } = await elbv2.send(
    new CreateLoadBalancerCommand({ Name, Type: "network", Scheme: "internal", Subnets }),
  );
  return LoadBalancers?.[0]?.LoadBalancerArn ?? "";
}

/** A sandbox with a load balancer, a target group, and a function that creates listeners between them. */
async function scene() {
  const { elbv2 } = clients(await startTestSandbox());
  const LoadBalancerArn = await balancer(elbv2);
  const TargetGroupArn = await group(elbv2);
  const listen = async (input: Partial<CreateListenerCommandInput> = {}) => {
    const DefaultActions = [{ Type: "forward" as const, TargetGroupArn }];
    const request = { LoadBalancerArn, Protocol: "TCP", Port: 443, DefaultActions, ...input } as const;
    return (await elbv2.send(new CreateListenerCommand(request))).Listeners?.[0];
  };
  return { elbv2, LoadBalancerArn, TargetGroupArn, listen };
}

describe("creating", () => {
  test("shows the target of its action both ways, and has one default rule", async () => {
    const { elbv2, LoadBalancerArn, TargetGroupArn, listen } = await scene();
    const listener = await listen();
    const action = {
      Type: "forward",
      TargetGroupArn,
      Order: 1,
      ForwardConfig: { TargetGroups: [{ TargetGroupArn, Weight: 1 }], TargetGroupStickinessConfig: { Enabled: false } },
    };
    expect(listener).toEqual({
      ListenerArn: expect.stringMatching(/:listener\/net\/payments\/[0-9a-f]{16}\/[0-9a-f]{16}$/),
      LoadBalancerArn,
      Port: 443,
      Protocol: "TCP",
      DefaultActions: [action],
    });
    const { Rules } = await elbv2.send(new DescribeRulesCommand({ ListenerArn: listener?.ListenerArn }));
    expect(Rules).toMatchObject([{ Priority: "default", IsDefault: true, Conditions: [], Actions: [action] }]);
    expect((await elbv2.send(new DescribeRulesCommand({ RuleArns: [Rules?.[0]?.RuleArn ?? ""] }))).Rules).toEqual(
      Rules,
    );
  });

  test("the same request again answers with the existing one, another one on the port is refused", async () => {
    const { elbv2, LoadBalancerArn, TargetGroupArn, listen } = await scene();
    const first = await listen();
    const forward = { Type: "forward" as const, ForwardConfig: { TargetGroups: [{ TargetGroupArn, Weight: 1 }] } };
    expect(await listen({ DefaultActions: [forward] })).toEqual(first);
    const udp = await group(elbv2, "udp", "UDP");
    await expect(
      listen({ Protocol: "UDP", DefaultActions: [{ Type: "forward", TargetGroupArn: udp }] }),
    ).rejects.toMatchObject({
      name: "DuplicateListenerException",
      message: `A listener already exists on this port for this load balancer '${LoadBalancerArn}'`,
    });
  });

  test.each([
    ["TCP", "UDP", false],
    ["TCP", "TCP_UDP", true],
    ["TLS", "TCP", true],
    ["TLS", "TLS", true],
    ["TLS", "UDP", false],
    ["UDP", "TCP_UDP", true],
    ["TCP_UDP", "TCP", false],
    ["TCP_UDP", "TCP_UDP", true],
  ] as const)("a %s listener before a %s target group: %s", async (Protocol, groupProtocol, fits) => {
    const { elbv2, listen } = await scene();
    const TargetGroupArn = await group(elbv2, "other", groupProtocol);
    const Certificates = Protocol === "TLS" ? [{ CertificateArn: certificate }] : undefined;
    const made = listen({ Protocol, Certificates, DefaultActions: [{ Type: "forward", TargetGroupArn }] });
    if (fits) expect(await made).toMatchObject({ Protocol });
    else await expect(made).rejects.toMatchObject({ name: "IncompatibleProtocolsException" });
  });

  test("a target group serves one load balancer", async () => {
    const { elbv2, listen, TargetGroupArn } = await scene();
    await listen();
    await listen({ Port: 444 });
    const second = await balancer(elbv2, "second");
    await expect(listen({ LoadBalancerArn: second })).rejects.toMatchObject({
      name: "TargetGroupAssociationLimitException",
      message: expect.stringContaining(TargetGroupArn),
    });
  });

  test.each([
    ["HTTP", { Protocol: "HTTP" as const }, "ValidationError", "must be one of"],
    [
      "TLS without a certificate",
      { Protocol: "TLS" as const },
      "ValidationError",
      "A certificate must be specified for TLS listeners",
    ],
    [
      "TCP with one",
      { Certificates: [{ CertificateArn: certificate }] },
      "ValidationError",
      "cannot be specified for TCP",
    ],
    [
      "a certificate that is none",
      { Protocol: "TLS" as const, Certificates: [{ CertificateArn: "arn:x" }] },
      "CertificateNotFound",
      "arn:x",
    ],
    [
      "an unknown policy",
      { Protocol: "TLS" as const, Certificates: [{ CertificateArn: certificate }], SslPolicy: "Best" },
      "SSLPolicyNotFound",
      "Best",
    ],
    [
      "an action that does not forward",
      { DefaultActions: [{ Type: "redirect" as const }] },
      "InvalidLoadBalancerAction",
      "redirect",
    ],
    ["port 65536", { Port: 65_536 }, "ValidationError", "65535"],
  ])("refuses %s", async (_what, input, code, words) => {
    const { listen } = await scene();
    await expect(listen(input)).rejects.toMatchObject({ Code: code, message: expect.stringContaining(words) });
  });

  test("fifty listeners are enough for one load balancer", async () => {
    const { listen } = await scene();
    for (let port = 1; port <= 50; port += 1) await listen({ Port: port });
    await expect(listen({ Port: 51 })).rejects.toMatchObject({ name: "TooManyListenersException" });
  });
});

describe("TLS", () => {
  test("has a default policy, its certificate and its ALPN policy", async () => {
    const { elbv2, listen } = await scene();
    const listener = await listen({
      Protocol: "TLS",
      Certificates: [{ CertificateArn: certificate }],
      AlpnPolicy: ["HTTP2Preferred"],
    });
    expect(listener).toMatchObject({
      SslPolicy: "ELBSecurityPolicy-2016-08",
      Certificates: [{ CertificateArn: certificate }],
      AlpnPolicy: ["HTTP2Preferred"],
    });
    const { Certificates } = await elbv2.send(
      new DescribeListenerCertificatesCommand({ ListenerArn: listener?.ListenerArn }),
    );
    expect(Certificates).toEqual([{ CertificateArn: certificate, IsDefault: true }]);
    const { SslPolicies } = await elbv2.send(
      new DescribeSSLPoliciesCommand({ Names: ["ELBSecurityPolicy-TLS13-1-2-2021-06"] }),
    );
    expect(SslPolicies).toMatchObject([{ SslProtocols: ["TLSv1.2", "TLSv1.3"] }]);
  });
});

describe("changing", () => {
  test("port, protocol, target and encryption change in place", async () => {
    const { elbv2, listen } = await scene();
    const ListenerArn = (await listen())?.ListenerArn;
    const TargetGroupArn = await group(elbv2, "next");
    const { Listeners } = await elbv2.send(
      new ModifyListenerCommand({
        ListenerArn,
        Port: 8443,
        Protocol: "TLS",
        Certificates: [{ CertificateArn: certificate }],
        DefaultActions: [{ Type: "forward", TargetGroupArn }],
      }),
    );
    expect(Listeners).toMatchObject([
      { ListenerArn, Port: 8443, Protocol: "TLS", SslPolicy: "ELBSecurityPolicy-2016-08" },
    ]);
    const plain = await elbv2.send(new ModifyListenerCommand({ ListenerArn, Protocol: "TCP" }));
    expect(plain.Listeners?.[0]).not.toHaveProperty("SslPolicy");
    expect(plain.Listeners?.[0]).not.toHaveProperty("Certificates");
    expect(plain.Listeners?.[0]?.DefaultActions).toMatchObject([{ TargetGroupArn }]);
  });

  test("a port that another listener has is refused", async () => {
    const { elbv2, listen } = await scene();
    await listen({ Port: 444 });
    const ListenerArn = (await listen())?.ListenerArn;
    const change = elbv2.send(new ModifyListenerCommand({ ListenerArn, Port: 444 }));
    await expect(change).rejects.toMatchObject({ Code: "DuplicateListener" });
  });

  test("TCP listeners have an idle timeout within bounds", async () => {
    const { elbv2, listen } = await scene();
    const ListenerArn = (await listen())?.ListenerArn;
    const Key = "tcp.idle_timeout.seconds";
    const read = async () => (await elbv2.send(new DescribeListenerAttributesCommand({ ListenerArn }))).Attributes;
    const set = (Value: string) =>
      elbv2.send(new ModifyListenerAttributesCommand({ ListenerArn, Attributes: [{ Key, Value }] }));
    expect(await read()).toEqual([{ Key, Value: "350" }]);
    await set("6000");
    await expect(set("6001")).rejects.toMatchObject({ Code: "InvalidConfigurationRequest" });
    await expect(set("59")).rejects.toMatchObject({ Code: "InvalidConfigurationRequest" });
    expect(await read()).toEqual([{ Key, Value: "6000" }]);
  });
});

describe("describing and deleting", () => {
  test("by load balancer or by ARNs, all or nothing", async () => {
    const { elbv2, LoadBalancerArn, listen } = await scene();
    const one = (await listen())?.ListenerArn ?? "";
    const two = (await listen({ Port: 444 }))?.ListenerArn ?? "";
    const find = async (input: object) =>
      (await elbv2.send(new DescribeListenersCommand(input))).Listeners?.map((listener) => listener.ListenerArn);
    expect(await find({ LoadBalancerArn })).toEqual([one, two].sort());
    expect(await find({ ListenerArns: [two, one] })).toEqual([two, one]);
    await expect(find({ ListenerArns: [one, `${two}0`] })).rejects.toMatchObject({ name: "ListenerNotFoundException" });
    await expect(find({})).rejects.toMatchObject({ Code: "ValidationError" });
  });

  test("a listener that is gone already is an error", async () => {
    const { elbv2, listen } = await scene();
    const ListenerArn = (await listen())?.ListenerArn;
    const remove = () => elbv2.send(new DeleteListenerCommand({ ListenerArn }));
    await remove();
    await expect(remove()).rejects.toMatchObject({ name: "ListenerNotFoundException", Code: "ListenerNotFound" });
  });
});
