import {
  type ConnectionNotification,
  CreateVpcEndpointConnectionNotificationCommand,
  DeleteVpcEndpointConnectionNotificationsCommand,
  DescribeVpcEndpointConnectionNotificationsCommand,
  ModifyVpcEndpointConnectionNotificationCommand,
} from "@aws-sdk/client-ec2";
import { oursAndAdopted } from "../aws/adoption.ts";
import type { Aws } from "../aws/aws.ts";
import { absentOn, throwUnsuccessful } from "../aws/errors.ts";
import { MARK, type Ownership } from "../aws/ownership.ts";
import { plainTags, type Reads } from "../aws/reads.ts";
import { ownedServices, serviceById } from "../aws/services.ts";
import { isGone, lower } from "../aws/states.ts";
import type { Live } from "../model.ts";
import { type Kind, type LiveAttributes, StaleTokenError, set, skips, sorted, text, type Whereabouts } from "./kind.ts";

const GONE = ["InvalidConnectionNotification"];
/** How long a notification that was made a moment ago may stay unknown, in milliseconds: the waits between looks. */
const PATIENCE = [250, 1000, 2000];

/**
 * Messages to an SNS topic about the connections of one of our services or endpoints. AWS gives them no tags: whatever hangs on an object
 * of ours is ours, as with the list of allowed principals, and is known by the topic.
 */
export const notificationKind: Kind<"notification"> = {
  name: "notification",
  rules: { serviceOrEndpointId: text("replace"), topicArn: text("update"), events: set("update") },
  orphan: "delete",
  actions: {
    read: [
      "ec2:DescribeVpcEndpointConnectionNotifications",
      "ec2:DescribeVpcEndpointServiceConfigurations",
      "ec2:DescribeVpcEndpoints",
    ],
    write: [
      "ec2:CreateVpcEndpointConnectionNotification",
      "ec2:DescribeVpcEndpointConnectionNotifications",
      "ec2:ModifyVpcEndpointConnectionNotification",
      "ec2:DeleteVpcEndpointConnectionNotifications",
    ],
  },
  deadlineSeconds: 60,

  async list(reads) {
    const owners = await ownersOf(reads);
    const found = await notificationsOf(reads, [...owners.keys()]);
    const live = found.flatMap((notification) => {
      const owner = owners.get(subjectOf(notification));
      if (!owner) return [];
      const address = `${owner.address}/notification/${placeOf(notification)}`;
      return [toLive({ ...owner, address, target: reads.target }, notification, owner.protect)];
    });
    return { live, obstacles: [] };
  },

  async look(reads, known) {
    const [notification] = await reads.notifications([{ Name: "connection-notification-id", Values: [known.id] }]);
    return notification && toLive(known, notification, await isProtected(reads, subjectOf(notification)));
  },

  async seek(reads, wanted) {
    const { serviceOrEndpointId, topicArn } = wanted.attributes;
    const found = await notificationsOf(reads, [serviceOrEndpointId]);
    const same = found.find(({ ConnectionNotificationArn }) => ConnectionNotificationArn === topicArn);
    return same && { live: toLive(wanted, same, await isProtected(reads, serviceOrEndpointId)) };
  },

  async create(aws, { attributes: { serviceOrEndpointId, topicArn, events } }, token) {
    const { ConnectionNotification: made } = await aws.ec2.send(
      new CreateVpcEndpointConnectionNotificationCommand({
        ...(isService(serviceOrEndpointId)
          ? { ServiceId: serviceOrEndpointId }
          : { VpcEndpointId: serviceOrEndpointId }),
        ConnectionNotificationArn: topicArn,
        ConnectionEvents: [...events],
        ClientToken: token,
      }),
    );
    const id = made?.ConnectionNotificationId ?? "";
    if (!(await isShown(aws, id))) throw new StaleTokenError(`${id} was made with this token and is deleted`);
    return id;
  },

  async update(aws, live, { attributes: { topicArn, events } }) {
    await aws.ec2.send(
      new ModifyVpcEndpointConnectionNotificationCommand({
        ConnectionNotificationId: live.id,
        ConnectionNotificationArn: topicArn,
        ConnectionEvents: [...events],
      }),
    );
  },

  async remove(aws, live) {
    const answer = await absentOn(GONE, () =>
      aws.ec2.send(new DeleteVpcEndpointConnectionNotificationsCommand({ ConnectionNotificationIds: [live.id] })),
    );
    throwUnsuccessful(answer?.Unsuccessful, GONE);
  },

  progress: () => ({ is: "ready" }),

  retryRemoveOn: [],
};

