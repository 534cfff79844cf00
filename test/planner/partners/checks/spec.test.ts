import { ACCOUNT, consumed, provided, table } from "./support.ts";

const consumer = "consumer" as const;
table("endpoint.private-dns", [
  { why: "off unless the spec says it", role: consumer, args: { must: false } },
  {
    why: "on where it must be off",
    role: consumer,
    args: { must: false },
    spec: consumed({ privateDns: true }),
    fails: "the endpoint main has privateDns: true. ",
    at: "true",
  },
  {
    why: "off where it must be on",
    role: consumer,
    args: { must: true },
    fails: "the endpoint main has privateDns: false. ",
  },
  { why: "on", role: consumer, args: { must: true }, spec: consumed({ privateDns: true }) },
]);

table("endpoint.policy", [
  { why: "AWS's default is no policy of its own", role: consumer, args: { must: false } },
  { why: "null means the default too", role: consumer, args: { must: false }, spec: consumed({ policy: null }) },
  {
    why: "a policy where there must be none",
    role: consumer,
    args: { must: false },
    spec: consumed({ policy: { Version: "2012-10-17", Statement: [] } }),
    fails: "the endpoint main has a policy. ",
    at: "{",
  },
  {
    why: "none where there must be one",
    role: consumer,
    args: { must: true },
    fails: "the endpoint main has no policy. ",
  },
]);

table("endpoint.ip-address-type", [
  { why: "IPv4 unless the spec says otherwise", role: consumer, args: { allowed: ["ipv4"] } },
  {
    why: "dualstack is not IPv4",
    role: consumer,
    args: { allowed: ["ipv4"] },
    spec: consumed({ ipAddressType: "dualstack" }),
    fails: "the endpoint main is dualstack, not ipv4. ",
    at: '"dualstack"',
  },
  {
    why: "the default is judged too",
    role: consumer,
    args: { allowed: ["ipv6", "dualstack"] },
    fails: "is ipv4, not ipv6, dualstack",
  },
]);

