import { emptyCloud, SUBNETS } from "../../builders.ts";
import { cloudWithPartner, consumed, provided, table } from "./support.ts";

const SITE = "{{tables.sites[params.site].region}}";
const ZONES = "{{tables.sites[params.site].zones}}";
const WEST = "com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0";
const westward = (changes: object = {}) => consumed({ service: WEST, serviceRegion: "us-west-2", ...changes });
const westCloud = cloudWithPartner({ name: WEST, region: "us-west-2", azIds: [] });

table("region.is", [
  { why: "the service is where the table says", args: { is: SITE }, params: { site: "east" } },
  {
    why: "the service is elsewhere",
    args: { is: SITE },
    params: { site: "west" },
    fails: "the service is in us-east-1, not in us-west-2. ",
    at: '"net"',
  },
  { why: "one of several Regions is enough", args: { is: ["eu-west-1", "us-east-1"] } },
  { why: "none of several", args: { is: ["eu-west-1", "eu-west-2"] }, fails: "not in eu-west-1, eu-west-2" },
  { why: "a key that nobody has told", args: { is: SITE }, waits: "params.site (the console)" },
  {
    why: "a key that the table does not have is not known, not met",
    args: { is: SITE },
    params: { site: "mars" },
    waits: "tables.sites[params.site].region (the table sites",
  },
  {
    why: "a parameter that the partner tells later",
    args: { is: "{{params.region}}" },
    waits: "params.region (the ticket)",
  },
  { why: "an endpoint is where the table says", role: "consumer", args: { is: SITE }, params: { site: "east" } },
  {
    why: "an endpoint is elsewhere, wherever its service is",
    role: "consumer",
    args: { is: SITE },
    params: { site: "west" },
    spec: westward(),
    cloud: westCloud,
    fails: "the endpoint main is in us-east-1, not in us-west-2",
    at: '"app"',
  },
]);

table("region.cross", [
  { why: "an endpoint beside its service", role: "consumer", args: {} },
  {
    why: "an endpoint in another Region than its service",
    role: "consumer",
    args: {},
    spec: westward(),
    cloud: westCloud,
    fails: "the endpoint main is in us-east-1, the partner's service in us-west-2. ",
    at: '"us-west-2"',
  },
  {
    why: "a Region from which the partner's service can be reached",
    role: "consumer",
    args: { remote: ["us-east-1"] },
    spec: westward(),
    cloud: westCloud,
  },
  {
    why: "a Region from which it cannot",
    role: "consumer",
    args: { remote: ["eu-west-1"] },
    spec: westward(),
    cloud: westCloud,
    fails: "which is offered in eu-west-1. ",
  },
  {
    why: "the Region of a service is not known before its name",
    role: "consumer",
    args: {},
    spec: consumed({ service: "pending" }),
    waits: "the name of the partner's service",
  },
  {
    why: "a service that is offered in no other Region",
    args: {},
  },
  {
    why: "a service that is offered in another Region although nobody comes from there",
    args: {},
    spec: provided({ supportedRegions: ["us-east-1", "eu-west-1"] }),
    fails: "the service is offered in eu-west-1 too. ",
    at: "[",
  },
  {
    why: "the partner is in the service's Region",
    args: { remote: "{{params.region}}" },
    params: { region: "us-east-1" },
  },
  {
    why: "the partner is in a Region in which the service is offered",
    args: { remote: "{{params.region}}" },
    params: { region: "eu-west-1" },
    spec: provided({ supportedRegions: ["eu-west-1"] }),
  },
  {
    why: "the partner is in a Region in which the service is not offered",
    args: { remote: "{{params.region}}" },
    params: { region: "eu-west-1" },
    fails: "the service is in us-east-1 and offered in no other Region, not in eu-west-1: add it to supportedRegions. ",
  },
  { why: "the partner's Region is not known yet", args: { remote: "{{params.region}}" }, waits: "params.region" },
]);

