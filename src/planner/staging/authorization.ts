import type { Attributes, Desired } from "../../model.ts";
import { zoneAuthorizationAddress } from "../addresses.ts";
import { isRef } from "../canonical.ts";
import { compareText } from "../collections.ts";
import type { Draft } from "../compare.ts";
import type { Stage } from "./stage.ts";
import { endOf } from "./temporary.ts";

const KIND = "zone-authorization";

/**
 * The owner of a VPC may associate it with a zone of another account only while that account has authorized it: for each association that a plan
 * makes there is an authorization, which stands as long as the plan is carried out.
 */
export function authorizations(drafts: readonly Draft[], desired: readonly Desired[]): Desired<typeof KIND>[] {
  const byAddress = new Map(desired.map((one) => [one.address, one]));
  return drafts.flatMap(({ kind, action, desired: wanted }): Desired<typeof KIND>[] => {
    if (kind !== "zone-association" || !wanted || !["create", "replace"].includes(action)) return [];
    const { zoneId, vpc } = wanted.attributes as Attributes["zone-association"];
    const zone = isRef(zoneId) ? byAddress.get(zoneId.ref) : undefined;
    if (!zone) return [];
    return [
      {
        ...wanted,
        kind: KIND,
        address: zoneAuthorizationAddress(zone.address, idOf(vpc)),
        target: zone.target,
        attributes: { zoneId, vpc },
        after: [],
        get at() {
          return wanted.at;
        },
      },
    ];
  });
}

/** `us-east-1/vpc-0a1b2c3d4e5f60001` */
const idOf = (vpc: string): string => vpc.split("/")[1] ?? vpc;

/** Each association comes after its authorization and before the end of that; also of one that a run which was cut short has left behind. */
export const endAuthorizations: Stage = (staged, { desired, cloud }) => {
  const wanted = desired.filter(({ kind }) => kind === KIND);
  const left = staged.drafts.filter(({ kind, action }) => kind === KIND && action === "delete");
  if (wanted.length + left.length === 0) return staged;
  const addresses = new Set(wanted.map(({ address }) => address));
  const ends = [
    ...wanted.map((one) => endOf(one, cloud.at(one.address)[0], [one.address, associationOf(one.address)])),
    ...left.filter(({ address }) => !addresses.has(address)).map((one) => endOf(one, one.live, [])),
  ];
  const drafts = staged.drafts.flatMap((draft): Draft[] => {
    if (draft.kind === KIND) return left.includes(draft) ? [] : [{ ...draft, temporary: true }];
    const authorization = draft.kind === "zone-association" ? authorizationOf(draft.address) : undefined;
    if (authorization === undefined || draft.action === "delete" || !addresses.has(authorization)) return [draft];
    return [{ ...draft, behind: [...(draft.behind ?? []), authorization] }];
  });
  return {
    ...staged,
    drafts: [...drafts, ...ends.sort((a, b) => compareText(a.step, b.step))],
    // What stands for the length of a plan only is nothing that could be unchanged.
    unchanged: staged.unchanged.filter(({ kind }) => kind !== KIND),
  };
};

const associationOf = (authorization: string): string => authorization.replace(/\/authorization\/([^/]*)$/, "/vpc/$1");
const authorizationOf = (association: string): string => association.replace(/\/vpc\/([^/]*)$/, "/authorization/$1");
