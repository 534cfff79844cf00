// Made from schema/partner.v1.schema.json by `npm run schema`; change the schema, not this file.

/**
 * The id of one of metadata.sources.
 */
export type SourceId = string;
export type Duration = string;
/**
 * Text with placeholders: {{params.x}}, {{our.account}}, {{service.name}}, {{endpoint.id}}, {{tables.t[params.x].field}}, {{item}} and its {{item.port}} (2222 of sftp:2222); {{#each params.x}}...{{/each}}, {{#if params.x}}...{{/if}}. Values are filled in; nothing is computed.
 */
export type Template = string;

/**
 * One partner platform as data: what it demands, what it has to be told, how it names its states, and in which order its connections end. Every fact names its source.
 */
export interface PartnerProfile {
  /**
   * The version of this document's format.
   */
  apiVersion: "landline/v1";
  /**
   * What this document is.
   */
  kind: "PartnerProfile";
  metadata: ProfileMetadata;
  unsupported?: UnsupportedSpec;
  /**
   * What a spec says under partner.params.
   */
  params?: {
    [k: string]: ParamSpec;
  };
  /**
   * Fixed facts by key: Regions, landscapes, sites. A row holds fields; a field is a text or a list of texts.
   */
  tables?: {
    [k: string]: TableSpec;
  };
  provider?: ProviderRole;
  consumer?: ConsumerRole;
  /**
   * Hand-offs that are about the whole connection, whichever halves it has.
   */
  handoffs?: HandoffSpec[];
}
/**
 * What the profile is called and where its facts come from.
 */
export interface ProfileMetadata {
  /**
   * The name that specs use.
   */
  name: string;
  /**
   * The partner's product, as people call it.
   */
  title: string;
  /**
   * The day on which the sources were read. A year later the profile is a warning in every plan that uses it.
   */
  checkedOn: string;
  /**
   * Where the facts come from; everything else in the profile refers to them by id.
   *
   * @minItems 1
   */
  sources: SourceSpec[];
}
export interface SourceSpec {
  id: string;
  /**
   * An address, or a file of the founding documents.
   */
  url: string;
  note?: string;
}
/**
 * The platform cannot be connected with Landline. A spec that names the profile is refused with this reason.
 */
export interface UnsupportedSpec {
  reason: string;
  source: SourceId;
}
export interface ParamSpec {
  type: "string" | "integer" | "boolean" | "list";
  /**
   * What a list holds.
   */
  items?: "string" | "port";
  /**
   * What a text, or each text of a list, has to look like, from beginning to end.
   */
  pattern?: string;
  /**
   * The values that it may have.
   *
   * @minItems 1
   */
  enum?: string[];
  /**
   * What it is when a spec says nothing.
   */
  default?: string | number | boolean | unknown[];
  /**
   * always: the spec has to say it. handoff: the hand-offs that use it are not ready without it. later: the partner tells it during the connection; until then it is a wait. no: it may be left out.
   */
  needed?: "always" | "handoff" | "later" | "no";
  when?: When;
  until?: Duration;
  /**
   * Where a person finds it.
   */
  obtain: string;
}
/**
 * Holds when all of its entries hold. A key is a parameter, or `mode` (provider, consumer, bidirectional); a value is what it has to be, a list of which it has to be one, or whether it has to be set at all.
 */
export interface When {
  [k: string]: string | boolean | number | (string | boolean | number)[] | SetSpec;
}
export interface SetSpec {
  set: boolean;
}
export interface TableSpec {
  source: SourceId;
  rows: {
    [k: string]: RowSpec;
  };
}
export interface RowSpec {
  [k: string]: string | string[];
}
/**
 * The partner connects to our endpoint service.
 */
export interface ProviderRole {
  principals: ProfilePrincipals;
  acceptance: ProfileAcceptance;
  dns: ProviderDns;
  checks?: CheckSpec[];
  handoffs?: HandoffSpec[];
  states?: StateSpec[];
  verify?: VerifySpec[];
  notes?: NoteSpec[];
  deletion?: DeletionSpec;
}
/**
 * Who has to be among the allowed principals.
 */
export interface ProfilePrincipals {
  allow: ListTemplate;
  source: SourceId;
}
/**
 * Texts, one for each item of a parameter or of a table's field, or as they stand.
 */
export interface ListTemplate {
  /**
   * The parameter whose items are filled in as {{item}}.
   */
  each?: string;
  /**
   * @minItems 1
   */
  values: Template[];
}
/**
 * How the right request is recognised.
 */
export interface ProfileAcceptance {
  /**
   * endpoint: only by its id, because many tenants share the account. account: the account is dedicated, so that its id is enough. both: id and account.
   */
  by: "endpoint" | "account" | "both";
  accounts?: ListTemplate;
  /**
   * Whether a service of ours without acceptance is allowed too.
   */
  automatic?: boolean;
  deadline?: Duration;
  afterDeadline?: Template;
  source: SourceId;
}
export interface ProviderDns {
  /**
   * partner: names live on the partner's side. public-cname: a name of ours in a public zone leads to the partner's endpoint. none: only AWS's names.
   */
  mode: "partner" | "public-cname" | "none";
  name?: Template;
  zone?: Template;
  to?: Template;
  ttl?: number;
  notes?: string;
  source: SourceId;
}
/**
 * One demand of the partner, judged when a plan is made. One whose input is not known yet is deferred and says so.
 */
