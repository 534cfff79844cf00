import type { Profiles } from "../partners/profile.ts";
import type { ConnectionSpec, EndpointSpec } from "./connection.generated.ts";
import type { Path, Position } from "./problem.ts";
import type { PolicySpec, PrincipalPolicySpec, ProjectSpec } from "./project.generated.ts";

/** A project spec in which everything that has a default is said. */
export interface CompleteProjectSpec extends ProjectSpec {
  specs: string[];
  tags: { [key: string]: string };
  policy: CompletePolicy;
}

/** What a plan may do; see design section 4 for the defaults. */
export interface CompletePolicy {
  principals: Required<Omit<PrincipalPolicySpec, "maxGrant">> & Pick<PrincipalPolicySpec, "maxGrant">;
  deletions: { max: number; percent: number; reason?: string };
  approvals: NonNullable<PolicySpec["approvals"]>;
}

/** The project file, read and checked. */
export interface ProjectDocument {
  spec: CompleteProjectSpec;
  file: string;
  /** Where a field stands, or its nearest existing parent. */
  at(path: Path): Position;
  /** Whether parts were left out because of problems; such a project is good for checking specs and for nothing else. */
  partial: boolean;
}

/**
 * One connection spec, read and checked. The spec is as written: defaults that the schema names are not filled in. Only a service name that the
 * partner's profile gives stands where the endpoint leaves it out.
 */
export interface ConnectionDocument {
  spec: ConnectionSpec;
  file: string;
  /** Where a field stands, or its nearest existing parent. */
  at(path: Path): Position;
  /** Whether parts were left out because of problems; never plan from such a document. */
  partial: boolean;
}

/** What checks may know of a connection. */
export interface CheckedConnection extends ConnectionDocument {
  /** Whether the name is its own and not a stand-in for one that could not be read. */
  named: boolean;
  /** A plain scalar as it was written. */
  source(path: Path): string | undefined;
}

/** What the checks look at together. */
export interface World {
  project: ProjectDocument;
  /** All connections, in the order in which people read them: by file and line. */
  connections: readonly CheckedConnection[];
  /** The first connection of each name. */
  byName: ReadonlyMap<string, CheckedConnection>;
  /** Whether every document could be read and has a name. If not, what seems to be missing may stand in one of the others. */
  complete: boolean;
  /** YYYY-MM-DD */
  today: string;
  /** The known partner profiles. */
  profiles: Profiles;
  /** Whether these are all: one that seems to be unknown may be one that could not be read. */
  profilesComplete: boolean;
}

/** The name of an endpoint within its connection. */
export function endpointName(endpoint: EndpointSpec): string {
  return endpoint.name ?? "main";
}
