import type { Call } from "./call.ts";
import { ApiError, invalid } from "./errors.ts";

/** An object, or undefined for everything else JSON knows. */
export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** Reads the members of a request's body for one sort of object; what is wrong becomes GitHub's 422. */
export function bodyOf({ body }: Call, resource: string) {
  const present = (field: string): boolean => body[field] !== undefined && body[field] !== null;
  return {
    /** A text; undefined when left out or null. */
    text(field: string): string | undefined {
      const value = body[field];
      if (value === undefined || value === null) return undefined;
      if (typeof value !== "string") throw invalid(resource, field);
      return value;
    },
    requiredText(field: string): string {
      if (!present(field)) throw invalid(resource, field, "missing_field");
      const value = body[field];
      if (typeof value !== "string") throw invalid(resource, field);
      return value;
    },
    flag(field: string, otherwise: boolean): boolean {
      const value = body[field] ?? otherwise;
      if (typeof value !== "boolean") throw invalid(resource, field);
      return value;
    },
    oneOf<T extends string>(field: string, known: readonly T[]): T | undefined {
      if (!present(field)) return undefined;
      const found = known.find((name) => name === body[field]);
      if (found === undefined) throw invalid(resource, field);
      return found;
    },
    texts(field: string): string[] | undefined {
      const value = body[field];
      if (value === undefined || value === null) return undefined;
      if (!Array.isArray(value)) throw invalid(resource, field);
      return value.map((entry: unknown) => {
        const named = typeof entry === "string" ? entry : asObject(entry)?.name;
        if (typeof named !== "string") throw invalid(resource, field);
        return named;
      });
    },
  };
}

/** The request's body as JSON. @throws ApiError 400 as GitHub words it */
export function parseBody(text: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError(400, "Problems parsing JSON");
  }
  const object = asObject(value);
  if (!object) throw new ApiError(400, "Body should be a JSON object");
  return object;
}
