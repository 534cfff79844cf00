import { argsSchema, countSchema, nameSchema } from "./arguments.ts";
import { parameter, parameterPath } from "./facts/parameters.ts";
import { BOTH, type Check } from "./subject.ts";
import { fails, HOLDS, judged } from "./verdict.ts";

/** `max`: how many items a list parameter may have. */
export const paramsCount: Check<{ readonly param: string; readonly max: number }> = {
  roles: BOTH,
  schema: argsSchema({ param: nameSchema, max: countSchema }, ["param", "max"]),
  params: ["param"],
  judge({ param, max }, subject) {
    const at = parameterPath(param);
    return judged(parameter(subject, param), at, ({ length }) =>
      length <= max ? HOLDS : fails(`params.${param} has ${length} items, ${length - max} more than ${max}`, at),
    );
  },
};
