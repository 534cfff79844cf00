import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { clients, clientsWith, startTestSandbox } from "./helper.ts";

test("an access key id of 12 digits acts for that account", async () => {
  const sandbox = await startTestSandbox();
  const identity = await clients(sandbox, "333333333333").sts.send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({ Account: "333333333333", Arn: "arn:aws:iam::333333333333:root" });
});

test("any other key is refused with a hint", async () => {
  const sandbox = await startTestSandbox();
  const { sts } = clientsWith(sandbox, { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x" });
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: "InvalidClientTokenId",
    message: expect.stringContaining("12-digit account id"),
  });
});
