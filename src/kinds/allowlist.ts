import {
  type AllowedPrincipal,
  ModifyVpcEndpointServicePermissionsCommand,
  paginateDescribeVpcEndpointServicePermissions,
} from "@aws-sdk/client-ec2";
import type { Aws } from "../aws/aws.ts";
import { absentOn } from "../aws/errors.ts";
import { MARK } from "../aws/ownership.ts";
import { plainTags, type Reads } from "../aws/reads.ts";
import { ownedServices, serviceById } from "../aws/services.ts";
import { isGone } from "../aws/states.ts";
import type { Live } from "../model.ts";
import { type Kind, type LiveAttributes, set, setChanges, skips, sorted, text, type Whereabouts } from "./kind.ts";

const NO_SERVICE = ["InvalidVpcEndpointServiceId.NotFound"];

/** Who may ask one of our services for a connection. Every service has exactly one, be it empty; it lives and dies with the service. */
export const allowlistKind: Kind<"allowlist"> = {
  name: "allowlist",
  rules: {
    serviceId: text("replace"),
    principals: set("update", { added: "grants-access", removed: "revokes-access" }),
  },
  orphan: "delete",
  actions: {
    read: ["ec2:DescribeVpcEndpointServiceConfigurations", "ec2:DescribeVpcEndpointServicePermissions"],
    write: ["ec2:ModifyVpcEndpointServicePermissions"],
  },
  deadlineSeconds: 60,

  async list(reads) {
    if (skips(reads, "provides")) return { live: [], obstacles: [] };
    const services = await ownedServices(reads);
    const live = await Promise.all(
      services.map(async ({ id, owner }) => {
        const principals = await permissionsOf(reads, id);
        const address = `${owner.address}/allowlist`;
        return principals ? [toLive({ ...owner, address, target: reads.target }, id, principals, owner.protect)] : [];
      }),
    );
    return { live: live.flat(), obstacles: [] };
  },

  async look(reads, known) {
    const [service, principals] = await Promise.all([serviceById(reads, known.id), permissionsOf(reads, known.id)]);
    if (!service || isGone(service.ServiceState) || !principals) return undefined;
    return toLive(known, known.id, principals, plainTags(service.Tags)[MARK.protect] === "true");
  },

  /** The list of a service is always there; it counts as made once it says what is wanted. */
  async seek(reads, wanted) {
    const { serviceId, principals } = wanted.attributes;
    const found = await permissionsOf(reads, serviceId);
    if (!found || String(principalsOf(found)) !== String(sorted(principals))) return undefined;
    const service = await serviceById(reads, serviceId);
    return { live: toLive(wanted, serviceId, found, plainTags(service?.Tags)[MARK.protect] === "true") };
  },

  async create(aws, { attributes }) {
    await grantExactly(aws, attributes.serviceId, attributes.principals);
    return attributes.serviceId;
  },

  async update(aws, live, wanted) {
    await grantExactly(aws, live.id, wanted.attributes.principals);
  },

  async remove(aws, live) {
    await absentOn(NO_SERVICE, () => grantExactly(aws, live.id, []));
  },

  progress: () => ({ is: "ready" }),

  retryRemoveOn: [],

  leavesEmpty: ({ attributes }) => Array.isArray(attributes.principals) && attributes.principals.length === 0,
};

function toLive(
  where: Whereabouts,
  serviceId: string,
  principals: readonly AllowedPrincipal[],
  protect: boolean,
): Live<"allowlist"> {
  return {
    kind: "allowlist",
    address: where.address,
    connection: where.connection,
    target: where.target,
    id: serviceId,
    attributes: { serviceId, principals: principalsOf(principals) } satisfies LiveAttributes<"allowlist">,
    outputs: {},
    protect,
  };
}

const principalsOf = (list: readonly AllowedPrincipal[]): string[] => sorted(list.map(({ Principal }) => Principal));

const permissionsOf = (reads: Reads, serviceId: string): Promise<AllowedPrincipal[] | undefined> =>
  absentOn(NO_SERVICE, () => reads.permissions(serviceId));

/** Brings the live list, read afresh, to exactly these principals: what AWS does on adding one twice is not documented. */
async function grantExactly(aws: Aws, ServiceId: string, principals: readonly string[]): Promise<void> {
  const live: AllowedPrincipal[] = [];
  for await (const page of paginateDescribeVpcEndpointServicePermissions({ client: aws.ec2 }, { ServiceId })) {
    live.push(...(page.AllowedPrincipals ?? []));
  }
  const { added: AddAllowedPrincipals, removed: RemoveAllowedPrincipals } = setChanges(principalsOf(live), principals);
  if (AddAllowedPrincipals.length + RemoveAllowedPrincipals.length === 0) return;
  await aws.ec2.send(
    new ModifyVpcEndpointServicePermissionsCommand({ ServiceId, AddAllowedPrincipals, RemoveAllowedPrincipals }),
  );
}
