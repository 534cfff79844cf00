import type { Desired, Live } from "../../model.ts";
import type { Draft } from "../compare.ts";

/** The end of what stands for the length of a plan only, whether it stands already or the same plan makes it. */
export const endOf = (
  one: Pick<Draft, "address" | "connection" | "kind" | "target"> & { readonly attributes?: unknown },
  live: Live | undefined,
  behind: readonly string[],
): Draft => ({
  step: `${one.address}#end`,
  address: one.address,
  connection: one.connection,
  kind: one.kind,
  target: one.target,
  action: "delete",
  differences: [],
  relies: {},
  leftover: true,
  temporary: true,
  behind,
  ...(one.attributes === undefined ? {} : { desired: one as Desired }),
  ...(live ? { live } : {}),
});
