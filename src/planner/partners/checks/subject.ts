import type { Desired } from "../../../model.ts";
import type { ConnectionDocument, EndpointSpec, ServiceSpec } from "../../selectors/resolved-specs.ts";
import type { SnapshotIndex } from "../../snapshot-index.ts";
import type { ProjectDocument } from "../../specs/documents.ts";
import type { JsonMap } from "../../specs/json.ts";
import type { Path } from "../../specs/problem.ts";
import type { Profile, Role } from "../profile.ts";
import type { Known, Values } from "../values.ts";
import type { Verdict } from "./verdict.ts";

/** What is judged at once: our service, or one endpoint that leads to the partner. */
export type Half =
  | { readonly role: "provider"; readonly service: ServiceSpec }
  | { readonly role: "consumer"; readonly endpoint: EndpointSpec; readonly index: number };

/** All that a check may look at. */
export interface CheckSubject {
  /** The check's own id. */
  readonly id: string;
  readonly profile: Profile;
  readonly project: ProjectDocument;
  readonly document: ConnectionDocument;
  readonly cloud: SnapshotIndex;
  readonly half: Half;
  /** What templates in the args are filled in with. */
  readonly values: Values;
  /** Parameters that are known, by name without `params.`. */
  readonly params: ReadonlyMap<string, Known>;
  /** Ids that the spec confirms under `partner.confirm`. */
  readonly confirmed: ReadonlySet<string>;
  /** What the specs want at an address. */
  desired(address: string): Desired | undefined;
  /** Whether this plan changes something at an address or below it. */
  changes(address: string): boolean;
}

/** Facts that are read only for connections whose profile has a check that needs them: each costs calls. */
export type Need = "health" | "balancers" | "ingress";

/** One kind of the closed set. */
export interface Check<Args = object> {
  /** Under which roles a profile may have it. */
  readonly roles: readonly Role[];
  /** JSON Schema of `args`. */
  readonly schema: JsonMap;
  /** Fields of `args` that name a parameter, without `params.`. */
  readonly params?: readonly string[];
  readonly needs?: readonly Need[];
  /** What is wrong or not known yet; nothing when the demand is met. The loader has held `args` against the schema. */
  judge(args: Args, subject: CheckSubject): readonly Verdict[];
}

export const BOTH: readonly Role[] = ["provider", "consumer"];
export const PROVIDER: readonly Role[] = ["provider"];
export const CONSUMER: readonly Role[] = ["consumer"];

/** Where the half stands in the spec. */
export const pathOf = (half: Half): Path => (half.role === "provider" ? ["service"] : ["endpoints", half.index]);

/** The target of the project in which the half lives. */
export const targetOf = (half: Half): string => (half.role === "provider" ? half.service.target : half.endpoint.target);

/** How sentences call the half. */
export const nounOf = (half: Half): string =>
  half.role === "provider" ? "the service" : `the endpoint ${half.endpoint.name ?? "main"}`;
