// @ts-check
import {
  CreateVpcEndpointCommand,
  DescribeVpcEndpointServiceConfigurationsCommand,
  DescribeVpcEndpointServicesCommand,
  DescribeVpcEndpointsCommand,
  ModifyVpcEndpointServicePermissionsCommand,
} from "@aws-sdk/client-ec2";
import { heading, output, say, typed } from "./paper.mjs";
import { Departure, edit, landline, meanwhile, play, remove } from "./stage.mjs";

/** The main job, told on the example project: every command is real, everything it talks to is the embedded AWS. */

const PROVIDER = "111111111111";
const PARTNER = "402592597372";
const PARTNER_ROLE = `arn:aws:iam::${PARTNER}:role/connector`;
const SPEC = "specs/payments-api.yaml";
const ON = "--sandbox --quiet";

/** @param {string} folder */
async function tell(folder) {
  say("`landline` stands for `node dist/cli.js`; --sandbox runs a command on the AWS that comes with it.");
  heading("Three connections, as specs");
  say(
    "payments-api offers a service to a partner's account; ledger is a service of ours that our own applications consume from another account under a DNS name; event-stream waits for its partner to name a service.",
  );
  await landline(folder, "validate", { says: "3 connections" });

  heading("A plan, then an apply of just that plan");
  say(
    "Planning only reads. What stands in [brackets] is what a reviewer has to look at: who gets in, what is cut, what moves.",
  );
  await landline(folder, `plan ${ON}`, { says: "14 to create" });
  say("The apply plans again, finds the same, carries it out in order, and says who it waits for.");
  await landline(folder, `apply --yes ${ON}`, { says: "14 done, 0 failed" });
  say("Done means that the next plan says nothing.");
  await landline(folder, `plan --detailed-exitcode ${ON}`, { says: "No changes" });

  heading("A partner knocks");
  say(
    "The partner's account sees the service because the spec allows it, and creates its endpoint: plain AWS, nothing of Landline. (`landline sandbox --state .landline/sandbox.json` serves our embedded AWS to others meanwhile.)",
  );
  const endpoint = await meanwhile(folder, (as) => knock(as(PARTNER)));
  say("A request that no spec names is reported and not touched.");
  await landline(folder, `plan --only payments-api ${ON}`, {
    says: `unexpected request: ${endpoint} of account ${PARTNER}`,
  });
  say("Somebody asks who that is, and the answer goes into the spec. In a team this line is a pull request.");
  edit(folder, SPEC, (text) =>
    text.replace(
      "  acceptance: required\n",
      `  acceptance: required\n  connections:\n    accept:\n      - { endpoint: ${endpoint}, reason: "partner platform, ticket NET-12" }\n`,
    ),
  );
  await landline(folder, `plan --only payments-api ${ON}`, { says: "[accepts a connection]" });
  await landline(folder, `apply --yes --only payments-api ${ON}`, { says: "1 done, 0 failed" });
  await landline(folder, `status payments-api ${ON}`, { says: `${endpoint} (${PARTNER}, available)` });

  heading("Somebody changes something by hand");
  say(
    "On the provider's account an allowed principal is removed behind our back. The partner, meanwhile, looks whether it is connected.",
  );
  await meanwhile(folder, async (as) => {
    await meddle(as(PROVIDER));
    await lookAtEndpoint(as(PARTNER), endpoint);
  });
  await landline(folder, `drift ${ON}`, { exit: 2, says: PARTNER_ROLE });
  await landline(folder, `apply --yes --only payments-api ${ON}`, { says: "1 done, 0 failed" });

  heading("A spec is deleted");
  say(
    'payments-api says "protect: true". Removing its file does not lift that: the mark is on the live resources too.',
  );
  const bringBackPayments = remove(folder, SPEC);
  await landline(folder, `apply --yes ${ON}`, { exit: 3, says: "payments-api is protected by the mark", cut: 8 });
  bringBackPayments();
  say(
    "The file is put back. ledger is not protected, but half of all resources in one run is more often a mistake than a wish: the brakes hold.",
  );
  const bringBackLedger = remove(folder, "specs/ledger.yaml");
  await landline(folder, `apply --yes ${ON}`, { exit: 3, says: "but policy.deletions.max is 5", cut: 8 });
  bringBackLedger();

  heading("Where we stand");
  say("The second file is put back as well. Nothing was changed in between.");
  await landline(folder, `plan --detailed-exitcode ${ON}`, { says: "No changes" });
  await landline(folder, `status ${ON}`, {
    says: /event-stream waiting-partner .* ledger active .* payments-api active/,
    whole: true,
  });
}