const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/link`;
const granting = (...principals: readonly string[]): object =>
  provided({
    allowedPrincipals: principals.map((principal) => ({ principal, reason: "agreed", until: "2027-06-30" })),
  });

table("principals.present", [
  { why: "the partner is allowed", spec: granting(ROOT) },
  {
    why: "somebody else is",
    fails: `${ROOT} is not among the allowed principals: add it to service.allowedPrincipals. `,
    at: "[",
  },
  { why: "a role of the account is not the account", spec: granting(ROLE), fails: `${ROOT} is not among` },
  {
    why: "a grant that ended does not count",
    spec: provided({ allowedPrincipals: [{ principal: ROOT, reason: "agreed", until: "2026-11-19" }] }),
    fails: `${ROOT} is not among`,
  },
  {
    why: "a grant counts on its last day",
    spec: provided({ allowedPrincipals: [{ principal: ROOT, reason: "agreed", until: "2026-11-20" }] }),
  },
  {
    why: "one of those whom the partner is told to allow is ours",
    role: consumer,
    params: { principals: [ROOT, "arn:aws:iam::222222222222:user/kim"] },
  },
  {
    why: "none of them is of the endpoint's account",
    role: consumer,
    params: { principals: [ROOT, ROLE] },
    fails: "the endpoint main is in account 222222222222, and of ",
    at: '"params"',
  },
  { why: "ours are not known yet", role: consumer, waits: "params.principals (the ticket)" },
]);

table("principals.forms", [
  { why: "accounts may be allowed", args: { allowed: ["account"] } },
  {
    why: "each of another form is said",
    args: { allowed: ["account"] },
    spec: granting(ROLE, ROOT, "firehose.amazonaws.com"),
    fails: [
      `${ROLE} is of the form role, not account. `,
      "firehose.amazonaws.com is of the form service, not account. ",
    ],
    at: "[",
  },
  {
    why: "ours, which the partner is told to allow",
    role: consumer,
    args: { allowed: ["role"] },
    params: { principals: [ROLE, "arn:aws:iam::222222222222:user/kim"] },
    fails: "arn:aws:iam::222222222222:user/kim is of the form user, not role. ",
  },
  {
    why: "ours are not known yet",
    role: consumer,
    args: { allowed: ["role"] },
    waits: "params.principals (the ticket)",
  },
]);

table("principals.breadth", [
  { why: "a role where whole accounts are broad", args: { warn: ["account"] }, spec: granting(ROLE) },
  {
    why: "a whole account",
    args: { warn: ["account", "role"] },
    spec: granting(ROOT),
    fails: `${ROOT} is a whole account. `,
    at: "[",
  },
  {
    why: "a role of ours",
    role: consumer,
    args: { warn: ["role"] },
    params: { principals: [ROLE] },
    fails: `${ROLE} is a role. `,
  },
  { why: "ours are not known yet", role: consumer, args: { warn: ["role"] }, waits: "params.principals" },
]);

const NAMES = "{{tables.sites[params.site].names}}";
table("params.values", [
  { why: "one of the values", args: { param: "site", in: ["east", "west"] }, params: { site: "east" } },
  {
    why: "none of the values",
    args: { param: "site", in: ["west"] },
    params: { site: "east" },
    fails: "params.site says east, which is not among west. ",
    at: '"east"',
  },
  { why: "not one of the forbidden values", args: { param: "site", notIn: ["mars"] }, params: { site: "east" } },
  {
    why: "a forbidden value",
    args: { param: "site", notIn: ["mars", "east"] },
    params: { site: "east" },
    fails: "params.site says east, which is among east, mars. ",
  },
  {
    why: "each item is in the table's row",
    args: { param: "names", in: NAMES },
    params: { site: "east", names: ["beta", "alpha"] },
  },
  {
    why: "each item that is not in the table's row is said",
    args: { param: "names", in: NAMES },
    params: { site: "west", names: ["alpha", "gamma", "beta"] },
    fails: [
      "params.names says alpha, which is not among gamma. ",
      "params.names says beta, which is not among gamma. ",
    ],
    at: "[",
  },
  {
    why: "the row's key is not known",
    args: { param: "names", in: NAMES },
    params: { names: ["alpha"] },
    waits: "params.site (the console)",
  },
  {
    why: "the table has no such row",
    args: { param: "names", in: NAMES },
    params: { site: "mars", names: ["alpha"] },
    waits: "tables.sites",
  },
  { why: "a parameter that may be left out and is", args: { param: "names", in: NAMES }, params: {} },
  {
    why: "a parameter that somebody has to tell yet",
    args: { param: "told", in: NAMES },
    params: {},
    waits: "params.told (the ticket)",
  },
  {
    why: "both demands are judged",
    args: { param: "names", in: ["a", "b"], notIn: ["b"] },
    params: { names: ["b", "c"] },
    fails: ["params.names says b, which is among b. ", "params.names says c, which is not among a, b. "],
  },
]);

table("params.count", [
  { why: "as many as may be", args: { param: "names", max: 2 }, params: { names: ["a", "b"] } },
  {
    why: "one more",
    args: { param: "names", max: 2 },
    params: { names: ["a", "b", "c"] },
    fails: "params.names has 3 items, 1 more than 2. ",
    at: "[",
  },
  { why: "one that may be left out and is", args: { param: "names", max: 2 } },
  { why: "one that somebody has to tell yet", args: { param: "told", max: 2 }, waits: "params.told" },
]);

table("manual", [
  { why: "nobody has confirmed it", fails: "Do as Acme says", at: "{" },
  { why: "somebody has", partner: { confirm: [{ id: "acme.check", reason: "seen in the console" }] } },
  {
    why: "somebody has confirmed something else",
    partner: { confirm: [{ id: "acme.other", reason: "seen in the console" }] },
    fails: "Do as Acme says",
  },
]);
