import { describe, expect, it } from "vitest";
import { awsError, creation, deletion, object, results, startBench, turn, updating } from "./bench.ts";

describe("order", () => {
  it("starts a step when everything that it depends on is done, and answers in the plan's order", async () => {
    const bench = startBench();
    const outcomes = await bench.run([
      creation("a"),
      creation("b", { dependsOn: ["a"] }),
      creation("c", { dependsOn: ["b", "a"] }),
    ]);
    expect(bench.calls).toEqual(["create a", "create b", "create c"]);
    expect(outcomes.map(({ step, result, id }) => [step, result, id])).toEqual([
      ["a", "done", "id-of-a"],
      ["b", "done", "id-of-b"],
      ["c", "done", "id-of-c"],
    ]);
  });

  it("passes over dependencies that are not part of the plan", async () => {
    const bench = startBench();
    expect(results(await bench.run([creation("a", { dependsOn: ["unchanged"] })]))).toEqual(["a done"]);
  });
});

/** A bench that knows how many creates were under way at once. */
function busyBench(serialBy?: () => string) {
  const seen = { now: 0, most: 0 };
  const bench = startBench((_bench, usual) => ({
    ...(serialBy ? { serialBy } : {}),
    async create(...from) {
      seen.now += 1;
      seen.most = Math.max(seen.most, seen.now);
      for (let turns = 0; turns < 5; turns++) await turn();
      seen.now -= 1;
      return usual.create(...from);
    },
  }));
  return { bench, seen };
}

describe("side by side", () => {
  const six = ["a", "b", "c", "d", "e", "f"].map((address) => creation(address));

  it.each([
    [8, 6],
    [3, 3],
    [1, 1],
    [0, 1],
  ])("with parallel %i has %i of six independent steps under way", async (parallel, most) => {
    const { bench, seen } = busyBench();
    await bench.run(six, { parallel });
    expect(seen.most).toBe(most);
    expect(bench.cloud.size).toBe(6);
  });

  it("does one after the other what shares a lock", async () => {
    const { bench, seen } = busyBench(() => "one zone");
    await bench.run(six);
    expect(seen.most).toBe(1);
  });

  it("does not let the lock of one target hold up another", async () => {
    const { bench, seen } = busyBench(() => "one zone");
    await bench.run([creation("a"), creation("b", { target: "app" })]);
    expect(seen.most).toBe(2);
  });

  it("goes on with a lock whose holder failed", async () => {
    const bench = startBench((_bench, usual) => ({
      serialBy: () => "one zone",
      async create(aws, wanted, token) {
        if (wanted.address === "a") throw awsError("InvalidParameter");
        return usual.create(aws, wanted, token);
      },
    }));
    expect(results(await bench.run([creation("a"), creation("b")]))).toEqual(["a failed", "b done"]);
  });
});

