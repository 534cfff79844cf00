import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startEmulate } from "./contract-emulate.ts";
import { githubContract } from "./contract-fixture.ts";
import { scenes } from "./contract-scenes.ts";

/**
 * The scenes against `emulate`, which others wrote: where it and our local GitHub both play a scene, the scene is not merely what we believe.
 * What it cannot play stands here, and must still fail, so that this list stays true.
 */
const CANNOT_PLAY: Record<string, { why: string; fails: RegExp }> = {
  "a pull request tells its files and commits": { why: "its list of files is empty", fails: /expected \[\] to match/ },
  "a comment may be as long as GitHub allows and no longer": {
    why: "it takes comments of any length",
    fails: /wanted a refusal with 422, got no refusal/,
  },
  "nobody approves their own pull request": {
    why: "it lets the author approve",
    fails: /wanted a refusal with 422, got no refusal/,
  },
  "a check run takes no more than 50 annotations at once": {
    why: "it takes any number",
    fails: /wanted a refusal with 422, got no refusal/,
  },
  "the pull request of a commit on main is found": { why: "it has no commits/{sha}/pulls", fails: /Not Found/ },
  "a merge of a head that moved is refused": {
    why: "it answers 422 where GitHub answers 409",
    fails: /wanted a refusal with 409, got 422/,
  },
  "a permission is told": { why: "it knows owners and collaborators only", fails: /Not Found/ },
  "a deployment has statuses, the newest first": { why: "it has no deployments", fails: /Not Found/ },
  "an unchanged answer is not sent again": {
    why: "it ignores If-None-Match",
    fails: /wanted a refusal with 304, got no refusal/,
  },
};

/** Where its answers have another form than GitHub describes. */
const ANSWERS_OTHERWISE: { operations: string[]; complaint: RegExp; why: string }[] = [
  {
    operations: ["checks/create", "checks/update", "checks/get", "checks/list-for-ref"],
    complaint: /check_suite must NOT have/,
    why: "it tells the whole suite, GitHub its id",
  },
  {
    operations: ["checks/create", "checks/update", "checks/get", "checks/list-for-ref"],
    complaint: /required property 'annotations_url'/,
    why: "it leaves the address of the annotations out",
  },
  { operations: ["pulls/create-review"], complaint: /status 201/, why: "GitHub answers 200" },
  {
    operations: ["pulls/dismiss-review", "pulls/list-reviews"],
    complaint: /"(created|updated)_at"/,
    why: "GitHub has submitted_at",
  },
  {
    operations: ["pulls/list"],
    complaint: /\/0 must NOT have/,
    why: "it tells in the list what GitHub tells of a single one only",
  },
  { operations: ["repos/get"], complaint: /'(network|subscribers)_count'/, why: "it leaves the counts out" },
  {
    operations: ["repos/get-branch"],
    complaint: /must have required/,
    why: "it tells a short commit and no protection",
  },
];

let stage: Awaited<ReturnType<typeof startEmulate>>;
let complaints: string[] = [];
const deviations = new Set<string>();

beforeAll(async () => {
  stage = await startEmulate((exchange) => complaints.push(...githubContract.check(exchange)));
});
beforeEach(() => {
  complaints = [];
});
afterAll(() => stage.close());

describe("scenes against emulate", () => {
  for (const [name, play] of Object.entries(scenes)) {
    const cannot = CANNOT_PLAY[name];
    if (cannot === undefined) {
      test(name, async () => {
        await play(stage);
        for (const complaint of complaints) deviations.add(complaint);
        expect(complaints.filter((line) => !ANSWERS_OTHERWISE.some((known) => explains(known, line)))).toEqual([]);
      });
    } else {
      test(`cannot: ${name}, because ${cannot.why}`, () => expect(play(stage)).rejects.toThrow(cannot.fails));
    }
  }

  test("every scene that it cannot play and every deviation is real", () => {
    expect(Object.keys(CANNOT_PLAY).filter((name) => scenes[name] === undefined)).toEqual([]);
    const seen = [...deviations];
    expect(ANSWERS_OTHERWISE.flatMap(single).filter((known) => !seen.some((line) => explains(known, line)))).toEqual(
      [],
    );
  });
});

type Known = (typeof ANSWERS_OTHERWISE)[number];

function explains({ operations, complaint }: Known, line: string): boolean {
  return operations.some((operation) => line.includes(` (${operation}) response: `)) && complaint.test(line);
}

/** One entry for each of its operations, so that none stays when it has become wrong. */
function single(known: Known): Known[] {
  return known.operations.map((operation) => ({ ...known, operations: [operation] }));
}
