import { argsSchema } from "./arguments.ts";
import { BOTH, type Check } from "./subject.ts";
import { fails, HOLDS } from "./verdict.ts";

/**
 * What nobody can read from AWS: the message is said until the spec confirms it under `partner.confirm`, with the check's id and a reason. As
 * `info` it is a note; as `error` nothing is done before the confirmation.
 */
export const manual: Check = {
  roles: BOTH,
  schema: argsSchema(),
  judge: (_args, { confirmed, id }) => (confirmed.has(id) ? HOLDS : fails("", ["partner"])),
};
