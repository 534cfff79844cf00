import { type InitGithubOptions, initGithub } from "./init-github.ts";
import type { Io } from "./io.ts";
import { writeNewFiles } from "./new-files.ts";
import { CommandError, EXIT } from "./options.ts";

export interface InitOptions extends InitGithubOptions {
  readonly name?: string;
  readonly account?: string;
  readonly region?: string;
  /** Write the workflows instead of the project. */
  readonly github?: boolean;
}

const ONLY_PROJECT = ["name", "account", "region"] as const;
const ONLY_GITHUB = ["action", "branch"] as const;

/** `landline init`: a project that validates at once and can be tried on the embedded AWS, or with `--github` the workflows. Never writes over a file. */
export async function init(options: InitOptions, io: Io): Promise<number> {
  const strangers = (options.github ? ONLY_PROJECT : ONLY_GITHUB).filter((option) => options[option] !== undefined);
  if (strangers.length > 0)
    throw new CommandError(
      options.github
        ? `--${strangers.join(", --")} is for the project file: run \`landline init\` for that, and then again with --github. Nothing was written`
        : `--${strangers.join(", --")} is for the workflows: add --github. Nothing was written`,
    );
  return options.github ? initGithub(options, io) : initProject(options, io);
}

async function initProject(
  { name = "my-network", account = "111111111111", region = "us-east-1" }: InitOptions,
  io: Io,
): Promise<number> {
  if (!/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/.test(name))
    throw new CommandError(
      `"${name}" cannot be a project's name: 3 to 40 of a-z, 0-9 and "-", beginning with a letter`,
    );
  if (!/^\d{12}$/.test(account)) throw new CommandError(`"${account}" is not an AWS account id: it has 12 digits`);
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    throw new CommandError(`"${region}" is not an AWS Region; one looks like us-east-1`);
  const files = {
    "landline.yaml": project(name, account, region),
    "specs/example.yaml": example,
    "sandbox.yaml": world(account, region),
  };
  writeNewFiles(files, "Move it away, or run in an empty folder", io);
  io.out("\nNext: `landline validate`, then `landline apply --sandbox` to see it on the embedded AWS.\n");
  return EXIT.done;
}

const project = (name: string, account: string, region: string): string => `apiVersion: landline/v1
kind: Project
metadata:
  name: ${name} # the ownership id, in every tag and TXT record; never change it lightly
specs: ["specs/**/*.yaml"]
targets:
  main:
    account: "${account}"
    region: ${region}
    # roles: {plan: "arn:aws:iam::${account}:role/landline-plan", apply: "arn:aws:iam::${account}:role/landline-apply"}
policy:
  principals: { deny: ["*"], requireReason: true }
  deletions: { max: 5, percent: 25 }
`;

const example = `apiVersion: landline/v1
kind: Connection
metadata:
  name: example
  owner: my-team
service:
  target: main
  loadBalancers:
    - name: example
      subnets: [subnet-0a1b2c3d4e5f60001, subnet-0a1b2c3d4e5f60002] # yours; these are in sandbox.yaml
      listeners:
        - { port: 443, protocol: TCP, targetGroup: { port: 8443, type: ip } }
  allowedPrincipals: [] # who may ask for a connection: {principal: "arn:aws:iam::123456789012:root", reason: "...", until: 2027-12-31}
`;

const world = (account: string, region: string): string => `# What the embedded AWS of \`--sandbox\` begins with.
accounts:
  "${account}":
    regions:
      ${region}:
        vpcs:
          - id: vpc-0a1b2c3d4e5f60001
            cidr: 10.0.0.0/16
            subnets:
              - { id: subnet-0a1b2c3d4e5f60001, az: ${region}a, cidr: 10.0.0.0/20 }
              - { id: subnet-0a1b2c3d4e5f60002, az: ${region}b, cidr: 10.0.16.0/20 }
`;
