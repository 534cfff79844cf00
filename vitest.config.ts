import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: "forks",
    // By default a core is left free for the watcher, which on two cores is half of them.
    maxWorkers: "100%",
    // The lockfile pins an SDK that runs on this Node.js; see src/cli.ts.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    coverage: { include: ["src/**/*.ts"], exclude: ["src/**/*.generated.ts"] },
  },
});
