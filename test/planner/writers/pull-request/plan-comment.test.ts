import { describe, expect, it } from "vitest";
import { type PlanCommentInput, planComment } from "../../../../src/planner/writers/pull-request/index.ts";
import { CALM_PLAN, change, EMPTY_PLAN, RICH_PLAN } from "../fixture.ts";
import { expectGolden } from "../golden.ts";
import { dangersIn } from "../structure.ts";
import { CHECKLIST, MARKER, MORE_AT, SCOPE, TARGETS } from "./fixture.ts";

const given: PlanCommentInput = {
  marker: MARKER,
  plan: EMPTY_PLAN,
  targets: TARGETS,
  checklist: [],
  moreAt: MORE_AT,
};
const comment = (more: Partial<PlanCommentInput>) => planComment({ ...given, ...more });
const verdictOf = (more: Partial<PlanCommentInput>) => comment(more).split("\n")[1] ?? "";
const open = (text: string) => ({ done: false, blocks: true, text });

describe("planComment", () => {
  it.each([
    ["rich.md", { plan: RICH_PLAN, checklist: CHECKLIST, scope: SCOPE }],
    ["calm.md", { plan: CALM_PLAN, checklist: CHECKLIST }],
    ["empty.md", {}],
  ] as const)("writes %s", (name, more) => {
    expectGolden(`pull-request/${name}`, comment(more));
  });

  it("begins with the marker and gives the same bytes for the same plan", () => {
    const text = comment({ plan: RICH_PLAN });
    expect(text.split("\n")[0]).toBe(MARKER);
    expect(comment({ plan: structuredClone(RICH_PLAN) })).toBe(text);
  });
});

describe("may I merge?", () => {
  it.each([
    ["nothing changes", {}, /^✅ \*\*This pull request changes no plan\.\*\*$/],
    ["no risk, nothing open", { plan: CALM_PLAN }, /^🟢 \*\*Yes: 2 changes, no risks\.\*\*$/],
    ["one thing open", { plan: CALM_PLAN, checklist: [open("1 approval")] }, /^🟠 \*\*Yes, once .*:\*\* 1 approval\.$/],
    [
      "two things open",
      { plan: CALM_PLAN, checklist: [open("a"), open("b")] },
      /^🟠 \*\*Yes, once these 2 .*\*\* a\. b\.$/,
    ],
    [
      "done, or not blocking, is not open",
      {
        plan: CALM_PLAN,
        checklist: [
          { ...open("a"), done: true },
          { ...open("b"), blocks: false },
        ],
      },
      /^🟢/,
    ],
    ["refused changes, whatever was approved", { plan: RICH_PLAN, checklist: [open("a")] }, /^🔴 \*\*No, .*2 of 14/],
    [
      "risks and nothing open",
      {
        plan: {
          ...CALM_PLAN,
          changes: [change({ address: "a/b", kind: "listener", action: "delete", risks: ["deletes"] })],
        },
      },
      /^🟠 \*\*Yes, if .*:\*\* deletes\.$/,
    ],
    ["waits only", { plan: { ...EMPTY_PLAN, waits: RICH_PLAN.waits } }, /^✅ \*\*Yes: .* for now\.\*\*$/],
    ["an error without a change", { plan: { ...EMPTY_PLAN, findings: RICH_PLAN.findings } }, /^🔴 \*\*No, .*1 error/],
  ] as const)("%s", (_case, more, expected) => {
    expect(verdictOf(more)).toMatch(expected);
  });

  it("says in one line that nothing changes, and counts the warnings", () => {
    const summary = { ...EMPTY_PLAN.summary, warnings: 2 };
    expect(comment({}).trimEnd().split("\n")).toHaveLength(2);
    const warned = comment({ plan: { ...EMPTY_PLAN, summary } })
      .trimEnd()
      .split("\n");
    expect(warned).toHaveLength(2);
    expect(warned[1]).toContain("2 warnings");
  });

  it("is not done with a plan without changes while something blocks the merge", () => {
    expect(verdictOf({ checklist: [open("mara asks for changes")] })).toMatch(/^🟠 \*\*Yes, once .*mara/);
  });
});

