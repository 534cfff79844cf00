import {
  AcceptVpcEndpointConnectionsCommand,
  CreateSecurityGroupCommand,
  CreateVpcEndpointCommand,
  CreateVpcEndpointServiceConfigurationCommand,
  DeleteVpcEndpointServiceConfigurationsCommand,
  DeleteVpcEndpointsCommand,
  type EC2Client,
  ModifyVpcEndpointServicePermissionsCommand,
} from "@aws-sdk/client-ec2";
import { type Access, openAws } from "./aws.ts";
import { type AwsFailure, failureOf, isDenied } from "./errors.ts";
import { MARK, tagOnCreate } from "./ownership.ts";
import { partitionOf } from "./partition.ts";

/** The writes whose permission can be asked for without doing them. EC2 alone has `DryRun`; load balancers and Route 53 have nothing like it. */
export type DryRunQuestion = keyof typeof QUESTIONS;

/** Real objects of the account to ask about, where there are some: EC2 may look at them before it looks at permissions. */
export interface DryRunPlaces {
  readonly region: string;
  readonly account: string;
  readonly vpcId?: string;
  readonly loadBalancerArn?: string;
  /** The project whose mark a create call carries, as the applier's do; a policy may ask for it. Left out: no tags, the least that is asked. */
  readonly project?: string;
}

/** `unclear`: AWS refused for another reason, before or instead of saying whether the caller may. */
export type DryRunAnswer =
  | { readonly is: "allowed" }
  | { readonly is: "denied" | "unclear"; readonly failure: AwsFailure };

/** A way to ask EC2 whether the caller may write, without a way to write. */
export interface DryRuns {
  /** Never throws for what AWS answers; throws when there are no credentials or no connection. */
  may(question: DryRunQuestion, places: DryRunPlaces): Promise<DryRunAnswer>;
  close(): void;
}

/** Thrown instead of sending a command that would be carried out: a bug in Landline, never something a user does. */
export class NotADryRunError extends Error {
  constructor(command: string) {
    super(`${command} does not say DryRun: true: this door only asks. Nothing was sent.`);
    this.name = "NotADryRunError";
  }
}

/** Thrown when a server carried out what it was only asked about: an imitation of AWS that does not know `DryRun`. */
export class DryRunIgnoredError extends Error {
  constructor(question: string) {
    super(
      `${question} was asked as a dry run and answered as if it had been done: this server does not know DryRun. Look at AWS_ENDPOINT_URL`,
    );
    this.name = "DryRunIgnoredError";
  }
}

/** Well-formed ids that nobody has. */
const NO_VPC = "vpc-00000000000000000";
const NO_ENDPOINT = "vpce-00000000000000000";
const NO_SERVICE = "vpce-svc-00000000000000000";

type Ask = (ec2: EC2Client, places: DryRunPlaces) => Promise<unknown>;

/** How each question is asked; `true` is written here and nowhere else, so that no caller can leave it out. */
const DryRun = true;
const QUESTIONS = {
  "ec2:CreateVpcEndpoint": (ec2, { vpcId = NO_VPC, region, project }) =>
    ec2.send(
      new CreateVpcEndpointCommand({
        DryRun,
        VpcEndpointType: "Interface",
        VpcId: vpcId,
        ServiceName: `com.amazonaws.${region}.ec2`,
        PrivateDnsEnabled: false,
        ...tagged("vpc-endpoint", project),
      }),
    ),
  "ec2:CreateVpcEndpointServiceConfiguration": (ec2, { region, account, loadBalancerArn, project }) =>
    ec2.send(
      new CreateVpcEndpointServiceConfigurationCommand({
        DryRun,
        NetworkLoadBalancerArns: [loadBalancerArn ?? noBalancer(region, account)],
        ...tagged("vpc-endpoint-service", project),
      }),
    ),
  "ec2:CreateSecurityGroup": (ec2, { vpcId = NO_VPC, project }) =>
    ec2.send(
      new CreateSecurityGroupCommand({
        DryRun,
        GroupName: "landline-doctor",
        Description: "asked for by landline doctor and never made",
        VpcId: vpcId,
        ...tagged("security-group", project),
      }),
    ),
  "ec2:DeleteVpcEndpoints": (ec2) => ec2.send(new DeleteVpcEndpointsCommand({ DryRun, VpcEndpointIds: [NO_ENDPOINT] })),
  "ec2:DeleteVpcEndpointServiceConfigurations": (ec2) =>
    ec2.send(new DeleteVpcEndpointServiceConfigurationsCommand({ DryRun, ServiceIds: [NO_SERVICE] })),
  "ec2:ModifyVpcEndpointServicePermissions": (ec2, { region, account }) =>
    ec2.send(
      new ModifyVpcEndpointServicePermissionsCommand({
        DryRun,
        ServiceId: NO_SERVICE,
        AddAllowedPrincipals: [`arn:${partitionOf(region)}:iam::${account}:root`],
      }),
    ),
  "ec2:AcceptVpcEndpointConnections": (ec2) =>
    ec2.send(new AcceptVpcEndpointConnectionsCommand({ DryRun, ServiceId: NO_SERVICE, VpcEndpointIds: [NO_ENDPOINT] })),
} satisfies Record<`ec2:${string}`, Ask>;

/** Every question there is. */
export const dryRunQuestions = Object.keys(QUESTIONS) as readonly DryRunQuestion[];

/** Opens the asking door: one EC2 client that throws on every command without `DryRun: true` before anything leaves the machine. */
export function openDryRuns(access: Access): DryRuns {
  const { ec2, close } = openAws(access);
  guardAgainstDeeds(ec2);
  return {
    async may(question, places) {
      const ask: Ask = QUESTIONS[question];
      try {
        await ask(ec2, places);
      } catch (error) {
        const failure = failureOf(error);
        // Success is an error here: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html
        if (failure.code === "DryRunOperation") return { is: "allowed" };
        if (isDenied(failure)) return { is: "denied", failure };
        if (failure.status === undefined) throw error;
        return { is: "unclear", failure };
      }
      throw new DryRunIgnoredError(question);
    },
    close,
  };
}

/** The second lock, for the day on which somebody adds a question and forgets the word. */
export function guardAgainstDeeds(client: EC2Client): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const { DryRun: dry } = args.input as { readonly DryRun?: unknown };
      if (dry !== true) throw new NotADryRunError(context.commandName ?? "An unnamed command");
      return next(args);
    },
    { step: "initialize", name: "landlineDryRunGuard", priority: "high" },
  );
}

const tagged = (type: Parameters<typeof tagOnCreate>[0], project: string | undefined) =>
  project === undefined ? {} : { TagSpecifications: tagOnCreate(type, { [MARK.project]: project }) };

const noBalancer = (region: string, account: string): string =>
  `arn:${partitionOf(region)}:elasticloadbalancing:${region}:${account}:loadbalancer/net/landline-doctor/0000000000000000`;
