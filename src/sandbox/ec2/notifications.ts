import { newId } from "../ids.ts";
import { AwsError, type Call, type Operations, type Tree } from "../operation.ts";
import { required, text, texts } from "../params.ts";
import type { Notification } from "../world.ts";
import { items } from "../xml.ts";
import { describe } from "./describe.ts";
import { invalidCombination, invalidParameter } from "./errors.ts";
import { findEndpoint, findService, here } from "./here.ts";
import { once } from "./tokens.ts";

/** Messages to an SNS topic about connections. The sandbox keeps them; it sends nothing. */
export const notifications: Operations = {
  CreateVpcEndpointConnectionNotification: create,
  ModifyVpcEndpointConnectionNotification: modify,
  DescribeVpcEndpointConnectionNotifications: describeAll,
  DeleteVpcEndpointConnectionNotifications: deleteAll,
};

const knownEvents = ["Accept", "Connect", "Delete", "Reject"];

function create(call: Call): Tree {
  return once(call, () => {
    const serviceId = text(call.params, "ServiceId");
    const vpcEndpointId = text(call.params, "VpcEndpointId");
    if ((serviceId === undefined) === (vpcEndpointId === undefined)) {
      throw invalidCombination("Exactly one of ServiceId and VpcEndpointId must be given");
    }
    if (serviceId !== undefined) findService(call, serviceId);
    if (vpcEndpointId !== undefined) findEndpoint(call, vpcEndpointId);
    const notification: Notification = {
      id: newId(call.world, "vpce-nfn-"),
      ...(serviceId === undefined ? {} : { serviceId }),
      ...(vpcEndpointId === undefined ? {} : { vpcEndpointId }),
      topicArn: checkTopic(required(call.params, "ConnectionNotificationArn")),
      events: checkEvents(texts(call.params, "ConnectionEvents")),
      state: "Enabled",
    };
    here(call).notifications[notification.id] = notification;
    return { id: notification.id, answer: { connectionNotification: notificationTree(call, notification) } };
  });
}

function modify(call: Call): Tree {
  const id = required(call.params, "ConnectionNotificationId");
  const notification = here(call).notifications[id];
  if (!notification) throw missing(id);
  const topic = text(call.params, "ConnectionNotificationArn");
  const events = texts(call.params, "ConnectionEvents");
  const topicArn = topic === undefined ? notification.topicArn : checkTopic(topic);
  notification.events = events.length > 0 ? checkEvents(events) : notification.events;
  notification.topicArn = topicArn;
  return { return: true };
}

function describeAll(call: Call): Tree {
  const id = text(call.params, "ConnectionNotificationId");
  const all = Object.values(here(call).notifications);
  if (id !== undefined && !all.some((each) => each.id === id)) throw missing(id);
  return describe<Notification>(call, {
    element: "connectionNotificationSet",
    all: all.filter((each) => id === undefined || each.id === id),
    key: (each) => each.id,
    filters: {
      "connection-notification-id": (each) => each.id,
      "connection-notification-arn": (each) => each.topicArn,
      "connection-notification-state": (each) => each.state,
      "connection-notification-type": () => "Topic",
      "service-id": (each) => each.serviceId,
      "vpc-endpoint-id": (each) => each.vpcEndpointId,
    },
    paging: { clamp: true },
    render: (each) => notificationTree(call, each),
  });
}

function deleteAll(call: Call): Tree {
  const { notifications: all } = here(call);
  const ids = texts(call.params, "ConnectionNotificationId");
  if (ids.length === 0)
    throw new AwsError("MissingParameter", "The request must contain the parameter ConnectionNotificationId");
  const unknown = ids.filter((id) => all[id] === undefined);
  for (const id of ids) delete all[id];
  return {
    unsuccessful: items(
      unknown.map((resourceId) => {
        const { code, message } = missing(resourceId);
        return { error: { code, message }, resourceId };
      }),
    ),
  };
}

function notificationTree(call: Call, each: Notification): Tree {
  return {
    connectionNotificationId: each.id,
    serviceId: each.serviceId,
    vpcEndpointId: each.vpcEndpointId,
    connectionNotificationType: "Topic",
    connectionNotificationArn: each.topicArn,
    connectionEvents: items(each.events),
    connectionNotificationState: each.state,
    serviceRegion: call.region,
  };
}

function checkTopic(arn: string): string {
  if (/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+(\.fifo)?$/.test(arn)) return arn;
  throw invalidParameter(`'${arn}' is not the ARN of an SNS topic`);
}

function checkEvents(events: string[]): string[] {
  if (events.length === 0)
    throw new AwsError("MissingParameter", "The request must contain the parameter ConnectionEvents");
  const wrong = events.find((event) => !knownEvents.includes(event));
  if (wrong) throw invalidParameter(`'${wrong}' is not a connection event; it is one of ${knownEvents.join(", ")}`);
  return [...new Set(events)];
}

function missing(id: string): AwsError {
  return new AwsError("InvalidConnectionNotification", `The connection notification '${id}' does not exist`);
}