export interface CheckSpec {
  /**
   * The finding's id; what acknowledge names.
   */
  id: string;
  kind:
    | "region.is"
    | "region.cross"
    | "zones.match"
    | "zones.min"
    | "zones.avoid"
    | "ports.allowed"
    | "ports.forbidden"
    | "ports.ingress"
    | "protocols.allowed"
    | "balancer.type"
    | "balancer.scheme"
    | "balancer.healthy"
    | "balancer.health-check-port"
    | "balancer.inbound-rules"
    | "balancer.cross-zone"
    | "service.ip-address-types"
    | "service.private-dns"
    | "endpoint.private-dns"
    | "endpoint.policy"
    | "endpoint.ip-address-type"
    | "principals.present"
    | "principals.forms"
    | "principals.breadth"
    | "params.values"
    | "params.count"
    | "manual";
  severity: "error" | "warning" | "info";
  /**
   * Whether acknowledge may lift it, with a reason that the plan prints.
   */
  waivable?: boolean;
  when?: When;
  /**
   * What this kind of check takes; see docs/partners/writing-a-profile.md.
   */
  args?: {};
  message: Template;
  source: SourceId;
}
/**
 * What a person has to do at the partner's side or at ours, word for word.
 */
export interface HandoffSpec {
  id: string;
  title: string;
  /**
   * cli: lines for a shell, in which every value is quoted. Other channels are text.
   */
  channel: "cli" | "console" | "ticket" | "sql" | "http" | "text";
  /**
   * The moments at which it is due. start: before anything of the partner's is known. service-ready: our service stands and lets the partner in, nobody has asked yet. requested: the partner's endpoint asks. endpoint-created: our endpoint stands and is not accepted yet. active: the connection carries traffic. changed: the plan changes an active connection. removing: the connection is to go. asked: only with `landline handoff --step`.
   *
   * @minItems 1
   */
  at: ("start" | "service-ready" | "requested" | "endpoint-created" | "active" | "changed" | "removing" | "asked")[];
  when?: When;
  /**
   * Who does it.
   */
  actor?: "us" | "partner" | "requester" | "approver";
  body: Template;
  /**
   * What can be taken from the partner's answer with `landline capture`.
   */
  captures?: CaptureSpec[];
  /**
   * What a person has to know besides: security, cost, limits.
   */
  notes?: Template[];
  takes?: Duration;
  source: SourceId;
}
export interface CaptureSpec {
  /**
   * A regular expression with one group.
   */
  pattern: string;
  /**
   * A parameter, or `accept`: the endpoint id that our service is to accept.
   */
  into: string;
}
/**
 * A word of the partner in our words; the first that matches counts.
 */
export interface StateSpec {
  /**
   * A regular expression over what the partner prints.
   */
  match: string;
  is:
    | "absent"
    | "draft"
    | "waiting-partner"
    | "waiting-us"
    | "creating"
    | "awaiting-acceptance"
    | "connecting"
    | "active"
    | "degraded"
    | "failed"
    | "deleting";
  /**
   * It never comes back: the partner has to begin anew.
   */
  terminal?: boolean;
  hint?: string;
  source: SourceId;
}
/**
 * A test that the partner or we can run by hand, and how to read what it prints.
 */
export interface VerifySpec {
  run: Template;
  from: "our-vpc" | "partner";
  /**
   * A regular expression over its output.
   */
  good?: string;
  bad?: string;
  source: SourceId;
}
export interface NoteSpec {
  text: Template;
  when?: When;
  source: SourceId;
}
/**
 * What has to be true before anything of ours is deleted. The order on our side is always the same; who is connected is always waited for.
 */
export interface DeletionSpec {
  /**
   * What a person has to confirm in the spec, under partner.confirm.
   */
  confirm?: ConfirmSpec[];
  /**
   * The partner's state, as last reported in the spec, has to match this regular expression.
   */
  reported?: string;
  source: SourceId;
}
export interface ConfirmSpec {
  id: string;
  message: Template;
}
/**
 * We connect to the partner's endpoint service.
 */
export interface ConsumerRole {
  service: ProfileService;
  principals?: TellPrincipals;
  acceptance: PartnerAcceptance;
  dns: ConsumerDns;
  checks?: CheckSpec[];
  handoffs?: HandoffSpec[];
  states?: StateSpec[];
  verify?: VerifySpec[];
  notes?: NoteSpec[];
  deletion?: DeletionSpec;
}
/**
 * Where the service name comes from when an endpoint of the spec leaves it out.
 */
export interface ProfileService {
  name: Template;
  source: SourceId;
}
/**
 * Which principals of ours the partner has to allow.
 */
export interface TellPrincipals {
  tell: ListTemplate;
  source: SourceId;
}
/**
 * Who accepts our endpoint.
 */
export interface PartnerAcceptance {
  /**
   * nobody: the service needs none. principal: whoever is allowed is accepted. registration: once the endpoint's id is registered. person: somebody at the partner's.
   */
  by: "nobody" | "principal" | "registration" | "person";
  takes?: Duration;
  notes?: string;
  source: SourceId;
}
export interface ConsumerDns {
  /**
   * partner: the partner publishes names that lead to our endpoint. private-dns: the endpoint's private DNS name. private-zone: a private hosted zone of ours. none: only AWS's names.
   */
  mode: "partner" | "private-dns" | "private-zone" | "none";
  zone?: Template;
  records?: RecordTemplate[];
  notes?: string;
  source: SourceId;
}
export interface RecordTemplate {
  name: Template;
  type: "ALIAS" | "CNAME";
  /**
   * regional: the endpoint's own name. zonal: its name in one Availability Zone, one record for each.
   */
  to?: "regional" | "zonal";
  ttl?: number;
}