const three = ["use1-az1", "use1-az4", "use1-az6"];
const match = (how: string, more: object = {}) => ({ how, with: "{{params.zones}}", ...more });
table("zones.match", [
  { why: "the same zones, by id and in any order", args: match("equals"), params: { zones: ["use1-az6", "use1-az4"] } },
  {
    why: "names are no ids: the same names in another account mean other zones",
    args: match("equals"),
    params: { zones: ["us-east-1a", "us-east-1b"] },
    fails: "us-east-1a, us-east-1b are missing, use1-az4, use1-az6 are not the partner's",
  },
  {
    why: "one zone too few is not the same",
    args: match("equals"),
    params: { zones: three },
    fails: "the service is in use1-az4, use1-az6, the partner in use1-az1, use1-az4, use1-az6: use1-az1 is missing. ",
    at: "[",
  },
  {
    why: "one zone too many is not the same",
    args: match("equals"),
    params: { zones: ["use1-az4"] },
    fails: "use1-az6 is not the partner's",
  },
  { why: "all of ours are among theirs", args: match("subset"), params: { zones: three } },
  {
    why: "one of ours is not among theirs",
    args: match("subset"),
    params: { zones: ["use1-az1", "use1-az4"] },
    fails: ": use1-az6 is not the partner's. ",
  },
  { why: "all of theirs are among ours", args: match("covers"), params: { zones: ["use1-az6"] } },
  {
    why: "one of theirs is not among ours",
    args: match("covers"),
    params: { zones: ["use1-az1", "use1-az6"] },
    fails: ": use1-az1 is missing. ",
  },
  {
    why: "one zone in common is enough unless said otherwise",
    args: match("intersects"),
    params: { zones: ["use1-az4"] },
  },
  {
    why: "no zone in common",
    args: match("intersects"),
    params: { zones: ["use1-az1"] },
    fails: "0 in common, 1 is needed. ",
  },
  { why: "as many in common as are needed", args: match("intersects", { min: 2 }), params: { zones: three } },
  {
    why: "fewer than needed, and the parameter that would accept it is not said",
    args: match("intersects", { min: 3, minFrom: "fewer" }),
    params: { zones: three },
    fails: "2 in common, 3 are needed; params.fewer: 2 accepts that. ",
  },
  {
    why: "fewer than needed, accepted with exactly that number",
    args: match("intersects", { min: 3, minFrom: "fewer" }),
    params: { zones: three, fewer: 2 },
  },
  {
    why: "another number accepts nothing",
    args: match("intersects", { min: 3, minFrom: "fewer" }),
    params: { zones: three, fewer: 1 },
    fails: "params.fewer: 2 accepts that (it says 1). ",
  },
  {
    why: "nothing in common cannot be accepted",
    args: match("intersects", { min: 3, minFrom: "fewer" }),
    params: { zones: ["use1-az1"], fewer: 0 },
    fails: "0 in common, 3 are needed. ",
  },
  { why: "the partner's zones are not known", args: match("equals"), waits: "params.zones (the console)" },
  {
    why: "an empty list covers nothing",
    args: match("covers"),
    params: { zones: [] },
    waits: "entries in params.zones",
  },
  {
    why: "of a load balancer that somebody else manages the zones were not read",
    args: match("equals"),
    params: { zones: three },
    spec: provided({
      loadBalancers: [
        { arn: "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/x/0123456789abcdef" },
      ],
    }),
    waits: "loadbalancer/net/x/0123456789abcdef, which were not read",
  },
  {
    why: "an endpoint's zones are those of its subnets",
    role: "consumer",
    args: { how: "subset", with: ZONES },
    params: { site: "east" },
  },
  {
    why: "an endpoint in a zone that the partner is not in",
    role: "consumer",
    args: { how: "subset", with: ["use1-az4"] },
    fails: "the endpoint main is in use1-az4, use1-az6, the partner in use1-az4: use1-az6 is not the partner's",
    at: "[",
  },
  {
    why: "an endpoint in another Region shares no zones with its service, so there is nothing to compare",
    role: "consumer",
    args: { how: "equals", with: ZONES },
    params: { site: "west" },
    spec: westward(),
    cloud: westCloud,
  },
  {
    why: "whether there is something to compare is not known before the service's name",
    role: "consumer",
    args: { how: "equals", with: ZONES },
    params: { site: "west" },
    spec: consumed({ service: "pending" }),
    waits: "the name of the partner's service",
  },
]);

table("zones.min", [
  { why: "two zones are two", args: { min: 2 } },
  {
    why: "two zones are not three",
    args: { min: 3 },
    fails: "the service is in use1-az4, use1-az6: 3 zones are needed, 1 more than it has. ",
    at: "[",
  },
  {
    why: "two load balancers in one zone count once",
    args: { min: 2 },
    spec: provided({ loadBalancers: twice() }),
    fails: "1 more",
  },
  { why: "every zone in which the service can be reached", role: "consumer", args: { all: true } },
  {
    why: "the service can be reached in one zone more",
    role: "consumer",
    args: { all: true },
    cloud: cloudWithPartner({ azIds: three }),
    fails: "the partner's service is in use1-az1 too. ",
  },
  {
    why: "AWS does not show the service yet",
    role: "consumer",
    args: { all: true },
    cloud: emptyCloud(),
    waits: "which AWS does not show to our account yet",
  },
  {
    why: "AWS never tells the zones of another Region",
    role: "consumer",
    args: { all: true },
    spec: westward(),
    cloud: westCloud,
    waits: "which AWS does not tell from us-west-2",
  },
]);

table("zones.avoid", [
  { why: "none of them is used", args: { ids: ["use1-az3"] } },
  {
    why: "one of them is used",
    args: { ids: ["use1-az3", "use1-az6"] },
    fails: "the service is in use1-az6. ",
    at: "[",
  },
  { why: "which are to be avoided is not known", args: { ids: "{{params.zones}}" }, waits: "params.zones" },
  {
    why: "an endpoint in one of them",
    role: "consumer",
    args: { ids: ["use1-az4"] },
    fails: "the endpoint main is in use1-az4. ",
  },
]);

/** Two load balancers, each with its one subnet in the same zone. */
function twice(): object[] {
  const listeners = [{ port: 443, protocol: "TCP", targetGroup: { port: 8443, type: "ip", targets: ["10.0.1.10"] } }];
  return ["one", "two"].map((name) => ({ name, subnets: SUBNETS.slice(0, 1), listeners }));
}
