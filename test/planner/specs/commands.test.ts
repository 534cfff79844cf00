import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explain } from "../../../src/commands/explain.ts";
import type { Io } from "../../../src/commands/io.ts";
import { schema } from "../../../src/commands/schema.ts";
import { validate } from "../../../src/commands/validate.ts";
import { PROJECT } from "./support.ts";

const SPEC = `apiVersion: landline/v1
kind: Connection
metadata: {name: NAME}
endpoints:
  - target: prod-use1
    service: pending
    vpc: vpc-0a1b2c3d4e5f60001
    subnets: [subnet-0a1b2c3d4e5f60003]
    securityGroups: [sg-0a1b2c3d4e5f60004]
`;

let cwd = "";
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "landline-commands-"));
  writeFileSync(join(cwd, "landline.yaml"), PROJECT);
  mkdirSync(join(cwd, "specs"));
  writeFileSync(join(cwd, "specs/one.yaml"), `${SPEC.replace("NAME", "one")}---\n${SPEC.replace("NAME", "two")}`);
});
afterAll(() => rmSync(cwd, { recursive: true }));

/** Runs a command and keeps what it writes. */
async function run(command: (io: Io) => Promise<number>) {
  const written = { out: "", err: "" };
  const io: Io = {
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    color: false,
    cwd,
    env: {},
    now: () => new Date("2026-11-20T12:00:00Z"),
    isTTY: false,
  };
  return { code: await command(io), ...written };
}

const validateAll = (format: "text" | "json" = "text", paths: string[] = []) =>
  run((io) => validate({ project: "landline.yaml", paths, format }, io));

describe("landline validate", () => {
  test("says in one line that all is well", async () => {
    expect(await validateAll()).toEqual({ code: 0, out: "2 connections in 1 file: no problems\n", err: "" });
    expect(JSON.parse((await validateAll("json")).out)).toEqual({
      ok: true,
      connections: 2,
      files: 1,
      profiles: 0,
      problems: [],
    });
  });

  test("shows every problem, and only those of the files asked for", async () => {
    const bad = join(cwd, "specs/bad.yaml");
    writeFileSync(bad, SPEC.replace("NAME", "one").replace("vpc:", "vcp:"));
    const all = await validateAll();
    expect(all.code).toBe(1);
    expect(all.out).toContain("specs/bad.yaml:7:5 field.unknown");
    expect(all.out.endsWith("2 problems in 2 files\n")).toBe(true);
    const { problems } = JSON.parse((await validateAll("json", ["specs/bad.yaml"])).out);
    expect(problems).toEqual([
      {
        code: "field.unknown",
        message: 'unknown field "vcp" in endpoints[0]; did you mean "vpc"?',
        file: "specs/bad.yaml",
        line: 7,
        column: 5,
        hint: expect.stringContaining("known here: name, target"),
      },
    ]);
    expect((await validateAll("text", ["specs/one.yaml"])).out).toContain("specs/one.yaml:3:18 name.duplicate");
    rmSync(bad);
  });

  test("a path without specs is an error", async () => {
    mkdirSync(join(cwd, "empty"), { recursive: true });
    expect(await validateAll("text", ["empty"])).toEqual({
      code: 1,
      out: "",
      err: "no spec or profile of this project lies in empty\n",
    });
    expect((await validateAll("text", ["specs"])).code).toBe(0);
  });
});

describe("landline schema", () => {
  test("prints a schema, or the names there are", async () => {
    const { code, out } = await run((io) => schema({ name: "connection" }, io));
    expect({ code, title: JSON.parse(out).title }).toEqual({ code: 0, title: "ConnectionSpec" });
    expect((await run((io) => schema({}, io))).out.split("\n")).toEqual(
      expect.arrayContaining(["connection", "project"]),
    );
  });

  test("an unknown name is refused with the nearest one", async () => {
    const { code, err } = await run((io) => schema({ name: "conection" }, io));
    expect({ code, err: err.split("\n")[0] }).toEqual({
      code: 1,
      err: 'there is no schema "conection"; did you mean "connection"?',
    });
  });
});

describe("landline explain", () => {
  const ask = (field: string, format: "text" | "json" = "text") => run((io) => explain({ field, format }, io));

  test("tells what a field is and what changing it does", async () => {
    expect((await ask("service.loadBalancers.listeners.port")).out).toMatchInlineSnapshot(`
      "service.loadBalancers.listeners.port (connection file)
        The port on which consumers connect. One listener a port: for TCP and UDP together say protocol TCP_UDP.
        type         whole number (1 to 65535), required
        example      443
        changing it  a listener is known by its port: the new port is created, the old one deleted, and consumers of the old one are cut off
      "
    `);
  });

  test("tells a field that both kinds of file have twice, or of one kind when asked so", async () => {
    const kinds = async (field: string) =>
      JSON.parse((await ask(field, "json")).out).map(({ kind }: { kind: string }) => kind);
    expect(await kinds("metadata.name")).toEqual(["connection", "project"]);
    expect(await kinds("project.metadata.name")).toEqual(["project"]);
    expect(await kinds("endpoints[0].vpc")).toEqual(["connection"]);
  });

  test.each([
    ["endpoints.vcp", 'no file has a field "endpoints.vcp"; did you mean "endpoints.vpc"?'],
    ["servce.target", 'no file has a field "servce.target"; did you mean "service.target"?'],
    ["metadata.zzzzzz", "known are: metadata.name, metadata.owner, metadata.description"],
    ["endpoints.vpc.id", 'no file has a field "endpoints.vpc.id"'],
  ])("%s is unknown", async (field, message) => {
    const { code, err } = await ask(field);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});
