import type { Attributes, Desired, Difference, Finding, Id, Json } from "../../model.ts";
import { isRef, refsIn } from "../canonical.ts";
import { compareText } from "../collections.ts";
import type { Draft } from "../compare.ts";
import type { Stage, Stand } from "./stage.ts";

const ATTRIBUTE = "privateDnsEnabled";
const offStep = (address: string): string => `${address}#private-dns`;

/**
 * Two endpoints cannot own one private DNS name in one VPC, not even while one replaces the other. So the old one gives it up right before the
 * new one is made, in a step of its own that says whose names stop resolving for how long.
 */
export const freePrivateName: Stage = (staged, stand) => {
  const replaced = new Map(
    staged.drafts.filter((draft) => clashes(draft, stand)).map((draft) => [draft.address, draft]),
  );
  const findings = [
    ...staged.findings,
    ...staged.drafts.filter((draft) => asksStranger(draft, stand)).map(nameComesLater),
  ];
  if (replaced.size === 0) return { ...staged, findings };
  const drafts = staged.drafts.flatMap((draft): Draft[] => {
    const replacement = replaced.get(draft.address);
    if (!replacement || draft.kind !== "vpc-endpoint") return [draft];
    if (draft === replacement)
      return [off(draft), { ...afterwards(draft), behind: [...(draft.behind ?? []), offStep(draft.address)] }];
    // The end of the old one tells the value that it will have by then, so that it is the same step in a later run.
    return draft.live?.id === replacement.live?.id
      ? [{ ...draft, differences: draft.differences.map(turnedOff) }]
      : [draft];
  });
  return { ...staged, drafts, findings };
};

/** AWS gives the name only to an endpoint that was accepted, which somebody else has to do first: the old one would have given it up for nothing. */
function asksStranger({ kind, action, desired }: Draft, { cloud }: Stand): boolean {
  if (kind !== "vpc-endpoint" || action !== "replace" || !desired) return false;
  const { privateDnsEnabled, serviceName } = desired.attributes as Attributes["vpc-endpoint"];
  if (!privateDnsEnabled || isRef(serviceName)) return false;
  return cloud.service(desired.target, serviceName)?.acceptanceRequired === true;
}

const nameComesLater = ({ address, connection, desired }: Draft): Finding => ({
  id: "private-dns.replacement",
  severity: "error",
  connection,
  address,
  message: `${address} has to be replaced, and AWS gives the private DNS name to the new endpoint only once the service's owner has accepted it. Say "privateDns: false" in the same change; when the new endpoint is accepted, bring "privateDns: true" back`,
  ...(desired ? { at: desired.at } : {}),
});

function clashes({ kind, action, live, desired }: Draft, stand: Stand): boolean {
  if (kind !== "vpc-endpoint" || action !== "replace" || !live || !desired) return false;
  const wanted = desired.attributes as Attributes["vpc-endpoint"];
  if (live.attributes[ATTRIBUTE] !== true || !wanted.privateDnsEnabled) return false;
  if (live.attributes.vpcId !== wanted.vpcId) return false;
  const before = privateNameOf(String(live.attributes.serviceName), desired.target, stand);
  const after = privateNameOf(wanted.serviceName, desired.target, stand);
  // A name that nobody can tell may be the same one.
  return before === undefined || after === undefined || before === after;
}

/** The private DNS name of a service, of ours or of others. */
function privateNameOf(service: Id, target: string, { desired, cloud }: Stand): Json | undefined {
  const address = isRef(service)
    ? service.ref
    : cloud.live.find(({ kind, outputs }) => kind === "endpoint-service" && outputs.serviceName === service)?.address;
  const ours = desired.find((one) => one.address === address) as Desired<"endpoint-service"> | undefined;
  if (ours) return ours.attributes.privateDnsName;
  return isRef(service) ? undefined : cloud.service(target, service)?.privateDnsName;
}

function off(draft: Draft): Draft {
  const { live, desired, address } = draft;
  const needs = refsIn(desired?.attributes).map(({ ref }) => ref);
  return {
    ...draft,
    step: offStep(address),
    action: "update",
    differences: [{ attribute: ATTRIBUTE, before: true, after: false }],
    relies: {},
    // As late as can be: when all that the new one needs is there.
    behind: [...(draft.behind ?? []), ...needs, ...(desired?.after ?? [])],
    ...(desired && live
      ? {
          desired: {
            ...desired,
            attributes: { ...live.attributes, [ATTRIBUTE]: false },
            after: [],
          } as unknown as Desired,
        }
      : {}),
  };
}

/** The replacement as it is once the old one has given up its name. */
function afterwards(draft: Draft): Draft {
  const turnedOn: Difference = { attribute: ATTRIBUTE, before: false, after: true };
  const differences = [...draft.differences.filter(({ attribute }) => attribute !== ATTRIBUTE), turnedOn];
  return { ...draft, differences: differences.sort((a, b) => compareText(a.attribute, b.attribute)) };
}

const turnedOff = (difference: Difference): Difference =>
  difference.attribute === ATTRIBUTE ? { ...difference, before: false } : difference;
