/** A map of a parsed document or schema. */
export type JsonMap = { readonly [key: string]: unknown };

/** Whether a parsed value is a map, and neither a list nor null. */
export function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
