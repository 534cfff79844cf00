import type { Attributes, Desired } from "../../model.ts";
import { acceptanceOf } from "../addresses.ts";
import type { Draft } from "../compare.ts";
import type { Stage } from "./stage.ts";

const ATTRIBUTE = "privateDnsEnabled";
const nameStep = (address: string): string => `${address}#private-name`;

/**
 * AWS gives the service's private DNS name only to an endpoint that was accepted. Where the same plan accepts it, the endpoint is made without
 * the name and gets it in a step of its own, behind the acceptance.
 */
export const nameOnceAccepted: Stage = (staged) => {
  const coming = new Set(
    staged.drafts.flatMap(({ kind, action, address }) =>
      kind === "acceptance" && action !== "delete" ? [address] : [],
    ),
  );
  const drafts = staged.drafts.flatMap((draft) =>
    switchesOn(draft) && coming.has(acceptanceOf(draft.address)) ? apart(draft) : [draft],
  );
  return { ...staged, drafts };
};

const switchesOn = ({ kind, action, differences, desired }: Draft): boolean =>
  kind === "vpc-endpoint" &&
  (action === "update"
    ? differences.some(({ attribute, after }) => attribute === ATTRIBUTE && after === true)
    : action !== "delete" && (desired as Desired<"vpc-endpoint">).attributes.privateDnsEnabled);

function apart(draft: Draft): Draft[] {
  const { action, address, desired, differences, behind = [] } = draft;
  const named: Draft = {
    ...draft,
    step: nameStep(address),
    action: "update",
    differences: [{ attribute: ATTRIBUTE, before: false, after: true }],
    behind: [...behind, address, acceptanceOf(address)],
  };
  const others = differences.filter(({ attribute }) => attribute !== ATTRIBUTE);
  if (action === "update") return [...(others.length > 0 ? [{ ...draft, differences: others }] : []), named];
  const attributes: Attributes["vpc-endpoint"] = {
    ...(desired as Desired<"vpc-endpoint">).attributes,
    [ATTRIBUTE]: false,
  };
  const without = differences.flatMap((one) => {
    if (one.attribute !== ATTRIBUTE) return [one];
    return one.before === false ? [] : [{ ...one, after: false }];
  });
  const { live: _, ...second } = named;
  return [{ ...draft, differences: without, desired: { ...desired, attributes } as Desired }, second];
}
