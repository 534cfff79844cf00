import { describe, expect, it } from "vitest";
import { type Kind, NotYetError, StaleTokenError } from "../../src/kinds/kind.ts";
import type { KindName, Live } from "../../src/model.ts";
import { awsError, creation, deletion, object, results, startBench, type Twist, updating } from "./bench.ts";

/** What AWS needs time for: every wait has a deadline, and its end says what was waited for and how far it had got. */

/** The creates of one object throw these errors first, then work; the last error lasts when told so. */
const failing =
  (of: string, errors: readonly Error[], { forever = false } = {}): Twist =>
  (_bench, usual) => {
    const left = [...errors];
    return {
      async create(aws, wanted, token) {
        const error = wanted.address !== of ? undefined : forever && left.length === 1 ? left[0] : left.shift();
        if (error) throw error;
        return usual.create(aws, wanted, token);
      },
    };
  };

/** Each look at the object shows the next of these states; the last one stays. `undefined`: AWS does not show it. */
const showing =
  (...states: readonly (string | undefined)[]): Twist =>
  (_bench, usual) => {
    let looks = 0;
    const look: Kind<KindName>["look"] = async (reads, known) => {
      const live = await usual.look(reads, known);
      const state = states[Math.min(looks++, states.length - 1)];
      return live && state !== undefined ? { ...live, state } : undefined;
    };
    return { look };
  };

describe("a create", () => {
  const stale = new StaleTokenError("vpce-1 was made with this token and is deleted");

  it("moves on to the next token when AWS answers with an object that is deleted", async () => {
    const bench = startBench(failing("a", [stale, stale]));
    expect(await bench.run([creation("a")])).toMatchObject([{ result: "done", message: "made" }]);
    expect(bench.tokens).toEqual(["digest-of-a 2"]);
  });

  it("gives up when every token is stale", async () => {
    const bench = startBench(failing("a", [stale], { forever: true }));
    expect(await bench.run([creation("a")])).toMatchObject([
      { result: "failed", message: "vpce-1 was made with this token and is deleted" },
    ]);
  });

  it("takes the next token when AWS repeats the answer of an object that it has forgotten", async () => {
    const bench = startBench((_bench, usual) => ({
      deadlineSeconds: 600,
      create: async (aws, wanted, token) => (token.endsWith(" 0") ? "id-of-a-ghost" : usual.create(aws, wanted, token)),
    }));
    expect(await bench.run([creation("a")])).toMatchObject([{ result: "done", id: "id-of-a" }]);
    expect(bench.slept() / 1000).toBeLessThan(130);
  });

  const twoSteps = [creation("a"), creation("b", { dependsOn: ["a"] })];
  const notFound = awsError("TargetGroupNotFound", "One or more target groups not found");
  const notYet = new NotYetError("vpce-1 does not show up at vpce-svc-1 yet");

  it("is tried again when AWS does not know yet what an earlier step has made", async () => {
    const bench = startBench(failing("b", [notFound, notYet, notFound]));
    expect(results(await bench.run(twoSteps))).toEqual(["a done", "b done"]);
    expect(bench.slept()).toBeGreaterThan(0);
  });

  it.each([
    ["TargetGroupNotFound", notFound],
    ["NotVisibleYet", notYet],
  ])("ends with AWS's own words after two minutes of %s", async (code, error) => {
    const bench = startBench(failing("b", [error], { forever: true }));
    const outcomes = await bench.run(twoSteps);
    expect(outcomes[1]).toMatchObject({ result: "failed", code, message: error.message });
    expect(bench.slept() / 1000).toBeGreaterThan(115);
    expect(bench.slept() / 1000).toBeLessThan(130);
  });

  it("does not wait for a NotFound of something that this run did not make", async () => {
    const bench = startBench(failing("a", [notFound]));
    expect(await bench.run([creation("a")])).toMatchObject([{ result: "failed", code: "TargetGroupNotFound" }]);
    expect(bench.slept()).toBe(0);
  });
});

