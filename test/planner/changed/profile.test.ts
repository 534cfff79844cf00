import { describe, expect, test } from "vitest";
import { intentsOf, scopeOf, type Version } from "../../../src/planner/changed/index.ts";
import { loadProfiles } from "../../../src/planner/partners/load.ts";
import type { Profiles } from "../../../src/planner/partners/profile.ts";
import { connections, project, service, sha256 } from "../builders.ts";
import { NIMBUS } from "../partners/nimbus.ts";
import { schemas } from "../partners/support.ts";

/** A project's own profile stands in the repository: a pull request that changes it changes what its connections are held to. */

const partner = { profile: "nimbus", params: { instance: "one" } };

/** The profile as the project's own or as one that comes with Landline. */
function profiles(text: string, origin: "own" | "shipped"): Profiles {
  const file = { path: "partners/nimbus.yaml", text };
  const read = loadProfiles({ shipped: [], own: [], [origin]: [file] }, schemas);
  expect(read.problems).toEqual([]);
  return read.profiles;
}

function version(known: Profiles): Version {
  const of = project();
  const bodies = { cloudy: { partner, ...service() }, plain: service() };
  return { project: of, connections: connections(bodies, of, known), profiles: known };
}

const OTHER_ACCOUNT = NIMBUS.replace('default: "402592597372"', 'default: "999999999999"');
const intents = ({ project: of, connections: all, profiles: known }: Version) =>
  intentsOf(of, all, ["cloudy", "plain"], sha256, known).map(({ intent }) => intent);

describe("a profile of the project's own", () => {
  const [before, after] = [version(profiles(NIMBUS, "own")), version(profiles(OTHER_ACCOUNT, "own"))];

  test("reaches the connections that name it when it changes, and no others", () => {
    expect(scopeOf(before, after).reached).toEqual([{ name: "cloudy", why: "partner profile nimbus changed" }]);
  });

  test("reaches nothing while it says the same", () => {
    const again = version(profiles(`# a comment\n${NIMBUS}`, "own"));
    expect(scopeOf(before, again).reached).toEqual([]);
  });

  test("is part of what was reviewed of a connection", () => {
    const [[cloudy, plain], [changed, same]] = [intents(before), intents(after)];
    expect(changed).not.toBe(cloudy);
    expect(same).toBe(plain);
  });
});

test("a profile that comes with Landline changes with the tool, which no review of a pull request is about", () => {
  const [before, after] = [version(profiles(NIMBUS, "shipped")), version(profiles(OTHER_ACCOUNT, "shipped"))];
  expect(scopeOf(before, after).reached).toEqual([]);
  expect(intents(after)).toEqual(intents(before));
});
