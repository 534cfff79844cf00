import type { Doors } from "../applier/doors.ts";
import { openReads } from "../aws/reads.ts";
import { kinds } from "../kinds/index.ts";
import type { Kind } from "../kinds/kind.ts";
import type { KindName } from "../model.ts";
import { intentOf } from "../planner/digest.ts";
import { nothing } from "../planner/wanted.ts";
import type { Cloud } from "./cloud.ts";
import type { Io } from "./io.ts";
import { type Looked, sha256 } from "./look.ts";
import type { Specs } from "./specs.ts";

/** The applier's ways out: clients that may write, reads that see the cloud afresh, tokens that repeat when a run is repeated. */
export function doorsTo(specs: Specs, { wanted }: Looked, cloud: Cloud, io: Io): Doors {
  const project = specs.project.spec.metadata.name;
  return {
    project,
    aws: (target) => cloud.aws(target, "apply"),
    reads: (target) =>
      openReads(cloud.aws(target, "apply"), { project, target, wanted: wanted.get(target) ?? nothing() }),
    kind: (name: KindName) => kinds[name] as unknown as Kind<KindName>,
    token: (change, attempt) => sha256(`${project} ${intentOf(change, sha256)} ${attempt}`),
    time: {
      now: () => io.now().getTime(),
      sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
    },
  };
}
