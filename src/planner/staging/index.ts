import type { Comparison } from "../compare.ts";
import { deleteOnceAlone } from "./alone.ts";
import { endAuthorizations } from "./authorization.ts";
import { detachLast } from "./detach.ts";
import { nameOnceAccepted } from "./name-after-acceptance.ts";
import { namelessOnceAlone } from "./nameless.ts";
import { keepWithStrangers } from "./occupied.ts";
import { freePrivateName } from "./private-name.ts";
import { keepWhileResting } from "./resting.ts";
import type { Stage, Staged, Stand } from "./stage.ts";
import { endWarmUps } from "./warm-up.ts";

const stages: readonly Stage[] = [
  detachLast,
  namelessOnceAlone,
  endWarmUps,
  endAuthorizations,
  freePrivateName,
  nameOnceAccepted,
  keepWhileResting,
  deleteOnceAlone,
  keepWithStrangers,
];

/** The steps of a plan, still without their order: what differs, in as many steps as it takes to keep traffic flowing. */
export const stage = (comparison: Comparison, stand: Stand): Staged =>
  stages.reduce((staged, next) => next(staged, stand), { ...comparison, findings: [], waits: [] } as Staged);