describe("the checklist", () => {
  it("lists what blocks first, then what is done or does not block", () => {
    const checklist = [{ ...open("done one"), done: true }, { ...open("idle one"), blocks: false }, open("open one")];
    const lines = comment({ plan: CALM_PLAN, checklist })
      .split("\n")
      .filter((line) => line.startsWith("- ["));
    expect(lines).toEqual(["- [ ] open one", "- [x] done one", "- [ ] idle one (does not block the merge)"]);
  });

  it("says that errors block and that waits do not", () => {
    const text = comment({ plan: RICH_PLAN });
    expect(text).toMatch(/^- \[ \] 1 error to settle/m);
    expect(text).toMatch(/^- ⏳ 3 waits do not block the merge: 1 for a partner, 1 for us and 1 for AWS$/m);
  });
});

describe("sections", () => {
  const both = {
    ...CALM_PLAN,
    changes: [
      change({ address: "ledger/service", kind: "endpoint-service", action: "create", target: "prod-use1" }),
      change({
        address: "ledger/endpoint/main",
        kind: "vpc-endpoint",
        action: "create",
        target: "prod-euw1",
        dependsOn: ["ledger/service"],
      }),
    ],
    waits: [{ connection: "ledger", on: "us" as const, for: "x", since: null, until: null }],
  };
  const sectionsIn = (text: string) => text.split(/^### /m).slice(1);

  it("has one per target that changes, in the project's order, and none for a single target", () => {
    const headings = sectionsIn(comment({ plan: RICH_PLAN })).map((text) => text.split("\n")[0]);
    expect(headings).toEqual([
      "`prod-use1`, account `111111111111`, `us-east-1`",
      "`prod-euw1`, account `444444444444`, `eu-west-1`",
    ]);
    expect(sectionsIn(comment({ plan: CALM_PLAN }))).toEqual([]);
  });

  it("shows a connection of two targets in both, each with its own changes, and tells the rest once", () => {
    const text = comment({ plan: both });
    const [provider = "", consumer = ""] = sectionsIn(text);
    expect(provider).toContain("+ create ledger/service");
    expect(provider).not.toContain("+ create ledger/endpoint");
    expect(consumer).toContain("+ create ledger/endpoint/main");
    expect(consumer).toContain("#     after ledger/service");
    expect(text.match(/waiting for us: x/g)).toHaveLength(1);
  });

  it("tells what is said of connections without changes", () => {
    const plan = {
      ...CALM_PLAN,
      waits: [{ connection: "idle", on: "aws" as const, for: "y", since: null, until: null }],
    };
    expect(comment({ plan })).toMatch(/<summary>.*idle.*: no change; 1 wait<\/summary>/);
  });

  it("counts and names planned connections of which nothing changes", () => {
    expect(comment({ plan: CALM_PLAN, scope: SCOPE })).toContain("nothing changes: `billing` and `ledger`.");
  });

  it("says why a connection was planned", () => {
    expect(comment({ plan: RICH_PLAN, scope: SCOPE })).toContain("Planned because: it consumes payments-api.");
  });

  it("keeps a target that the project does not list", () => {
    expect(sectionsIn(comment({ plan: both, targets: [] })).map((text) => text.split("\n")[0])).toEqual([
      "`prod-euw1`",
      "`prod-use1`",
    ]);
  });
});

describe("where the whole of it is", () => {
  it("leads to a plain address", () => {
    expect(comment({ plan: CALM_PLAN })).toContain(
      "[the job summary](https://github.example/acme/network/pull/7/checks) and the artifact `landline-plan`",
    );
  });

  it.each([
    "javascript:alert(1)",
    "https://x.example/) [y](https://evil.example",
    "https://x.example/\n# big",
    "https://a:b@c.example",
  ])("leads nowhere for %j", (url) => {
    const text = comment({ plan: CALM_PLAN, moreAt: { words: "the summary", url } });
    expect(dangersIn(text, { html: [MARKER] })).toEqual([]);
  });
});