/** @param {import("@aws-sdk/client-ec2").EC2Client} ec2 */
async function knock(ec2) {
  typed(
    `AWS_ACCESS_KEY_ID=${PARTNER} aws ec2 describe-vpc-endpoint-services`,
    "--filters Name=service-type,Values=Interface --query 'ServiceNames' --output text",
  );
  const { ServiceNames = [] } = await ec2.send(
    new DescribeVpcEndpointServicesCommand({ Filters: [{ Name: "service-type", Values: ["Interface"] }] }),
  );
  output(ServiceNames.join("\t"));
  const [ServiceName, ...others] = ServiceNames;
  if (ServiceName === undefined || others.length > 0)
    throw new Departure(`the partner should see one service of ours; it sees ${ServiceNames.length}`);
  const request = {
    VpcEndpointType: /** @type {const} */ ("Interface"),
    VpcId: "vpc-0c1b2c3d4e5f60001",
    ServiceName,
    SubnetIds: ["subnet-0c1b2c3d4e5f60001", "subnet-0c1b2c3d4e5f60002"],
    SecurityGroupIds: ["sg-0c1b2c3d4e5f60001"],
  };
  typed(
    `AWS_ACCESS_KEY_ID=${PARTNER} aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface`,
    `--vpc-id ${request.VpcId} --service-name ${ServiceName}`,
    `--subnet-ids ${request.SubnetIds.join(" ")} --security-group-ids ${request.SecurityGroupIds.join(" ")}`,
    "--query 'VpcEndpoint.[VpcEndpointId,State]' --output text",
  );
  const { VpcEndpoint } = await ec2.send(new CreateVpcEndpointCommand(request));
  output(`${VpcEndpoint?.VpcEndpointId}\t${VpcEndpoint?.State}`);
  return VpcEndpoint?.VpcEndpointId ?? "";
}

/** @param {import("@aws-sdk/client-ec2").EC2Client} ec2 */
async function meddle(ec2) {
  const { ServiceConfigurations = [] } = await ec2.send(new DescribeVpcEndpointServiceConfigurationsCommand({}));
  const ours = ServiceConfigurations.find(({ Tags = [] }) =>
    Tags.some(({ Key, Value }) => Key === "landline:connection" && Value === "payments-api"),
  );
  typed(
    `AWS_ACCESS_KEY_ID=${PROVIDER} aws ec2 modify-vpc-endpoint-service-permissions`,
    `--service-id ${ours?.ServiceId} --remove-allowed-principals ${PARTNER_ROLE}`,
    "--query ReturnValue",
  );
  const { ReturnValue } = await ec2.send(
    new ModifyVpcEndpointServicePermissionsCommand({
      ServiceId: ours?.ServiceId,
      RemoveAllowedPrincipals: [PARTNER_ROLE],
    }),
  );
  output(String(ReturnValue));
}

/**
 * @param {import("@aws-sdk/client-ec2").EC2Client} ec2
 * @param {string} id
 */
async function lookAtEndpoint(ec2, id) {
  typed(
    `AWS_ACCESS_KEY_ID=${PARTNER} aws ec2 describe-vpc-endpoints --vpc-endpoint-ids ${id}`,
    "--query 'VpcEndpoints[].[VpcEndpointId,State]' --output text",
  );
  const { VpcEndpoints: [found] = [] } = await ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }));
  output(`${id}\t${found?.State}`);
  if (found?.State?.toLowerCase() !== "available")
    throw new Departure(`${id} should be available by now; it is ${found?.State}`);
}

/** @type {readonly (readonly [command: string, what: string])[]} */
const NEXT = [
  ["node dist/cli.js apply --sandbox", "the same on your clone, asking first; its world is kept in .landline/"],
  ["node dist/cli.js explain endpoints.vpc", "what a field means and what changing it does on AWS"],
  ["node dist/cli.js init", "a project of your own, in an empty folder"],
  ["README.md", "the promises, the commands, the sandbox, the limits"],
];

await play(tell, "Your clone is untouched. What to do next:");
if (!process.exitCode) for (const [command, what] of NEXT) output(`  ${command.padEnd(40)} ${what}`);
