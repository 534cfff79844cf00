import { argsSchema, flagSchema } from "./arguments.ts";
import { type Check, PROVIDER } from "./subject.ts";
import { fails, HOLDS } from "./verdict.ts";

/** `must`: whether our service has to have a private DNS name, or must not have one. */
export const servicePrivateDns: Check<{ readonly must: boolean }> = {
  roles: PROVIDER,
  schema: argsSchema({ must: flagSchema }, ["must"]),
  judge({ must }, { half }) {
    if (half.role !== "provider") return HOLDS;
    const name = half.service.privateDns?.name;
    if ((name !== undefined) === must) return HOLDS;
    const found =
      name === undefined ? "the service has no private DNS name" : `the service has the private DNS name ${name}`;
    return fails(found, ["service", "privateDns"]);
  },
};
