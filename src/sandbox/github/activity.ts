import { type Answer, type Call, ok, type Route } from "./call.ts";
import { nodeId, userOrNull } from "./user-view.ts";
import type { Activity, World } from "./world.ts";

/** Who moved which branch when: pushes, merges, branches that came and went. Newest first, paged by cursors. */
export const activityRoutes: Route[] = [
  {
    method: "GET",
    template: "/repos/{owner}/{repo}/activity",
    needs: [{ contents: "read" }],
    role: "read",
    handle: list,
  },
];

function list(call: Call): Answer {
  const { world, query, place } = call;
  const [ref, actor, type] = [query.get("ref"), query.get("actor"), query.get("activity_type")];
  const found = world.activity.filter(
    (entry) =>
      (ref === null || entry.ref === (ref.startsWith("refs/") ? ref : `refs/heads/${ref}`)) &&
      (actor === null || entry.actor?.login === actor) &&
      (type === null || entry.type === type),
  );
  if ((query.get("direction") ?? "desc") === "desc") found.reverse();
  const size = Math.min(100, Number(query.get("per_page") ?? 30) || 30);
  const after = query.get("after");
  const start = after === null ? 0 : found.findIndex(({ id }) => cursor(id) === after) + 1;
  const shown = found.slice(start, start + size);
  const last = shown.at(-1);
  const next = new URLSearchParams(query);
  if (last) next.set("after", cursor(last.id));
  const path = `${world.api}/repos/${place.owner.login}/${place.name}/activity?${next}`;
  const more = start + size < found.length;
  return ok(
    shown.map((entry) => activityView(world, entry)),
    more ? { link: `<${path}>; rel="next"` } : {},
  );
}

function cursor(id: number): string {
  return Buffer.from(`cursor:${id}`).toString("base64url");
}

function activityView(world: World, { id, before, after, ref, timestamp, type, actor }: Activity) {
  return {
    id,
    node_id: nodeId("PSH", id),
    before,
    after,
    ref,
    timestamp,
    activity_type: type,
    actor: userOrNull(world, actor),
  };
}
