import { onTestFinished } from "vitest";
import type { GitHubOptions } from "../../src/sandbox/github/options.ts";
import { type GitHubServer, startGitHub } from "../../src/sandbox/github/server.ts";
import { githubContract } from "./contract-fixture.ts";

/**
 * A local GitHub that lives as long as the running test, and whose every exchange must be as GitHub's OpenAPI description says: what the client
 * sends as well as what the server answers. The first violation is told by the test that caused it, when it ends or closes the server.
 */
export async function startValidatedGitHub(options: GitHubOptions): Promise<GitHubServer> {
  const server = await startSharedGitHub(options);
  onTestFinished(() => server.close());
  return server;
}

/** The same for several tests, to be started in `beforeAll`; `close`, in `afterAll`, throws when there were violations. */
export async function startSharedGitHub(options: GitHubOptions): Promise<GitHubServer> {
  const violations = new Set<string>();
  const server = await startGitHub({
    ...options,
    onExchange: (exchange) => {
      for (const violation of githubContract.check(exchange)) violations.add(violation);
      options.onExchange?.(exchange);
    },
  });
  return {
    ...server,
    close: async () => {
      await server.close();
      const told = [...violations];
      violations.clear();
      if (told.length > 0) throw new ContractError(told);
    },
  };
}

/** What was said against GitHub's description. */
export class ContractError extends Error {
  override readonly name = "ContractError";
  readonly violations: readonly string[];

  constructor(violations: readonly string[]) {
    super(`${violations.length} violations of GitHub's OpenAPI description:\n${violations.join("\n")}`);
    this.violations = violations;
  }
}
