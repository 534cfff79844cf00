import { expect, test } from "vitest";
import { startPartnership } from "./stage.ts";

test("a platform that cannot be connected is refused with the reason, before AWS is asked for anything", async () => {
  const stage = await startPartnership({ name: "generic-consumer", accounts: [] });
  stage.rewrite("profile: generic-consumer", "profile: redis-cloud");
  const { exit, err } = await stage.plan();
  expect({ exit, err }).toEqual({ exit: 1, err: expect.stringContaining("partner.unsupported") });
  expect(err).toContain("It shares a resource configuration of VPC Lattice through AWS RAM");
  expect(await stage.requests()).toEqual([]);
});
