import type { Desired } from "../../model.ts";
import { notificationAddress } from "../addresses.ts";
import { asSet } from "../collections.ts";
import type { NotificationSpec } from "../specs/connection.generated.ts";
import type { ConnectionDocument, Path } from "../specs/index.ts";
import { desire } from "./context.ts";

/** Whose events are told: a service or an endpoint. */
interface Owner {
  readonly address: string;
  readonly output: "serviceId" | "endpointId";
  readonly target: string;
}

const ALL_EVENTS = ["Accept", "Connect", "Delete", "Reject"];

/** One message to each topic. What AWS tells to other topics about the same object is an orphan, and goes. */
export const notifications = (
  document: ConnectionDocument,
  specs: readonly NotificationSpec[] | undefined,
  path: Path,
  { address, output, target }: Owner,
): Desired<"notification">[] =>
  (specs ?? []).map(({ topic, events }, index) =>
    desire(document, [...path, index], {
      kind: "notification",
      address: notificationAddress(address, topic),
      target,
      attributes: {
        serviceOrEndpointId: { ref: address, output },
        topicArn: topic,
        events: asSet(events ?? ALL_EVENTS),
      },
    }),
  );