const isService = (id: string): boolean => id.startsWith("vpce-svc-");

const subjectOf = ({ ServiceId, VpcEndpointId }: ConnectionNotification): string => ServiceId ?? VpcEndpointId ?? "";

/** The topic without `arn:aws:sns:`: Region, account and name. */
const placeOf = ({ ConnectionNotificationArn = "" }: ConnectionNotification): string =>
  ConnectionNotificationArn.split(":").slice(3).join(":");

/** The services and endpoints whose notifications are ours, by id. */
async function ownersOf(reads: Reads): Promise<ReadonlyMap<string, Ownership>> {
  const [services, endpoints] = await Promise.all([
    skips(reads, "provides") ? [] : ownedServices(reads),
    skips(reads, "consumes") ? [] : ownedEndpoints(reads),
  ]);
  return new Map([...services, ...endpoints].map(({ id, owner }) => [id, owner]));
}

async function ownedEndpoints(reads: Reads): Promise<readonly { readonly id: string; readonly owner: Ownership }[]> {
  const { owned } = await oursAndAdopted(reads, {
    prefix: /^vpce-(?!svc-)/,
    filter: "vpc-endpoint-id",
    list: async (filters) => (await reads.endpoints(filters)).filter(({ State }) => !isGone(State)),
    idOf: ({ VpcEndpointId = "" }) => VpcEndpointId,
  });
  return owned;
}

/** A full run asks once for all of the account; a limited one for its own services and endpoints, so that its cost does not grow with the estate. */
async function notificationsOf(reads: Reads, ids: readonly string[]): Promise<ConnectionNotification[]> {
  if (!reads.wanted.connections) {
    const wanted = new Set(ids);
    return (await reads.notifications([])).filter((notification) => wanted.has(subjectOf(notification)));
  }
  const ask = async (Name: string, Values: string[]) =>
    Values.length === 0 ? [] : reads.notifications([{ Name, Values: Values.sort() }]);
  const [ofServices, ofEndpoints] = await Promise.all([
    ask("service-id", ids.filter(isService)),
    ask(
      "vpc-endpoint-id",
      ids.filter((id) => !isService(id)),
    ),
  ]);
  return [...ofServices, ...ofEndpoints];
}

/** The protect mark of the service or endpoint that it hangs on. */
async function isProtected(reads: Reads, id: string): Promise<boolean> {
  const owner = isService(id)
    ? await serviceById(reads, id)
    : (await reads.endpoints([{ Name: "vpc-endpoint-id", Values: [id] }]))[0];
  return plainTags(owner?.Tags)[MARK.protect] === "true";
}

function toLive(where: Whereabouts, notification: ConnectionNotification, protect: boolean): Live<"notification"> {
  return {
    kind: "notification",
    address: where.address,
    connection: where.connection,
    target: where.target,
    id: notification.ConnectionNotificationId ?? "",
    attributes: {
      serviceOrEndpointId: subjectOf(notification),
      topicArn: notification.ConnectionNotificationArn ?? "",
      events: sorted(notification.ConnectionEvents),
    } satisfies LiveAttributes<"notification">,
    outputs: {},
    protect,
    state: lower(notification.ConnectionNotificationState),
  };
}

/** AWS answers a used token with the notification that it once made, even if that has been deleted since; it shows no deleted ones. */
async function isShown(aws: Aws, id: string): Promise<boolean> {
  const find = () =>
    absentOn(GONE, () =>
      aws.ec2.send(new DescribeVpcEndpointConnectionNotificationsCommand({ ConnectionNotificationId: id })),
    );
  for (const wait of [...PATIENCE, 0]) {
    if (((await find())?.ConnectionNotificationSet ?? []).length > 0) return true;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return false;
}
