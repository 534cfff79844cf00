import {
  CreateVpcEndpointConnectionNotificationCommand,
  DescribeVpcEndpointConnectionNotificationsCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { StaleTokenError } from "../../src/kinds/kind.ts";
import { notificationKind as kind } from "../../src/kinds/notification.ts";
import { addFaults, consumer } from "../sandbox/helper.ts";
import { type Bench, benchOf, resolved, settle, startBench } from "./harness.ts";
import { allow, makeEndpoint, makeService, permittedRoundTrip } from "./provider.ts";

const topic = "arn:aws:sns:us-east-1:111111111111:connections";
const other = "arn:aws:sns:us-east-1:111111111111:other";
const address = "payments-api/service/notification/us-east-1:111111111111:connections";

const wantedOf = (serviceOrEndpointId: string, at = address) =>
  resolved("notification", at, { serviceOrEndpointId, topicArn: topic, events: ["Accept", "Connect"] });

const idsOf = async ({ aws }: Bench): Promise<(string | undefined)[]> => {
  const { ConnectionNotificationSet = [] } = await aws.ec2.send(
    new DescribeVpcEndpointConnectionNotificationsCommand({}),
  );
  return ConnectionNotificationSet.map(({ ConnectionNotificationId }) => ConnectionNotificationId);
};

describe("notification", () => {
  test("of a service: made, changed, removed", async () => {
    const bench = await startBench();
    const { id } = await makeService(bench);
    await permittedRoundTrip(kind, bench, wantedOf(id), [{ events: ["Delete"] }, { events: ["Accept", "Reject"] }]);
  });

  test("of an endpoint: made, changed, removed", async () => {
    const theirs = await startBench();
    const service = await makeService(theirs, { acceptanceRequired: false });
    await allow(theirs, service.id, consumer);
    const bench = benchOf(theirs.sandbox, consumer);
    const endpoint = await makeEndpoint(bench, service.outputs.serviceName ?? "");
    const at = "orders/endpoint/main/notification/us-east-1:111111111111:connections";
    await permittedRoundTrip(kind, bench, wantedOf(endpoint, at), [{ events: ["Delete"] }]);
  });

  test("what somebody else hangs on a service of ours is ours, what hangs on others' is not", async () => {
    const bench = await startBench();
    const { id: ServiceId } = await makeService(bench);
    const hang = { ConnectionNotificationArn: other, ConnectionEvents: ["Accept"] };
    await bench.aws.ec2.send(new CreateVpcEndpointConnectionNotificationCommand({ ServiceId, ...hang }));
    const { live } = await kind.list(bench.reads());
    expect(live.map(({ address: at, connection }) => [at, connection])).toEqual([
      ["payments-api/service/notification/us-east-1:111111111111:other", "payments-api"],
    ]);
    const limited = bench.reads({ connections: ["payments-api"] });
    expect((await kind.list(limited)).live).toHaveLength(1);
    expect((await kind.list(bench.reads({ connections: ["orders"] }))).live).toEqual([]);
  });

  test("a lost answer to the create leaves one notification", async () => {
    const bench = await startBench();
    const { id } = await makeService(bench);
    await addFaults(bench.sandbox, { action: "CreateVpcEndpointConnectionNotification", effect: "drop-after" });
    const made = await kind.create(bench.aws, wantedOf(id), "token");
    expect(await idsOf(bench)).toEqual([made]);
  });

  test("a token whose notification is deleted is not taken for a new one", async () => {
    const bench = await startBench();
    const { id } = await makeService(bench);
    const wanted = wantedOf(id);
    const made = await kind.create(bench.aws, wanted, "token");
    await kind.remove(bench.aws, await settle(kind, bench, wanted, made));
    await expect(kind.create(bench.aws, wanted, "token")).rejects.toThrow(StaleTokenError);
    await kind.create(bench.aws, wanted, "another token");
    expect(await idsOf(bench)).toHaveLength(1);
  });
});
