import { CONSUMER, PROVIDER } from "./world.ts";

/** One command of the guide that changes something, and what stands for it in ours. */
export interface Row {
  readonly command: string;
  readonly account: string;
  readonly action: string;
  /** The demands that it shows. */
  readonly shows: string;
  /** Our calls in its place, by account and action; none where another one does it as well. */
  readonly ours: readonly string[];
  /** Why our calls are others than the guide's. */
  readonly because?: string;
  /** Settings that come out otherwise: the guide's, then ours. */
  readonly differs?: { readonly [setting: string]: readonly [guide: string | undefined, ours: string | undefined] };
}

const named = "names hold the connection's, so that two of them never meet in one account";
const tagged = "our objects are found by the tag landline:address; what the project file says goes on all of them";
const proof = { "record TXT _proof.myservice.com. / name": ['"_proof.myservice.com."', undefined] } as const;
const fullAccess = '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}';
const forAppRole =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:role/AppRole"},"Action":"*","Resource":"*"}]}';
const organization = "service / principals / arn:aws:organizations::111111111111:organization/o-abc123";

const at = (
  account: string,
  command: string,
  action: string,
  shows: string,
): Omit<Row, "ours"> & Pick<Row, "ours"> => ({
  command,
  account,
  action,
  shows,
  ours: [`${account} ${action}`],
});

/** Every call of the guide that changes something, in its order. */
export const rows: readonly Row[] = [
  {
    ...at(PROVIDER, "elbv2 create-load-balancer", "CreateLoadBalancer", "R099 R123"),
    because: named,
    differs: { "load balancer / name": ['"my-service-nlb"', '"my-api-my-service-e4f5a0a"'] },
  },
  {
    ...at(PROVIDER, "elbv2 create-target-group", "CreateTargetGroup", "R100"),
    because: named,
    differs: { "target group / name": ['"my-service-targets"', '"my-api-my-service-443-efaa52a"'] },
  },
  at(PROVIDER, "elbv2 register-targets", "RegisterTargets", "R100"),
  at(PROVIDER, "elbv2 create-listener", "CreateListener", "R100"),
  {
    ...at(
      PROVIDER,
      "ec2 create-vpc-endpoint-service-configuration",
      "CreateVpcEndpointServiceConfiguration",
      "R101 R102 R103 R104",
    ),
    because: tagged,
    differs: { "service / tags / Name": ['"my-api-service"', undefined] },
  },
  at(PROVIDER, "ec2 modify-vpc-endpoint-service-permissions", "ModifyVpcEndpointServicePermissions", "R105"),
  {
    ...at(PROVIDER, "ec2 modify-vpc-endpoint-service-permissions", "ModifyVpcEndpointServicePermissions", "R105"),
    ours: [],
    because: "one call takes all principals",
  },
  {
    ...at(PROVIDER, "ec2 modify-vpc-endpoint-service-permissions", "ModifyVpcEndpointServicePermissions", "R106"),
    ours: [],
    because: "AWS documents accounts, users, roles and everybody; an organization is refused when the spec is read",
    differs: {
      [`${organization} / principal`]: ['"arn:aws:organizations::111111111111:organization/o-abc123"', undefined],
      [`${organization} / type`]: ['"OrganizationUnit"', undefined],
    },
  },
  {
    ...at(CONSUMER, "ec2 create-vpc-endpoint", "CreateVpcEndpoint", "R107"),
    because: `the guide's endpoint has a group that it makes only later, ours the one that is made for it; ${tagged}`,
    differs: {
      "endpoint / securityGroupIds": ['["sg-0b1b2c3d4e5f60001"]', '["<security group>"]'],
      "endpoint / tags / Name": ['"my-api-endpoint"', undefined],
      "endpoint / policyDocument": [JSON.stringify(forAppRole), JSON.stringify(fullAccess)],
      "endpoint / policySet": ["true", "false"],
    },
  },
  at(PROVIDER, "ec2 accept-vpc-endpoint-connections", "AcceptVpcEndpointConnections", "R109"),
  {
    ...at(PROVIDER, "ec2 modify-vpc-endpoint-service-configuration", "ModifyVpcEndpointServiceConfiguration", "R110"),
    ours: [],
    because: "the service is made with its name",
  },
  {
    ...at(PROVIDER, "route53 change-resource-record-sets", "ChangeResourceRecordSets", "R111"),
    because: "the proof stands under the name that it is for, and beside it whose it is",
    differs: {
      ...proof,
      "record TXT _proof.myservice.com. / type": ['"TXT"', undefined],
      "record TXT _proof.myservice.com. / ttl": ["300", undefined],
      "record TXT _proof.myservice.com. / values": ['["\\"vpce:proof\\""]', undefined],
    },
  },
  at(
    PROVIDER,
    "ec2 start-vpc-endpoint-service-private-dns-verification",
    "StartVpcEndpointServicePrivateDnsVerification",
    "R112",
  ),
  at(CONSUMER, "route53 change-resource-record-sets", "ChangeResourceRecordSets", "R113 R114 R115"),
  {
    ...at(CONSUMER, "ec2 create-security-group", "CreateSecurityGroup", "R116"),
    because: named,
    differs: {
      "security group / name": ['"endpoint-sg"', '"my-api-main-6da1aea"'],
      "security group / description": ['"Security group for PrivateLink endpoint"', '"Landline my-api/endpoint/main"'],
    },
  },
  at(CONSUMER, "ec2 authorize-security-group-ingress", "AuthorizeSecurityGroupIngress", "R116"),
  {
    ...at(CONSUMER, "ec2 modify-vpc-endpoint", "ModifyVpcEndpoint", "R117"),
    ours: [],
    because:
      "the service supports no endpoint policy, so that it would limit nobody: the plan warns of one, and the spec has none",
    differs: {
      "endpoint / policyDocument": [JSON.stringify(forAppRole), JSON.stringify(fullAccess)],
      "endpoint / policySet": ["true", "false"],
    },
  },
  at(CONSUMER, "ec2 modify-vpc-endpoint", "ModifyVpcEndpoint", "R118 R120"),
];

/** What stands in our world and not in the guide's: the project's tag on everything, the proof, and whose the records are. */
export const oursAlone: Readonly<Record<string, readonly [undefined, string]>> = Object.fromEntries([
  ...["target group", "listener", "service", "endpoint", "security group"].map((object) => [
    `${object} / tags / Purpose`,
    [undefined, '"PrivateLink"'],
  ]),
  ...record("_proof.api.myservice.com.", "vpce:proof"),
  ...record("_landline._proof.api.myservice.com.", mark("my-api/service/private-dns")),
  ...record("_landline.api.myservice.com.", mark("my-api/endpoint/main/dns/api.myservice.com")),
]);

function mark(address: string): string {
  return `heritage=landline,project=guide,address=${address}`;
}

function record(name: string, text: string): [string, [undefined, string]][] {
  const leaves = { name, type: "TXT", ttl: 300, values: [`"${text}"`] };
  return Object.entries(leaves).map(([leaf, value]) => [
    `record TXT ${name} / ${leaf}`,
    [undefined, JSON.stringify(value)],
  ]);
}
