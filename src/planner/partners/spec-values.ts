import type { ConnectionDocument, ProjectDocument } from "../specs/documents.ts";
import { modeOf } from "./mode.ts";
import { readParams } from "./params.ts";
import type { Profile } from "./profile.ts";
import type { Known, Values } from "./values.ts";

/** The half of a connection that a text is about. */
export interface Half {
  readonly target: string;
  /** The endpoint's name; absent: the service. */
  readonly endpoint?: string;
}

/** What a spec and its project tell by themselves, before the cloud is read: what defaults that come from a profile may be made from. */
export function valuesInSpec(
  { spec }: Pick<ConnectionDocument, "spec">,
  { target, endpoint }: Half,
  project: Pick<ProjectDocument, "spec">,
  profile: Profile,
): Values {
  const { partner = { profile: profile.name }, metadata } = spec;
  const mode = modeOf(spec, profile);
  const ours = project.spec.targets[target];
  const entries: [string, Known | undefined][] = [
    ...[...readParams(profile, partner, mode).values].map(([key, value]): [string, Known] => [`params.${key}`, value]),
    ["our.account", ours?.account],
    ["our.region", ours?.region],
    ["endpoint.name", endpoint],
    [endpoint === undefined ? "service.region" : "endpoint.region", ours?.region],
    ["connection.name", metadata.name],
    ["connection.owner", metadata.owner],
    ["mode", mode],
  ];
  return new Map(entries.flatMap(([path, value]) => (value === undefined ? [] : [[path, value] as const])));
}
