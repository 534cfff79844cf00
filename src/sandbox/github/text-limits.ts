import { invalid } from "./errors.ts";

/** GitHub's longest body of an issue, a comment or a review, in characters (code points, not UTF-16 units). */
export const longestBody = 65_536;

/** @throws ApiError 422 as GitHub words it */
export function checkBody(resource: string, body: string): void {
  if (body.length > longestBody && [...body].length > longestBody) {
    throw invalid(resource, "body", "custom", `Body is too long (maximum is ${longestBody} characters)`);
  }
}
