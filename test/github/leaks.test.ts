import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findLeaks } from "./leaks.ts";

/** The search that other tests rely on: it has to find each disguise, and nothing in texts without the secret. */

const SECRET = "ghs_Zq8vT1kLw3XyB6nR+/=:é~d4";
const OTHER = "s3cr3t-of-another";
const bytes = Buffer.from(SECRET);

describe("findLeaks", () => {
  it.each([
    ["plain", `token ${SECRET} here`],
    ["plain", `part ${SECRET.slice(3, 15)} only`],
    ["backwards", [...SECRET].toReversed().join("")],
    ["base64", `Basic ${bytes.toString("base64")}`],
    ["base64", `Basic ${Buffer.from(`x-access-token:${SECRET}`).toString("base64")}`],
    ["base64", `Basic ${Buffer.from(`xx:${SECRET}:yy`).toString("base64")}`],
    ["base64", `Basic ${Buffer.from(`xxx:${SECRET}:y`).toString("base64")}`],
    ["hexadecimal", bytes.toString("hex")],
    ["hexadecimal", bytes.toString("hex").toUpperCase()],
    ["URL-encoded", `https://x.example/?t=${encodeURIComponent(SECRET.slice(14))}`],
    ["plain, broken up", `ghs\\_\u200bZq8v\n  T1kLw3`],
  ])("finds it %s: %s", (name, text) => {
    const leaks = findLeaks(["nothing", text], [OTHER, SECRET]);
    expect(leaks.some((leak) => leak.startsWith(`text 1: secret 1 (${name})`))).toBe(true);
    expect(leaks.every((leak) => leak.startsWith("text 1: secret 1 "))).toBe(true);
  });

  it("finds it in base64 as addresses have it", () => {
    const secret = "?>?>?~?>?>?~?>?>?~";
    const [leak = ""] = findLeaks([Buffer.from(secret).toString("base64url")], [secret]);
    expect(leak).toBe("text 0: secret 0 (base64url) at 0");
  });

  it("says where, and not what", () => {
    const [leak = ""] = findLeaks(["", `a ${SECRET}`], [SECRET]);
    expect(leak).toBe("text 1: secret 0 (plain) at 2");
  });

  it("takes eleven characters for chance, and a short secret whole", () => {
    expect(findLeaks([SECRET.slice(0, 11)], [SECRET])).toEqual([]);
    expect(findLeaks(["abc"], ["short"])).toEqual([]);
    expect(findLeaks(["in short"], ["short"])).toHaveLength(1);
  });

  it("refuses an empty secret", () => {
    expect(() => findLeaks(["a"], [""])).toThrow("empty secret");
  });

  it("finds any part of any secret wherever it stands, and nothing without it", () => {
    const word = fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789_-"), minLength: 12 });
    fc.assert(
      fc.property(word, fc.nat(), fc.string(), fc.string(), (secret, start, before, after) => {
        const from = start % (secret.length - 11);
        expect(findLeaks([before + secret.slice(from, from + 12) + after], [secret])).not.toEqual([]);
        const encoded = Buffer.from(before + secret + after).toString("base64");
        expect(findLeaks([encoded], [secret])).not.toEqual([]);
        expect(findLeaks([secret.toUpperCase().replace(/[A-Z0-9_-]/g, "Ω")], [secret])).toEqual([]);
      }),
    );
  });
});
