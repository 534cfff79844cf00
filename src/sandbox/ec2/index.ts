import type { Operations } from "../operation.ts";
import { interfaces } from "./interfaces.ts";
import { network } from "./network.ts";
import { tagging } from "./tagging.ts";

/** EC2's operations by action name: the parts that AWS PrivateLink touches. */
export const operations: Operations = { ...network, ...interfaces, ...tagging };