describe("what cannot be done", () => {
  it("stops what depends on a failure, all the way down, and nothing else", async () => {
    const bench = startBench((_bench, usual) => ({
      async create(aws, wanted, token) {
        if (wanted.address === "a") throw awsError("InvalidParameter", "The subnet ID 'subnet-1' is wrong");
        return usual.create(aws, wanted, token);
      },
    }));
    const outcomes = await bench.run([
      creation("a"),
      creation("b", { dependsOn: ["a"] }),
      creation("c", { dependsOn: ["b"] }),
      creation("d"),
    ]);
    expect(outcomes).toMatchObject([
      { step: "a", result: "failed", code: "InvalidParameter", message: "The subnet ID 'subnet-1' is wrong" },
      { step: "b", result: "skipped", message: "not tried, because a failed" },
      { step: "c", result: "skipped", message: "not tried, because a failed" },
      { step: "d", result: "done" },
    ]);
    expect(bench.calls).toEqual(["create d"]);
  });

  it("does not carry out a refused change, nor what depends on it", async () => {
    const bench = startBench();
    const outcomes = await bench.run([
      creation("a", { refused: "principals.denied" }),
      creation("b", { dependsOn: ["a"] }),
      creation("c"),
    ]);
    expect(outcomes).toMatchObject([
      { result: "refused", message: 'refused by policy: see finding "principals.denied"' },
      { result: "skipped", message: "not tried, because a was refused" },
      { result: "done" },
    ]);
    expect(bench.calls).toEqual(["create c"]);
  });

  it("never throws for a change, whatever its kind throws", async () => {
    const thrown: { [address: string]: unknown } = { a: "a text", b: undefined, c: new TypeError("a bug"), d: null };
    const bench = startBench(() => ({
      seek: async (_reads, { address }) => {
        throw thrown[address];
      },
      look: async () => {
        throw awsError("RequestLimitExceeded");
      },
    }));
    const live = object("e", { size: 1 });
    const outcomes = await bench.run([
      ...Object.keys(thrown).map((address) => creation(address)),
      updating(live, { size: 2 }),
      deletion(object("f")),
      { ...creation("g"), desired: undefined as never },
    ]);
    expect(results(outcomes)).toEqual(["a", "b", "c", "d", "e", "f", "g"].map((step) => `${step} failed`));
    expect(outcomes[0]?.message).toBe("a text");
    expect(outcomes[2]?.message).toBe("a bug");
    expect(outcomes[6]?.message).toBe('g lacks what its action "create" needs');
  });

  it("gives a code only where AWS, or a rule of ours, has one", async () => {
    const errors: { [address: string]: Error } = { a: awsError("AccessDeniedException"), b: new Error("no code") };
    const bench = startBench(() => ({
      seek: async (_reads, { address }) => {
        throw errors[address];
      },
    }));
    const outcomes = await bench.run([creation("a"), creation("b")]);
    expect(outcomes.map(({ code }) => code)).toEqual(["AccessDenied", undefined]);
  });
});

describe("the journal", () => {
  it("has one line before and one after each call, in order, between the run's own two", async () => {
    const seenByCalls: (string | undefined)[] = [];
    const bench = startBench(({ journal }, usual) => ({
      async create(aws, wanted, token) {
        seenByCalls.push(journal.at(-1)?.event);
        return usual.create(aws, wanted, token);
      },
    }));
    await bench.run([
      creation("a"),
      creation("b", { dependsOn: ["a"] }),
      creation("c", { dependsOn: ["b"], refused: "protected" }),
    ]);
    expect(bench.journal.map(({ event, step = "-" }) => `${event} ${step}`)).toEqual([
      "run-started -",
      "started a",
      "done a",
      "started b",
      "done b",
      "refused c",
      "run-ended -",
    ]);
    expect(seenByCalls).toEqual(["started", "started"]);
    expect(bench.journal.every(({ planId }) => planId === "sha256:plan")).toBe(true);
    expect(bench.journal.find(({ event }) => event === "done")).toEqual({
      event: "done",
      planId: "sha256:plan",
      step: "a",
      action: "create",
      digest: "digest-of-a",
      message: "made",
      id: "id-of-a",
    });
  });

  it("keeps AWS's code of a failure", async () => {
    const bench = startBench(() => ({
      create: async () => {
        throw awsError("VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached.");
      },
    }));
    await bench.run([creation("a")]);
    expect(bench.journal.find(({ event }) => event === "failed")).toMatchObject({
      step: "a",
      code: "VpcEndpointLimitExceeded",
      message: "The maximum number of VPC endpoints has been reached.",
    });
  });

  it("lets no call go out that it could not note before", async () => {
    const bench = startBench();
    const full = {
      path: "full",
      close() {},
      write: ({ event }: { event: string }) => {
        if (event !== "run-started") throw awsError("ENOSPC", "no space left on device");
      },
    };
    const outcomes = await bench.run([creation("a"), creation("b", { dependsOn: ["a"] })], { journal: full });
    expect(results(outcomes)).toEqual(["a failed", "b skipped"]);
    expect(outcomes[0]?.message).toContain("no space left on device");
    expect(bench.calls).toEqual([]);
  });
});

it("tells of each step as it starts and as it ends", async () => {
  const bench = startBench();
  const told: string[] = [];
  await bench.run([creation("a"), creation("b", { refused: "protected" })], {
    progress: ({ change, outcome }) => told.push(`${change.step} ${outcome?.result ?? "starts"}`),
  });
  expect(told.sort()).toEqual(["a done", "a starts", "b refused"]);
});
