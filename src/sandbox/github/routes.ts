import { activityRoutes } from "./activity.ts";
import { artifactRoutes } from "./artifacts.ts";
import { branchRoutes } from "./branches.ts";
import type { Route } from "./call.ts";
import { checkRoutes } from "./checks.ts";
import { commentRoutes } from "./comments.ts";
import { commitRoutes } from "./commits.ts";
import { contentRoutes } from "./contents.ts";
import { deploymentRoutes } from "./deployments.ts";
import { environmentRoutes } from "./environments.ts";
import { issueRoutes } from "./issues.ts";
import { labelRoutes } from "./labels.ts";
import { mergeRoutes } from "./merging.ts";
import { pullRoutes } from "./pulls.ts";
import { refRoutes } from "./refs.ts";
import { repositoryRoutes } from "./repositories.ts";
import { reviewRoutes } from "./reviews.ts";
import { runRoutes } from "./runs.ts";

/** Every operation that this GitHub offers. */
export const routes: Route[] = [
  ...repositoryRoutes,
  ...contentRoutes,
  ...refRoutes,
  ...commitRoutes,
  ...activityRoutes,
  ...branchRoutes,
  ...pullRoutes,
  ...reviewRoutes,
  ...mergeRoutes,
  ...issueRoutes,
  ...commentRoutes,
  ...labelRoutes,
  ...checkRoutes,
  ...deploymentRoutes,
  ...environmentRoutes,
  ...runRoutes,
  ...artifactRoutes,
];
