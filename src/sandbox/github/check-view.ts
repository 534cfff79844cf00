import { pullMinimal } from "./pull-view.ts";
import { openPulls } from "./pushes.ts";
import { appView, nodeId, repoPage, repoUrl } from "./user-view.ts";
import type { CheckRun, World } from "./world.ts";

/** GitHub's `check-run`. One suite per app and commit would be more than anybody here looks at: its id is the run's. */
export function checkRunView(world: World, run: CheckRun) {
  const url = `${repoUrl(world)}/check-runs/${run.id}`;
  const page = `${repoPage(world)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId("CheckRun", run.id),
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.id },
    app: appView(world, run.app),
    pull_requests: openPulls(world)
      .filter(({ pull }) => pull.headSha === run.headSha && !pull.head.place.fork)
      .map((issue) => pullMinimal(world, issue)),
  };
}
