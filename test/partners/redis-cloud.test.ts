import { expect, test } from "vitest";
import { openPage, typed } from "./page.ts";
import { startPartnership } from "./stage.ts";

test("a platform that cannot be connected is refused with the reason, before AWS is asked for anything", async () => {
  const stage = await startPartnership({ name: "generic-consumer", accounts: [] });
  const page = openPage("redis-cloud");
  stage.rewrite("profile: generic-consumer", "profile: redis-cloud");
  stage.rewrite("- target: apps-use1\n", "- target: apps-use1\n    service: pending\n");
  const said = await stage.plan({ format: "text" });
  expect(said).toMatchObject({ exit: 1, err: expect.stringContaining("partner.unsupported") });
  expect(said.err).toContain("It shares a resource configuration of VPC Lattice through AWS RAM");
  expect(await stage.requests()).toEqual([]);
  page.shows("refused", typed("landline plan", said));
  page.check();
});
