import type { NotificationSpec } from "../connection.generated.ts";
import type { Path, Report } from "../problem.ts";

/** A topic is told once of one service or endpoint: it is by the topic that a notification is known. */
export function checkNotifications(path: Path, specs: readonly NotificationSpec[] | undefined, report: Report): void {
  const seen = new Set<string>();
  for (const [index, { topic }] of (specs ?? []).entries()) {
    if (seen.has(topic)) {
      report([...path, index, "topic"], {
        code: "notification.duplicate",
        message: `${topic} is told already by an entry above`,
        hint: "keep one entry and list all its events",
      });
    }
    seen.add(topic);
  }
}
