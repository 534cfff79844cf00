// Made from schema/project.v1.schema.json by `npm run schema`; change the schema, not this file.

/**
 * A Landline project: who we are, where we act, what is allowed.
 */
export interface ProjectSpec {
  /**
   * The version of this file's format.
   */
  apiVersion: "landline/v1";
  /**
   * What this document is.
   */
  kind: "Project";
  metadata: ProjectMetadata;
  /**
   * Which files hold connection specs: patterns relative to this file, with * within a folder name or file name and ** for any folders.
   *
   * @minItems 1
   */
  specs?: string[];
  /**
   * Which files hold partner profiles of the project's own, beside those that come with Landline: patterns as in specs.
   *
   * @minItems 1
   */
  partners?: string[];
  /**
   * The places where we act, by name: one AWS account and one Region each.
   */
  targets: {
    [k: string]: TargetSpec;
  };
  /**
   * Tags put on everything we create. Keys that begin with aws: or landline: are taken.
   */
  tags?: {
    [k: string]: string;
  };
  policy?: PolicySpec;
}
/**
 * Who this project is.
 */
export interface ProjectMetadata {
  /**
   * The ownership id: it stands in every tag and TXT record that Landline writes, and nothing else tells what is ours.
   */
  name: string;
  /**
   * A sentence for people.
   */
  description?: string;
}
/**
 * One AWS account and Region, and the roles to assume there.
 */
export interface TargetSpec {
  /**
   * The twelve-digit account id, in quotes.
   */
  account: string;
  /**
   * The AWS Region.
   */
  region: string;
  roles?: RolesSpec;
}
/**
 * The roles to assume in the account. Without them the ambient AWS credentials are used.
 */
export interface RolesSpec {
  /**
   * The read-only role for plan, drift, status and snapshot.
   */
  plan?: string;
  /**
   * The role for apply.
   */
  apply?: string;
  /**
   * The external id that the roles' trust policies ask for.
   */
  externalId?: string;
  /**
   * The session name that CloudTrail shows for our calls.
   */
  sessionName?: string;
}
/**
 * What a plan may do without being refused.
 */
export interface PolicySpec {
  principals?: PrincipalPolicySpec;
  deletions?: DeletionPolicySpec;
  /**
   * Which reviews the merge-triggered apply asks for, by the risks that the plan shows.
   */
  approvals?: ApprovalSpec[];
}
/**
 * Who may be allowed to connect to our services.
 */
export interface PrincipalPolicySpec {
  /**
   * Patterns of principals that are never allowed; * stands for any characters, and the pattern * alone for the principal *.
   */
  deny?: string[];
  /**
   * When not empty: only principals of these accounts are allowed.
   */
  allowAccounts?: string[];
  /**
   * Whether every grant must say why.
   */
  requireReason?: boolean;
  /**
   * How far in the future a grant may end (an ISO 8601 duration). With it, every grant needs an end.
   */
  maxGrant?: string;
}
/**
 * How much one run may delete. Beyond it the plan refuses until a pull request raises the limit, with a reason.
 */
export interface DeletionPolicySpec {
  /**
   * The most deletions in one run.
   */
  max?: number;
  /**
   * The largest share of the live resources, in percent, that one run may delete or replace.
   */
  percent?: number;
  /**
   * Why the limits stand where they stand; the plan prints it.
   */
  reason?: string;
}
/**
 * One rule: for these risks, so many approvals from these people.
 */
export interface ApprovalSpec {
  /**
   * The risks this rule is for; any stands for every plan.
   *
   * @minItems 1
   */
  risks: (
    | "any"
    | "adopts"
    | "grants-access"
    | "revokes-access"
    | "accepts"
    | "disconnects"
    | "interrupts"
    | "moves-dns"
    | "deletes"
    | "broadens-ingress"
    | "internet-facing"
  )[];
  /**
   * How many different people must approve.
   */
  count: number;
  /**
   * Whose approvals count: GitHub users (@name) and teams (@organization/team). Left out: anybody with write access.
   *
   * @minItems 1
   */
  from?: string[];
}
