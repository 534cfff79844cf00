import { broken, type Check, ok, warning } from "../check.ts";
import type { LocalFacts } from "../look-local.ts";

/** What Landline itself runs on. */
export const checkMachine = ({ node, git }: Pick<LocalFacts, "node" | "git">): readonly Check[] => [
  checkNode(node),
  checkGit(git),
];

function checkNode({ version, least }: LocalFacts["node"]): Check {
  if (isAtLeast(version, least)) return ok("machine.node")("", `Node.js ${version}`);
  return broken("machine.node")(
    "",
    `Node.js ${version}; Landline needs ${least} or later`,
    `install Node.js ${least} or later; in a workflow: node-version: ${least}`,
  );
}

/** Compares dotted numbers part by part; a part that is missing counts as 0. */
function isAtLeast(version: string, least: string): boolean {
  const [has, needs] = [version, least].map((text) => text.split(".").map(Number));
  for (const [index, number] of (needs ?? []).entries()) {
    const own = has?.[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}

function checkGit(git: LocalFacts["git"]): Check {
  if (!git.seen) return warning("machine.git")("", `${git.why}: --changed-since and ci cannot work`, git.needs);
  const { version, root, shallow } = git.value;
  if (root === undefined)
    return warning("machine.git")(
      "",
      `git ${version}, but this folder is not in a repository: --changed-since and ci cannot work`,
      "run it in a clone of the repository that holds the specs",
    );
  if (!shallow) return ok("machine.git")("", `git ${version}, with the whole history`);
  return warning("machine.git")(
    "",
    `git ${version}, but the clone is shallow: --changed-since and ci compare with commits that may be missing`,
    "git fetch --unshallow",
    "in a workflow: actions/checkout with fetch-depth: 0",
  );
}