describe("after the call", () => {
  it("waits until the object is ready, also when AWS does not show it at first", async () => {
    const bench = startBench(showing(undefined, undefined, "pending", "ready"));
    expect(await bench.run([creation("a")])).toMatchObject([{ result: "done", message: "made" }]);
  });

  it("counts an object that waits for somebody else as made", async () => {
    const bench = startBench(showing("resting"));
    expect(await bench.run([creation("a")])).toMatchObject([{ result: "done", message: "made; waits to be accepted" }]);
  });

  it.each([
    ["pending", "waited 60 s for id-of-a (now pending); it may still get there: run the same command again to go on"],
    [
      undefined,
      "waited 60 s for id-of-a (now not visible yet); it may still get there: run the same command again to go on",
    ],
  ])("ends at the kind's deadline with what it waited for and its state: %s", async (state, message) => {
    const bench = startBench(showing(state));
    expect(await bench.run([creation("a")])).toMatchObject([{ result: "failed", code: "DeadlineExceeded", message }]);
    expect(bench.slept() / 1000).toBeLessThanOrEqual(60);
  });

  it("ends at once in a state that cannot be left, with AWS's reason", async () => {
    const bench = startBench(showing("pending", "failed: the subnet has no free addresses"));
    expect(await bench.run([creation("a")])).toMatchObject([
      { result: "failed", message: "id-of-a is failed: the subnet has no free addresses" },
    ]);
    expect(bench.slept()).toBe(250);
  });

  it("waits until AWS shows the new values, and says so when it never does", async () => {
    const bench = startBench(() => ({ update: async () => undefined }));
    const live = bench.put(object("a", { size: 1 }));
    expect(await bench.run([updating(live, { size: 2 })])).toMatchObject([
      {
        result: "failed",
        code: "DeadlineExceeded",
        message: expect.stringMatching(/^waited 120 s for AWS to show the new size of id-of-a;/),
      },
    ]);
  });
});

describe("a deletion", () => {
  const inUse = awsError("StillInUse", "it has network interfaces");

  it("is tried again while something lingers, and ends when the object is gone", async () => {
    let tries = 0;
    let looks = 0;
    const bench = startBench((_bench, usual) => ({
      async look(...from) {
        looks += 1;
        return looks < 4 ? live : usual.look(...from);
      },
      async remove(...from) {
        tries += 1;
        if (tries < 3) throw inUse;
        return usual.remove(...from);
      },
    }));
    const live = bench.put(object("a"));
    expect(await bench.run([deletion(live)])).toMatchObject([{ result: "done", message: "deleted" }]);
    expect({ tries, looks }).toEqual({ tries: 3, looks: 4 });
  });

  it("fails at once with any other error", async () => {
    const bench = startBench(() => ({
      async remove() {
        throw awsError("OperationNotPermitted", "deletion protection is on");
      },
    }));
    expect(await bench.run([deletion(bench.put(object("a")))])).toMatchObject([
      { result: "failed", code: "OperationNotPermitted", message: "deletion protection is on" },
    ]);
    expect(bench.slept()).toBe(0);
  });

  it("says what AWS said when what uses the object stays", async () => {
    const bench = startBench(() => ({
      async remove() {
        throw inUse;
      },
    }));
    const [outcome] = await bench.run([deletion(bench.put(object("a")))]);
    expect(outcome).toMatchObject({ result: "failed", code: "DeadlineExceeded" });
    expect(outcome?.message).toContain(
      "whatever still uses id-of-a to be gone (StillInUse: it has network interfaces)",
    );
  });

  it("says in what state the object is when it does not go", async () => {
    const bench = startBench(() => ({ remove: async () => undefined }));
    const [outcome] = await bench.run([deletion(bench.put(object("a", {}, { state: "deleting slowly" })))]);
    expect(outcome).toMatchObject({ result: "failed", code: "DeadlineExceeded" });
    expect(outcome?.message).toContain("id-of-a to be gone (now deleting slowly)");
  });
});

