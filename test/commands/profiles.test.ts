import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commitTree } from "../../src/commands/commit-tree.ts";
import { openGit } from "../../src/commands/git.ts";
import type { Io } from "../../src/commands/io.ts";
import { shippedProfiles } from "../../src/commands/profile-files.ts";
import { schema } from "../../src/commands/schema.ts";
import { readSchemas } from "../../src/commands/schema-files.ts";
import { loadSpecs } from "../../src/commands/spec-files.ts";
import { projectToImportInto, specsToPlan } from "../../src/commands/specs.ts";
import { validate } from "../../src/commands/validate.ts";
import { loadProfiles } from "../../src/planner/partners/load.ts";
import { profileFiles } from "../planner/partners/support.ts";
import { brief, PROJECT } from "../planner/specs/support.ts";
import { repository } from "./repository.ts";

/** A project's own partner profiles: found, checked and named like specs. */

const SPEC = `apiVersion: landline/v1
kind: Connection
metadata: {name: one}
partner: {profile: acme-cloud, params: {site: east}}
endpoints:
  - target: prod-use1
    service: pending
    vpc: vpc-0a1b2c3d4e5f60001
    subnets: [subnet-0a1b2c3d4e5f60003]
    securityGroups: [sg-0a1b2c3d4e5f60004]
`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "profiles-"));
  put("landline.yaml", `${PROJECT}partners: [partners/*.yaml]\n`);
  put("specs/one.yaml", SPEC);
  for (const { path, text } of profileFiles) put(path, text);
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const load = () =>
  loadSpecs({ project: join(folder, "landline.yaml") }, { cwd: folder, now: () => new Date("2026-11-20T12:00:00Z") });

async function run(command: (io: Io) => Promise<number> | number) {
  const written = { out: "", err: "" };
  const io: Io = {
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    color: false,
    cwd: folder,
    env: {},
    now: () => new Date("2026-11-20T12:00:00Z"),
    isTTY: false,
  };
  return { code: await command(io), ...written };
}

const validated = (format: "text" | "json" = "text", paths: string[] = []) =>
  run((io) => validate({ project: "landline.yaml", paths, format }, io));

describe("finding them", () => {
  test("a spec may name a profile of the project", () => {
    const { problems, profiles, profileFiles: files } = load();
    expect(brief(problems)).toEqual([]);
    expect(profiles.get("acme-cloud")).toMatchObject({ origin: "project", file: "partners/acme-cloud.yaml" });
    expect(files).toEqual(["partners/acme-cloud.yaml", "partners/acme-lattice.yaml", "partners/acme-stream.yaml"]);
  });

  test("without partners in the project file there are only those that come with Landline", () => {
    put("landline.yaml", PROJECT);
    expect(brief(load().problems)).toEqual(["partner.unknown specs/one.yaml:4:20"]);
  });

  test.each([
    ["a pattern that finds nothing", '["partners/*.yml"]', "partners.empty landline.yaml:8:12"],
    ["a folder that is not there", '["profiles/*.yaml"]', "partners.empty profiles:1:1"],
    ["a pattern that leaves the project", '["../*.yaml"]', "partners.pattern landline.yaml:8:12"],
  ])("%s is a problem, and no spec is blamed for it", (_, patterns, problem) => {
    put("landline.yaml", `${PROJECT}partners: ${patterns}\n`);
    expect(brief(load().problems)).toEqual([problem]);
  });

  test("no link out of the folder is followed", () => {
    put("elsewhere/secret.yaml", "x");
    symlinkSync(join(folder, "elsewhere/secret.yaml"), join(folder, "partners/link.yaml"));
    expect(brief(load().problems)).toEqual(["file.link partners/link.yaml:1:1"]);
  });

  test("a profile among the specs, a spec among the profiles", () => {
    put("specs/acme.yaml", profileFiles[2]?.text ?? "");
    put("partners/one.yaml", SPEC.replace("name: one", "name: two"));
    expect(brief(load().problems)).toEqual(["kind.unknown partners/one.yaml:2:7", "kind.unknown specs/acme.yaml:3:7"]);
  });

  test("plans and imports get them, and an import does not take them for specs", async () => {
    await run((io) => {
      expect(specsToPlan({ project: "landline.yaml" }, io).profiles.has("acme-cloud")).toBe(true);
      const into = projectToImportInto({ project: "landline.yaml" }, io);
      expect(into.profiles.has("acme-cloud")).toBe(true);
      expect(into.sources.map(({ path }) => path)).toEqual(["specs/one.yaml"]);
      return 0;
    });
  });

  test("a commit's profiles are read from the commit", () => {
    const commit = repository(folder).commit({});
    put("partners/acme-cloud.yaml", "broken");
    const repo = openGit(folder, process.env);
    const tree = commitTree(repo, repo.commitOf(commit), folder);
    const io = { cwd: folder, now: () => new Date("2026-11-20T12:00:00Z") };
    expect(brief(loadSpecs({ project: join(folder, "landline.yaml") }, io, tree).problems)).toEqual([]);
    expect(load().problems).not.toEqual([]);
  });
});

describe("landline validate", () => {
  test("counts them", async () => {
    expect(await validated()).toMatchObject({
      code: 0,
      out: "1 connection in 1 file, 3 partner profiles: no problems\n",
    });
    expect(JSON.parse((await validated("json")).out)).toMatchObject({ ok: true, files: 1, profiles: 3 });
  });

  test("shows a problem of a profile with its line and a caret, and does not say that specs name an unknown one", async () => {
    const text = profileFiles[0]?.text ?? "";
    put("partners/acme-cloud.yaml", text.replace("is in another Region", "is in {{our.regoin}}"));
    const { code, out } = await validated();
    expect(code).toBe(1);
    const line = text.split("\n").findIndex((one) => one.includes("is in another Region")) + 1;
    expect(out).toContain(`partners/acme-cloud.yaml:${line}:`);
    expect(out).toContain('profile.template there is no value "our.regoin"; did you mean "our.region"?');
    expect(out.split("\n").find((one) => one.endsWith("^"))).toBeDefined();
    expect(out).toContain("1 problem in 1 file");
    expect((await validated("json", ["partners"])).code).toBe(1);
    expect((await validated("text", ["specs"])).out).toContain("no problems in specs");
  });
});

test("landline schema partner prints the schema of profiles", async () => {
  const { code, out } = await run((io) => schema({ name: "partner" }, io));
  expect([code, JSON.parse(out).title]).toEqual([0, "PartnerProfile"]);
});

test("every profile that comes with Landline is sound and called as its file", () => {
  const shipped = shippedProfiles();
  const { profiles } = loadProfiles({ shipped, own: [] }, readSchemas());
  expect([...profiles.keys()].map((name) => profiles.get(name)?.name)).toEqual([...profiles.keys()]);
  expect([...profiles.keys()].map((name) => `landline:partners/${name}.yaml`)).toEqual(shipped.map(({ path }) => path));
});
