import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DescribeVpcEndpointsCommand } from "@aws-sdk/client-ec2";
import { DeleteLoadBalancerCommand, DescribeTargetGroupsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ChangeResourceRecordSetsCommand, GetHostedZoneCommand } from "@aws-sdk/client-route-53";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { describe, expect, it, onTestFinished } from "vitest";
import { absentOn, failureOf, isCode, throwUnsuccessful } from "../../src/aws/errors.ts";
import { clients } from "../sandbox/helper.ts";

/** What the SDK throws when AWS answers with this status and body. */
async function thrown(status: number, body: string, call: (aws: ReturnType<typeof clients>) => Promise<unknown>) {
  const server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "text/xml", "x-amzn-requestid": "in-the-header" });
    response.end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return call(clients({ url: `http://127.0.0.1:${port}` })).then(
    () => expect.unreachable("the call was to fail"),
    (error: unknown) => error,
  );
}

const ec2Error = (code: string, message: string) =>
  `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>r-1</RequestID></Response>`;
const queryError = (service: string, code: string, message: string) =>
  `<ErrorResponse xmlns="http://${service}.amazonaws.com/doc/2015-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`;

const EXISTS = "Tried to create resource record set [name='api.corp.example.', type='A'] but it already exists";
const OUTSIDE = "RRSet with DNS name x. is not permitted in zone z.";
const historic = (...messages: readonly string[]) =>
  `<InvalidChangeBatch xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Messages>${messages
    .map((message) => `<Message>${message}</Message>`)
    .join("")}</Messages><RequestId>r-1</RequestId></InvalidChangeBatch>`;

const describeEndpoints = (aws: ReturnType<typeof clients>) => aws.ec2.send(new DescribeVpcEndpointsCommand({}));
const deleteBalancer = (aws: ReturnType<typeof clients>) =>
  aws.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: "arn:x" }));
const describeGroups = (aws: ReturnType<typeof clients>) => aws.elbv2.send(new DescribeTargetGroupsCommand({}));
const changeRecords = (aws: ReturnType<typeof clients>) =>
  aws.route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: "Z1",
      ChangeBatch: { Changes: [{ Action: "CREATE", ResourceRecordSet: { Name: "x", Type: "A", TTL: 1 } }] },
    }),
  );
const getZone = (aws: ReturnType<typeof clients>) => aws.route53.send(new GetHostedZoneCommand({ Id: "Z123" }));
const assumeRole = (aws: ReturnType<typeof clients>) =>
  aws.sts.send(new AssumeRoleCommand({ RoleArn: "arn:aws:iam::111111111111:role/plan", RoleSessionName: "me" }));

