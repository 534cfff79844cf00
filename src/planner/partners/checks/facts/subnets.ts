import { asSet } from "../../../collections.ts";
import { type CheckSubject, targetOf } from "../subject.ts";
import { type Found, mapped, together } from "../verdict.ts";

/** The zone ids of subnets in the half's target, sorted. */
export function zonesOfSubnets(
  { cloud, half }: Pick<CheckSubject, "cloud" | "half">,
  subnets: readonly string[],
): Found<readonly string[]> {
  const target = targetOf(half);
  const zones = subnets.map((id): Found<string> => {
    const subnet = cloud.subnet(target, id);
    return subnet ? { is: subnet.azId } : { waitsFor: `the zone of ${id}, which target ${target} does not show` };
  });
  return mapped(together(zones), asSet);
}
