import type { JsonSchema } from "./contract-schemas.ts";

/** The form of GitHub's errors, for answers whose body the description leaves open. */
export const GITHUB_ERROR: JsonSchema = {
  type: "object",
  required: ["message", "documentation_url"],
  properties: {
    message: { type: "string", minLength: 1 },
    documentation_url: { type: "string" },
    errors: { type: "array", items: { type: ["object", "string"], additionalProperties: true } },
  },
};

/** Answers that GitHub gives although its description does not list them, each with the reason. */
export const FORGOTTEN: readonly { operation: string; status: number; why: string }[] = [
  { operation: "checks/create", status: 422, why: "the limits of summary, text and annotations are described as such" },
  { operation: "checks/update", status: 422, why: "as above" },
];