describe("an error of AWS in one shape", () => {
  it.each([
    [
      "EC2",
      400,
      ec2Error("InvalidVpcEndpointId.NotFound", "It does not exist"),
      describeEndpoints,
      "InvalidVpcEndpointId.NotFound",
      "It does not exist",
    ],
    [
      "EC2, throttled",
      503,
      ec2Error("RequestLimitExceeded", "Request limit exceeded."),
      describeEndpoints,
      "RequestLimitExceeded",
      "Request limit exceeded.",
    ],
    [
      "ELBv2, modelled",
      400,
      queryError("elasticloadbalancing", "ResourceInUse", "It is in use"),
      deleteBalancer,
      "ResourceInUse",
      "It is in use",
    ],
    [
      "ELBv2, modelled with another name in the SDK",
      400,
      queryError("elasticloadbalancing", "TargetGroupNotFound", "Not found"),
      describeGroups,
      "TargetGroupNotFound",
      "Not found",
    ],
    [
      "ELBv2, throttled",
      400,
      queryError("elasticloadbalancing", "Throttling", "Rate exceeded"),
      describeGroups,
      "Throttling",
      "Rate exceeded",
    ],
    [
      "ELBv2, not modelled",
      400,
      queryError("elasticloadbalancing", "ValidationError", "Bad"),
      describeGroups,
      "ValidationError",
      "Bad",
    ],
    ["STS", 403, queryError("sts", "AccessDenied", "Not authorized"), assumeRole, "AccessDenied", "Not authorized"],
    [
      "Route 53, no such zone",
      404,
      queryError("route53", "NoSuchHostedZone", "No hosted zone found with ID: Z123"),
      getZone,
      "NoSuchHostedZone",
      "No hosted zone found with ID: Z123",
    ],
    [
      "Route 53, a refused batch as AWS says it now",
      400,
      queryError("route53", "InvalidChangeBatch", `[${EXISTS}]`),
      changeRecords,
      "InvalidChangeBatch",
      `[${EXISTS}]`,
    ],
    [
      "Route 53, a refused batch as AWS used to say it",
      400,
      historic(EXISTS),
      changeRecords,
      "InvalidChangeBatch",
      EXISTS,
    ],
    [
      "Route 53, the same with two reasons",
      400,
      historic(EXISTS, OUTSIDE),
      changeRecords,
      "InvalidChangeBatch",
      `${EXISTS}, ${OUTSIDE}`,
    ],
  ] as const)("%s", async (_case, status, body, call, code, message) => {
    const failure = failureOf(await thrown(status, body, call));
    expect(failure).toMatchObject({ code, message, status });
    // EC2's request id is read from the header, the others' from the body as well.
    expect(["in-the-header", "r-1"]).toContain(failure.requestId);
  });

  it("drops the `Exception` that the SDK puts behind names", () => {
    expect(failureOf({ name: "ThrottlingException", message: "slow down" }).code).toBe("Throttling");
    expect(failureOf({ name: "LoadBalancerNotFoundException", Code: "LoadBalancerNotFound" }).code).toBe(
      "LoadBalancerNotFound",
    );
  });

  it.each([
    [undefined, { code: "Unknown", message: "undefined" }],
    [null, { code: "Unknown", message: "null" }],
    ["a text", { code: "Unknown", message: "a text" }],
    [new Error("a bug"), { code: "Error", message: "a bug" }],
  ])("makes something of %s too", (error, failure) => {
    expect(failureOf(error)).toEqual(failure);
  });

  it("is a network error's own code and words when AWS was not reached", async () => {
    const failure = failureOf(await describeEndpoints(clients({ url: "http://127.0.0.1:1" })).catch((error) => error));
    expect(failure.message).toContain("ECONNREFUSED");
  });
});

describe("absentOn", () => {
  const codes = ["InvalidGroup.NotFound", "InvalidVpcEndpointId.NotFound"];
  const failing = (code: string) => async () => {
    throw Object.assign(new Error(code), { name: code });
  };

  it("turns the named codes into undefined", async () => {
    expect(await absentOn(codes, failing("InvalidGroup.NotFound"))).toBeUndefined();
  });

  it("lets answers and every other error through", async () => {
    expect(await absentOn(codes, async () => "there")).toBe("there");
    await expect(absentOn(codes, failing("UnauthorizedOperation"))).rejects.toThrow("UnauthorizedOperation");
  });
});

describe("throwUnsuccessful", () => {
  const item = (Code: string, ResourceId = "vpce-1") => ({
    ResourceId,
    Error: { Code, Message: `${ResourceId}: ${Code}` },
  });

  it("passes an empty list and none at all", () => {
    throwUnsuccessful([]);
    throwUnsuccessful(undefined);
  });

  it("throws the first item as if AWS had refused the call", () => {
    const caught = (() => {
      try {
        throwUnsuccessful(
          [item("InvalidVpcEndpoint.NotFound"), item("ExistingVpcEndpointConnections", "vpce-svc-1")],
          ["InvalidVpcEndpoint.NotFound"],
        );
      } catch (error) {
        return error;
      }
      return expect.unreachable();
    })();
    expect(failureOf(caught)).toEqual({
      code: "ExistingVpcEndpointConnections",
      message: "vpce-svc-1: ExistingVpcEndpointConnections",
    });
    expect(isCode(caught, "Other", "ExistingVpcEndpointConnections")).toBe(true);
  });

  it("counts the fine codes as done", () => {
    throwUnsuccessful([item("InvalidVpcEndpoint.NotFound")], ["InvalidVpcEndpoint.NotFound"]);
  });

  it("throws even when AWS does not say why", () => {
    expect(() => throwUnsuccessful([{ ResourceId: "vpce-1" }])).toThrow("AWS did not carry out the call for vpce-1");
    expect(() => throwUnsuccessful([{}])).toThrow("AWS did not carry out the call for an object");
  });
});
