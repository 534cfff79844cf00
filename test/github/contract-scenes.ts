import { pullScenes } from "./contract-pull-scenes.ts";
import { repositoryScenes } from "./contract-repository-scenes.ts";
import type { Scene } from "./contract-stage.ts";

/** What any GitHub can play, ours and others'. */
export const scenes: Record<string, Scene> = { ...repositoryScenes, ...pullScenes };
