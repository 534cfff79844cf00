import type { Operations } from "../operation.ts";
import { withReadableBody } from "./body.ts";
import { getChange } from "./changes.ts";
import { getHostedZoneLimit } from "./quotas.ts";
import { listResourceRecordSets } from "./record-list.ts";
import { changeResourceRecordSets } from "./records.ts";
import { changeTagsForResource, listTagsForResource, listTagsForResources } from "./tags.ts";
import { associateVpc, createAuthorization, deleteAuthorization, disassociateVpc, listAuthorizations } from "./vpcs.ts";
import { getHostedZoneCount, listHostedZones, listHostedZonesByName, listHostedZonesByVpc } from "./zone-lists.ts";
import { createHostedZone, deleteHostedZone, getDnssec, getHostedZone, updateHostedZoneComment } from "./zones.ts";

export { route53 } from "./routes.ts";

/** Route 53 (API 2013-04-01): public and private hosted zones and their records. */
export const operations: Operations = {
  AssociateVPCWithHostedZone: withReadableBody(associateVpc),
  ChangeResourceRecordSets: withReadableBody(changeResourceRecordSets),
  ChangeTagsForResource: withReadableBody(changeTagsForResource),
  CreateHostedZone: withReadableBody(createHostedZone),
  CreateVPCAssociationAuthorization: withReadableBody(createAuthorization),
  DeleteHostedZone: deleteHostedZone,
  DeleteVPCAssociationAuthorization: withReadableBody(deleteAuthorization),
  DisassociateVPCFromHostedZone: withReadableBody(disassociateVpc),
  GetChange: getChange,
  GetDNSSEC: getDnssec,
  GetHostedZone: getHostedZone,
  GetHostedZoneCount: getHostedZoneCount,
  GetHostedZoneLimit: getHostedZoneLimit,
  ListHostedZones: listHostedZones,
  ListHostedZonesByName: listHostedZonesByName,
  ListHostedZonesByVPC: listHostedZonesByVpc,
  ListResourceRecordSets: listResourceRecordSets,
  ListTagsForResource: listTagsForResource,
  ListTagsForResources: withReadableBody(listTagsForResources),
  ListVPCAssociationAuthorizations: listAuthorizations,
  UpdateHostedZoneComment: withReadableBody(updateHostedZoneComment),
};