describe("a value that another object hands out", () => {
  const refers = (more: object = {}) =>
    creation("b", { attributes: { target: { ref: "a", output: "name" } }, relies: { "a.name": null }, ...more });
  const made = (bench: { readonly cloud: ReadonlyMap<string, Live> }) => bench.cloud.get("id-of-b")?.attributes.target;

  it("comes from the step that has made it", async () => {
    const bench = startBench();
    expect(results(await bench.run([creation("a"), refers({ dependsOn: ["a"] })]))).toEqual(["a done", "b done"]);
    expect(made(bench)).toBe("a.aws");
  });

  it("is waited for when AWS hands it out late", async () => {
    const bench = startBench((_bench, usual) => {
      let looks = 0;
      return {
        async look(reads, known) {
          const live = await usual.look(reads, known);
          if (known.address !== "a" || !live) return live;
          looks += 1;
          return looks < 5 ? { ...live, state: "pending" } : { ...live, state: "ready", outputs: { name: "late.aws" } };
        },
      };
    });
    bench.put(object("a", {}, { state: "pending" }));
    expect(results(await bench.run([refers()]))).toEqual(["b done"]);
    expect(made(bench)).toBe("late.aws");
  });

  it("that needs somebody's acceptance is a rest for its user and holds up nobody else", async () => {
    const bench = startBench();
    bench.put(object("a", {}, { state: "resting" }));
    const outcomes = await bench.run([refers(), creation("c", { dependsOn: ["b"] }), creation("d")]);
    const message = "waits until a (id-of-a) has been accepted; the next run goes on";
    expect(outcomes).toMatchObject([
      { step: "b", result: "skipped", message },
      { step: "c", result: "skipped", message },
      { step: "d", result: "done" },
    ]);
    expect(bench.calls).toEqual(["create d"]);
  });

  it("never comes from an object that has failed: that is said at once, with AWS's reason", async () => {
    const bench = startBench();
    bench.put(object("a", {}, { state: "failed: rejected by the owner" }));
    expect(await bench.run([refers()])).toMatchObject([
      { result: "failed", message: "name of a is missing: id-of-a is failed: rejected by the owner" },
    ]);
    expect(bench.slept()).toBe(0);
  });

  it("that does not come in time is named with the state of its object", async () => {
    const bench = startBench();
    bench.put(object("a", {}, { state: "pending" }));
    const [outcome] = await bench.run([refers()]);
    expect(outcome).toMatchObject({ result: "failed", code: "DeadlineExceeded" });
    expect(outcome?.message).toContain("waited 60 s for name of a (id-of-a is now pending)");
  });

  it("of an object that nobody has is an error that names both", async () => {
    const bench = startBench();
    expect(await bench.run([refers()])).toMatchObject([
      { result: "failed", message: "b needs name of a, which does not exist" },
    ]);
  });

  describe("while a replacement is under way, so that two objects stand at its address,", () => {
    const ready = object("a", {}, { id: "id-new", outputs: { name: "new.aws" } });
    const resting = object("a", {}, { id: "id-new", state: "resting" });
    const old = object("a", {}, { id: "id-old", outputs: { name: "old.aws" } });

    it.each([
      ["old one first", [old, ready]],
      ["new one first", [ready, old]],
    ])("is the reviewed one (%s)", async (_order, objects) => {
      const bench = startBench();
      for (const live of objects) bench.put(live);
      await bench.run([refers({ relies: { "a.name": "new.aws" } })]);
      expect(made(bench)).toBe("new.aws");
    });

    it.each([
      ["old one first", [old, resting]],
      ["new one first", [resting, old]],
    ])("is awaited from the object that lacks it (%s)", async (_order, objects) => {
      const bench = startBench();
      for (const live of objects) bench.put(live);
      expect(results(await bench.run([refers()]))).toEqual(["b skipped"]);
    });
  });

  it("is the new one once a step of this run has changed its object", async () => {
    const bench = startBench((_bench, usual) => ({
      async look(reads, known) {
        const now = await usual.look(reads, known);
        return now && { ...now, outputs: { name: now.attributes.size === 2 ? "after.aws" : "before.aws" } };
      },
    }));
    const live = bench.put(object("a", { size: 1 }, { outputs: { name: "before.aws" } }));
    await bench.run([updating(live, { size: 2 }), refers({ dependsOn: ["a"], relies: { "a.name": "before.aws" } })]);
    expect(made(bench)).toBe("after.aws");
  });

  it("is sorted into a set once it is known", async () => {
    const bench = startBench();
    bench.put(object("z", {}, { outputs: { name: "sg-1" } }));
    bench.put(object("y", {}, { outputs: { name: "sg-2" } }));
    const groups = ["y", "z"].map((ref) => ({ ref, output: "name" }));
    const relies = { "y.name": "sg-2", "z.name": "sg-1" };
    await bench.run([creation("b", { relies, attributes: { groups, order: ["z", "y"] } })]);
    expect(bench.cloud.get("id-of-b")?.attributes).toMatchObject({ groups: ["sg-1", "sg-2"], order: ["z", "y"] });
  });
});
