import { execFileSync } from "node:child_process";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, it, onTestFinished } from "vitest";
import { saidBy, workplace } from "./workplace.ts";

/** `landline sandbox` as its own process: what it prints can be pasted into a shell, and it goes away when it is told to. */

it("prints export lines that lead any AWS client to it, and stops on a signal", async () => {
  const child = workplace().start(["sandbox", "--port", "0", "--seed", "sandbox.yaml"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = saidBy(child);
  const printed = await new Promise<string>((done) => child.stdout?.once("data", (text) => done(String(text))));

  const shown = execFileSync("sh", ["-c", `${printed}\nenv`], { encoding: "utf8", env: {} });
  const exported = Object.fromEntries(shown.split("\n").map((line) => line.split(/=(.*)/s).slice(0, 2)));
  expect(exported.AWS_ENDPOINT_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const sts = new STSClient({
    endpoint: String(exported.AWS_ENDPOINT_URL),
    region: String(exported.AWS_REGION),
    credentials: {
      accessKeyId: String(exported.AWS_ACCESS_KEY_ID),
      secretAccessKey: String(exported.AWS_SECRET_ACCESS_KEY),
    },
  });
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: "111111111111" });

  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ exit: 0, err: "" });
  await expect(fetch(String(exported.AWS_ENDPOINT_URL))).rejects.toThrow();
});

it("says which port is taken", async () => {
  const place = workplace();
  const child = place.start(["sandbox", "--port", "0"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const printed = await new Promise<string>((done) => child.stdout?.once("data", (text) => done(String(text))));
  const port = /127\.0\.0\.1:(\d+)/.exec(printed)?.[1] ?? "";
  const { exit, err } = await place.landline("sandbox", "--port", port);
  expect(exit).toBe(1);
  expect(err).toContain(port);
  expect(err).not.toMatch(/^ +at /m);
});
