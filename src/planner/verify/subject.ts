import type { Live } from "../../model.ts";
import { endpointAddress, serviceAddress } from "../addresses.ts";
import { valuesOf } from "../partners/context.ts";
import type { Profile } from "../partners/profile.ts";
import type { Values } from "../partners/values.ts";
import type { ConnectionDocument, EndpointSpec } from "../selectors/resolved-specs.ts";
import type { SnapshotIndex } from "../snapshot-index.ts";
import type { ProjectDocument } from "../specs/documents.ts";
import type { ConnectionStatus } from "../status/index.ts";

/** What is verified: one connection, all that its spec says and all that AWS shows of it. */
export interface Verified {
  readonly project: ProjectDocument;
  /** With ids for names and tags. */
  readonly document: ConnectionDocument;
  readonly connections: ReadonlyMap<string, ConnectionDocument>;
  readonly profile: Profile | undefined;
  readonly cloud: SnapshotIndex;
  readonly status: ConnectionStatus;
}

/** An endpoint that the spec wants, and the one that lives. */
export interface Placed {
  readonly name: string;
  readonly address: string;
  readonly spec: EndpointSpec;
  /** While a replacement is under way the one that works. */
  readonly live: Live | undefined;
}

export const endpointsOf = ({ document, cloud }: Verified): readonly Placed[] =>
  (document.spec.endpoints ?? []).map((spec) => {
    const name = spec.name ?? "main";
    const address = endpointAddress(document.spec.metadata.name, name);
    const all = cloud.at(address).filter(({ kind }) => kind === "vpc-endpoint");
    return { name, address, spec, live: all.find(({ state }) => state === "available") ?? all[0] };
  });

export const liveService = ({ document, cloud }: Verified): Live | undefined =>
  cloud.at(serviceAddress(document.spec.metadata.name)).find(({ kind }) => kind === "endpoint-service");

/** What the profile's templates are filled in with, for the service or one endpoint. */
export function valuesFor({ project, document, cloud }: Verified, profile: Profile, endpoint?: string): Values {
  return endpoint === undefined
    ? valuesOf({ profile, project, document, cloud, role: "provider" })
    : valuesOf({ profile, project, document, cloud, role: "consumer", endpoint });
}

export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((member) => typeof member === "string") : [];

/** The name in a load balancer's or a target group's ARN. */
export const nameOf = (arn: string): string => /(?:loadbalancer|targetgroup)\/(?:net\/)?([^/]+)/.exec(arn)?.[1] ?? arn;
