import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Access, type Aws, openAws, openReadOnlyAws } from "../aws/aws.ts";
import type { ProjectDocument } from "../planner/specs/index.ts";
import type { Sandbox } from "../sandbox/server.ts";
import type { Io } from "./io.ts";
import type { GlobalOptions } from "./options.ts";

/** `plan` clients cannot write; `apply` clients can. */
export type Mode = "plan" | "apply";

/** The AWS that a run talks to: the real one, or the embedded one of `--sandbox`. */
export interface Cloud {
  aws(target: string, mode: Mode): Aws;
  /** Where and as whom those clients call. */
  access(target: string, mode: Mode): Access;
  close(): Promise<void>;
}

/** Where `--sandbox` keeps its world, and what it begins with, both beside the project file. */
const STATE = join(".landline", "sandbox.json");
const SEED = "sandbox.yaml";

/** Opens the cloud of a project. Nothing is sent yet. */
export async function openCloud(project: ProjectDocument, options: GlobalOptions, io: Io): Promise<Cloud> {
  const sandbox = options.sandbox ? await startEmbedded(resolve(io.cwd, options.project)) : undefined;
  const open = new Map<string, Aws>();
  const access = (target: string, mode: Mode) => accessTo(project, target, mode, sandbox);
  return {
    access,
    aws(target, mode) {
      const key = `${mode} ${target}`;
      const openOne = mode === "plan" ? openReadOnlyAws : openAws;
      const aws = open.get(key) ?? openOne(access(target, mode));
      open.set(key, aws);
      return aws;
    },
    async close() {
      for (const aws of open.values()) aws.close();
      await sandbox?.close();
    },
  };
}

function accessTo(project: ProjectDocument, target: string, mode: Mode, sandbox: Sandbox | undefined): Access {
  const spec = project.spec.targets[target];
  if (!spec) throw new Error(`no target ${target} in ${project.file}`);
  const arn = spec.roles?.[mode];
  const role = arn && {
    arn,
    ...(spec.roles?.externalId === undefined ? {} : { externalId: spec.roles.externalId }),
    ...(spec.roles?.sessionName === undefined ? {} : { sessionName: spec.roles.sessionName }),
  };
  const embedded = sandbox && {
    endpoint: sandbox.url,
    // The sandbox takes the access key id for the account.
    credentials: { accessKeyId: spec.account, secretAccessKey: "sandbox" },
  };
  return { target, region: spec.region, ...(role ? { role } : {}), ...embedded };
}

async function startEmbedded(projectFile: string): Promise<Sandbox> {
  const { startSandbox } = await import("../sandbox/server.ts");
  const folder = dirname(projectFile);
  const stateFile = join(folder, STATE);
  mkdirSync(dirname(stateFile), { recursive: true });
  const seed = join(folder, SEED);
  return startSandbox({ stateFile, ...(existsSync(seed) ? { seed: readFileSync(seed, "utf8"), seedName: SEED } : {}) });
}
