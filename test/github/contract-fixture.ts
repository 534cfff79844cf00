import { readFileSync } from "node:fs";
import { contractOf } from "./contract.ts";
import type { OpenApi } from "./contract-operations.ts";

const text = readFileSync(new URL("./fixtures/openapi.json", import.meta.url), "utf8");

/** GitHub's own description of its API, as far as Landline uses it. */
export const githubOpenApi = JSON.parse(text) as OpenApi;

/** What it says about exchanges. */
export const githubContract = contractOf(githubOpenApi);
