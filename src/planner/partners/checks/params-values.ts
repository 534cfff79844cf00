import { argsSchema, nameSchema, type ValuesArg, valuesOf, valuesSchema } from "./arguments.ts";
import { parameter, parameterPath } from "./facts/parameters.ts";
import { BOTH, type Check } from "./subject.ts";
import { fails, HOLDS, judged, listed, type Verdict } from "./verdict.ts";

interface Args {
  readonly param: string;
  readonly in?: ValuesArg;
  readonly notIn?: ValuesArg;
}

/**
 * `param`: a parameter whose value, or each of whose items, has to be `in` these values or must be `notIn` them. The values may lie in a table:
 * `in: "{{tables.components[params.type].names}}"`. A parameter that may be left out and is has nothing to judge.
 */
export const paramsValues: Check<Args> = {
  roles: BOTH,
  schema: { ...argsSchema({ param: nameSchema, in: valuesSchema, notIn: valuesSchema }, ["param"]), minProperties: 2 },
  params: ["param"],
  judge({ param, in: allowed, notIn: forbidden }, subject) {
    const at = parameterPath(param);
    const misfits = (items: readonly string[], arg: ValuesArg | undefined, wrongAmong: boolean): readonly Verdict[] => {
      if (arg === undefined || items.length === 0) return HOLDS;
      return judged(valuesOf(arg, subject), at, (values) =>
        items
          .filter((item) => values.includes(item) === wrongAmong)
          .flatMap((item) =>
            fails(`params.${param} says ${item}, which is ${wrongAmong ? "" : "not "}among ${listed(values)}`, at),
          ),
      );
    };
    return judged(parameter(subject, param), at, (items) => [
      ...misfits(items, allowed, false),
      ...misfits(items, forbidden, true),
    ]);
  },
};
